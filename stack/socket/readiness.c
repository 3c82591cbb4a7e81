/* What poll() and epoll tell of a socket, and poll() itself. The bits follow Linux, where POSIX leaves
 * the choice: a socket that never had a connection is hung up, and one whose connection ended has
 * every bit that a call would answer at once. */
#include "socket/socket.h"

#include <string.h>

/* Is there an error that was not told yet? */
static bool has_failed(const struct socket_record *record, const struct tcp_status *status)
{
    return status->state == TCB_CLOSED && !socket_is(record, SOCKET_ERROR_TOLD) &&
           socket_end_error(status->ended) != TCP_SOCKET_OK;
}

static uint32_t readiness_of_listener(const struct socket_record *record,
                                      const struct tcp_status *status)
{
    const bool is_over = status->state == TCB_CLOSED;
    return (status->acceptable > 0 || is_over ? TCP_SOCKET_IN : 0u) |
           (is_over ? TCP_SOCKET_HUP : 0u) | (has_failed(record, status) ? TCP_SOCKET_ERR : 0u);
}

static uint32_t readiness_of_connection(const struct socket_record *record,
                                        const struct tcp_status *status)
{
    if (status->state == TCB_SYN_SENT || status->state == TCB_SYN_RECEIVED)
        return 0;
    const bool is_over = status->state == TCB_CLOSED;
    const bool gives_no_more =
        is_over || status->fin_received || socket_is(record, SOCKET_READ_SHUT);
    const bool takes_no_more = is_over || socket_is(record, SOCKET_WRITE_SHUT);
    uint32_t bits = 0;
    if (status->readable_bytes > 0 || gives_no_more)
        bits |= TCP_SOCKET_IN;
    if (status->send_room_bytes > 0 || takes_no_more)
        bits |= TCP_SOCKET_OUT;
    if (gives_no_more)
        bits |= TCP_SOCKET_RDHUP;
    if (gives_no_more && takes_no_more)
        bits |= TCP_SOCKET_HUP;
    if (status->urgent_ahead_bytes > 0)
        bits |= TCP_SOCKET_PRI;
    if (has_failed(record, status))
        bits |= TCP_SOCKET_ERR;
    return bits;
}

uint32_t socket_readiness(const struct tcp_host *host, const struct socket_record *record)
{
    if (record->phase == SOCKET_IDLE)
        return TCP_SOCKET_OUT | TCP_SOCKET_HUP;
    const struct tcp_status status = socket_status(host, record);
    if (record->phase == SOCKET_LISTENING)
        return readiness_of_listener(record, &status);
    return readiness_of_connection(record, &status);
}

uint32_t socket_readiness_of(const struct tcp_host *host, int fd)
{
    const struct socket_record *record = socket_look(host, fd);
    if (record != NULL)
        return socket_readiness(host, record);
    if (socket_missing(host, fd) == TCP_SOCKET_EBADF)
        return TCP_SOCKET_NVAL;
    return socket_epoll_is_ready(host, fd) ? TCP_SOCKET_IN : 0;
}

/* Fills in the answer of one entry. Is it anything? */
static bool answer(const struct tcp_host *host, struct tcp_socket_pollfd *entry)
{
    const uint32_t always = TCP_SOCKET_ERR | TCP_SOCKET_HUP | TCP_SOCKET_NVAL;
    entry->revents = 0;
    if (entry->fd >= 0)
        entry->revents =
            (uint16_t)(socket_readiness_of(host, entry->fd) & (entry->events | always));
    return entry->revents != 0;
}

struct tcp_socket_result attempt_poll(const struct tcp_host *host, struct tcp_room set)
{
    struct tcp_socket_pollfd entry;
    int64_t count = 0;
    for (size_t at = 0; set.count - at >= sizeof entry; at += sizeof entry) {
        memcpy(&entry, set.bytes + at, sizeof entry);
        count += answer(host, &entry);
        memcpy(set.bytes + at, &entry, sizeof entry);
    }
    return count > 0 ? socket_value(count) : socket_would_block();
}

struct tcp_socket_result tcp_socket_poll_set(struct tcp_host *host, tcp_time now,
                                             struct tcp_socket_pollfd *set, size_t count,
                                             int64_t timeout_us)
{
    int64_t ready = 0;
    for (size_t index = 0; index < count; index++)
        ready += answer(host, &set[index]);
    if (ready > 0 || timeout_us == 0)
        return socket_value(ready);
    if (count > TCP_SOCKET_POLL_MAX || count == 0)
        return socket_fail(TCP_SOCKET_EINVAL);
    struct socket_operation *operation = socket_take_operation(host);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_ENOBUFS);
    operation->fd = -1;
    operation->kind = TCP_SOCKET_POLL;
    operation->polled_count = (uint8_t)count;
    for (size_t index = 0; index < count; index++) {
        operation->polled_fd[index] = set[index].fd;
        operation->polled_events[index] = set[index].events;
    }
    operation->deadline_us = socket_deadline_in(host, now, timeout_us);
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, operation->number};
}
