/* Calls that block: what was asked, kept until it can be done. An operation is named by a number
 * that grows, so the oldest is the smallest (with wrap), and a finished one's name does not come
 * back soon. Nothing here holds the caller's memory: it lends it again when it resumes. */
#include "socket/socket.h"

#include <string.h>

static struct socket_operation *operation_at(struct tcp_host *host, uint32_t index)
{
    return (struct socket_operation *)(void *)((uint8_t *)host_operations(host) +
                                               (size_t)index * HOST_OPERATION_BYTES);
}

static bool is_older(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* May a call of this kind overtake a pending one of that kind on the same descriptor? */
static bool holds_up(enum tcp_socket_kind earlier, enum tcp_socket_kind later)
{
    return earlier == later || earlier == TCP_SOCKET_CONNECT;
}

bool socket_must_wait(const struct tcp_host *host, int fd, enum tcp_socket_kind kind,
                      const struct socket_operation *before)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    for (uint32_t index = 0; index < operations; index++) {
        const struct socket_operation *other = socket_operation_in(host, index);
        if (other->state == SOCKET_OPERATION_FREE || other->fd != fd || other->ended != 0)
            continue;
        if (before != NULL && !is_older(other->number, before->number))
            continue;
        if (holds_up((enum tcp_socket_kind)other->kind, kind))
            return true;
    }
    return false;
}

/* The free record with the oldest number, so that the latest number of all is never lost. */
static struct socket_operation *take_free(struct tcp_host *host)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    struct socket_operation *best = NULL;
    uint32_t latest = 0;
    for (uint32_t index = 0; index < operations; index++) {
        struct socket_operation *operation = operation_at(host, index);
        if (index == 0 || is_older(latest, operation->number))
            latest = operation->number;
        if (operation->state == SOCKET_OPERATION_FREE &&
            (best == NULL || is_older(operation->number, best->number)))
            best = operation;
    }
    if (best == NULL)
        return NULL;
    memset(best, 0, sizeof *best);
    best->number = latest + 1 == 0 ? 1 : latest + 1; /* 0 names nothing */
    best->state = SOCKET_OPERATION_PENDING;
    return best;
}

static void set_free(struct socket_operation *operation)
{
    const uint32_t number = operation->number;
    memset(operation, 0, sizeof *operation);
    operation->number = number;
}

struct tcp_socket_result socket_block(struct tcp_host *host, int fd, enum tcp_socket_kind kind,
                                      uint64_t done, uint64_t wanted)
{
    if (socket_is(socket_find(host, fd), SOCKET_NONBLOCKING))
        return socket_fail(TCP_SOCKET_EAGAIN);
    struct socket_operation *operation = take_free(host);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_ENOBUFS);
    operation->fd = fd;
    operation->kind = (uint8_t)kind;
    operation->done = done;
    operation->wanted = wanted;
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, operation->number};
}

void socket_end_operations(struct tcp_host *host, int fd)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    for (uint32_t index = 0; index < operations; index++) {
        struct socket_operation *operation = operation_at(host, index);
        if (operation->state != SOCKET_OPERATION_FREE && operation->fd == fd &&
            operation->ended == 0)
            operation->ended = TCP_SOCKET_EBADF;
    }
}

static bool is_in_handshake(enum tcb_state state)
{
    return state == TCB_SYN_SENT || state == TCB_SYN_RECEIVED;
}

/* Would the operation get further than PENDING if it were resumed now? */
static bool can_go_on(const struct tcp_host *host, const struct socket_operation *operation)
{
    const struct socket_record *record = socket_look(host, operation->fd);
    if (operation->ended != 0 || record == NULL || record->phase == SOCKET_IDLE)
        return true; /* it ends with an error */
    const struct tcp_status status = socket_status(host, record);
    switch ((enum tcp_socket_kind)operation->kind) {
    case TCP_SOCKET_ACCEPT:
        return status.acceptable > 0;
    case TCP_SOCKET_CONNECT:
        return !is_in_handshake(status.state);
    case TCP_SOCKET_READ:
        return status.readable_bytes > 0 || status.fin_received || status.state == TCB_CLOSED ||
               socket_is(record, SOCKET_READ_SHUT);
    case TCP_SOCKET_WRITE:
        return status.state == TCB_CLOSED || socket_is(record, SOCKET_WRITE_SHUT) ||
               (status.send_room_bytes > 0 && !is_in_handshake(status.state));
    }
    return false;
}

bool tcp_socket_poll(const struct tcp_host *host, struct tcp_socket_ready *out)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    const struct socket_operation *oldest = NULL;
    for (uint32_t index = 0; index < operations; index++) {
        const struct socket_operation *operation = socket_operation_in(host, index);
        if (operation->state == SOCKET_OPERATION_FREE ||
            (oldest != NULL && !is_older(operation->number, oldest->number)))
            continue;
        if (operation->ended == 0 &&
            socket_must_wait(host, operation->fd, (enum tcp_socket_kind)operation->kind, operation))
            continue;
        if (can_go_on(host, operation))
            oldest = operation;
    }
    if (oldest == NULL)
        return false;
    out->operation = oldest->number;
    out->kind = (enum tcp_socket_kind)oldest->kind;
    out->fd = oldest->fd;
    out->done = oldest->done;
    out->remaining = oldest->wanted - oldest->done;
    return true;
}

static struct socket_operation *find_pending(struct tcp_host *host, uint32_t number)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    for (uint32_t index = 0; index < operations; index++) {
        struct socket_operation *operation = operation_at(host, index);
        if (operation->state != SOCKET_OPERATION_FREE && operation->number == number)
            return operation;
    }
    return NULL;
}

static struct tcp_socket_result attempt(struct tcp_host *host, tcp_time now,
                                        struct socket_operation *operation, struct tcp_room room)
{
    struct socket_record *record = socket_find(host, operation->fd);
    const uint64_t remaining = operation->wanted - operation->done;
    if (room.count > remaining)
        room.count = (size_t)remaining;
    if (operation->ended != 0 || record == NULL) {
        /* The descriptor is gone. What a write handed over before is on its way all the same. */
        return operation->done > 0 ? socket_value((int64_t)operation->done)
                                   : socket_fail(TCP_SOCKET_EBADF);
    }
    socket_refresh(host, record);
    switch ((enum tcp_socket_kind)operation->kind) {
    case TCP_SOCKET_ACCEPT:
        return attempt_accept(host, now, record);
    case TCP_SOCKET_CONNECT:
        return attempt_connect(host, now, record);
    case TCP_SOCKET_READ:
        return attempt_read(host, now, record, room);
    case TCP_SOCKET_WRITE:
        return attempt_write(host, now, record, (struct socket_text){room.bytes, room.count},
                             operation->wanted, &operation->done);
    }
    return socket_fail(TCP_SOCKET_EINVAL);
}

struct tcp_socket_result tcp_socket_resume(struct tcp_host *host, tcp_time now, uint32_t number,
                                           struct tcp_room room)
{
    struct socket_operation *operation = find_pending(host, number);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_EINVAL);
    const bool must_wait =
        operation->ended == 0 &&
        socket_must_wait(host, operation->fd, (enum tcp_socket_kind)operation->kind, operation);
    struct tcp_socket_result result =
        must_wait ? socket_would_block() : attempt(host, now, operation, room);
    if (result.error == TCP_SOCKET_PENDING)
        result.operation = number;
    else
        set_free(operation);
    return result;
}

struct tcp_socket_result tcp_socket_cancel(struct tcp_host *host, tcp_time now, uint32_t number)
{
    (void)now; /* what was handed over stays handed over */
    struct socket_operation *operation = find_pending(host, number);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_EINVAL);
    const uint64_t done = operation->done;
    set_free(operation);
    return socket_value((int64_t)done);
}
