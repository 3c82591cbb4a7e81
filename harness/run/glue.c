/* Scripts written for kernels speak of what the kernel hands down at once; on the wire that is several
 * segments. In compat and portable mode consecutive segments of one size, of which the last may be
 * shorter, count as one until the script's length is reached. */
#include "run/expect.h"

#include <string.h>

static bool may_follow(const struct trace_packet *first, const struct trace_packet *next,
                       uint32_t bytes)
{
    return next->wire == TCP_WIRE_OK && next->incarnation == first->incarnation &&
           next->segment.payload_bytes > 0 &&
           next->segment.payload_bytes <= first->segment.payload_bytes &&
           tcp_seq_equal(next->segment.seq, tcp_seq_add(first->segment.seq, bytes));
}

/* How many packets make `wanted` octets; 1 when no number does. */
static size_t count_packets(const struct run *run, const struct trace_packet *first,
                            uint32_t wanted)
{
    uint32_t bytes = first->segment.payload_bytes;
    uint32_t size = bytes;
    size_t count = 1;
    while (bytes < wanted && size == first->segment.payload_bytes) {
        const struct trace_record *const record = expect_waiting(run, count);
        if (record == NULL || !may_follow(first, &record->as.packet, bytes)) {
            return 1;
        }
        size = record->as.packet.segment.payload_bytes;
        bytes += size;
        count++;
    }
    return bytes == wanted ? count : 1;
}

static const uint8_t *joined_payload(struct run *run, size_t count, uint32_t total)
{
    uint8_t *const bytes = arena_take(run->arena, total);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct tcp_segment *const segment = &expect_waiting(run, i)->as.packet.segment;
        memcpy(bytes + at, segment->payload, segment->payload_bytes);
        at += segment->payload_bytes;
    }
    return bytes;
}

/* Flags and options are those of the last segment, sequence number and CWR those of the first. */
size_t expect_glue(struct run *run, const struct scenario_tcp *tcp, struct trace_packet *out)
{
    const struct trace_packet *const first = &expect_waiting(run, 0)->as.packet;
    *out = *first;
    if (run->mode == RUN_STRICT || first->wire != TCP_WIRE_OK ||
        first->segment.payload_bytes == 0) {
        return 1;
    }
    const size_t count = count_packets(run, first, tcp->payload_bytes);
    if (count > 1) {
        *out = expect_waiting(run, count - 1)->as.packet;
        out->segment.seq = first->segment.seq;
        out->segment.flags = (uint16_t)((out->segment.flags & ~TCP_FLAG_CWR) |
                                        (first->segment.flags & TCP_FLAG_CWR));
        out->segment.payload = joined_payload(run, count, tcp->payload_bytes);
        out->segment.payload_bytes = tcp->payload_bytes;
    }
    return count;
}
