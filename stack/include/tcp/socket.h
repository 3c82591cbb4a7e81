/* BSD sockets as state in the same value as the host: descriptors, blocking and non-blocking calls,
 * errno. As pure as the rest: a call that would block leaves a pending operation behind, which
 * stores what was asked (never a pointer, never bytes) and is finished by tcp_socket_resume() once
 * tcp_socket_poll() has named it. Operations on one descriptor complete in the order of their start. */
#ifndef TCP_SOCKET_H
#define TCP_SOCKET_H

#include "tcp/host.h"

/* The errors a socket call may give, each with its POSIX meaning. */
enum tcp_socket_error {
    TCP_SOCKET_OK = 0,
    TCP_SOCKET_PENDING, /* it blocks: result.operation names it */
    TCP_SOCKET_EAGAIN,
    TCP_SOCKET_EBADF,
    TCP_SOCKET_EINVAL,
    TCP_SOCKET_EAFNOSUPPORT,
    TCP_SOCKET_EADDRINUSE,
    TCP_SOCKET_EADDRNOTAVAIL,
    TCP_SOCKET_ECONNREFUSED,
    TCP_SOCKET_ECONNRESET,
    TCP_SOCKET_ECONNABORTED,
    TCP_SOCKET_ETIMEDOUT,
    TCP_SOCKET_EINPROGRESS,
    TCP_SOCKET_EALREADY,
    TCP_SOCKET_EISCONN,
    TCP_SOCKET_ENOTCONN,
    TCP_SOCKET_EPIPE,
    TCP_SOCKET_EOPNOTSUPP,
    TCP_SOCKET_ENOPROTOOPT,
    TCP_SOCKET_EMFILE,
    TCP_SOCKET_ENOBUFS,
    TCP_SOCKET_EDESTADDRREQ,
    TCP_SOCKET_ENETUNREACH,
    TCP_SOCKET_EFAULT,
};

/* "EAGAIN" and so on; "" for OK and PENDING. Never NULL. */
const char *tcp_socket_error_name(enum tcp_socket_error error);

struct tcp_socket_result {
    int64_t value; /* what the call returns: a descriptor, a count, 0, or -1 */
    enum tcp_socket_error error;
    uint32_t operation; /* with TCP_SOCKET_PENDING: names the pending operation, never 0 */
};

enum tcp_socket_how { TCP_SOCKET_SHUT_RD, TCP_SOCKET_SHUT_WR, TCP_SOCKET_SHUT_RDWR };

enum tcp_socket_option {
    TCP_SOCKET_SO_REUSEADDR, /* int; bind() to a port held only by TIME-WAIT succeeds */
    TCP_SOCKET_SO_ERROR,     /* get only: the pending error as errno's place in tcp_socket_error */
    TCP_SOCKET_TCP_NODELAY,  /* int */
    TCP_SOCKET_O_NONBLOCK,   /* int: fcntl(F_SETFL) in this layer's words */
};

struct tcp_socket_result tcp_socket_open(struct tcp_host *, tcp_time now, uint8_t ip_version);
struct tcp_socket_result tcp_socket_bind(struct tcp_host *, tcp_time now, int fd,
                                         const struct tcp_endpoint *local);
struct tcp_socket_result tcp_socket_listen(struct tcp_host *, tcp_time now, int fd, int backlog);
/* The new descriptor inherits nothing but options. */
struct tcp_socket_result tcp_socket_accept(struct tcp_host *, tcp_time now, int fd);
/* The wildcard local address of an unbound socket becomes `source`, which the caller's routing
 * chose. */
struct tcp_socket_result tcp_socket_connect(struct tcp_host *, tcp_time now, int fd,
                                            const struct tcp_endpoint *remote,
                                            const struct tcp_address *source);
/* Reads what is there, up to room.count; blocks when there is nothing. 0 at the end. */
struct tcp_socket_result tcp_socket_read(struct tcp_host *, tcp_time now, int fd,
                                         struct tcp_room room);
/* Takes all of it or blocks with the rest; non-blocking: what fits. */
struct tcp_socket_result tcp_socket_write(struct tcp_host *, tcp_time now, int fd,
                                          const uint8_t *bytes, size_t count);
struct tcp_socket_result tcp_socket_shutdown(struct tcp_host *, tcp_time now, int fd,
                                             enum tcp_socket_how how);
struct tcp_socket_result tcp_socket_close(struct tcp_host *, tcp_time now, int fd);
struct tcp_socket_result tcp_socket_set(struct tcp_host *, tcp_time now, int fd,
                                        enum tcp_socket_option option, int64_t value);
struct tcp_socket_result tcp_socket_get(struct tcp_host *, tcp_time now, int fd,
                                        enum tcp_socket_option option);

/* The local and remote endpoints (getsockname, getpeername). */
struct tcp_socket_result tcp_socket_flow(const struct tcp_host *, int fd, struct tcp_flow *out);
/* The connection or listener behind a descriptor, or TCP_HANDLE_NONE. */
tcp_handle tcp_socket_handle(const struct tcp_host *, int fd);

enum tcp_socket_kind {
    TCP_SOCKET_ACCEPT,
    TCP_SOCKET_CONNECT,
    TCP_SOCKET_READ,
    TCP_SOCKET_WRITE,
};

/* A pending operation that can go on now. */
struct tcp_socket_ready {
    uint32_t operation;
    enum tcp_socket_kind kind;
    int fd;
    uint64_t done;      /* octets already taken by a write */
    uint64_t remaining; /* octets a write still wants to hand over, or a read has room for */
};

/* Names the oldest pending operation that can go on now, without changing anything; it stays named
 * until tcp_socket_resume() is called for it. False: none can. */
bool tcp_socket_poll(const struct tcp_host *, struct tcp_socket_ready *out);

/* Goes on with a named operation: for a read `room` is where the bytes go; for a write it holds the
 * remaining bytes, which are only read. Ends it, or answers TCP_SOCKET_PENDING again (the same
 * operation). The value is what the whole call returns. */
struct tcp_socket_result tcp_socket_resume(struct tcp_host *, tcp_time now, uint32_t operation,
                                           struct tcp_room room);

/* Gives up a pending operation (a script that ends). EINVAL when there is none of that name. */
struct tcp_socket_result tcp_socket_cancel(struct tcp_host *, tcp_time now, uint32_t operation);

/* NULL, or the name of the first invariant of descriptors and operations found broken. Part of what
 * tcp_host_check() looks at. */
const char *tcp_socket_check(const struct tcp_host *);

#endif
