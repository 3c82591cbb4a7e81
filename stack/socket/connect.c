/* connect(): an active OPEN, and what became of it. A socket that asks again while the handshake
 * goes on gets EALREADY, afterwards EISCONN; one whose attempt failed is told so once and may try
 * again, with another ephemeral port unless bind() gave it one. */
#include "socket/socket.h"

#include <string.h>

#include "tcp/address.h"

/* Every port is proposed once in this many attempts. */
#define PORT_ATTEMPTS_MAX 65536

/* Lets go of an attempt that failed: the socket is as it was before connect(). */
static void forget_attempt(struct tcp_host *host, tcp_time now, struct socket_record *record)
{
    const enum tcp_error error = tcp_host_release(host, now, socket_handle(record));
    TCP_ASSERT(error == TCP_OK);
    socket_set_handle(record, TCP_HANDLE_NONE);
    socket_end_attempt(host, socket_descriptor(host, record));
    record->phase = SOCKET_IDLE;
    record->flags &= ~(uint32_t)(SOCKET_ERROR_TOLD | SOCKET_READ_SHUT | SOCKET_WRITE_SHUT);
}

struct tcp_socket_result attempt_connect(struct tcp_host *host, tcp_time now,
                                         struct socket_record *record)
{
    socket_refresh(host, record);
    if (record->phase == SOCKET_CONNECTED)
        return socket_value(0);
    if (record->phase != SOCKET_CONNECTING)
        return socket_fail(TCP_SOCKET_ECONNABORTED); /* another call has taken the outcome */
    if (socket_status(host, record).state != TCB_CLOSED)
        return socket_would_block();
    const enum tcp_socket_error error = socket_take_error(host, record);
    forget_attempt(host, now, record);
    return socket_fail(error == TCP_SOCKET_OK ? TCP_SOCKET_ECONNABORTED : error);
}

static bool flow_names(const struct tcp_flow *flow, const struct tcp_endpoint *remote,
                       const struct tcp_address *source)
{
    return remote->port != 0 && !tcp_address_is_wildcard(&remote->address) &&
           source->version == flow->local.address.version;
}

/* Opens with a port of the host's choosing that no socket is bound to. */
static enum tcp_error open_anywhere(struct tcp_host *host, tcp_time now, struct tcp_flow *flow,
                                    tcp_handle *out)
{
    enum tcp_error error = TCP_ERROR_NO_PORT;
    for (uint32_t attempt = 0; attempt < PORT_ATTEMPTS_MAX; attempt++) {
        error = socket_choose_port(host, flow, &flow->local.port);
        if (error != TCP_OK)
            return error;
        error = tcp_host_connect(host, now, flow, out);
        if (error != TCP_ERROR_EXISTS && error != TCP_ERROR_PORT_TAKEN)
            return error;
    }
    return error;
}

static struct tcp_socket_result start(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record,
                                      const struct tcp_endpoint *remote,
                                      const struct tcp_address *source)
{
    struct tcp_flow flow;
    memset(&flow, 0, sizeof flow);
    flow.local = socket_local(record);
    flow.remote = *remote;
    if (tcp_address_is_wildcard(&flow.local.address)) {
        if (source == NULL || tcp_address_is_wildcard(source))
            return socket_fail(TCP_SOCKET_ENETUNREACH);
        flow.local.address = *source;
    }
    if (!flow_names(&flow, remote, &flow.local.address))
        return socket_fail(TCP_SOCKET_EADDRNOTAVAIL);

    tcp_handle handle = TCP_HANDLE_NONE;
    const enum tcp_error error = flow.local.port == 0 ? open_anywhere(host, now, &flow, &handle)
                                                      : tcp_host_connect(host, now, &flow, &handle);
    if (error == TCP_ERROR_PORT_TAKEN) /* the flow, since the port is ours */
        return socket_fail(TCP_SOCKET_EADDRNOTAVAIL);
    if (error != TCP_OK)
        return socket_fail(socket_open_error(error));
    socket_set_handle(record, handle);
    (void)tcp_host_share(host, handle); /* whoever has the descriptor may use it */
    record->phase = SOCKET_CONNECTING;
    socket_apply_options(host, now, record);
    socket_epoll_refresh(record);
    return socket_value(0);
}

/* The answer to connect() on a socket whose handshake began earlier; PENDING: none yet. */
static struct tcp_socket_result again(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record)
{
    const struct tcp_socket_result outcome = attempt_connect(host, now, record);
    if (outcome.error == TCP_SOCKET_PENDING)
        return socket_fail(TCP_SOCKET_EALREADY);
    return outcome.error == TCP_SOCKET_OK ? socket_fail(TCP_SOCKET_EISCONN) : outcome;
}

struct tcp_socket_result tcp_socket_connect(struct tcp_host *host, tcp_time now, int fd,
                                            const struct tcp_endpoint *remote,
                                            const struct tcp_address *source)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    if (remote->address.version != record->ip_version)
        return socket_fail(TCP_SOCKET_EAFNOSUPPORT);
    socket_refresh(host, record);
    if (record->phase == SOCKET_LISTENING)
        return socket_fail(TCP_SOCKET_EOPNOTSUPP);
    if (record->phase == SOCKET_CONNECTED)
        return socket_fail(TCP_SOCKET_EISCONN);
    if (record->phase == SOCKET_CONNECTING)
        return again(host, now, record);

    const struct tcp_socket_result started = start(host, now, record, remote, source);
    if (started.error != TCP_SOCKET_OK)
        return started;
    if (socket_is(record, SOCKET_NONBLOCKING))
        return socket_fail(TCP_SOCKET_EINPROGRESS);
    const struct tcp_socket_result blocked =
        socket_block(host, now, fd, TCP_SOCKET_CONNECT, &(struct socket_transfer){0});
    if (blocked.error == TCP_SOCKET_ENOBUFS) { /* nowhere to wait: take the OPEN back */
        (void)tcp_host_abort(host, now, socket_handle(record));
        forget_attempt(host, now, record);
    }
    return blocked;
}
