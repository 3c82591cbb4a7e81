/* What the host's errors mean in the words of errno, and the names of those words. */
#include "socket/socket.h"

const char *tcp_socket_error_name(enum tcp_socket_error error)
{
    switch (error) {
    case TCP_SOCKET_OK:
    case TCP_SOCKET_PENDING:
        return "";
    case TCP_SOCKET_EAGAIN:
        return "EAGAIN";
    case TCP_SOCKET_EBADF:
        return "EBADF";
    case TCP_SOCKET_EINVAL:
        return "EINVAL";
    case TCP_SOCKET_EAFNOSUPPORT:
        return "EAFNOSUPPORT";
    case TCP_SOCKET_EADDRINUSE:
        return "EADDRINUSE";
    case TCP_SOCKET_EADDRNOTAVAIL:
        return "EADDRNOTAVAIL";
    case TCP_SOCKET_ECONNREFUSED:
        return "ECONNREFUSED";
    case TCP_SOCKET_ECONNRESET:
        return "ECONNRESET";
    case TCP_SOCKET_ECONNABORTED:
        return "ECONNABORTED";
    case TCP_SOCKET_ETIMEDOUT:
        return "ETIMEDOUT";
    case TCP_SOCKET_EINPROGRESS:
        return "EINPROGRESS";
    case TCP_SOCKET_EALREADY:
        return "EALREADY";
    case TCP_SOCKET_EISCONN:
        return "EISCONN";
    case TCP_SOCKET_ENOTCONN:
        return "ENOTCONN";
    case TCP_SOCKET_EPIPE:
        return "EPIPE";
    case TCP_SOCKET_EOPNOTSUPP:
        return "EOPNOTSUPP";
    case TCP_SOCKET_ENOPROTOOPT:
        return "ENOPROTOOPT";
    case TCP_SOCKET_EMFILE:
        return "EMFILE";
    case TCP_SOCKET_ENOBUFS:
        return "ENOBUFS";
    case TCP_SOCKET_EDESTADDRREQ:
        return "EDESTADDRREQ";
    case TCP_SOCKET_ENETUNREACH:
        return "ENETUNREACH";
    case TCP_SOCKET_EFAULT:
        return "EFAULT";
    case TCP_SOCKET_ENOTSOCK:
        return "ENOTSOCK";
    case TCP_SOCKET_EEXIST:
        return "EEXIST";
    case TCP_SOCKET_ENOENT:
        return "ENOENT";
    case TCP_SOCKET_ENOSPC:
        return "ENOSPC";
    case TCP_SOCKET_EPERM:
        return "EPERM";
    case TCP_SOCKET_EACCES:
        return "EACCES";
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
    if (record->phase != SOCKET_CONNECTING && record->phase != SOCKET_CONNECTED)
        return TCP_SOCKET_OK;
    const struct tcp_status status = socket_status(host, record);
    if (status.state != TCB_CLOSED || socket_is(record, SOCKET_ERROR_TOLD))
        return TCP_SOCKET_OK;
    record->flags |= SOCKET_ERROR_TOLD;
    return socket_end_error(status.ended);
}
