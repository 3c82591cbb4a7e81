/* The packets of one connection, gathered from a capture. */
#include "capture/imported.h"

#include "tcp/seq.h"

struct import *import_create(uint64_t flow, struct arena *arena)
{
    struct import *import = arena_take(arena, sizeof *import);
    import->arena = arena;
    import->wanted = flow;
    import->flows = capture_flows_create(arena);
    return import;
}

const struct capture_flow *import_flow(const struct import *import)
{
    return import->flow;
}

uint64_t import_flows(const struct import *import)
{
    return capture_flows_count(import->flows);
}

/* ---- gathering ------------------------------------------------------------------------------------- */

/* The SYN that opens another connection than the first. */
static bool opens_another(const struct import *import, const struct tcp_segment *segment,
                          bool is_from_opener)
{
    return is_from_opener && tcp_segment_has(segment, TCP_FLAG_SYN) &&
           !tcp_seq_equal(segment->seq, import->packets[0].seq);
}

static void add(struct import *import, tcp_time at, const struct tcp_segment *segment,
                bool is_from_opener)
{
    void *packets = import->packets;
    arena_grow(import->arena, &packets, &import->capacity, import->count, sizeof *import->packets);
    import->packets = packets;
    import->packets[import->count++] = (struct imported){.at = at,
                                                         .is_from_opener = is_from_opener,
                                                         .seq = segment->seq,
                                                         .ack = segment->ack,
                                                         .flags = segment->flags,
                                                         .window = segment->window,
                                                         .urgent = segment->urgent,
                                                         .payload_bytes = segment->payload_bytes,
                                                         .options = segment->options};
}

void import_packet(struct import *import, tcp_time at, const struct capture_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    enum capture_end sender;
    const struct capture_flow *flow = capture_flows_note(import->flows, packet, &sender);
    if (flow->number != import->wanted || import->is_midway || import->begins_anew) {
        return;
    }
    import->flow = flow;
    const bool is_from_opener = sender == CAPTURE_A;
    if (packet->wire != TCP_WIRE_OK || packet->sum == CAPTURE_SUM_WRONG) {
        import->damaged++;
    } else if (import->count == 0 && (!is_from_opener || !tcp_segment_has(segment, TCP_FLAG_SYN))) {
        import->is_midway = true;
    } else if (import->count > 0 && opens_another(import, segment, is_from_opener)) {
        import->begins_anew = true;
    } else if (import->count == IMPORT_PACKETS_MAX) {
        import->is_too_long = true;
    } else {
        add(import, at, segment, is_from_opener);
    }
}
