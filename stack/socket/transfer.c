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

struct tcp_socket_result attempt_read(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record, struct tcp_room room)
{
    if (!has_connection(record))
        return socket_fail(TCP_SOCKET_ENOTCONN);
    if (room.count == 0)
        return socket_value(0);
    size_t taken = 0;
    switch (tcp_host_receive(host, now, socket_handle(record), room, &taken)) {
    case TCP_OK:
        return socket_value((int64_t)taken);
    case TCP_ERROR_AGAIN:
        return socket_is(record, SOCKET_READ_SHUT) ? socket_value(0) : socket_would_block();
    case TCP_ERROR_END:
    case TCP_ERROR_CLOSING:
        return socket_value(0);
    case TCP_ERROR_RESOURCES:
        return socket_fail(TCP_SOCKET_ENOBUFS);
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
    case TCP_ERROR_STATE:
    case TCP_ERROR_ARGUMENT:
    case TCP_ERROR_MEMORY:
        return broken(host, record, socket_value(0));
    }
    return socket_fail(TCP_SOCKET_EINVAL);
}

struct tcp_socket_result tcp_socket_read(struct tcp_host *host, tcp_time now, int fd,
                                         struct tcp_room room)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    socket_refresh(host, record);
    if (!socket_must_wait(host, fd, TCP_SOCKET_READ, NULL)) {
        const struct tcp_socket_result result = attempt_read(host, now, record, room);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    return socket_block(host, fd, TCP_SOCKET_READ, 0, room.count);
}

/* A write that cannot go on: what was handed over counts, an error waits for the next call. */
static struct tcp_socket_result stopped(struct tcp_host *host, struct socket_record *record,
                                        uint64_t done)
{
    if (done > 0)
        return socket_value((int64_t)done);
    return broken(host, record, socket_fail(TCP_SOCKET_EPIPE));
}

struct tcp_socket_result attempt_write(struct tcp_host *host, tcp_time now,
                                       struct socket_record *record, struct socket_text text,
                                       uint64_t wanted, uint64_t *done)
{
    if (!has_connection(record))
        return socket_fail(TCP_SOCKET_ENOTCONN);
    if (socket_is(record, SOCKET_WRITE_SHUT))
        return stopped(host, record, *done);
    const struct tcp_status status = socket_status(host, record);
    if (status.state == TCB_CLOSED)
        return stopped(host, record, *done);
    if (status.state == TCB_SYN_SENT || status.state == TCB_SYN_RECEIVED)
        return socket_would_block(); /* RFC 9293 would queue it; sockets let the caller wait */
    size_t taken = 0;
    if (text.count > 0) {
        const enum tcp_error error =
            tcp_host_send(host, now, socket_handle(record), text.bytes, text.count, &taken);
        if (error != TCP_OK && error != TCP_ERROR_RESOURCES)
            return stopped(host, record, *done);
    }
    *done += taken;
    return *done < wanted ? socket_would_block() : socket_value((int64_t)*done);
}

struct tcp_socket_result tcp_socket_write(struct tcp_host *host, tcp_time now, int fd,
                                          const uint8_t *bytes, size_t count)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    socket_refresh(host, record);
    uint64_t done = 0;
    if (!socket_must_wait(host, fd, TCP_SOCKET_WRITE, NULL)) {
        const struct tcp_socket_result result =
            attempt_write(host, now, record, (struct socket_text){bytes, count}, count, &done);
        if (result.error != TCP_SOCKET_PENDING)
            return result;
    }
    const struct tcp_socket_result blocked = socket_block(host, fd, TCP_SOCKET_WRITE, done, count);
    if (blocked.error != TCP_SOCKET_PENDING && done > 0)
        return socket_value((int64_t)done); /* non-blocking, or no operation free: what fitted */
    return blocked;
}
