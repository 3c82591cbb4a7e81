/* epoll: a descriptor that is a set of interests. Each interest stands in the record of the socket that
 * it is about, so a set costs nothing and a closed socket leaves it by itself. What is new for an
 * edge-triggered interest is found by comparing with what was told last, not by being called back. */
#include "socket/socket.h"

#include <string.h>

#define WANTED(watch) ((watch)->events & ~(TCP_SOCKET_EDGE | TCP_SOCKET_ONESHOT))

struct tcp_socket_result tcp_socket_epoll_open(struct tcp_host *host, tcp_time now)
{
    (void)now; /* no connection is concerned */
    const int fd = socket_open_lowest(host);
    if (fd < 0)
        return socket_fail(TCP_SOCKET_EMFILE);
    socket_find_any(host, fd)->phase = SOCKET_EPOLL;
    return socket_value(fd);
}

/* Is it an epoll set? OK, EBADF or EINVAL. */
static enum tcp_socket_error look_for_set(const struct tcp_host *host, int fd)
{
    if (socket_look(host, fd) != NULL)
        return TCP_SOCKET_EINVAL;
    const enum tcp_socket_error missing = socket_missing(host, fd);
    return missing == TCP_SOCKET_ENOTSOCK ? TCP_SOCKET_OK : missing;
}

/* The watch of a set in a record, or with 0 a free one; NULL: there is none. */
static struct socket_watch *find_watch(struct socket_record *record, int epoll_fd)
{
    for (uint32_t index = 0; index < SOCKET_WATCHES_MAX; index++)
        if (record->watches[index].epoll_fd == epoll_fd)
            return &record->watches[index];
    return NULL;
}

static enum tcp_socket_error change(struct socket_record *record, int epoll_fd,
                                    enum tcp_socket_epoll_change change,
                                    const struct tcp_socket_epoll_event *event)
{
    struct socket_watch *watch = find_watch(record, epoll_fd);
    if (change == TCP_SOCKET_EPOLL_ADD && watch != NULL)
        return TCP_SOCKET_EEXIST;
    if (change != TCP_SOCKET_EPOLL_ADD && watch == NULL)
        return TCP_SOCKET_ENOENT;
    if (change == TCP_SOCKET_EPOLL_ADD)
        watch = find_watch(record, 0);
    if (watch == NULL)
        return TCP_SOCKET_ENOSPC;
    memset(watch, 0, sizeof *watch);
    if (change == TCP_SOCKET_EPOLL_DEL)
        return TCP_SOCKET_OK;
    watch->epoll_fd = epoll_fd;
    watch->events = event->events | TCP_SOCKET_ERR | TCP_SOCKET_HUP;
    watch->data = event->data;
    watch->flags = SOCKET_WATCH_FRESH;
    return TCP_SOCKET_OK;
}

struct tcp_socket_result tcp_socket_epoll_change(struct tcp_host *host, tcp_time now, int epoll_fd,
                                                 enum tcp_socket_epoll_change kind, int fd,
                                                 const struct tcp_socket_epoll_event *event)
{
    (void)now; /* no connection changes */
    const enum tcp_socket_error missing = look_for_set(host, epoll_fd);
    if (missing != TCP_SOCKET_OK)
        return socket_fail(missing);
    if (epoll_fd == fd || (unsigned int)kind > TCP_SOCKET_EPOLL_DEL)
        return socket_fail(TCP_SOCKET_EINVAL);
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL) {
        const bool is_set = socket_missing(host, fd) == TCP_SOCKET_ENOTSOCK;
        return socket_fail(is_set ? TCP_SOCKET_EPERM : TCP_SOCKET_EBADF);
    }
    const enum tcp_socket_error error = change(record, epoll_fd, kind, event);
    return error == TCP_SOCKET_OK ? socket_value(0) : socket_fail(error);
}

/* ---- what is new ------------------------------------------------------------------------------- */

/* Moves with everything that arrives. */
static uint32_t arrived(const struct tcp_host *host, const struct socket_record *record)
{
    if (record->phase == SOCKET_IDLE)
        return 0;
    const struct tcp_status status = socket_status(host, record);
    return record->phase == SOCKET_LISTENING ? status.acceptable : status.rcv_nxt.raw;
}

static bool is_over(const struct tcp_host *host, const struct socket_record *record)
{
    return record->phase != SOCKET_IDLE && socket_status(host, record).state == TCB_CLOSED;
}

static bool is_news(const struct tcp_host *host, const struct socket_record *record,
                    const struct socket_watch *watch, uint32_t ready)
{
    const uint32_t inward = TCP_SOCKET_IN | TCP_SOCKET_PRI | TCP_SOCKET_RDHUP;
    const uint32_t now = arrived(host, record);
    const bool has_more =
        record->phase == SOCKET_LISTENING ? now > watch->seen : now != watch->seen;
    return (watch->flags & SOCKET_WATCH_FRESH) != 0 || ((ready & inward) != 0 && has_more) ||
           ((ready & TCP_SOCKET_OUT) != 0 && (watch->flags & SOCKET_WATCH_OUT_SEEN) == 0) ||
           (is_over(host, record) && (watch->flags & SOCKET_WATCH_END_SEEN) == 0);
}

/* The bits that the watch has to tell now; 0: nothing. */
static uint32_t to_tell(const struct tcp_host *host, const struct socket_record *record,
                        const struct socket_watch *watch)
{
    const uint32_t ready = socket_readiness(host, record) & WANTED(watch);
    if (ready == 0 || (watch->events & TCP_SOCKET_EDGE) == 0)
        return ready;
    return is_news(host, record, watch, ready) ? ready : 0;
}

static void told(const struct tcp_host *host, const struct socket_record *record,
                 struct socket_watch *watch, uint32_t ready)
{
    watch->flags = 0;
    watch->seen = arrived(host, record);
    if ((ready & TCP_SOCKET_OUT) != 0)
        watch->flags |= SOCKET_WATCH_OUT_SEEN;
    if (is_over(host, record))
        watch->flags |= SOCKET_WATCH_END_SEEN;
    if ((watch->events & TCP_SOCKET_ONESHOT) != 0)
        watch->events &= TCP_SOCKET_EDGE | TCP_SOCKET_ONESHOT; /* until it is changed */
}

void socket_epoll_want_room(struct socket_record *record)
{
    for (uint32_t index = 0; index < SOCKET_WATCHES_MAX; index++)
        record->watches[index].flags &= ~(uint32_t)SOCKET_WATCH_OUT_SEEN;
}

void socket_epoll_refresh(struct socket_record *record)
{
    for (uint32_t index = 0; index < SOCKET_WATCHES_MAX; index++)
        if (record->watches[index].epoll_fd != 0)
            record->watches[index].flags = SOCKET_WATCH_FRESH;
}

/* ---- waiting ----------------------------------------------------------------------------------- */

/* The watch of a set that stands in the record of this index, which is a socket's; NULL: none. */
static const struct socket_watch *watch_in(const struct tcp_host *host, int epoll_fd,
                                           uint32_t index)
{
    const struct socket_record *record = socket_look(host, (int)index + SOCKET_FIRST_DESCRIPTOR);
    for (uint32_t at = 0; record != NULL && at < SOCKET_WATCHES_MAX; at++)
        if (record->watches[at].epoll_fd == epoll_fd)
            return &record->watches[at];
    return NULL;
}

bool socket_epoll_is_ready(const struct tcp_host *host, int epoll_fd)
{
    const uint32_t sockets = tcp_host_limits(host)->sockets;
    for (uint32_t index = 0; index < sockets; index++) {
        const struct socket_watch *watch = watch_in(host, epoll_fd, index);
        if (watch != NULL && to_tell(host, socket_record_in(host, index), watch) != 0)
            return true;
    }
    return false;
}

struct tcp_socket_result attempt_epoll_wait(struct tcp_host *host, int fd, struct tcp_room events)
{
    const uint32_t sockets = tcp_host_limits(host)->sockets;
    const size_t room = events.count / sizeof(struct tcp_socket_epoll_event);
    size_t count = 0;
    for (uint32_t index = 0; index < sockets && count < room; index++) {
        if (watch_in(host, fd, index) == NULL)
            continue;
        struct socket_record *record = socket_find(host, (int)index + SOCKET_FIRST_DESCRIPTOR);
        struct socket_watch *watch = find_watch(record, fd);
        const uint32_t ready = to_tell(host, record, watch);
        if (ready == 0)
            continue;
        const struct tcp_socket_epoll_event event = {.data = watch->data, .events = ready};
        memcpy(events.bytes + count * sizeof event, &event, sizeof event);
        told(host, record, watch, ready);
        count++;
    }
    return count > 0 ? socket_value((int64_t)count) : socket_would_block();
}

struct tcp_socket_result tcp_socket_epoll_wait(struct tcp_host *host, tcp_time now, int epoll_fd,
                                               struct tcp_socket_epoll_event *events, size_t count,
                                               int64_t timeout_us)
{
    const enum tcp_socket_error missing = look_for_set(host, epoll_fd);
    if (missing != TCP_SOCKET_OK)
        return socket_fail(missing);
    if (count == 0)
        return socket_fail(TCP_SOCKET_EINVAL);
    const struct tcp_room room = {(uint8_t *)events, count * sizeof *events};
    const struct tcp_socket_result result = attempt_epoll_wait(host, epoll_fd, room);
    if (result.error != TCP_SOCKET_PENDING)
        return result;
    if (timeout_us == 0)
        return socket_value(0);
    struct socket_operation *operation = socket_take_operation(host);
    if (operation == NULL)
        return socket_fail(TCP_SOCKET_ENOBUFS);
    operation->fd = epoll_fd;
    operation->kind = TCP_SOCKET_EPOLL_WAIT;
    operation->deadline_us = socket_deadline_in(host, now, timeout_us);
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, operation->number};
}

void socket_epoll_forget(struct tcp_host *host, int epoll_fd)
{
    const uint32_t sockets = tcp_host_limits(host)->sockets;
    for (uint32_t index = 0; index < sockets; index++) {
        struct socket_record *record = socket_find(host, (int)index + SOCKET_FIRST_DESCRIPTOR);
        struct socket_watch *watch = record == NULL ? NULL : find_watch(record, epoll_fd);
        if (watch != NULL)
            memset(watch, 0, sizeof *watch);
    }
}
