/* Which record a segment is for: connections by a keyed hash of the flow, so that nobody outside can
 * make chains long; listeners by their port. */
#ifndef TCP_HOST_DEMUX_H
#define TCP_HOST_DEMUX_H

#include "host/block.h"

/* Enters a record by its flow (a connection) or its local port (a listener). */
void host_demux_add(struct tcp_host *host, struct tcb *tcb);

/* Takes a record out, if it is entered. */
void host_demux_remove(struct tcp_host *host, struct tcb *tcb);

/* The connection of a flow, or TCB_NONE. */
uint32_t host_demux_find(const struct tcp_host *host, const struct tcp_flow *flow);

/* The listener for a local endpoint: one bound to the address before one bound to the wildcard. */
uint32_t host_demux_listener(const struct tcp_host *host, const struct tcp_endpoint *local);

/* A listener that a new one at `local` would collide with, or TCB_NONE. */
uint32_t host_demux_rival(const struct tcp_host *host, const struct tcp_endpoint *local);

/* SipHash-2-4 of a flow under config.secret; `salt` tells the uses apart. */
uint64_t host_flow_hash(const struct tcp_host *host, const struct tcp_flow *flow, uint8_t salt);

enum host_salt { HOST_SALT_DEMUX, HOST_SALT_ISN, HOST_SALT_PORT };

#endif
