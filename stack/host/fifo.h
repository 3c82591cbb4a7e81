/* The two lists that polling drains: connections that owe a segment, connections with news. Order
 * is that of the causes, never of hashes or addresses. */
#ifndef TCP_HOST_FIFO_H
#define TCP_HOST_FIFO_H

#include "host/block.h"

/* Puts the record at the end of the list, if it is not in it. */
void host_fifo_add_owed(struct tcp_host *host, struct tcb *tcb);
void host_fifo_add_event(struct tcp_host *host, struct tcb *tcb);

/* Takes the first record out, or NULL. */
struct tcb *host_fifo_take_owed(struct tcp_host *host);
struct tcb *host_fifo_take_event(struct tcp_host *host);

/* Takes a record out from anywhere; it must be in the list. */
void host_fifo_remove_event(struct tcp_host *host, uint32_t slot);

#endif
