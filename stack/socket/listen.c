/* The passive side: listen() turns a socket into a listener, accept() takes its completed children
 * in the order in which they completed. */
#include "socket/socket.h"

#include <string.h>

/* An unbound socket listens on a port of the host's choosing, as most systems let it. */
static enum tcp_error bind_anywhere(struct tcp_host *host, struct socket_record *record)
{
    struct tcp_flow flow;
    memset(&flow, 0, sizeof flow);
    flow.local = socket_local(record);
    flow.remote.address.version = record->ip_version;
    const enum tcp_error error = socket_choose_port(host, &flow, &flow.local.port);
    if (error != TCP_OK)
        return error;
    socket_set_local(record, &flow.local);
    record->flags |= SOCKET_BOUND;
    return TCP_OK;
}

struct tcp_socket_result tcp_socket_listen(struct tcp_host *host, tcp_time now, int fd, int backlog)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    int room = backlog < 1 ? 1 : backlog; /* at least one may wait, whatever was asked for */
    if (room > SOCKET_BACKLOG_MAX)
        room = SOCKET_BACKLOG_MAX;
    if (record->phase == SOCKET_LISTENING) {
        (void)tcp_host_set_backlog(host, now, socket_handle(record), (uint16_t)room);
        return socket_value(0);
    }
    if (record->phase != SOCKET_IDLE)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (!socket_is(record, SOCKET_BOUND) && bind_anywhere(host, record) != TCP_OK)
        return socket_fail(TCP_SOCKET_EADDRINUSE);

    const struct tcp_endpoint local = socket_local(record);
    tcp_handle handle = TCP_HANDLE_NONE;
    const enum tcp_error error = tcp_host_listen(host, now, &local, (uint16_t)room, &handle);
    if (error == TCP_ERROR_EXISTS)
        return socket_fail(TCP_SOCKET_EADDRINUSE);
    if (error != TCP_OK)
        return socket_fail(socket_open_error(error));
    socket_set_handle(record, handle);
    (void)tcp_host_share(host, handle); /* whoever has the descriptor may use it */
    record->phase = SOCKET_LISTENING;
    socket_apply_options(host, now, record);
    socket_epoll_refresh(record);
    return socket_value(0);
}

/* What a new connection takes over from its listener: every option but O_NONBLOCK. */
static void inherit(struct socket_record *child, const struct socket_record *listener)
{
    *child = *listener;
    memset(child->watches, 0, sizeof child->watches);
    memset(child->local_address, 0, sizeof child->local_address);
    child->local_port = 0;
    child->flags &= (uint32_t)(SOCKET_REUSE_ADDRESS | SOCKET_NO_DELAY | SOCKET_KEEP_ALIVE |
                               SOCKET_CORKED | SOCKET_LINGERS | SOCKET_RENO | SOCKET_CUBIC);
}

/* The user timeout ends listeners, too, where settings have it run in LISTEN (3.10.8, USER TIMEOUT in any
 * state): the next call is told so, later ones that nothing listens. */
static struct tcp_socket_result
nothing_to_accept(const struct tcp_host *host, struct socket_record *record, enum tcb_state state)
{
    if (state == TCB_LISTEN)
        return socket_would_block();
    const enum tcp_socket_error error = socket_take_error(host, record);
    return socket_fail(error != TCP_SOCKET_OK ? error : TCP_SOCKET_EINVAL);
}

struct tcp_socket_result attempt_accept(struct tcp_host *host, tcp_time now,
                                        struct socket_record *record, bool is_nonblocking)
{
    if (record->phase != SOCKET_LISTENING)
        return socket_fail(TCP_SOCKET_EINVAL);
    const struct tcp_status status = socket_status(host, record);
    if (status.acceptable == 0)
        return nothing_to_accept(host, record, status.state);
    if (!socket_has_room(host))
        return socket_fail(TCP_SOCKET_EMFILE); /* the child stays for a later call */
    tcp_handle handle = TCP_HANDLE_NONE;
    const enum tcp_error error = tcp_host_accept(host, now, socket_handle(record), &handle);
    if (error == TCP_ERROR_AGAIN)
        return socket_would_block();
    if (error != TCP_OK)
        return socket_fail(TCP_SOCKET_ECONNABORTED);

    const int fd = socket_open_lowest(host);
    TCP_ASSERT(fd >= 0);
    struct socket_record *child = socket_find(host, fd);
    inherit(child, record);
    socket_set_handle(child, handle);
    child->phase = SOCKET_CONNECTED;
    if (is_nonblocking)
        child->flags |= SOCKET_NONBLOCKING;
    socket_apply_options(host, now, child);
    return socket_value(fd);
}

struct tcp_socket_result tcp_socket_accept4(struct tcp_host *host, tcp_time now, int fd,
                                            bool is_nonblocking)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    if (record->phase != SOCKET_LISTENING)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (!socket_must_wait(host, fd, TCP_SOCKET_ACCEPT, NULL)) {
        const struct tcp_socket_result result = attempt_accept(host, now, record, is_nonblocking);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    const struct socket_transfer how = {.flags = is_nonblocking ? SOCKET_NONBLOCKING : 0};
    return socket_block(host, now, fd, TCP_SOCKET_ACCEPT, &how);
}

struct tcp_socket_result tcp_socket_accept(struct tcp_host *host, tcp_time now, int fd)
{
    return tcp_socket_accept4(host, now, fd, false);
}
