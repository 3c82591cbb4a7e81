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
        return socket_fail(TCP_SOCKET_EBADF);
    if (record->phase == SOCKET_LISTENING)
        return socket_value(0); /* the backlog stays what it was */
    if (record->phase != SOCKET_IDLE)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (!socket_is(record, SOCKET_BOUND) && bind_anywhere(host, record) != TCP_OK)
        return socket_fail(TCP_SOCKET_EADDRINUSE);

    int room = backlog < 1 ? 1 : backlog; /* at least one may wait, whatever was asked for */
    if (room > SOCKET_BACKLOG_MAX)
        room = SOCKET_BACKLOG_MAX;
    const struct tcp_endpoint local = socket_local(record);
    tcp_handle handle = TCP_HANDLE_NONE;
    const enum tcp_error error = tcp_host_listen(host, now, &local, (uint16_t)room, &handle);
    if (error == TCP_ERROR_EXISTS)
        return socket_fail(TCP_SOCKET_EADDRINUSE);
    if (error != TCP_OK)
        return socket_fail(socket_open_error(error));
    socket_set_handle(record, handle);
    record->phase = SOCKET_LISTENING;
    return socket_value(0);
}

struct tcp_socket_result attempt_accept(struct tcp_host *host, tcp_time now,
                                        struct socket_record *record)
{
    if (record->phase != SOCKET_LISTENING)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (socket_status(host, record).acceptable == 0)
        return socket_would_block();
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
    socket_set_handle(child, handle);
    child->phase = SOCKET_CONNECTED;
    child->ip_version = record->ip_version;
    child->flags = record->flags & (uint32_t)(SOCKET_REUSE_ADDRESS | SOCKET_NO_DELAY);
    if (socket_is(child, SOCKET_NO_DELAY))
        (void)tcp_host_set_nagle(host, now, handle, false);
    return socket_value(fd);
}

struct tcp_socket_result tcp_socket_accept(struct tcp_host *host, tcp_time now, int fd)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    if (record->phase != SOCKET_LISTENING)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (!socket_must_wait(host, fd, TCP_SOCKET_ACCEPT, NULL)) {
        const struct tcp_socket_result result = attempt_accept(host, now, record);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    return socket_block(host, fd, TCP_SOCKET_ACCEPT, 0, 0);
}
