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
    TCP_SOCKET_ENOTSOCK,
    TCP_SOCKET_EEXIST,
    TCP_SOCKET_ENOENT,
    TCP_SOCKET_ENOSPC,
    TCP_SOCKET_EPERM,
    TCP_SOCKET_EHOSTUNREACH,
    TCP_SOCKET_EACCES,
    TCP_SOCKET_EMSGSIZE,
    TCP_SOCKET_EPROTO,
};

/* "EAGAIN" and so on; "" for OK and PENDING. Never NULL. */
const char *tcp_socket_error_name(enum tcp_socket_error error);

struct tcp_socket_result {
    int64_t value; /* what the call returns: a descriptor, a count, 0, or -1 */
    enum tcp_socket_error error;
    uint32_t operation; /* with TCP_SOCKET_PENDING: names the pending operation, never 0 */
};

enum tcp_socket_how { TCP_SOCKET_SHUT_RD, TCP_SOCKET_SHUT_WR, TCP_SOCKET_SHUT_RDWR };

/* What setsockopt(), fcntl() and ioctl() set and tell. Children of a listener inherit all but
 * O_NONBLOCK. */
enum tcp_socket_option {
    TCP_SOCKET_SO_REUSEADDR,  /* flag; bind() to a port held only by TIME-WAIT succeeds */
    TCP_SOCKET_SO_ERROR,      /* get only: the pending error as enum tcp_socket_error; once. Without
                                  * one: the last soft error of ICMP, once (as Linux) */
    TCP_SOCKET_TCP_NODELAY,   /* flag */
    TCP_SOCKET_O_NONBLOCK,    /* flag: fcntl(F_SETFL) in this layer's words */
    TCP_SOCKET_SO_KEEPALIVE,  /* flag */
    TCP_SOCKET_TCP_KEEPIDLE,  /* seconds, 1 to 32767 */
    TCP_SOCKET_TCP_KEEPINTVL, /* seconds, 1 to 32767 */
    TCP_SOCKET_TCP_KEEPCNT,   /* probes, 1 to 127 */
    TCP_SOCKET_TCP_USER_TIMEOUT, /* milliseconds; 0: the configured one */
    TCP_SOCKET_SO_RCVBUF,        /* octets, bounded by the host's limits; not doubled */
    TCP_SOCKET_SO_SNDBUF,
    TCP_SOCKET_TCP_MAXSEG,    /* octets, 48 to 32767; 0: no bound. get: the connection's */
    TCP_SOCKET_TCP_CORK,      /* flag: small segments wait for more */
    TCP_SOCKET_SO_LINGER,     /* seconds that close() waits, 0 for a reset; -1: off */
    TCP_SOCKET_SO_OOBINLINE,  /* always 1 (RFC 6093 5); 0 is refused */
    TCP_SOCKET_SO_RCVTIMEO,   /* milliseconds that a read or accept blocks; 0: for ever */
    TCP_SOCKET_SO_SNDTIMEO,   /* the same for write and connect */
    TCP_SOCKET_SO_ACCEPTCONN, /* get only: is it a listener? */
    TCP_SOCKET_FIONREAD,      /* get only: octets that can be read */
    TCP_SOCKET_SIOCOUTQ,      /* get only: octets not yet acknowledged */
    TCP_SOCKET_IP_TOS,        /* the octet of the DS field, 0 to 255, of IPv6 too (IPV6_TCLASS); its
                               * bits for ECN are TCP's and count as 0 (SHLD-22); -1: the configured */
    TCP_SOCKET_TCP_CONGESTION, /* enum tcp_congestion_control; set: ENOENT when there is none of it */
    TCP_SOCKET_RECEIVED_DS, /* get only: the octet that came last, without ECN; 0: none (MAY-9) */
};

/* How one call differs from read() and write(). */
enum tcp_socket_message_flag {
    TCP_SOCKET_PEEK = 1u << 0,     /* leave it where it is */
    TCP_SOCKET_DONTWAIT = 1u << 1, /* as if O_NONBLOCK were set */
    TCP_SOCKET_WAITALL = 1u << 2,  /* wait until the room is full, or no more can come */
    TCP_SOCKET_MORE = 1u << 3,     /* a small segment waits for what follows */
    TCP_SOCKET_OOB = 1u << 4,      /* send: urgent; receive: EINVAL, urgent octets are in line */
};

struct tcp_socket_result tcp_socket_open(struct tcp_host *, tcp_time now, uint8_t ip_version);
struct tcp_socket_result tcp_socket_bind(struct tcp_host *, tcp_time now, int fd,
                                         const struct tcp_endpoint *local);
struct tcp_socket_result tcp_socket_listen(struct tcp_host *, tcp_time now, int fd, int backlog);
struct tcp_socket_result tcp_socket_accept(struct tcp_host *, tcp_time now, int fd);
/* accept4(): the new descriptor is non-blocking or not. */
struct tcp_socket_result tcp_socket_accept4(struct tcp_host *, tcp_time now, int fd,
                                            bool is_nonblocking);
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
/* The same with flags (enum tcp_socket_message_flag). */
struct tcp_socket_result tcp_socket_receive(struct tcp_host *, tcp_time now, int fd,
                                            struct tcp_room room, uint32_t flags);
struct tcp_socket_result tcp_socket_send(struct tcp_host *, tcp_time now, int fd,
                                         const uint8_t *bytes, size_t count, uint32_t flags);
struct tcp_socket_result tcp_socket_shutdown(struct tcp_host *, tcp_time now, int fd,
                                             enum tcp_socket_how how);
/* Blocks with SO_LINGER while data or the FIN are unacknowledged; the descriptor stays taken. */
struct tcp_socket_result tcp_socket_close(struct tcp_host *, tcp_time now, int fd);
struct tcp_socket_result tcp_socket_set(struct tcp_host *, tcp_time now, int fd,
                                        enum tcp_socket_option option, int64_t value);
struct tcp_socket_result tcp_socket_get(struct tcp_host *, tcp_time now, int fd,
                                        enum tcp_socket_option option);

/* The local and remote endpoints (getsockname, getpeername). */
struct tcp_socket_result tcp_socket_flow(const struct tcp_host *, int fd, struct tcp_flow *out);
/* The connection or listener behind a descriptor, or TCP_HANDLE_NONE. */
tcp_handle tcp_socket_handle(const struct tcp_host *, int fd);

/* ---- poll and epoll --------------------------------------------------------------------------- */

/* Linux's numbers, which POLL and EPOLL share. */
enum tcp_socket_readiness {
    TCP_SOCKET_IN = 0x1,
    TCP_SOCKET_PRI = 0x2, /* urgent data is ahead */
    TCP_SOCKET_OUT = 0x4,
    TCP_SOCKET_ERR = 0x8,   /* always told: SO_ERROR will say which */
    TCP_SOCKET_HUP = 0x10,  /* always told: nothing goes either way any more */
    TCP_SOCKET_NVAL = 0x20, /* poll only, always told: no such descriptor */
    TCP_SOCKET_RDHUP = 0x2000,
};
#define TCP_SOCKET_ONESHOT (UINT32_C(1) << 30) /* epoll: disarm after one report */
#define TCP_SOCKET_EDGE    (UINT32_C(1) << 31) /* epoll: report what is new */

#define TCP_SOCKET_POLL_MAX 16 /* descriptors that a poll() which blocks may have */

struct tcp_socket_pollfd {
    int32_t fd; /* negative: passed over */
    uint16_t events;
    uint16_t revents;
};

struct tcp_socket_epoll_event {
    uint64_t data;
    uint32_t events;
    uint32_t padding; /* 0 */
};

enum tcp_socket_epoll_change { TCP_SOCKET_EPOLL_ADD, TCP_SOCKET_EPOLL_MOD, TCP_SOCKET_EPOLL_DEL };

/* Fills in every revents and returns how many are not 0. With none it blocks for `timeout_us`, 0: not
 * at all, negative: for ever. EINVAL: it would block with more than TCP_SOCKET_POLL_MAX. */
struct tcp_socket_result tcp_socket_poll_set(struct tcp_host *, tcp_time now,
                                             struct tcp_socket_pollfd *set, size_t count,
                                             int64_t timeout_us);
struct tcp_socket_result tcp_socket_epoll_open(struct tcp_host *, tcp_time now);
/* EEXIST, ENOENT as ever; ENOSPC: the socket stands in two sets already; EPERM: it is no socket. */
struct tcp_socket_result tcp_socket_epoll_change(struct tcp_host *, tcp_time now, int epoll_fd,
                                                 enum tcp_socket_epoll_change change, int fd,
                                                 const struct tcp_socket_epoll_event *event);
/* Writes up to `count` events, by descriptor, and returns how many. */
struct tcp_socket_result tcp_socket_epoll_wait(struct tcp_host *, tcp_time now, int epoll_fd,
                                               struct tcp_socket_epoll_event *events, size_t count,
                                               int64_t timeout_us);

/* ---- TCP_INFO ---------------------------------------------------------------------------------- */

/* X(name): those of Linux's fields that mean something here, in its units: segments for windows of
 * congestion, microseconds for times, Linux's numbers for states. */
#define TCP_SOCKET_INFO_FIELDS(X)                                                                  \
    X(state)                                                                                       \
    X(retransmits)                                                                                 \
    X(probes)                                                                                      \
    X(backoff)                                                                                     \
    X(options)                                                                                     \
    X(rto)                                                                                         \
    X(snd_mss)                                                                                     \
    X(unacked)                                                                                     \
    X(sacked)                                                                                      \
    X(rtt)                                                                                         \
    X(rttvar)                                                                                      \
    X(snd_ssthresh)                                                                                \
    X(snd_cwnd)                                                                                    \
    X(advmss)                                                                                      \
    X(notsent_bytes)                                                                               \
    X(snd_wnd)                                                                                     \
    X(rcv_wnd)

struct tcp_socket_info {
#define TCP_SOCKET_INFO_MEMBER(name) uint64_t name;
    TCP_SOCKET_INFO_FIELDS(TCP_SOCKET_INFO_MEMBER)
#undef TCP_SOCKET_INFO_MEMBER
};

struct tcp_socket_result tcp_socket_info(const struct tcp_host *, int fd,
                                         struct tcp_socket_info *out);

/* ---- calls that block -------------------------------------------------------------------------- */

enum tcp_socket_kind {
    TCP_SOCKET_ACCEPT,
    TCP_SOCKET_CONNECT,
    TCP_SOCKET_READ,
    TCP_SOCKET_WRITE,
    TCP_SOCKET_CLOSE,
    TCP_SOCKET_POLL, /* no descriptor of its own: -1 */
    TCP_SOCKET_EPOLL_WAIT,
};

/* A pending operation that can go on now. */
struct tcp_socket_ready {
    uint32_t operation;
    enum tcp_socket_kind kind;
    int fd;
    uint64_t done;      /* octets already taken by a write, or put into the room by a read */
    uint64_t remaining; /* octets a write still wants to hand over, or a read has room for */
};

/* Names the oldest pending operation that can go on now, without changing anything; it stays named
 * until tcp_socket_resume() is called for it. False: none can. */
bool tcp_socket_poll(const struct tcp_host *, struct tcp_socket_ready *out);

/* When the earliest pending operation gives up waiting; TCP_TIME_NEVER: none does. The caller ticks the
 * host then, and tcp_socket_poll() names the operation. */
tcp_time tcp_socket_deadline(const struct tcp_host *);

/* Goes on with a named operation: for a read `room` is where the remaining bytes go; for a write it
 * holds the remaining bytes, which are only read; for a poll it is the set, for an epoll_wait where
 * the events go. Ends it, or answers TCP_SOCKET_PENDING again (the same
 * operation). The value is what the whole call returns. */
struct tcp_socket_result tcp_socket_resume(struct tcp_host *, tcp_time now, uint32_t operation,
                                           struct tcp_room room);

/* Gives up a pending operation (a script that ends). EINVAL when there is none of that name. */
struct tcp_socket_result tcp_socket_cancel(struct tcp_host *, tcp_time now, uint32_t operation);

/* NULL, or the name of the first invariant of descriptors and operations found broken. Part of what
 * tcp_host_check() looks at. */
const char *tcp_socket_check(const struct tcp_host *);

#endif
