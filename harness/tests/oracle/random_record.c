/* Records what goes in and comes out of the system under test, as the runner does. */
#include <string.h>

#include "random_traffic.h"
#include "tcp/seq.h"

struct trace_record *traffic_record(struct traffic *traffic, enum trace_kind kind)
{
    return trace_add(&traffic->trace, kind, traffic->now, TRACE_NO_EVENT, 0);
}

static bool same_endpoint(const struct tcp_endpoint *a, const struct tcp_endpoint *b)
{
    return a->port == b->port &&
           memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes) == 0;
}

bool traffic_same_flow(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return same_endpoint(&a->local, &b->local) && same_endpoint(&a->remote, &b->remote);
}

/* The latest incarnation of a flow. */
uint32_t traffic_latest_incarnation(const struct traffic *traffic, const struct tcp_flow *flow)
{
    for (size_t i = traffic->trace.incarnation_count; i-- > 0;) {
        if (traffic_same_flow(&traffic->trace.incarnations[i].flow, flow)) {
            return (uint32_t)i;
        }
    }
    return TRACE_NO_EVENT;
}

uint32_t traffic_count_incarnations(const struct traffic *traffic, const struct tcp_flow *flow)
{
    uint32_t count = 0;
    for (size_t i = 0; i < traffic->trace.incarnation_count; i++) {
        count += traffic_same_flow(&traffic->trace.incarnations[i].flow, flow) ? 1 : 0;
    }
    return count;
}

static uint32_t incarnation_of_sent(struct traffic *traffic, const struct tcp_segment *segment)
{
    const struct tcp_flow flow = {segment->source, segment->destination};
    const uint32_t latest = traffic_latest_incarnation(traffic, &flow);
    struct trace *trace = &traffic->trace;
    if (!tcp_segment_has(segment, TCP_FLAG_SYN) ||
        (latest != TRACE_NO_EVENT &&
         tcp_seq_equal(trace->incarnations[latest].local_isn, segment->seq))) {
        return latest;
    }
    void *incarnations = trace->incarnations;
    arena_grow(traffic->arena, &incarnations, &trace->incarnation_capacity,
               trace->incarnation_count, sizeof *trace->incarnations);
    trace->incarnations = incarnations;
    trace->incarnations[trace->incarnation_count] =
        (struct trace_incarnation){.flow = flow, .has_local_isn = true, .local_isn = segment->seq};
    return (uint32_t)trace->incarnation_count++;
}

void traffic_record_packet(struct traffic *traffic, enum trace_direction direction,
                           const uint8_t *bytes, size_t count)
{
    uint8_t *copy = arena_take(traffic->arena, count);
    memcpy(copy, bytes, count);
    struct trace_packet packet = {
        .direction = direction, .bytes = copy, .count = count, .incarnation = TRACE_NO_EVENT};
    packet.wire = tcp_wire_read(copy, count, &packet.segment, &packet.layout);
    packet.is_icmp =
        packet.wire == TCP_WIRE_NOT_TCP && tcp_icmp_read(copy, count, &packet.icmp) == TCP_WIRE_OK;
    if (direction == TRACE_FROM_SUT) {
        packet.incarnation = incarnation_of_sent(traffic, &packet.segment);
    }
    traffic_record(traffic, TRACE_PACKET)->as.packet = packet;
}

static struct traffic_tcb *find_record(struct traffic *traffic, tcp_handle handle)
{
    struct traffic_tcb *record = &traffic->records[handle.slot % TRAFFIC_RECORDS_MAX];
    if (record->handle.generation != handle.generation || record->handle.slot != handle.slot) {
        *record = (struct traffic_tcb){.handle = handle, .incarnation = TRACE_NO_EVENT};
    }
    return record;
}

/* The life that has begun: the latest, if its SYN left in this batch. One that ended before anything of it was
 * polled has none. */
static uint32_t begun_incarnation(const struct traffic *traffic, const struct tcp_flow *flow)
{
    const struct trace *trace = &traffic->trace;
    const uint32_t latest = traffic_latest_incarnation(traffic, flow);
    for (size_t i = trace->record_count; i-- > 0 && trace->records[i].kind != TRACE_DRAIN;) {
        const struct trace_packet *packet = &trace->records[i].as.packet;
        if (trace->records[i].kind == TRACE_PACKET && packet->direction == TRACE_FROM_SUT &&
            packet->incarnation == latest && tcp_segment_has(&packet->segment, TCP_FLAG_SYN)) {
            return latest;
        }
    }
    return TRACE_NO_EVENT;
}

static void record_states(struct traffic *traffic, const struct sut_report *report)
{
    struct traffic_tcb *record = find_record(traffic, report->connection);
    for (uint32_t i = report->state_count < 16 ? report->state_count : 16; i-- > 0;) {
        const enum tcb_state to = (enum tcb_state)(report->states >> 4 * i & 15);
        if (to == TCB_SYN_RECEIVED && record->state == TCB_CLOSED) {
            record->state = TCB_LISTEN; /* a child begins there */
        }
        if (to == TCB_SYN_SENT || (to == TCB_SYN_RECEIVED && record->state != TCB_SYN_SENT)) {
            record->incarnation = begun_incarnation(traffic, &report->flow);
        }
        if (to == record->state || record->incarnation == TRACE_NO_EVENT) {
            continue; /* what a record did before TIME-WAIT was reopened is told under the new handle */
        }
        traffic_record(traffic, TRACE_STATE)->as.state =
            (struct trace_state){record->incarnation, record->state, to};
        record->state = to;
    }
}

void traffic_drain(struct traffic *traffic)
{
    for (size_t count; (count = traffic->sut->output(traffic->instance, traffic->room)) > 0;) {
        traffic_record_packet(traffic, TRACE_FROM_SUT, traffic->room.bytes, count);
    }
    struct sut_report report;
    while (traffic->sut->poll(traffic->instance, traffic->now, &report)) {
        if (report.kind == SUT_REPORT_STEP) {
            traffic_record(traffic, TRACE_STEP)->as.step = report.step;
        } else if (report.kind == SUT_REPORT_STATES) {
            record_states(traffic, &report);
        }
    }
    (void)traffic_record(traffic, TRACE_DRAIN);
    const struct sut_call check = {.kind = SUT_CALL_CHECK};
    oracle_set_report_invariant(
        traffic->oracles,
        traffic->sut->call(traffic->instance, traffic->now, &check).broken_invariant);
}
