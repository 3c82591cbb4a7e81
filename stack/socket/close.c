/* The ends of a socket's life: shutdown() of one direction or both, and close(). close() on data
 * that nobody read resets the connection, so that the peer does not believe it delivered
 * (RFC 9293 3.6.1, SHLD-3; RFC 2525 2.17). Otherwise it is CLOSE, and the connection finishes by
 * itself, TIME-WAIT included. */
#include "socket/socket.h"

#include <string.h>

struct tcp_socket_result tcp_socket_shutdown(struct tcp_host *host, tcp_time now, int fd,
                                             enum tcp_socket_how how)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    if ((unsigned int)how > TCP_SOCKET_SHUT_RDWR)
        return socket_fail(TCP_SOCKET_EINVAL);
    socket_refresh(host, record);
    if (record->phase != SOCKET_CONNECTED || socket_status(host, record).state == TCB_CLOSED)
        return socket_fail(TCP_SOCKET_ENOTCONN);

    if (how != TCP_SOCKET_SHUT_WR)
        record->flags |= SOCKET_READ_SHUT; /* nothing on the wire tells the peer */
    if (how != TCP_SOCKET_SHUT_RD && !socket_is(record, SOCKET_WRITE_SHUT)) {
        record->flags |= SOCKET_WRITE_SHUT;
        (void)tcp_host_close(host, now, socket_handle(record));
    }
    return socket_value(0);
}

/* The host resets the children that nobody accepted and destroys those still in the handshake. */
static void close_listener(struct tcp_host *host, tcp_time now, tcp_handle listener)
{
    (void)tcp_host_close(host, now, listener);
    (void)tcp_host_release(host, now, listener);
}

static void close_connection(struct tcp_host *host, tcp_time now,
                             const struct socket_record *record)
{
    const tcp_handle connection = socket_handle(record);
    const struct tcp_status status = socket_status(host, record);
    if (status.state != TCB_CLOSED) {
        if (status.readable_bytes > 0)
            (void)tcp_host_abort(host, now, connection);
        else if (!socket_is(record, SOCKET_WRITE_SHUT))
            (void)tcp_host_close(host, now, connection);
    }
    (void)tcp_host_release(host, now, connection);
}

struct tcp_socket_result tcp_socket_close(struct tcp_host *host, tcp_time now, int fd)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    socket_end_operations(host, fd);
    switch ((enum socket_phase)record->phase) {
    case SOCKET_LISTENING:
        close_listener(host, now, socket_handle(record));
        break;
    case SOCKET_CONNECTING:
    case SOCKET_CONNECTED:
        close_connection(host, now, record);
        break;
    case SOCKET_FREE:
    case SOCKET_IDLE:
        break;
    }
    memset(record, 0, sizeof *record);
    return socket_value(0);
}
