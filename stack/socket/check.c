/* The invariants of the descriptor table and of the blocked calls, each by its name. They hold
 * between any two calls. */
#include "socket/socket.h"

#include <string.h>

#define KNOWN_FLAGS                                                                                \
    (SOCKET_BOUND | SOCKET_NONBLOCKING | SOCKET_REUSE_ADDRESS | SOCKET_NO_DELAY |                  \
     SOCKET_READ_SHUT | SOCKET_WRITE_SHUT | SOCKET_ERROR_TOLD | SOCKET_KEEP_ALIVE |                \
     SOCKET_CORKED | SOCKET_LINGERS | SOCKET_RENO | SOCKET_CUBIC)

/* Free records are many: they are compared eight octets at a time. */
static bool is_zero(const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    uint64_t all = 0;
    for (; count >= sizeof all; count -= sizeof all, at += sizeof all) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        all |= word;
    }
    for (; count > 0; count--)
        all |= *at++;
    return all == 0;
}

static const char *check_handle(const struct tcp_host *host, const struct socket_record *record)
{
    struct tcp_status status;
    if (record->phase == SOCKET_IDLE)
        return record->generation == 0 ? NULL : "socket: an idle descriptor holds no connection";
    if (tcp_host_look(host, socket_handle(record), &status) != TCP_OK)
        return "socket: a descriptor's connection exists";
    if (!status.is_owned)
        return "socket: a descriptor owns its connection";
    const bool is_listener = status.state == TCB_LISTEN ||
                             (status.state == TCB_CLOSED && record->phase == SOCKET_LISTENING);
    if ((record->phase == SOCKET_LISTENING) != is_listener)
        return "socket: listening descriptors have listeners, others connections";
    if (status.flow.local.address.version != record->ip_version)
        return "socket: a connection has its descriptor's IP version";
    return NULL;
}

static bool is_watch_sound(const struct tcp_host *host, const struct socket_watch *watch)
{
    if (watch->epoll_fd == 0)
        return is_zero(watch, sizeof *watch);
    const int64_t index = (int64_t)watch->epoll_fd - SOCKET_FIRST_DESCRIPTOR;
    return index >= 0 && index < (int64_t)tcp_host_limits(host)->sockets &&
           socket_record_in(host, (uint32_t)index)->phase == SOCKET_EPOLL;
}

static const char *check_record(const struct tcp_host *host, const struct socket_record *record)
{
    if (record->phase > SOCKET_EPOLL)
        return "socket: the phase is a known one";
    if (record->phase == SOCKET_EPOLL)
        return record->generation == 0 ? NULL : "socket: an epoll set holds no connection";
    if (record->ds > SOCKET_DS_MAX + 1)
        return "socket: the DS field has six bits";
    for (uint32_t index = 0; index < SOCKET_WATCHES_MAX; index++)
        if (!is_watch_sound(host, &record->watches[index]))
            return "socket: an epoll set watches for each interest";
    if (record->ip_version != 4 && record->ip_version != 6)
        return "socket: the IP version is 4 or 6";
    if ((record->flags & ~(uint32_t)KNOWN_FLAGS) != 0)
        return "socket: only known flags are set";
    if (socket_is(record, SOCKET_BOUND) != (record->local_port != 0))
        return "socket: bound descriptors have a port, others none";
    if (record->phase == SOCKET_LISTENING && !socket_is(record, SOCKET_BOUND))
        return "socket: a listening descriptor is bound";
    return check_handle(host, record);
}

/* No connection is behind two descriptors. */
static bool is_shared(const struct tcp_host *host, uint32_t index)
{
    const struct socket_record *record = socket_record_in(host, index);
    if (record->generation == 0)
        return false;
    for (uint32_t earlier = 0; earlier < index; earlier++) {
        if (tcp_handle_equal(socket_handle(socket_record_in(host, earlier)), socket_handle(record)))
            return true;
    }
    return false;
}

static const char *check_target(const struct tcp_host *host,
                                const struct socket_operation *operation)
{
    const int64_t index = (int64_t)operation->fd - SOCKET_FIRST_DESCRIPTOR;
    if (index < 0 || index >= (int64_t)tcp_host_limits(host)->sockets)
        return "operation: its descriptor is open";
    const uint8_t phase = socket_record_in(host, (uint32_t)index)->phase;
    if (phase == SOCKET_FREE)
        return "operation: its descriptor is open";
    if ((operation->kind == TCP_SOCKET_ACCEPT) != (phase == SOCKET_LISTENING))
        return "operation: listeners accept, nothing else does";
    if ((operation->kind == TCP_SOCKET_EPOLL_WAIT) != (phase == SOCKET_EPOLL))
        return "operation: epoll sets wait, nothing else does";
    if ((operation->kind == TCP_SOCKET_CLOSE) != (phase == SOCKET_LINGERING))
        return "operation: what lingers is being closed";
    return NULL;
}

static const char *check_pending(const struct tcp_host *host,
                                 const struct socket_operation *operation)
{
    if (operation->state != SOCKET_OPERATION_PENDING)
        return "operation: the state is a known one";
    if (operation->number == 0)
        return "operation: a pending one has a name";
    if (operation->kind > TCP_SOCKET_EPOLL_WAIT)
        return "operation: the kind is a known one";
    if (operation->done > operation->wanted)
        return "operation: no more is done than was wanted";
    if (operation->done > 0 && operation->kind != TCP_SOCKET_WRITE &&
        operation->kind != TCP_SOCKET_READ)
        return "operation: only transfers are done in parts";
    if ((operation->polled_count > 0) != (operation->kind == TCP_SOCKET_POLL) ||
        operation->polled_count > TCP_SOCKET_POLL_MAX)
        return "operation: polls have descriptors, nothing else does";
    if (operation->ended != 0)
        return operation->ended == TCP_SOCKET_EBADF || operation->ended == TCP_SOCKET_ENOTCONN
                   ? NULL
                   : "operation: it ended by close or without a connection";
    return operation->kind == TCP_SOCKET_POLL ? NULL : check_target(host, operation);
}

/* A free record keeps no descriptor; only the one in turn is looked at to its last octet. */
static const char *check_operation(const struct tcp_host *host, uint32_t index, bool is_in_turn)
{
    const struct socket_operation *operation = socket_operation_in(host, index);
    if (operation->state == SOCKET_OPERATION_FREE) {
        const size_t named = offsetof(struct socket_operation, number);
        const size_t behind = named + sizeof operation->number;
        const bool is_clear =
            operation->fd == 0 && (!is_in_turn || (is_zero(operation, named) &&
                                                   is_zero((const uint8_t *)operation + behind,
                                                           sizeof *operation - behind)));
        return is_clear ? NULL : "operation: a free one is zero";
    }
    for (uint32_t earlier = 0; earlier < index; earlier++)
        if (socket_operation_in(host, earlier)->number == operation->number)
            return "operation: names are unique";
    return check_pending(host, operation);
}

static const char *check_socket(const struct tcp_host *host, uint32_t index, bool is_in_turn)
{
    const struct socket_record *record = socket_record_in(host, index);
    if (record->phase == SOCKET_FREE) {
        const bool is_clear =
            record->generation == 0 && (!is_in_turn || is_zero(record, sizeof *record));
        return is_clear ? NULL : "socket: a free record is zero";
    }
    const char *broken = check_record(host, record);
    if (broken == NULL && is_shared(host, index))
        broken = "socket: no connection is behind two descriptors";
    return broken;
}

/* A table of the host: how many records there are, how far apart, and the two places that say whether one
 * is free: an octet (its phase or state) and a number (whose it is). */
struct table {
    const uint8_t *bytes;
    uint32_t count, stride;
    size_t state, name;
};

/* How many records there are up to the last one in use. The lowest free one is taken first, so most of
 * those in use stand below, and all behind them are passed over quickly. */
static inline uint32_t used_part(struct table table)
{
    uint32_t count = table.count;
    for (const uint8_t *end = table.bytes + (size_t)count * table.stride; count > 0; count--) {
        uint32_t name;
        end -= table.stride;
        memcpy(&name, end + table.name, sizeof name);
        if ((name | end[table.state]) != 0)
            break;
    }
    return count;
}

/* Of free records, which are many, one in turn is looked at to its last octet. */
static const char *check_sockets(const struct tcp_host *host, uint32_t count, uint32_t turn)
{
    const uint32_t used = used_part((struct table){
        (const uint8_t *)host_sockets_read(host), count, HOST_SOCKET_BYTES,
        offsetof(struct socket_record, phase), offsetof(struct socket_record, generation)});
    const char *broken = NULL;
    for (uint32_t index = 0; index < used && broken == NULL; index++)
        broken = check_socket(host, index, index == turn);
    return broken == NULL && turn >= used ? check_socket(host, turn, true) : broken;
}

static const char *check_operations(const struct tcp_host *host, uint32_t count, uint32_t turn)
{
    const uint32_t used = used_part((struct table){
        (const uint8_t *)host_operations_read(host), count, HOST_OPERATION_BYTES,
        offsetof(struct socket_operation, state), offsetof(struct socket_operation, fd)});
    const char *broken = NULL;
    for (uint32_t index = 0; index < used && broken == NULL; index++)
        broken = check_operation(host, index, index == turn);
    return broken == NULL && turn >= used ? check_operation(host, turn, true) : broken;
}

const char *tcp_socket_check(const struct tcp_host *host)
{
    const struct tcp_limits *limits = tcp_host_limits(host);
    const uint32_t step = tcp_host_last_step(host).number;
    const char *broken = NULL;
    if (limits->sockets > 0)
        broken = check_sockets(host, limits->sockets, step % limits->sockets);
    if (broken == NULL && limits->operations > 0)
        broken = check_operations(host, limits->operations, step % limits->operations);
    return broken;
}
