/* The block that a host is: a head with everything that there is once, and behind it the tables, at
 * offsets, with guard gaps between them. Nothing in it is a pointer. */
#ifndef TCP_HOST_BLOCK_H
#define TCP_HOST_BLOCK_H

#include "host/reserved.h"
#include "tcb/tcb.h"
#include "tcp/host.h"

#include <string.h>

#define HOST_GUARD_BYTES 16u
#define HOST_GUARD_FILL  0xa5u

/* The tables in the order in which they lie. Buffers come last: what is before them is copied whole. */
enum host_table {
    HOST_TCBS,
    HOST_PATHS,
    HOST_STREAMS,
    HOST_ISLANDS,
    HOST_HEAP,
    HOST_BUCKETS,
    HOST_PORTS,
    HOST_ANSWERS,
    HOST_ADDRESSES,
    HOST_ROUTES,
    HOST_SOCKETS,
    HOST_OPERATIONS,
    HOST_SEND_BYTES,
    HOST_RECEIVE_BYTES,
};
#define HOST_TABLE_COUNT  14
#define HOST_FIRST_BUFFER HOST_SEND_BYTES

/* One armed connection: its earliest deadline, and the order of arming among equal ones. */
struct host_timer {
    uint64_t deadline;
    uint64_t order;
    uint32_t slot;
    uint32_t padding;
};

/* An answer that quotes a segment: all that its header says. */
struct host_answer {
    struct tcp_endpoint source;
    struct tcp_endpoint destination;
    tcp_seqno seq;
    tcp_seqno ack;
    uint16_t flags;
    uint8_t traffic_class; /* as all that the connection sends */
    uint8_t has_timestamps;
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
};

/* A first-in-first-out list of TCBs, linked through one of their members. */
struct host_fifo {
    uint32_t first;
    uint32_t last;
};

struct tcp_host {
    uint64_t magic;
    uint64_t block_bytes;
    uint64_t table_at[HOST_TABLE_COUNT];
    uint64_t table_bytes[HOST_TABLE_COUNT];
    struct tcp_limits limits;
    struct tcp_config config;
    uint64_t now;
    uint64_t timer_order;
    uint64_t route_uses; /* of what is known of paths, so far */
    struct tcp_counters counters;
    struct tcb_record last_step;
    struct host_fifo owed;
    struct host_fifo events;
    uint32_t bucket_count; /* of the demultiplexer and of the ports: a power of two */
    uint32_t tcb_free;
    uint32_t path_free;
    uint32_t stream_free;
    uint32_t timer_count;
    uint32_t answer_first;
    uint32_t answer_count;
    uint32_t address_count;
    uint32_t recent_slot; /* the flow of the last segment is tried first */
    uint32_t port_counter;
    uint32_t identification; /* of the next IPv4 packet that may be fragmented */
    uint32_t padding;
};

static inline void *host_table(struct tcp_host *host, enum host_table table)
{
    return (uint8_t *)host + host->table_at[table];
}

static inline const void *host_table_read(const struct tcp_host *host, enum host_table table)
{
    return (const uint8_t *)host + host->table_at[table];
}

static inline struct tcb *host_tcb(struct tcp_host *host, uint32_t slot)
{
    TCP_ASSERT(slot < host->limits.connections);
    return (struct tcb *)host_table(host, HOST_TCBS) + slot;
}

static inline const struct tcb *host_tcb_read(const struct tcp_host *host, uint32_t slot)
{
    TCP_ASSERT(slot < host->limits.connections);
    return (const struct tcb *)host_table_read(host, HOST_TCBS) + slot;
}

/* NULL for TCB_NONE. */
static inline struct tcb_path *host_path(struct tcp_host *host, uint32_t index)
{
    TCP_ASSERT(index == TCB_NONE || index < host->limits.paths);
    return index == TCB_NONE ? NULL : (struct tcb_path *)host_table(host, HOST_PATHS) + index;
}

static inline struct tcb_stream *host_stream(struct tcp_host *host, uint32_t index)
{
    TCP_ASSERT(index == TCB_NONE || index < host->limits.streams);
    return index == TCB_NONE ? NULL : (struct tcb_stream *)host_table(host, HOST_STREAMS) + index;
}

static inline const struct tcb_path *host_path_read(const struct tcp_host *host, uint32_t index)
{
    TCP_ASSERT(index == TCB_NONE || index < host->limits.paths);
    return index == TCB_NONE ? NULL
                             : (const struct tcb_path *)host_table_read(host, HOST_PATHS) + index;
}

static inline const struct tcb_stream *host_stream_read(const struct tcp_host *host, uint32_t index)
{
    TCP_ASSERT(index == TCB_NONE || index < host->limits.streams);
    return index == TCB_NONE
               ? NULL
               : (const struct tcb_stream *)host_table_read(host, HOST_STREAMS) + index;
}

static inline uint32_t host_slot_of(const struct tcp_host *host, const struct tcb *tcb)
{
    return (uint32_t)(tcb - (const struct tcb *)host_table_read(host, HOST_TCBS));
}

/* Is the record in use? A free one has no generation that a handle could name. */
static inline bool host_is_free(const struct tcb *tcb)
{
    return (tcb->generation & 1u) == 0;
}

static inline tcp_handle host_handle(const struct tcp_host *host, const struct tcb *tcb)
{
    return (tcp_handle){host_slot_of(host, tcb), tcb->generation};
}

static inline void host_count(uint32_t *counter)
{
    *counter += *counter < UINT32_MAX; /* saturates */
}

/* Stores an endpoint that came from outside: its padding is no part of the value. */
static inline void host_store_endpoint(struct tcp_endpoint *to, const struct tcp_endpoint *from)
{
    memset(to, 0, sizeof *to);
    to->address = from->address;
    to->port = from->port;
}

/* Takes over every field but the secret. Field by field: the caller's padding is no part of the value
 * that tcp_host_same() compares. */
void host_adopt_config(struct tcp_host *host, const struct tcp_config *config);

/* Lays the guard gaps again, and under ASan the poison that goes with them and with free buffers. */
void host_lay_guards(struct tcp_host *host);

/* Is every guard byte as it was laid? */
bool host_guards_are_intact(const struct tcp_host *host);

/* Under ASan: makes a stream's buffers usable, or not. Nothing otherwise. */
void host_expose_buffers(struct tcp_host *host, uint32_t stream);
void host_hide_buffers(struct tcp_host *host, uint32_t stream);

/* Under ASan: lifts all poison from a block (before it is copied or laid out). */
void host_expose_all(const void *block, size_t bytes);

#endif
