/* Descriptors: small numbers from 3 on, the lowest free one first, each a record in the table that
 * the host reserves. */
#include "socket/socket.h"

#include <string.h>

/* Records lie at the distance that the host reserves, which is larger than they are. */
static struct socket_record *record_at(struct tcp_host *host, uint32_t index)
{
    return (struct socket_record *)(void *)((uint8_t *)host_sockets(host) +
                                            (size_t)index * HOST_SOCKET_BYTES);
}

static bool is_descriptor(const struct tcp_host *host, int fd)
{
    return fd >= SOCKET_FIRST_DESCRIPTOR &&
           (uint32_t)(fd - SOCKET_FIRST_DESCRIPTOR) < tcp_host_limits(host)->sockets;
}

static bool is_socket(const struct socket_record *record)
{
    return record->phase >= SOCKET_IDLE && record->phase <= SOCKET_CONNECTED;
}

struct socket_record *socket_find(struct tcp_host *host, int fd)
{
    if (!is_descriptor(host, fd))
        return NULL;
    struct socket_record *record = record_at(host, (uint32_t)(fd - SOCKET_FIRST_DESCRIPTOR));
    return is_socket(record) ? record : NULL;
}

struct socket_record *socket_find_any(struct tcp_host *host, int fd)
{
    if (!is_descriptor(host, fd))
        return NULL;
    struct socket_record *record = record_at(host, (uint32_t)(fd - SOCKET_FIRST_DESCRIPTOR));
    return record->phase == SOCKET_FREE ? NULL : record;
}

enum tcp_socket_error socket_missing(const struct tcp_host *host, int fd)
{
    if (!is_descriptor(host, fd))
        return TCP_SOCKET_EBADF;
    const struct socket_record *record =
        socket_record_in(host, (uint32_t)(fd - SOCKET_FIRST_DESCRIPTOR));
    return record->phase == SOCKET_EPOLL ? TCP_SOCKET_ENOTSOCK : TCP_SOCKET_EBADF;
}

const struct socket_record *socket_look(const struct tcp_host *host, int fd)
{
    if (!is_descriptor(host, fd))
        return NULL;
    const struct socket_record *record =
        socket_record_in(host, (uint32_t)(fd - SOCKET_FIRST_DESCRIPTOR));
    return is_socket(record) ? record : NULL;
}

int socket_descriptor(const struct tcp_host *host, const struct socket_record *record)
{
    const uint8_t *first = (const uint8_t *)host_sockets_read(host);
    return (int)((size_t)((const uint8_t *)record - first) / HOST_SOCKET_BYTES) +
           SOCKET_FIRST_DESCRIPTOR;
}

int socket_open_lowest(struct tcp_host *host)
{
    const uint32_t sockets = tcp_host_limits(host)->sockets;
    for (uint32_t index = 0; index < sockets; index++) {
        struct socket_record *record = record_at(host, index);
        if (record->phase == SOCKET_FREE) {
            memset(record, 0, sizeof *record);
            record->phase = SOCKET_IDLE;
            return (int)index + SOCKET_FIRST_DESCRIPTOR;
        }
    }
    return -1;
}

bool socket_has_room(const struct tcp_host *host)
{
    const uint32_t sockets = tcp_host_limits(host)->sockets;
    for (uint32_t index = 0; index < sockets; index++)
        if (socket_record_in(host, index)->phase == SOCKET_FREE)
            return true;
    return false;
}

struct tcp_endpoint socket_local(const struct socket_record *record)
{
    struct tcp_endpoint local;
    memset(&local, 0, sizeof local);
    memcpy(local.address.bytes, record->local_address, sizeof record->local_address);
    local.address.version = record->ip_version;
    local.port = record->local_port;
    return local;
}

void socket_set_local(struct socket_record *record, const struct tcp_endpoint *local)
{
    memcpy(record->local_address, local->address.bytes, sizeof record->local_address);
    record->local_port = local->port;
}

struct tcp_status socket_status(const struct tcp_host *host, const struct socket_record *record)
{
    struct tcp_status status;
    const enum tcp_error error = tcp_host_look(host, socket_handle(record), &status);
    TCP_ASSERT(error == TCP_OK); /* a handle that a user holds never becomes stale */
    return status;
}

void socket_refresh(const struct tcp_host *host, struct socket_record *record)
{
    if (record->phase != SOCKET_CONNECTING)
        return;
    const struct tcp_status status = socket_status(host, record);
    const bool has_failed = status.state == TCB_CLOSED && (status.ended == TCP_ERROR_REFUSED ||
                                                           status.ended == TCP_ERROR_TIMEOUT ||
                                                           socket_is_icmp_error(status.ended));
    if (status.state != TCB_SYN_SENT && status.state != TCB_SYN_RECEIVED && !has_failed)
        record->phase = SOCKET_CONNECTED;
}

struct tcp_socket_result tcp_socket_open(struct tcp_host *host, tcp_time now, uint8_t ip_version)
{
    (void)now; /* no connection is concerned */
    if (ip_version != 4 && ip_version != 6)
        return socket_fail(TCP_SOCKET_EAFNOSUPPORT);
    const int fd = socket_open_lowest(host);
    if (fd < 0)
        return socket_fail(TCP_SOCKET_EMFILE);
    socket_find(host, fd)->ip_version = ip_version;
    return socket_value(fd);
}

tcp_handle tcp_socket_handle(const struct tcp_host *host, int fd)
{
    const struct socket_record *record = socket_look(host, fd);
    return record == NULL ? TCP_HANDLE_NONE : socket_handle(record);
}

struct tcp_socket_result tcp_socket_flow(const struct tcp_host *host, int fd, struct tcp_flow *out)
{
    const struct socket_record *record = socket_look(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    if (record->phase == SOCKET_CONNECTING || record->phase == SOCKET_CONNECTED) {
        *out = socket_status(host, record).flow;
    } else {
        memset(out, 0, sizeof *out);
        out->local = socket_local(record);
        out->remote.address.version = record->ip_version;
    }
    return socket_value(0);
}
