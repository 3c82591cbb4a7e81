/* From a handle to its record. */
#ifndef TCP_HOST_LOOKUP_H
#define TCP_HOST_LOOKUP_H

#include "host/block.h"

/* The record that a handle names, or NULL when it is stale or names nothing. */
const struct tcb *host_look_up(const struct tcp_host *host, tcp_handle handle);
struct tcb *host_look_up_to_change(struct tcp_host *host, tcp_handle handle);

#endif
