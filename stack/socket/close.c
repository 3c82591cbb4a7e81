/* The ends of a socket's life: shutdown() of one direction or both, and close(). close() on data
 * that nobody read resets the connection, so that the peer does not believe it delivered
 * (RFC 9293 3.6.1, SHLD-3; RFC 2525 2.17), unless both sides have closed already: ABORT tells the peer
 * nothing then and would throw away what LAST-ACK and CLOSING have to send again, and TIME-WAIT (3.10.5,
 * MUST-13). SO_LINGER with 0 is ABORT in every state. Otherwise close() is CLOSE, and the connection
 * finishes by itself, TIME-WAIT included; SO_LINGER lets close() wait for the peer's acknowledgement, at
 * most so long. */
#include "socket/socket.h"

#include <string.h>

struct tcp_socket_result tcp_socket_shutdown(struct tcp_host *host, tcp_time now, int fd,
                                             enum tcp_socket_how how)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
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

/* Will the connection end by the peer's doing, so that all that was sent has arrived? */
static bool is_acknowledged(enum tcb_state state)
{
    switch (state) {
    case TCB_CLOSED:
    case TCB_LISTEN:
    case TCB_SYN_SENT:
    case TCB_FIN_WAIT_2:
    case TCB_TIME_WAIT:
        return true;
    case TCB_SYN_RECEIVED:
    case TCB_ESTABLISHED:
    case TCB_FIN_WAIT_1:
    case TCB_CLOSE_WAIT:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
        return false;
    }
    return true;
}

bool socket_has_lingered(const struct tcp_host *host, const struct socket_record *record)
{
    return is_acknowledged(socket_status(host, record).state);
}

static void set_free(struct socket_record *record)
{
    memset(record, 0, sizeof *record);
}

#define US_PER_S 1000000

/* close() waits for the acknowledgement of the FIN. PENDING, or the end of the call when there is
 * nothing to wait for or nowhere to wait. */
static struct tcp_socket_result linger(struct tcp_host *host, tcp_time now, int fd,
                                       struct socket_record *record)
{
    struct socket_operation *operation =
        socket_has_lingered(host, record) ? NULL : socket_take_operation(host);
    if (operation == NULL) {
        (void)tcp_host_release(host, now, socket_handle(record));
        set_free(record);
        return socket_value(0);
    }
    operation->fd = fd;
    operation->kind = TCP_SOCKET_CLOSE;
    operation->deadline_us = socket_deadline_in(host, now, (int64_t)record->linger_s * US_PER_S);
    const struct socket_record lingering = {.slot = record->slot,
                                            .generation = record->generation,
                                            .ip_version = record->ip_version,
                                            .phase = SOCKET_LINGERING};
    *record = lingering;
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, operation->number};
}

void socket_stop_lingering(struct tcp_host *host, tcp_time now, int fd)
{
    struct socket_record *record = socket_find_any(host, fd);
    TCP_ASSERT(record != NULL && record->phase == SOCKET_LINGERING);
    (void)tcp_host_release(host, now, socket_handle(record));
    set_free(record);
}

struct tcp_socket_result attempt_close(struct tcp_host *host, tcp_time now, int fd)
{
    const struct socket_record *record = socket_find_any(host, fd);
    TCP_ASSERT(record != NULL && record->phase == SOCKET_LINGERING);
    if (!socket_has_lingered(host, record))
        return socket_would_block();
    socket_stop_lingering(host, now, fd);
    return socket_value(0);
}

/* Data that nobody read, and a peer that ABORT would tell of it (3.10.5). */
static bool loses_data(const struct tcp_status *status)
{
    const bool is_closed_by_both = status->state == TCB_CLOSING || status->state == TCB_LAST_ACK ||
                                   status->state == TCB_TIME_WAIT;
    return status->readable_bytes > 0 && !is_closed_by_both;
}

static struct tcp_socket_result close_connection(struct tcp_host *host, tcp_time now, int fd,
                                                 struct socket_record *record)
{
    const tcp_handle connection = socket_handle(record);
    const struct tcp_status status = socket_status(host, record);
    const bool resets = socket_is(record, SOCKET_LINGERS) && record->linger_s == 0;
    if (status.state != TCB_CLOSED) {
        if (loses_data(&status) || resets)
            (void)tcp_host_abort(host, now, connection);
        else if (!socket_is(record, SOCKET_WRITE_SHUT))
            (void)tcp_host_close(host, now, connection);
    }
    if (socket_is(record, SOCKET_LINGERS))
        return linger(host, now, fd, record);
    (void)tcp_host_release(host, now, connection);
    set_free(record);
    return socket_value(0);
}

struct tcp_socket_result tcp_socket_close(struct tcp_host *host, tcp_time now, int fd)
{
    struct socket_record *record = socket_find_any(host, fd);
    if (record == NULL || record->phase == SOCKET_LINGERING)
        return socket_fail(TCP_SOCKET_EBADF);
    socket_end_operations(host, fd);
    switch ((enum socket_phase)record->phase) {
    case SOCKET_LISTENING:
        close_listener(host, now, socket_handle(record));
        break;
    case SOCKET_CONNECTING:
    case SOCKET_CONNECTED:
        return close_connection(host, now, fd, record);
    case SOCKET_EPOLL:
        socket_epoll_forget(host, fd);
        break;
    case SOCKET_FREE:
    case SOCKET_IDLE:
    case SOCKET_LINGERING:
        break;
    }
    set_free(record);
    return socket_value(0);
}
