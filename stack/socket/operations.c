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
    if (later == TCP_SOCKET_CLOSE || later == TCP_SOCKET_POLL || later == TCP_SOCKET_EPOLL_WAIT)
        return false; /* these take nothing that another could miss */
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
struct socket_operation *socket_take_operation(struct tcp_host *host)
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
    best->deadline_us = SOCKET_NEVER;
    return best;
}

static void set_free(struct socket_operation *operation)
{
    const uint32_t number = operation->number;
    memset(operation, 0, sizeof *operation);
    operation->number = number;
}

bool socket_is_due(const struct tcp_host *host, uint64_t deadline_us)
{
    return deadline_us <= tcp_host_time(host).us;
}

uint64_t socket_deadline_in(const struct tcp_host *host, tcp_time now, int64_t timeout_us)
{
    const uint64_t base = now.us > tcp_host_time(host).us ? now.us : tcp_host_time(host).us;
    if (timeout_us < 0 || (uint64_t)timeout_us >= SOCKET_NEVER - base)
        return SOCKET_NEVER;
    return base + (uint64_t)timeout_us;
}

#define US_PER_MS 1000

/* SO_RCVTIMEO or SO_SNDTIMEO, as POSIX divides the calls among them; negative: none. */
static int64_t patience_us(const struct socket_record *record, enum tcp_socket_kind kind)
{
    const bool is_receiving = kind == TCP_SOCKET_READ || kind == TCP_SOCKET_ACCEPT;
    const uint32_t ms = is_receiving ? record->receive_timeout_ms : record->send_timeout_ms;
    return ms == 0 ? -1 : (int64_t)ms * US_PER_MS;
}

struct tcp_socket_result socket_block(struct tcp_host *host, tcp_time now, int fd,
                                      enum tcp_socket_kind kind,
                                      const struct socket_transfer *transfer)
{
    const struct socket_record *record = socket_find(host, fd);
    const bool is_transfer = kind == TCP_SOCKET_READ || kind == TCP_SOCKET_WRITE;
    if (socket_is(record, SOCKET_NONBLOCKING) ||
        (is_transfer && (transfer->flags & TCP_SOCKET_DONTWAIT) != 0))
        return socket_fail(TCP_SOCKET_EAGAIN);
    struct socket_operation *operation = socket_take_operation(host);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_ENOBUFS);
    operation->fd = fd;
    operation->kind = (uint8_t)kind;
    operation->flags = transfer->flags;
    operation->done = transfer->done;
    operation->wanted = transfer->wanted;
    operation->deadline_us = socket_deadline_in(host, now, patience_us(record, kind));
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, operation->number};
}

static void end_operations(struct tcp_host *host, int fd, enum tcp_socket_error error)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    for (uint32_t index = 0; index < operations; index++) {
        struct socket_operation *operation = operation_at(host, index);
        if (operation->state != SOCKET_OPERATION_FREE && operation->fd == fd &&
            operation->ended == 0)
            operation->ended = (uint8_t)error;
    }
}

void socket_end_operations(struct tcp_host *host, int fd)
{
    end_operations(host, fd, TCP_SOCKET_EBADF);
}

void socket_end_attempt(struct tcp_host *host, int fd)
{
    end_operations(host, fd, TCP_SOCKET_ENOTCONN);
}

static bool is_in_handshake(enum tcb_state state)
{
    return state == TCB_SYN_SENT || state == TCB_SYN_RECEIVED;
}

static bool can_read(const struct socket_record *record, const struct socket_operation *operation,
                     const struct tcp_status *status)
{
    const uint32_t whole_peek = TCP_SOCKET_PEEK | TCP_SOCKET_WAITALL;
    if ((operation->flags & whole_peek) == whole_peek)
        return socket_can_look_at_all(record, status, operation->wanted);
    return socket_reading_is_over(record, status) || status->readable_bytes > 0;
}

static bool can_poll(const struct tcp_host *host, const struct socket_operation *operation)
{
    const uint32_t always = TCP_SOCKET_ERR | TCP_SOCKET_HUP | TCP_SOCKET_NVAL;
    for (uint32_t index = 0; index < operation->polled_count; index++) {
        const int fd = operation->polled_fd[index];
        const uint32_t wanted = operation->polled_events[index] | always;
        if (fd >= 0 && (socket_readiness_of(host, fd) & wanted) != 0)
            return true;
    }
    return false;
}

/* Would the operation of a socket get further than PENDING if it were resumed now? */
static bool can_transfer(const struct tcp_host *host, const struct socket_operation *operation)
{
    const struct socket_record *record = socket_look(host, operation->fd);
    if (record == NULL || record->phase == SOCKET_IDLE)
        return true; /* it ends with an error */
    const struct tcp_status status = socket_status(host, record);
    switch ((enum tcp_socket_kind)operation->kind) {
    case TCP_SOCKET_ACCEPT:
        return status.acceptable > 0 || status.state == TCB_CLOSED;
    case TCP_SOCKET_CONNECT:
        return !is_in_handshake(status.state);
    case TCP_SOCKET_READ:
        return can_read(record, operation, &status);
    case TCP_SOCKET_WRITE:
        return status.state == TCB_CLOSED || socket_is(record, SOCKET_WRITE_SHUT) ||
               (status.send_room_bytes > 0 && !is_in_handshake(status.state));
    case TCP_SOCKET_CLOSE:
    case TCP_SOCKET_POLL:
    case TCP_SOCKET_EPOLL_WAIT:
        break;
    }
    return false;
}

static bool can_go_on(const struct tcp_host *host, const struct socket_operation *operation)
{
    if (operation->ended != 0 || socket_is_due(host, operation->deadline_us))
        return true;
    const enum tcp_socket_kind kind = (enum tcp_socket_kind)operation->kind;
    if (kind == TCP_SOCKET_POLL)
        return can_poll(host, operation);
    if (kind == TCP_SOCKET_EPOLL_WAIT)
        return socket_epoll_is_ready(host, operation->fd);
    if (kind == TCP_SOCKET_CLOSE)
        return socket_has_lingered(
            host, socket_record_in(host, (uint32_t)(operation->fd - SOCKET_FIRST_DESCRIPTOR)));
    return can_transfer(host, operation);
}

/* An earlier call comes first, but not for ever. */
static bool is_held_up(const struct tcp_host *host, const struct socket_operation *operation)
{
    return operation->ended == 0 && !socket_is_due(host, operation->deadline_us) &&
           socket_must_wait(host, operation->fd, (enum tcp_socket_kind)operation->kind, operation);
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
        if (!is_held_up(host, operation) && can_go_on(host, operation))
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

tcp_time tcp_socket_deadline(const struct tcp_host *host)
{
    const uint32_t operations = tcp_host_limits(host)->operations;
    uint64_t earliest = SOCKET_NEVER;
    for (uint32_t index = 0; index < operations; index++) {
        const struct socket_operation *operation = socket_operation_in(host, index);
        if (operation->state != SOCKET_OPERATION_FREE && operation->deadline_us < earliest)
            earliest = operation->deadline_us;
    }
    return (tcp_time){earliest};
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

/* The descriptor, or its connection, is gone. What was done before stays done all the same. */
static struct tcp_socket_result ended_under(const struct socket_operation *operation)
{
    if (operation->done > 0)
        return socket_value((int64_t)operation->done);
    if (operation->ended == TCP_SOCKET_ENOTCONN && operation->kind == TCP_SOCKET_CONNECT)
        return socket_fail(TCP_SOCKET_ECONNABORTED); /* another call has taken the outcome */
    return socket_fail((enum tcp_socket_error)operation->ended);
}

static struct tcp_socket_result attempt_transfer(struct tcp_host *host, tcp_time now,
                                                 struct socket_operation *operation,
                                                 struct tcp_room room)
{
    struct socket_record *record = socket_find(host, operation->fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    struct socket_transfer transfer = {operation->wanted, operation->done, operation->flags};
    struct tcp_socket_result result = socket_fail(TCP_SOCKET_EINVAL);
    socket_refresh(host, record);
    if (operation->kind == TCP_SOCKET_ACCEPT)
        return attempt_accept(host, now, record, operation->flags != 0);
    if (operation->kind == TCP_SOCKET_CONNECT)
        return attempt_connect(host, now, record);
    if (operation->kind == TCP_SOCKET_READ)
        result = attempt_read(host, now, record, room, &transfer);
    else
        result = attempt_write(host, now, record, (struct socket_text){room.bytes, room.count},
                               &transfer);
    operation->done = transfer.done;
    return result;
}

static struct tcp_socket_result attempt(struct tcp_host *host, tcp_time now,
                                        struct socket_operation *operation, struct tcp_room room)
{
    if (operation->ended != 0)
        return ended_under(operation);
    const uint64_t remaining = operation->wanted - operation->done;
    switch ((enum tcp_socket_kind)operation->kind) {
    case TCP_SOCKET_CLOSE:
        return attempt_close(host, now, operation->fd);
    case TCP_SOCKET_POLL:
        return attempt_poll(host, room);
    case TCP_SOCKET_EPOLL_WAIT:
        return attempt_epoll_wait(host, operation->fd, room);
    case TCP_SOCKET_ACCEPT:
    case TCP_SOCKET_CONNECT:
    case TCP_SOCKET_READ:
    case TCP_SOCKET_WRITE:
        break;
    }
    if (room.count > remaining)
        room.count = (size_t)remaining;
    return attempt_transfer(host, now, operation, room);
}

/* It has waited as long as it was to. */
static struct tcp_socket_result timed_out(struct tcp_host *host, tcp_time now,
                                          const struct socket_operation *operation)
{
    switch ((enum tcp_socket_kind)operation->kind) {
    case TCP_SOCKET_ACCEPT:
    case TCP_SOCKET_READ:
    case TCP_SOCKET_WRITE:
        return operation->done > 0 ? socket_value((int64_t)operation->done)
                                   : socket_fail(TCP_SOCKET_EAGAIN);
    case TCP_SOCKET_CONNECT:
        return socket_fail(TCP_SOCKET_EINPROGRESS);
    case TCP_SOCKET_CLOSE:
        socket_stop_lingering(host, now, operation->fd);
        return socket_value(0);
    case TCP_SOCKET_POLL:
    case TCP_SOCKET_EPOLL_WAIT:
        return socket_value(0);
    }
    return socket_fail(TCP_SOCKET_EINVAL);
}

struct tcp_socket_result tcp_socket_resume(struct tcp_host *host, tcp_time now, uint32_t number,
                                           struct tcp_room room)
{
    struct socket_operation *operation = find_pending(host, number);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_EINVAL);
    const bool is_first =
        operation->ended != 0 ||
        !socket_must_wait(host, operation->fd, (enum tcp_socket_kind)operation->kind, operation);
    struct tcp_socket_result result =
        is_first ? attempt(host, now, operation, room) : socket_would_block();
    if (result.error == TCP_SOCKET_PENDING && socket_is_due(host, operation->deadline_us))
        result = timed_out(host, now, operation);
    if (result.error == TCP_SOCKET_PENDING)
        result.operation = number;
    else
        set_free(operation);
    return result;
}

struct tcp_socket_result tcp_socket_cancel(struct tcp_host *host, tcp_time now, uint32_t number)
{
    struct socket_operation *operation = find_pending(host, number);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_EINVAL);
    if (operation->kind == TCP_SOCKET_CLOSE) /* the connection goes on by itself */
        socket_stop_lingering(host, now, operation->fd);
    const uint64_t done = operation->done;
    set_free(operation);
    return socket_value((int64_t)done);
}
