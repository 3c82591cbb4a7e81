/* Flows are numbered as in the first walk; each knows which findings it has. */
#include "capture/excerpt.h"

#include <string.h>

struct excerpts {
    struct arena *arena;
    struct capture_flows *flows;
    const struct audit_finding *findings;
    struct trace *traces;
    size_t count;
    size_t *by_flow; /* places of findings, in the order of flows */
};

/* qsort_r's arguments are void; a simple sort does for what people can read. */
static void sort_by_flow(struct excerpts *excerpts)
{
    for (size_t i = 0; i < excerpts->count; i++) {
        size_t at = i;
        for (; at > 0 &&
               excerpts->findings[excerpts->by_flow[at - 1]].flow > excerpts->findings[i].flow;
             at--) {
            excerpts->by_flow[at] = excerpts->by_flow[at - 1];
        }
        excerpts->by_flow[at] = i;
    }
}

struct excerpts *excerpts_create(const struct audit_finding *findings, size_t count,
                                 struct arena *arena)
{
    struct excerpts *excerpts = arena_take(arena, sizeof *excerpts);
    excerpts->arena = arena;
    excerpts->flows = capture_flows_create(arena);
    excerpts->findings = findings;
    excerpts->count = count;
    excerpts->traces = arena_take(arena, count * sizeof *excerpts->traces);
    excerpts->by_flow = arena_take(arena, count * sizeof *excerpts->by_flow);
    sort_by_flow(excerpts);
    for (size_t i = 0; i < count; i++) {
        struct trace_incarnation *life = arena_take(arena, sizeof *life);
        *life = (struct trace_incarnation){.flow = findings[i].ends};
        excerpts->traces[i] = (struct trace){.arena = arena,
                                             .incarnations = life,
                                             .incarnation_count = 1,
                                             .ip_version = findings[i].ends.local.address.version};
    }
    return excerpts;
}

/* The first place in by_flow of a finding of that flow, or `count`. */
static size_t first_of_flow(const struct excerpts *excerpts, uint64_t flow)
{
    size_t low = 0;
    size_t high = excerpts->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (excerpts->findings[excerpts->by_flow[middle]].flow < flow) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void name_numbers(struct trace_incarnation *life, const struct capture_flow *flow,
                         enum capture_end local)
{
    life->has_local_isn = flow->has_isn[local];
    life->has_remote_isn = flow->has_isn[1 - local];
    life->local_isn = flow->isn[local];
    life->remote_isn = flow->isn[1 - local];
}

/* Packets may stand in a capture in another order than their times: then they count as later. */
static tcp_time drawn_at(const struct trace *trace, tcp_time at)
{
    if (trace->record_count == 0) {
        return at;
    }
    const tcp_time previous = trace->records[trace->record_count - 1].at;
    return at.us < previous.us ? previous : at;
}

static void add(struct excerpts *excerpts, size_t finding, const struct capture_flow *flow,
                enum capture_end sender, tcp_time at, const struct capture_packet *packet)
{
    struct trace *trace = &excerpts->traces[finding];
    const struct tcp_endpoint *local = &excerpts->findings[finding].ends.local;
    const bool a_is_local =
        memcmp(&flow->ends[CAPTURE_A].address, &local->address, sizeof local->address) == 0 &&
        flow->ends[CAPTURE_A].port == local->port;
    const enum capture_end local_end = a_is_local ? CAPTURE_A : CAPTURE_B;
    const size_t all = packet->layout.payload_offset;
    const size_t headers = all < packet->count ? all : packet->count;
    uint8_t *bytes = arena_take(excerpts->arena, headers);
    memcpy(bytes, packet->bytes, headers);
    if (trace->record_count == 0) {
        trace->start = at;
    }
    name_numbers(trace->incarnations, flow, local_end);
    struct trace_record *record =
        trace_add(trace, TRACE_PACKET, drawn_at(trace, at), TRACE_NO_EVENT, 0);
    record->as.packet =
        (struct trace_packet){.direction = sender == local_end ? TRACE_FROM_SUT : TRACE_TO_SUT,
                              .bytes = bytes,
                              .count = headers,
                              .wire = packet->wire,
                              .segment = packet->segment,
                              .layout = packet->layout};
    record->as.packet.segment.payload = NULL;
}

void excerpts_packet(struct excerpts *excerpts, tcp_time at, const struct capture_packet *packet)
{
    enum capture_end sender;
    const struct capture_flow *flow = capture_flows_note(excerpts->flows, packet, &sender);
    for (size_t i = first_of_flow(excerpts, flow->number); i < excerpts->count; i++) {
        const size_t finding = excerpts->by_flow[i];
        const struct audit_finding *found = &excerpts->findings[finding];
        if (found->flow != flow->number) {
            break;
        }
        if (flow->packets + EXCERPT_BEFORE >= found->packet_of_flow &&
            flow->packets <= found->packet_of_flow + EXCERPT_AFTER) {
            add(excerpts, finding, flow, sender, at, packet);
        }
    }
}

const struct trace *excerpt_of(const struct excerpts *excerpts, size_t finding)
{
    return &excerpts->traces[finding];
}
