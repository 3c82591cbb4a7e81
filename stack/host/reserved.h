/* What the host keeps for the socket layer and what that layer needs of it beyond the public calls.
 * The host comes before the socket layer and knows none of its types: it reserves two tables by
 * size, and the socket layer asserts that its records fit. Both are zeroed by tcp_host_init(),
 * aligned to TCP_HOST_ALIGNMENT, copied whole and compared whole. */
#ifndef TCP_HOST_RESERVED_H
#define TCP_HOST_RESERVED_H

#include "tcp/host.h"

#define HOST_SOCKET_BYTES    128 /* one of limits.sockets records */
#define HOST_OPERATION_BYTES 144 /* one of limits.operations records */

struct socket_record;
struct socket_operation;

/* The tables; never NULL, but of no record when the limit is 0. */
struct socket_record *host_sockets(struct tcp_host *host);
const struct socket_record *host_sockets_read(const struct tcp_host *host);
struct socket_operation *host_operations(struct tcp_host *host);
const struct socket_operation *host_operations_read(const struct tcp_host *host);

/* Is this an address that bind() may be given: one of the host's own, or any unicast address when
 * none was added? The wildcard is not. */
bool host_is_local(const struct tcp_host *host, const struct tcp_address *address);

/* Proposes the next ephemeral port for a flow (RFC 6056; its local port is not read; the remote
 * endpoint may be all zero for bind()). Never one that a listener, or a connection with which the
 * flow would collide, holds. Calls in a row go through every free port before one comes again, so
 * the socket layer may refuse those it has bound. TCP_ERROR_NO_PORT when all are taken. */
enum tcp_error host_choose_port(struct tcp_host *host, const struct tcp_flow *flow, uint16_t *out);

#endif
