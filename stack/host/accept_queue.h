/* A listener's children: counted against its backlog from the SYN on, queued for accept() once the
 * handshake is done. */
#ifndef TCP_HOST_ACCEPT_QUEUE_H
#define TCP_HOST_ACCEPT_QUEUE_H

#include "host/block.h"

/* Is there room in the listener's backlog for one more? */
bool host_backlog_has_room(const struct tcb *listener);

/* Counts a new child. */
void host_backlog_count(struct tcp_host *host, struct tcb *child, uint32_t listener_slot);

/* Queues a child that has become synchronized and tells the listener; does nothing for others. */
void host_accept_queue_enter(struct tcp_host *host, struct tcb *tcb);

/* Takes a dying child out of queue and backlog; does nothing for others. */
void host_accept_queue_leave(struct tcp_host *host, struct tcb *tcb);

/* How many children host_accept_queue_take() could take one after the other. */
uint32_t host_accept_queue_length(const struct tcp_host *host, const struct tcb *listener);

/* The oldest completed child, no longer the listener's; NULL when there is none. */
struct tcb *host_accept_queue_take(struct tcp_host *host, struct tcb *listener);

/* Ends every child that nobody has accepted, with RST (the listener closes). */
void host_accept_queue_abandon(struct tcp_host *host, uint32_t listener_slot);

#endif
