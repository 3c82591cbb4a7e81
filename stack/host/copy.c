/* Copying and comparing hosts: tables whole, buffer octets only where they are in use. */
#include <string.h>

#include "host/block.h"

/* One part of a ring that is in use and does not wrap: [from, from + count) of its storage. */
struct part {
    size_t from;
    size_t count;
};

/* The up to two parts of a ring's first `bytes` octets from its head. */
static void parts_of(const struct ring *ring, uint32_t bytes, struct part out[2])
{
    const uint32_t to_end = ring->capacity - ring->head;
    const uint32_t first = bytes < to_end ? bytes : to_end;
    out[0] = (struct part){ring->head, first};
    out[1] = (struct part){0, bytes - first};
}

/* How far from its head a receive ring holds octets, the last island's included. */
static uint32_t extent(const struct receive_buffer *buffer, const struct range *islands)
{
    if (buffer->islands.count == 0) {
        return buffer->ring.count;
    }
    return buffer->ring.count + (islands[buffer->islands.count - 1].right - buffer->next);
}

static const struct tcb_stream *stream_at(const struct tcp_host *host, uint32_t index)
{
    return (const struct tcb_stream *)host_table_read(host, HOST_STREAMS) + index;
}

static const uint8_t *send_at(const struct tcp_host *host, uint32_t index)
{
    return (const uint8_t *)host_table_read(host, HOST_SEND_BYTES) +
           (size_t)index * host->limits.send_buffer_bytes;
}

static const uint8_t *receive_at(const struct tcp_host *host, uint32_t index)
{
    return (const uint8_t *)host_table_read(host, HOST_RECEIVE_BYTES) +
           (size_t)index * host->limits.receive_buffer_bytes;
}

/* The parts in use of one stream: two of the send buffer, two of the receive buffer. */
static void parts_of_stream(const struct tcp_host *host, uint32_t index, struct part send[2],
                            struct part receive[2])
{
    const struct tcb_stream *stream = stream_at(host, index);
    const struct range *islands = (const struct range *)host_table_read(host, HOST_ISLANDS) +
                                  (size_t)index * host->limits.islands;
    parts_of(&stream->send, stream->send.count, send);
    parts_of(&stream->receive.ring, extent(&stream->receive, islands), receive);
}

struct tcp_host *tcp_host_copy(void *to, size_t to_bytes, const struct tcp_host *from)
{
    TCP_ASSERT(to_bytes >= from->block_bytes && (uintptr_t)to % TCP_HOST_ALIGNMENT == 0);
    struct tcp_host *copy = to;
    host_expose_all(to, (size_t)from->table_at[HOST_FIRST_BUFFER]);
    memcpy(copy, from, sizeof *from);
    for (uint32_t table = 0; table < HOST_FIRST_BUFFER; table++) {
        if (from->table_bytes[table] > 0) {
            memcpy(host_table(copy, (enum host_table)table),
                   host_table_read(from, (enum host_table)table), (size_t)from->table_bytes[table]);
        }
    }
    for (uint32_t index = 0; index < from->limits.streams; index++) {
        if (!stream_at(from, index)->is_used) {
            continue;
        }
        host_expose_buffers(copy, index);
        struct part send[2], receive[2];
        parts_of_stream(from, index, send, receive);
        const size_t send_offset = (size_t)(send_at(from, index) - (const uint8_t *)from);
        const size_t receive_offset = (size_t)(receive_at(from, index) - (const uint8_t *)from);
        for (uint32_t i = 0; i < 2; i++) {
            memcpy((uint8_t *)to + send_offset + send[i].from, send_at(from, index) + send[i].from,
                   send[i].count);
            memcpy((uint8_t *)to + receive_offset + receive[i].from,
                   receive_at(from, index) + receive[i].from, receive[i].count);
        }
    }
    host_lay_guards(copy);
    return copy;
}

static bool stream_same(const struct tcp_host *a, const struct tcp_host *b, uint32_t index)
{
    struct part send[2], receive[2];
    parts_of_stream(a, index, send, receive);
    bool is_same = true;
    for (uint32_t i = 0; i < 2; i++) {
        is_same = is_same &&
                  memcmp(send_at(a, index) + send[i].from, send_at(b, index) + send[i].from,
                         send[i].count) == 0 &&
                  memcmp(receive_at(a, index) + receive[i].from,
                         receive_at(b, index) + receive[i].from, receive[i].count) == 0;
    }
    return is_same;
}

bool tcp_host_same(const struct tcp_host *a, const struct tcp_host *b)
{
    if (memcmp(a, b, sizeof *a) != 0) {
        return false;
    }
    for (uint32_t table = 0; table < HOST_FIRST_BUFFER; table++) {
        if (a->table_bytes[table] > 0 && memcmp(host_table_read(a, (enum host_table)table),
                                                host_table_read(b, (enum host_table)table),
                                                (size_t)a->table_bytes[table]) != 0) {
            return false;
        }
    }
    for (uint32_t index = 0; index < a->limits.streams; index++) {
        if (stream_at(a, index)->is_used && !stream_same(a, b, index)) {
            return false;
        }
    }
    return true;
}
