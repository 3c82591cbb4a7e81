/* What the files of the socket layer share: the record behind a descriptor, the record of a blocked
 * call, and the small questions asked of them. Both records hold fixed-width numbers with their
 * padding spelled out, no pointer and no bytes of the user, so the host may copy and compare the
 * tables as plain memory; a free record is all zero (operations keep their number).
 *
 * Each call that may block has an attempt_*() that does the work or answers TCP_SOCKET_PENDING with
 * operation 0, "it would block". The call itself and tcp_socket_resume() both go through it. */
#ifndef TCP_SOCKET_SOCKET_H
#define TCP_SOCKET_SOCKET_H

#include "base/assert.h"
#include "host/reserved.h"
#include "tcp/socket.h"

#include <assert.h>

/* As on every system that has standard streams, the first descriptor is 3. */
#define SOCKET_FIRST_DESCRIPTOR 3

/* A listener's backlog is kept in 16 bits by the host. */
#define SOCKET_BACKLOG_MAX 65535

/* The DS field has six bits. */
#define SOCKET_DS_MAX 63u

enum socket_phase {
    SOCKET_FREE = 0,
    SOCKET_IDLE,       /* neither listening nor connecting; perhaps bound */
    SOCKET_LISTENING,  /* `handle` is a listener */
    SOCKET_CONNECTING, /* connect() began and its outcome has not been told */
    SOCKET_CONNECTED,  /* it has been synchronized, whatever became of it */
    SOCKET_LINGERING,  /* close() waits: no call finds it any more */
    SOCKET_EPOLL,      /* no socket: a set of watches that stand in the sockets' records */
};

enum socket_flag {
    SOCKET_BOUND = 1u << 0,       /* bind() gave it the local endpoint below */
    SOCKET_NONBLOCKING = 1u << 1, /* O_NONBLOCK */
    SOCKET_REUSE_ADDRESS = 1u << 2,
    SOCKET_NO_DELAY = 1u << 3,
    SOCKET_READ_SHUT = 1u << 4,  /* shutdown(SHUT_RD) */
    SOCKET_WRITE_SHUT = 1u << 5, /* shutdown(SHUT_WR): the host has been told CLOSE */
    SOCKET_ERROR_TOLD = 1u << 6, /* how the connection ended was returned once */
    SOCKET_KEEP_ALIVE = 1u << 7,
    SOCKET_CORKED = 1u << 8,
    SOCKET_LINGERS = 1u << 9, /* SO_LINGER is on: linger_s */
    SOCKET_RENO = 1u << 10,   /* TCP_CONGESTION */
    SOCKET_CUBIC = 1u << 11,
};

/* In one socket may two epoll sets be interested. */
#define SOCKET_WATCHES_MAX 2

enum socket_watch_flag {
    SOCKET_WATCH_FRESH = 1u << 0,    /* added or changed: whatever is ready is news */
    SOCKET_WATCH_OUT_SEEN = 1u << 1, /* room was told, and no write has found too little since */
    SOCKET_WATCH_END_SEEN = 1u << 2, /* the end was told */
};

/* What an epoll set wants to know of the socket in whose record this stands. */
struct socket_watch {
    int32_t epoll_fd; /* 0: free */
    uint32_t events;
    uint64_t data;
    uint32_t seen;  /* RCV.NXT, or a listener's children, when it was told last */
    uint32_t flags; /* enum socket_watch_flag */
};

struct socket_record {
    uint32_t slot, generation; /* the handle; zero when there is none */
    uint8_t local_address[16]; /* all zero: wildcard */
    uint16_t local_port;       /* 0: none yet */
    uint8_t ip_version;
    uint8_t phase; /* enum socket_phase */
    uint32_t flags;
    /* Options, each 0 until it is set. */
    uint32_t receive_bytes, send_bytes; /* SO_RCVBUF, SO_SNDBUF */
    uint32_t linger_s;
    uint32_t user_timeout_ms;
    uint32_t receive_timeout_ms, send_timeout_ms;
    uint16_t keep_alive_idle_s, keep_alive_interval_s;
    uint16_t mss;
    uint8_t keep_alive_probes;
    uint8_t ds; /* IP_TOS: the DS field, and 1 */
    struct socket_watch watches[SOCKET_WATCHES_MAX];
};

enum socket_operation_state { SOCKET_OPERATION_FREE = 0, SOCKET_OPERATION_PENDING };

struct socket_operation {
    uint32_t number; /* its name; a free record keeps the last one so that none comes twice */
    int32_t fd;
    uint8_t state; /* enum socket_operation_state */
    uint8_t kind;  /* enum tcp_socket_kind */
    uint8_t ended; /* enum tcp_socket_error: descriptor or attempt to connect went away under it */
    uint8_t polled_count;
    uint32_t flags;       /* enum tcp_socket_message_flag; of an accept: O_NONBLOCK */
    uint64_t done;        /* octets that a write has handed over */
    uint64_t wanted;      /* octets that were asked for in all */
    uint64_t deadline_us; /* when it gives up; UINT64_MAX: never */
    int32_t polled_fd[TCP_SOCKET_POLL_MAX];
    uint16_t polled_events[TCP_SOCKET_POLL_MAX];
};

#define SOCKET_RECORD_BYTES    sizeof(struct socket_record)
#define SOCKET_OPERATION_BYTES sizeof(struct socket_operation)

static_assert(SOCKET_RECORD_BYTES == 32 + 6 * 4 + 3 * 2 + 2 + SOCKET_WATCHES_MAX * 24,
              "no hidden padding");
static_assert(SOCKET_OPERATION_BYTES == 4 + 4 + 4 + 4 + 3 * 8 + TCP_SOCKET_POLL_MAX * 6,
              "no hidden padding");
static_assert(SOCKET_RECORD_BYTES <= HOST_SOCKET_BYTES, "the host reserves enough");
static_assert(SOCKET_OPERATION_BYTES <= HOST_OPERATION_BYTES, "the host reserves enough");

/* ---- table.c: descriptors --------------------------------------------------------------------- */

/* The record of an open descriptor that is a socket, or NULL. */
struct socket_record *socket_find(struct tcp_host *host, int fd);
const struct socket_record *socket_look(const struct tcp_host *host, int fd);

/* Why there is none: ENOTSOCK for an epoll set, else EBADF. */
enum tcp_socket_error socket_missing(const struct tcp_host *host, int fd);

/* The record of any descriptor, an epoll set or one that lingers among them; NULL: free or none. */
struct socket_record *socket_find_any(struct tcp_host *host, int fd);

/* Opens the lowest free descriptor with a zeroed record in phase IDLE; -1 when all are taken. */
int socket_open_lowest(struct tcp_host *host);

/* The descriptor of a record. */
int socket_descriptor(const struct tcp_host *host, const struct socket_record *record);

/* Is there a free descriptor at all? */
bool socket_has_room(const struct tcp_host *host);

static inline tcp_handle socket_handle(const struct socket_record *record)
{
    return (tcp_handle){record->slot, record->generation};
}

static inline void socket_set_handle(struct socket_record *record, tcp_handle handle)
{
    record->slot = handle.slot;
    record->generation = handle.generation;
}

static inline bool socket_is(const struct socket_record *record, uint32_t flag)
{
    return (record->flags & flag) != 0;
}

struct tcp_endpoint socket_local(const struct socket_record *record);
void socket_set_local(struct socket_record *record, const struct tcp_endpoint *local);

/* The status of what is behind the record; its phase must say that there is something. */
struct tcp_status socket_status(const struct tcp_host *host, const struct socket_record *record);

/* Notes that a connection in phase CONNECTING has been synchronized meanwhile. */
void socket_refresh(const struct tcp_host *host, struct socket_record *record);

/* ---- errors.c: results ------------------------------------------------------------------------ */

static inline struct tcp_socket_result socket_value(int64_t value)
{
    return (struct tcp_socket_result){value, TCP_SOCKET_OK, 0};
}

static inline struct tcp_socket_result socket_fail(enum tcp_socket_error error)
{
    return (struct tcp_socket_result){-1, error, 0};
}

static inline struct tcp_socket_result socket_would_block(void)
{
    return (struct tcp_socket_result){-1, TCP_SOCKET_PENDING, 0};
}

/* What a refused OPEN (listen, connect) means to the caller. */
enum tcp_socket_error socket_open_error(enum tcp_error error);

/* How a connection ended, as errno would say it; TCP_SOCKET_OK for an orderly end. */
enum tcp_socket_error socket_end_error(enum tcp_error ended);

/* The same for a record's connection, once: the second time there is nothing more to tell. */
enum tcp_socket_error socket_take_error(const struct tcp_host *host, struct socket_record *record);

/* The last soft error that ICMP told of, once; OK: none. */
enum tcp_socket_error socket_take_soft_error(struct tcp_host *host,
                                             const struct socket_record *record);

/* Did ICMP end the connection? */
bool socket_is_icmp_error(enum tcp_error ended);

/* ---- bind.c: local endpoints ------------------------------------------------------------------ */

/* Chooses an ephemeral port: for a flow with a remote port one that no socket is bound to, for one
 * without (bind) one that nobody holds in any way. */
enum tcp_error socket_choose_port(struct tcp_host *host, const struct tcp_flow *flow,
                                  uint16_t *out);

/* ---- options.c -------------------------------------------------------------------------------- */

/* Tells the host what the options ask of the connection or listener behind the record. */
void socket_apply_options(struct tcp_host *host, tcp_time now, const struct socket_record *record);

/* ---- readiness.c, epoll.c --------------------------------------------------------------------- */

/* enum tcp_socket_readiness of a socket, all but NVAL. */
uint32_t socket_readiness(const struct tcp_host *host, const struct socket_record *record);

/* The same of any descriptor. */
uint32_t socket_readiness_of(const struct tcp_host *host, int fd);

/* Does any watch of the set have something to tell? */
bool socket_epoll_is_ready(const struct tcp_host *host, int epoll_fd);

/* The set is being closed: nobody watches for it any more. */
void socket_epoll_forget(struct tcp_host *host, int epoll_fd);

/* A write found too little room: that there is some will be news. */
void socket_epoll_want_room(struct socket_record *record);

/* A new connection begins behind the record: what was told of the old one does not count. */
void socket_epoll_refresh(struct socket_record *record);

/* ---- attempts --------------------------------------------------------------------------------- */

struct tcp_socket_result attempt_accept(struct tcp_host *host, tcp_time now,
                                        struct socket_record *record, bool is_nonblocking);
struct tcp_socket_result attempt_connect(struct tcp_host *host, tcp_time now,
                                         struct socket_record *record);

/* A transfer: what is wanted in all, how (enum tcp_socket_message_flag), and how far it is, earlier
 * attempts included. */
struct socket_transfer {
    uint64_t wanted;
    uint64_t done;
    uint32_t flags;
};

/* No more will come to be read than is there. */
bool socket_reading_is_over(const struct socket_record *record, const struct tcp_status *status);

/* MSG_PEEK takes nothing, so that MSG_WAITALL beside it waits until all is there at once, or as much as the
 * window lets come, or no more will come. */
bool socket_can_look_at_all(const struct socket_record *record, const struct tcp_status *status,
                            uint64_t wanted);

/* `room` is for what is left. */
struct tcp_socket_result attempt_read(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record, struct tcp_room room,
                                      struct socket_transfer *transfer);

/* Bytes that the caller lends for reading. */
struct socket_text {
    const uint8_t *bytes;
    size_t count;
};

/* `text` goes on from what is done. */
struct tcp_socket_result attempt_write(struct tcp_host *host, tcp_time now,
                                       struct socket_record *record, struct socket_text text,
                                       struct socket_transfer *transfer);
struct tcp_socket_result attempt_close(struct tcp_host *host, tcp_time now, int fd);
/* The memory holds struct tcp_socket_pollfd or struct tcp_socket_epoll_event, aligned or not. */
struct tcp_socket_result attempt_poll(const struct tcp_host *host, struct tcp_room set);
struct tcp_socket_result attempt_epoll_wait(struct tcp_host *host, int fd, struct tcp_room events);

/* close() waits no longer: the descriptor is free, the connection goes on by itself. */
void socket_stop_lingering(struct tcp_host *host, tcp_time now, int fd);

/* close() on a lingering connection has nothing left to wait for. */
bool socket_has_lingered(const struct tcp_host *host, const struct socket_record *record);

/* A record of a table by its index below the limit. Records lie at the distance that the host
 * reserves, which is larger than they are. */
static inline const struct socket_record *socket_record_in(const struct tcp_host *host,
                                                           uint32_t index)
{
    const uint8_t *table = (const uint8_t *)host_sockets_read(host);
    return (const struct socket_record *)(const void *)(table + (size_t)index * HOST_SOCKET_BYTES);
}

static inline const struct socket_operation *socket_operation_in(const struct tcp_host *host,
                                                                 uint32_t index)
{
    const uint8_t *table = (const uint8_t *)host_operations_read(host);
    return (const struct socket_operation *)(const void *)(table +
                                                           (size_t)index * HOST_OPERATION_BYTES);
}

/* ---- operations.c: blocked calls -------------------------------------------------------------- */

/* Does an earlier blocked call on this descriptor come first? Calls of one kind keep their order;
 * reads and writes wait for a connect; a read does not hold up a write. `before` is the asking
 * operation, or NULL for a call that is only now being made. */
bool socket_must_wait(const struct tcp_host *host, int fd, enum tcp_socket_kind kind,
                      const struct socket_operation *before);

/* Has an operation of this deadline waited long enough? */
bool socket_is_due(const struct tcp_host *host, uint64_t deadline_us);

#define SOCKET_NEVER UINT64_MAX

/* `timeout_us` from `now`; SOCKET_NEVER when it is negative. */
uint64_t socket_deadline_in(const struct tcp_host *host, tcp_time now, int64_t timeout_us);

/* A new pending operation, all zero but for its name, or NULL: the table is full. */
struct socket_operation *socket_take_operation(struct tcp_host *host);

/* Ends a call that would block: EAGAIN for a non-blocking descriptor or call, otherwise a pending
 * operation (ENOBUFS when the table is full). */
struct tcp_socket_result socket_block(struct tcp_host *host, tcp_time now, int fd,
                                      enum tcp_socket_kind kind,
                                      const struct socket_transfer *transfer);

/* The descriptor is being closed: its operations end with EBADF. */
void socket_end_operations(struct tcp_host *host, int fd);

/* The attempt to connect has failed, and its outcome was told: calls that waited for the connection
 * end with ENOTCONN (a connect() with ECONNABORTED), whatever the socket does next. */
void socket_end_attempt(struct tcp_host *host, int fd);

#endif
