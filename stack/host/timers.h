/* A binary heap of the connections that have a deadline, by (deadline, order of arming). */
#ifndef TCP_HOST_TIMERS_H
#define TCP_HOST_TIMERS_H

#include "host/block.h"

/* Sets a connection's deadline (us); TCB_NEVER takes it out. An unchanged one keeps its turn. */
void host_timer_set(struct tcp_host *host, struct tcb *tcb, uint64_t deadline);

/* The earliest deadline, or TCB_NEVER, and in *slot whose it is. */
uint64_t host_timer_first(const struct tcp_host *host, uint32_t *slot);

#endif
