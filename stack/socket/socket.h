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

enum socket_phase {
    SOCKET_FREE = 0,
    SOCKET_IDLE,       /* neither listening nor connecting; perhaps bound */
    SOCKET_LISTENING,  /* `handle` is a listener */
    SOCKET_CONNECTING, /* connect() began and its outcome has not been told */
    SOCKET_CONNECTED,  /* it has been synchronized, whatever became of it */
};

enum socket_flag {
    SOCKET_BOUND = 1u << 0,       /* bind() gave it the local endpoint below */
    SOCKET_NONBLOCKING = 1u << 1, /* O_NONBLOCK */
    SOCKET_REUSE_ADDRESS = 1u << 2,
    SOCKET_NO_DELAY = 1u << 3,
    SOCKET_READ_SHUT = 1u << 4,  /* shutdown(SHUT_RD) */
    SOCKET_WRITE_SHUT = 1u << 5, /* shutdown(SHUT_WR): the host has been told CLOSE */
    SOCKET_ERROR_TOLD = 1u << 6, /* how the connection ended was returned once */
};

struct socket_record {
    uint32_t slot, generation; /* the handle; zero when there is none */
    uint8_t local_address[16]; /* all zero: wildcard */
    uint16_t local_port;       /* 0: none yet */
    uint8_t ip_version;
    uint8_t phase; /* enum socket_phase */
    uint32_t flags;
};

enum socket_operation_state { SOCKET_OPERATION_FREE = 0, SOCKET_OPERATION_PENDING };

struct socket_operation {
    uint32_t number; /* its name; a free record keeps the last one so that none comes twice */
    int32_t fd;
    uint8_t state; /* enum socket_operation_state */
    uint8_t kind;  /* enum tcp_socket_kind */
    uint8_t ended; /* enum tcp_socket_error: the descriptor was closed under it */
    uint8_t padding[5];
    uint64_t done;   /* octets that a write has handed over */
    uint64_t wanted; /* octets that were asked for in all */
};

#define SOCKET_RECORD_BYTES    sizeof(struct socket_record)
#define SOCKET_OPERATION_BYTES sizeof(struct socket_operation)

static_assert(SOCKET_RECORD_BYTES == 4 + 4 + 16 + 2 + 1 + 1 + 4, "no hidden padding");
static_assert(SOCKET_OPERATION_BYTES == 4 + 4 + 8 + 8 + 8, "no hidden padding");
static_assert(SOCKET_RECORD_BYTES <= HOST_SOCKET_BYTES, "the host reserves enough");
static_assert(SOCKET_OPERATION_BYTES <= HOST_OPERATION_BYTES, "the host reserves enough");

/* ---- table.c: descriptors --------------------------------------------------------------------- */

/* The record of an open descriptor, or NULL. */
struct socket_record *socket_find(struct tcp_host *host, int fd);
const struct socket_record *socket_look(const struct tcp_host *host, int fd);

/* Opens the lowest free descriptor with a zeroed record in phase IDLE; -1 when all are taken. */
int socket_open_lowest(struct tcp_host *host);

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

/* ---- bind.c: local endpoints ------------------------------------------------------------------ */

/* Chooses an ephemeral port: for a flow with a remote port one that no socket is bound to, for one
 * without (bind) one that nobody holds in any way. */
enum tcp_error socket_choose_port(struct tcp_host *host, const struct tcp_flow *flow,
                                  uint16_t *out);

bool socket_address_is_wildcard(const struct tcp_address *address);

/* ---- attempts --------------------------------------------------------------------------------- */

struct tcp_socket_result attempt_accept(struct tcp_host *host, tcp_time now,
                                        struct socket_record *record);
struct tcp_socket_result attempt_connect(struct tcp_host *host, tcp_time now,
                                         struct socket_record *record);
struct tcp_socket_result attempt_read(struct tcp_host *host, tcp_time now,
                                      struct socket_record *record, struct tcp_room room);
/* Bytes that the caller lends for reading. */
struct socket_text {
    const uint8_t *bytes;
    size_t count;
};

/* *done counts what has been handed over so far, earlier attempts included, out of `wanted`; `text`
 * goes on from there. */
struct tcp_socket_result attempt_write(struct tcp_host *host, tcp_time now,
                                       struct socket_record *record, struct socket_text text,
                                       uint64_t wanted, uint64_t *done);

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

/* Ends a call that would block: EAGAIN for a non-blocking descriptor, otherwise a pending operation
 * (ENOBUFS when the table is full). */
struct tcp_socket_result socket_block(struct tcp_host *host, int fd, enum tcp_socket_kind kind,
                                      uint64_t done, uint64_t wanted);

/* The descriptor is being closed: its operations end with EBADF. */
void socket_end_operations(struct tcp_host *host, int fd);

#endif
