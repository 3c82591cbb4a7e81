/* Who holds a local endpoint. bind() is refused for a port that another socket is bound to, that a
 * listener listens on, or that a connection uses, when the addresses overlap (a wildcard overlaps
 * with every address of its IP version). SO_REUSEADDR on the binding socket sets aside connections
 * that only wait for their end; on both sockets it sets aside everything but listeners, so that a
 * server can be started again beside its old connections. */
#include "socket/socket.h"

#include <string.h>

#include "tcp/address.h"

/* Every port is proposed once in this many calls. */
#define PORT_PROPOSALS_MAX 65536

static bool overlap(const struct tcp_endpoint *a, const struct tcp_endpoint *b)
{
    return a->port == b->port && a->address.version == b->address.version &&
           (tcp_address_is_wildcard(&a->address) || tcp_address_is_wildcard(&b->address) ||
            tcp_address_equal(&a->address, &b->address));
}

/* States in which a connection only waits for its end: the user has closed. */
static bool is_closing(enum tcb_state state)
{
    switch (state) {
    case TCB_CLOSED:
    case TCB_FIN_WAIT_1:
    case TCB_FIN_WAIT_2:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
    case TCB_TIME_WAIT:
        return true;
    case TCB_LISTEN:
    case TCB_SYN_SENT:
    case TCB_SYN_RECEIVED:
    case TCB_ESTABLISHED:
    case TCB_CLOSE_WAIT:
        return false;
    }
    return false;
}

/* The open socket that holds this connection, if one does. */
static const struct socket_record *owner_of(const struct tcp_host *host, tcp_handle connection)
{
    const int end = SOCKET_FIRST_DESCRIPTOR + (int)tcp_host_limits(host)->sockets;
    for (int fd = SOCKET_FIRST_DESCRIPTOR; fd < end; fd++) {
        const struct socket_record *record = socket_look(host, fd);
        if (record != NULL && tcp_handle_equal(socket_handle(record), connection))
            return record;
    }
    return NULL;
}

static bool connection_conflicts(const struct tcp_host *host, const struct tcp_endpoint *local,
                                 const struct socket_record *binder, tcp_handle connection)
{
    struct tcp_status status;
    if (tcp_host_look(host, connection, &status) != TCP_OK || status.state == TCB_CLOSED ||
        !overlap(local, &status.flow.local))
        return false;
    if (status.state == TCB_LISTEN || !socket_is(binder, SOCKET_REUSE_ADDRESS))
        return true;
    if (is_closing(status.state))
        return false;
    const struct socket_record *owner = owner_of(host, connection);
    return owner == NULL || !socket_is(owner, SOCKET_REUSE_ADDRESS);
}

static bool record_conflicts(const struct socket_record *holder, const struct tcp_endpoint *local,
                             const struct socket_record *binder)
{
    if (holder->phase != SOCKET_IDLE || !socket_is(holder, SOCKET_BOUND))
        return false; /* a listener or connection speaks for itself, with its state */
    const struct tcp_endpoint held = socket_local(holder);
    const bool both_reuse =
        socket_is(holder, SOCKET_REUSE_ADDRESS) && socket_is(binder, SOCKET_REUSE_ADDRESS);
    return overlap(&held, local) && !both_reuse;
}

static bool is_taken(const struct tcp_host *host, const struct tcp_endpoint *local,
                     const struct socket_record *binder)
{
    const int end = SOCKET_FIRST_DESCRIPTOR + (int)tcp_host_limits(host)->sockets;
    for (int fd = SOCKET_FIRST_DESCRIPTOR; fd < end; fd++) {
        const struct socket_record *holder = socket_look(host, fd);
        if (holder != NULL && holder != binder && record_conflicts(holder, local, binder))
            return true;
    }
    const uint32_t slots = tcp_host_limits(host)->connections;
    for (uint32_t slot = 0; slot < slots; slot++) {
        const tcp_handle connection = tcp_host_at_slot(host, slot);
        if (connection.generation != 0 && connection_conflicts(host, local, binder, connection))
            return true;
    }
    return false;
}

/* Has bind() given the port to a socket, whatever became of it, for an address that overlaps? */
static bool is_bound(const struct tcp_host *host, const struct tcp_endpoint *local)
{
    const int end = SOCKET_FIRST_DESCRIPTOR + (int)tcp_host_limits(host)->sockets;
    for (int fd = SOCKET_FIRST_DESCRIPTOR; fd < end; fd++) {
        const struct socket_record *holder = socket_look(host, fd);
        if (holder == NULL || !socket_is(holder, SOCKET_BOUND))
            continue;
        const struct tcp_endpoint held = socket_local(holder);
        if (overlap(&held, local))
            return true;
    }
    return false;
}

enum tcp_error socket_choose_port(struct tcp_host *host, const struct tcp_flow *flow, uint16_t *out)
{
    struct tcp_endpoint local = flow->local;
    const struct socket_record strict = {.phase = SOCKET_IDLE}; /* with a choice, share nothing */
    for (uint32_t proposal = 0; proposal < PORT_PROPOSALS_MAX; proposal++) {
        const enum tcp_error error = host_choose_port(host, flow, &local.port);
        if (error != TCP_OK)
            return error;
        const bool is_free =
            flow->remote.port == 0 ? !is_taken(host, &local, &strict) : !is_bound(host, &local);
        if (is_free) {
            *out = local.port;
            return TCP_OK;
        }
    }
    return TCP_ERROR_NO_PORT;
}

struct tcp_socket_result tcp_socket_bind(struct tcp_host *host, tcp_time now, int fd,
                                         const struct tcp_endpoint *local)
{
    (void)now; /* no connection is concerned */
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    if (record->phase != SOCKET_IDLE || socket_is(record, SOCKET_BOUND))
        return socket_fail(TCP_SOCKET_EINVAL);
    if (local->address.version != record->ip_version)
        return socket_fail(TCP_SOCKET_EAFNOSUPPORT);
    if (!tcp_address_is_wildcard(&local->address) && !host_is_local(host, &local->address))
        return socket_fail(TCP_SOCKET_EADDRNOTAVAIL);

    struct tcp_flow flow;
    memset(&flow, 0, sizeof flow);
    flow.local = *local;
    flow.remote.address.version = local->address.version;
    if (flow.local.port == 0) {
        if (socket_choose_port(host, &flow, &flow.local.port) != TCP_OK)
            return socket_fail(TCP_SOCKET_EADDRINUSE);
    } else if (is_taken(host, &flow.local, record)) {
        return socket_fail(TCP_SOCKET_EADDRINUSE);
    }
    socket_set_local(record, &flow.local);
    record->flags |= SOCKET_BOUND;
    return socket_value(0);
}
