/* From a handle to its record. */
#ifndef TCP_HOST_LOOKUP_H
#define TCP_HOST_LOOKUP_H

#include "host/block.h"

/* The record that a handle names, or NULL when it is stale or names nothing. */
const struct tcb *host_look_up(const struct tcp_host *host, tcp_handle handle);
struct tcb *host_look_up_to_change(struct tcp_host *host, tcp_handle handle);

/* TCP_ERROR_ACCESS when the caller (config.caller) has no right to the record: it is neither his own nor
 * is he user 0 (RFC 9293 3.9.1, 3.10: "connection illegal for this process"). */
enum tcp_error host_access(const struct tcp_host *host, const struct tcb *tcb);

/* The record that a call is about: TCP_ERROR_NO_CONNECTION, or as host_access() says. */
enum tcp_error host_take_up(struct tcp_host *host, tcp_handle handle, struct tcb **out);

#endif
