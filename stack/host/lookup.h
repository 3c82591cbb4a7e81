/* From a handle to its record. */
#ifndef TCP_HOST_LOOKUP_H
#define TCP_HOST_LOOKUP_H

#include "host/block.h"

/* The record that a handle names, or NULL when it is stale or names nothing; whoever asks. */
const struct tcb *host_look_up(const struct tcp_host *host, tcp_handle handle);

/* The record that a call is about. TCP_ERROR_NO_CONNECTION, *out NULL: there is none; TCP_ERROR_ACCESS: the
 * caller (config.caller) has no right to it (RFC 9293 3.9.1, 3.10: "connection illegal for this process"). */
enum tcp_error host_take_up(struct tcp_host *host, tcp_handle handle, struct tcb **out);
enum tcp_error host_take_up_read(const struct tcp_host *host, tcp_handle handle,
                                 const struct tcb **out);

/* The same for RECEIVE. Whoever let go of a connection has none to read from: text that was not read is gone,
 * so that the end, which it may have come to, would be a lie. */
enum tcp_error host_take_up_unread(const struct tcp_host *host, tcp_handle handle,
                                   const struct tcb **out);

#endif
