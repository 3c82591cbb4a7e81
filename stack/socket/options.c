/* setsockopt(), getsockopt() and fcntl(F_SETFL): flags of the record, two of which the host is told
 * about. */
#include "socket/socket.h"

static void set_flag(struct socket_record *record, uint32_t flag, bool is_on)
{
    record->flags = is_on ? record->flags | flag : record->flags & ~flag;
}

struct tcp_socket_result tcp_socket_set(struct tcp_host *host, tcp_time now, int fd,
                                        enum tcp_socket_option option, int64_t value)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    switch (option) {
    case TCP_SOCKET_SO_REUSEADDR:
        set_flag(record, SOCKET_REUSE_ADDRESS, value != 0);
        return socket_value(0);
    case TCP_SOCKET_O_NONBLOCK:
        set_flag(record, SOCKET_NONBLOCKING, value != 0);
        return socket_value(0);
    case TCP_SOCKET_TCP_NODELAY:
        set_flag(record, SOCKET_NO_DELAY, value != 0);
        if (record->phase == SOCKET_CONNECTING || record->phase == SOCKET_CONNECTED)
            (void)tcp_host_set_nagle(host, now, socket_handle(record), value == 0);
        return socket_value(0);
    case TCP_SOCKET_SO_ERROR:
        break;
    }
    return socket_fail(TCP_SOCKET_ENOPROTOOPT);
}

struct tcp_socket_result tcp_socket_get(struct tcp_host *host, tcp_time now, int fd,
                                        enum tcp_socket_option option)
{
    (void)now; /* nothing of a connection changes */
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(TCP_SOCKET_EBADF);
    socket_refresh(host, record);
    switch (option) {
    case TCP_SOCKET_SO_REUSEADDR:
        return socket_value(socket_is(record, SOCKET_REUSE_ADDRESS));
    case TCP_SOCKET_O_NONBLOCK:
        return socket_value(socket_is(record, SOCKET_NONBLOCKING));
    case TCP_SOCKET_TCP_NODELAY:
        return socket_value(socket_is(record, SOCKET_NO_DELAY));
    case TCP_SOCKET_SO_ERROR:
        return socket_value(socket_take_error(host, record));
    }
    return socket_fail(TCP_SOCKET_ENOPROTOOPT);
}
