/* Free lists of records, paths and streams. */
#ifndef TCP_HOST_SLOTS_H
#define TCP_HOST_SLOTS_H

#include "host/block.h"

void host_thread_free_lists(struct tcp_host *host);

/* A zeroed record with a fresh generation, or NULL when all are in use. The last look goes to dead
 * ones that only wait for their event to be polled: the oldest is given up. */
struct tcb *host_take_tcb(struct tcp_host *host);

/* Gives a dead record back, unless a user or a list still holds it. */
void host_try_free(struct tcp_host *host, struct tcb *tcb);

/* Attaches a path or a stream if there is none yet. False when the table is full (counted). */
bool host_attach_path(struct tcp_host *host, struct tcb *tcb);
bool host_attach_stream(struct tcp_host *host, struct tcb *tcb);

/* Detaches, if attached; a path takes its stream along. */
void host_detach_path(struct tcp_host *host, struct tcb *tcb);
void host_detach_stream(struct tcp_host *host, struct tcb *tcb);

#endif
