/* read() and write(). A read gives what is there and waits only when there is nothing; the peer's
 * FIN is the end, 0, once everything before it has been read. A blocking write waits until all of
 * its bytes are taken. How a connection broke is told once (ECONNRESET, ETIMEDOUT); after that a
 * read finds the end and a write EPIPE. */
#include "socket/socket.h"

static bool has_connection(const struct socket_record *record)
{
    return record->phase == SOCKET_CONNECTING || record->phase == SOCKET_CONNECTED;
}

/* What a call that met a broken connection returns: the reason once, then `later`. */
static struct tcp_socket_result broken(struct tcp_host *host, struct socket_record *record,
                                       struct tcp_socket_result later)
{
    const enum tcp_socket_error error = socket_take_error(host, record);
    return error == TCP_SOCKET_OK ? later : socket_fail(error);
}

/* Nothing more to be had now: what was put into the room before counts; an error waits for the next
 * call. */
static struct tcp_socket_result ended(const struct socket_transfer *transfer,
                                      struct tcp_socket_result otherwise)
{
    return transfer->done > 0 ? socket_value((int64_t)transfer->done) : otherwise;
}

/* Some octets came. MSG_WAITALL goes on until the room is full. */
static struct tcp_socket_result took(struct socket_transfer *transfer, size_t taken)
{
    transfer->done += taken;
    const bool waits =
        (transfer->flags & TCP_SOCKET_WAITALL) != 0 && transfer->done < transfer->wanted;
    return waits ? socket_would_block() : socket_value((int64_t)transfer->done);
}

bool socket_reading_is_over(const struct socket_record *record, const struct tcp_status *status)
{
    return status->fin_received || status->state == TCB_CLOSED ||
           socket_is(record, SOCKET_READ_SHUT);
}

bool socket_can_look_at_all(const struct socket_record *record, const struct tcp_status *status,
                            uint64_t wanted)
{
    return socket_reading_is_over(record, status) || status->readable_bytes >= wanted ||
           (status->readable_bytes > 0 && status->rcv_wnd == 0);
}

static struct tcp_socket_result peeked(const struct tcp_host *host,
                                       const struct socket_record *record,
                                       const struct socket_transfer *transfer, size_t taken)
{
    const struct tcp_status status = socket_status(host, record);
    const bool waits = (transfer->flags & TCP_SOCKET_WAITALL) != 0 &&
                       !socket_can_look_at_all(record, &status, transfer->wanted);
    return waits ? socket_would_block() : socket_value((int64_t)taken);
}

static enum tcp_error take(struct tcp_host *host, tcp_time now, const struct socket_record *record,
                           struct tcp_room room, bool is_peek, size_t *taken)
{
    const tcp_handle connection = socket_handle(record);
    return is_peek ? tcp_host_peek(host, connection, 0, room, taken)
                   : tcp_host_receive(host, now, connection, room, taken);
}

struct tcp_socket_result attempt_read(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record, struct tcp_room room,
                                      struct socket_transfer *transfer)
{
    if (!has_connection(record))
        return socket_fail(TCP_SOCKET_ENOTCONN);
    if ((transfer->flags & TCP_SOCKET_OOB) != 0)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (room.count == 0)
        return socket_value((int64_t)transfer->done);
    const bool is_peek = (transfer->flags & TCP_SOCKET_PEEK) != 0;
    size_t taken = 0;
    switch (take(host, now, record, room, is_peek, &taken)) {
    case TCP_OK:
        return is_peek ? peeked(host, record, transfer, taken) : took(transfer, taken);
    case TCP_ERROR_AGAIN:
    case TCP_ERROR_RESOURCES: /* no buffer for what may come: another connection gives one back */
        return socket_is(record, SOCKET_READ_SHUT) ? ended(transfer, socket_value(0))
                                                   : socket_would_block();
    case TCP_ERROR_END:
    case TCP_ERROR_CLOSING:
        return ended(transfer, socket_value(0));
    case TCP_ERROR_ACCESS:
        return ended(transfer, socket_fail(TCP_SOCKET_EACCES));
    case TCP_ERROR_NO_CONNECTION:
    case TCP_ERROR_EXISTS:
    case TCP_ERROR_REMOTE_MISSING:
    case TCP_ERROR_REMOTE_UNFIT:
    case TCP_ERROR_LOCAL_UNFIT:
    case TCP_ERROR_PORT_TAKEN:
    case TCP_ERROR_NO_PORT:
    case TCP_ERROR_RESET:
    case TCP_ERROR_REFUSED:
    case TCP_ERROR_ABORTED:
    case TCP_ERROR_TIMEOUT:
    case TCP_ERROR_NET_UNREACHABLE:
    case TCP_ERROR_HOST_UNREACHABLE:
    case TCP_ERROR_PROTOCOL_UNREACHABLE:
    case TCP_ERROR_PROHIBITED:
    case TCP_ERROR_TOO_BIG:
    case TCP_ERROR_PARAMETER:
    case TCP_ERROR_STATE:
    case TCP_ERROR_ARGUMENT:
    case TCP_ERROR_MEMORY:
        break;
    }
    if (transfer->done > 0)
        return socket_value((int64_t)transfer->done);
    return broken(host, record, socket_value(0));
}

struct tcp_socket_result tcp_socket_receive(struct tcp_host *host, tcp_time now, int fd,
                                            struct tcp_room room, uint32_t flags)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    socket_refresh(host, record);
    struct socket_transfer transfer = {.wanted = room.count, .flags = flags};
    if (!socket_must_wait(host, fd, TCP_SOCKET_READ, NULL)) {
        const struct tcp_socket_result result = attempt_read(host, now, record, room, &transfer);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    const struct tcp_socket_result blocked =
        socket_block(host, now, fd, TCP_SOCKET_READ, &transfer);
    return blocked.error == TCP_SOCKET_PENDING ? blocked : ended(&transfer, blocked);
}

struct tcp_socket_result tcp_socket_read(struct tcp_host *host, tcp_time now, int fd,
                                         struct tcp_room room)
{
    return tcp_socket_receive(host, now, fd, room, 0);
}

/* A write that cannot go on: what was handed over counts, an error waits for the next call. */
static struct tcp_socket_result stopped(struct tcp_host *host, struct socket_record *record,
                                        uint64_t done)
{
    if (done > 0)
        return socket_value((int64_t)done);
    return broken(host, record, socket_fail(TCP_SOCKET_EPIPE));
}

static uint32_t send_flags(const struct socket_record *record, uint32_t flags)
{
    const bool waits_for_more = (flags & TCP_SOCKET_MORE) != 0 || socket_is(record, SOCKET_CORKED);
    return (waits_for_more ? (uint32_t)TCP_SEND_MORE : 0) |
           ((flags & TCP_SOCKET_OOB) != 0 ? (uint32_t)TCP_SEND_URGENT : 0);
}

struct tcp_socket_result attempt_write(struct tcp_host *host, tcp_time now,
                                       struct socket_record *record, struct socket_text text,
                                       struct socket_transfer *transfer)
{
    if (!has_connection(record))
        return socket_fail(TCP_SOCKET_ENOTCONN);
    if (socket_is(record, SOCKET_WRITE_SHUT))
        return stopped(host, record, transfer->done);
    const struct tcp_status status = socket_status(host, record);
    if (status.state == TCB_CLOSED)
        return stopped(host, record, transfer->done);
    if (status.state == TCB_SYN_SENT || status.state == TCB_SYN_RECEIVED)
        return socket_would_block(); /* RFC 9293 would queue it; sockets let the caller wait */
    size_t taken = 0;
    if (text.count > 0) {
        const enum tcp_error error =
            tcp_host_send_with(host, now, socket_handle(record), text.bytes, text.count,
                               send_flags(record, transfer->flags), &taken);
        if (error != TCP_OK && error != TCP_ERROR_RESOURCES)
            return stopped(host, record, transfer->done);
    }
    transfer->done += taken;
    if (transfer->done == transfer->wanted)
        return socket_value((int64_t)transfer->done);
    socket_epoll_want_room(record);
    return socket_would_block();
}

struct tcp_socket_result tcp_socket_send(struct tcp_host *host, tcp_time now, int fd,
                                         const uint8_t *bytes, size_t count, uint32_t flags)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    socket_refresh(host, record);
    struct socket_transfer transfer = {.wanted = count, .flags = flags};
    if (!socket_must_wait(host, fd, TCP_SOCKET_WRITE, NULL)) {
        const struct tcp_socket_result result =
            attempt_write(host, now, record, (struct socket_text){bytes, count}, &transfer);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    const struct tcp_socket_result blocked =
        socket_block(host, now, fd, TCP_SOCKET_WRITE, &transfer);
    /* Non-blocking, or no operation free: what fitted. */
    return blocked.error == TCP_SOCKET_PENDING ? blocked : ended(&transfer, blocked);
}

struct tcp_socket_result tcp_socket_write(struct tcp_host *host, tcp_time now, int fd,
                                          const uint8_t *bytes, size_t count)
{
    return tcp_socket_send(host, now, fd, bytes, count, 0);
}
