/* What the host's errors mean in the words of errno, and the names of those words. */
#include "socket/socket.h"

const char *tcp_socket_error_name(enum tcp_socket_error error)
{
    switch (error) {
    case TCP_SOCKET_OK:
    case TCP_SOCKET_PENDING:
        return "";
#define NAME(name)                                                                                 \
    case TCP_SOCKET_##name:                                                                        \
        return #name;
        NAME(EAGAIN)
        NAME(EBADF)
        NAME(EINVAL)
        NAME(EAFNOSUPPORT)
        NAME(EADDRINUSE)
        NAME(EADDRNOTAVAIL)
        NAME(ECONNREFUSED)
        NAME(ECONNRESET)
        NAME(ECONNABORTED)
        NAME(ETIMEDOUT)
        NAME(EINPROGRESS)
        NAME(EALREADY)
        NAME(EISCONN)
        NAME(ENOTCONN)
        NAME(EPIPE)
        NAME(EOPNOTSUPP)
        NAME(ENOPROTOOPT)
        NAME(EMFILE)
        NAME(ENOBUFS)
        NAME(EDESTADDRREQ)
        NAME(ENETUNREACH)
        NAME(EFAULT)
        NAME(ENOTSOCK)
        NAME(EEXIST)
        NAME(ENOENT)
        NAME(ENOSPC)
        NAME(EPERM)
        NAME(EHOSTUNREACH)
        NAME(EACCES)
        NAME(EMSGSIZE)
        NAME(EPROTO)
#undef NAME
    }
    return "?";
}

enum tcp_socket_error socket_open_error(enum tcp_error error)
{
    switch (error) {
    case TCP_OK:
        return TCP_SOCKET_OK;
    case TCP_ERROR_PORT_TAKEN:
        return TCP_SOCKET_EADDRINUSE;
    case TCP_ERROR_EXISTS:
    case TCP_ERROR_LOCAL_UNFIT:
    case TCP_ERROR_NO_PORT:
    case TCP_ERROR_REMOTE_MISSING:
        return TCP_SOCKET_EADDRNOTAVAIL;
    case TCP_ERROR_REMOTE_UNFIT:
        return TCP_SOCKET_ENETUNREACH;
    case TCP_ERROR_RESOURCES:
    case TCP_ERROR_MEMORY:
        return TCP_SOCKET_ENOBUFS;
    case TCP_ERROR_ACCESS:
        return TCP_SOCKET_EACCES;
    case TCP_ERROR_NO_CONNECTION:
    case TCP_ERROR_CLOSING:
    case TCP_ERROR_AGAIN:
    case TCP_ERROR_END:
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
        return TCP_SOCKET_EINVAL;
    }
    return TCP_SOCKET_EINVAL;
}

enum tcp_socket_error socket_end_error(enum tcp_error ended)
{
    switch (ended) {
    case TCP_ERROR_RESET:
        return TCP_SOCKET_ECONNRESET;
    case TCP_ERROR_REFUSED:
        return TCP_SOCKET_ECONNREFUSED;
    case TCP_ERROR_TIMEOUT:
        return TCP_SOCKET_ETIMEDOUT;
    case TCP_ERROR_ABORTED:
        return TCP_SOCKET_ECONNABORTED;
    case TCP_ERROR_NET_UNREACHABLE:
        return TCP_SOCKET_ENETUNREACH;
    case TCP_ERROR_HOST_UNREACHABLE:
        return TCP_SOCKET_EHOSTUNREACH;
    case TCP_ERROR_PROTOCOL_UNREACHABLE:
        return TCP_SOCKET_ENOPROTOOPT;
    case TCP_ERROR_PROHIBITED:
        return TCP_SOCKET_EACCES;
    case TCP_ERROR_TOO_BIG:
        return TCP_SOCKET_EMSGSIZE;
    case TCP_ERROR_PARAMETER:
        return TCP_SOCKET_EPROTO;
    case TCP_OK:
    case TCP_ERROR_NO_CONNECTION:
    case TCP_ERROR_EXISTS:
    case TCP_ERROR_REMOTE_MISSING:
    case TCP_ERROR_REMOTE_UNFIT:
    case TCP_ERROR_LOCAL_UNFIT:
    case TCP_ERROR_PORT_TAKEN:
    case TCP_ERROR_NO_PORT:
    case TCP_ERROR_RESOURCES:
    case TCP_ERROR_CLOSING:
    case TCP_ERROR_AGAIN:
    case TCP_ERROR_END:
    case TCP_ERROR_STATE:
    case TCP_ERROR_ARGUMENT:
    case TCP_ERROR_MEMORY:
    case TCP_ERROR_ACCESS:
        return TCP_SOCKET_OK;
    }
    return TCP_SOCKET_OK;
}

enum tcp_socket_error socket_take_error(const struct tcp_host *host, struct socket_record *record)
{
    if (record->phase != SOCKET_CONNECTING && record->phase != SOCKET_CONNECTED &&
        record->phase != SOCKET_LISTENING)
        return TCP_SOCKET_OK;
    const struct tcp_status status = socket_status(host, record);
    if (status.state != TCB_CLOSED || socket_is(record, SOCKET_ERROR_TOLD))
        return TCP_SOCKET_OK;
    record->flags |= SOCKET_ERROR_TOLD;
    return socket_end_error(status.ended);
}

enum tcp_socket_error socket_take_soft_error(struct tcp_host *host,
                                             const struct socket_record *record)
{
    if (record->phase != SOCKET_CONNECTING && record->phase != SOCKET_CONNECTED)
        return TCP_SOCKET_OK;
    return socket_end_error(tcp_host_take_soft_error(host, socket_handle(record)));
}

bool socket_is_icmp_error(enum tcp_error ended)
{
    return ended >= TCP_ERROR_NET_UNREACHABLE && ended <= TCP_ERROR_PARAMETER;
}
