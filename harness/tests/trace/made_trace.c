#include "made_trace.h"

#include <stdlib.h>

#define START_US UINT64_C(1000000000)

struct trace *made_trace(void)
{
    struct arena *arena = arena_create();
    struct trace *trace = arena_take(arena, sizeof *trace);
    *trace = (struct trace){
        .arena = arena, .script = "made.pkt", .sut = "core", .ip_version = 4, .start = {START_US}};
    return trace;
}

void made_trace_free(struct trace *trace)
{
    arena_destroy(trace->arena);
}

static struct trace_record *add(struct trace *trace, enum trace_kind kind, uint64_t at_us)
{
    return trace_add(trace, kind, (tcp_time){START_US + at_us}, TRACE_NO_EVENT, 0);
}

uint32_t made_incarnation(struct trace *trace, const char *label, uint16_t peer_port,
                          uint16_t sut_port, uint32_t peer_isn, uint32_t sut_isn)
{
    void *items = trace->incarnations;
    arena_grow(trace->arena, &items, &trace->incarnation_capacity, trace->incarnation_count,
               sizeof *trace->incarnations);
    trace->incarnations = items;
    trace->incarnations[trace->incarnation_count] = (struct trace_incarnation){
        .label = label,
        .flow = {.local = {.address = {{192, 168, 0, 1}, 4}, .port = sut_port},
                 .remote = {.address = {{192, 0, 2, 1}, 4}, .port = peer_port}},
        .has_local_isn = true,
        .has_remote_isn = true,
        .local_isn = {sut_isn},
        .remote_isn = {peer_isn},
    };
    return (uint32_t)trace->incarnation_count++;
}

struct trace_packet *made_packet(struct trace *trace, uint64_t at_us,
                                 enum trace_direction direction, uint32_t incarnation,
                                 uint16_t flags, uint32_t seq, uint32_t payload_bytes, uint32_t ack,
                                 uint16_t window)
{
    const struct trace_incarnation *life = &trace->incarnations[incarnation];
    const bool is_in = direction == TRACE_TO_SUT;
    struct trace_packet *packet = &add(trace, TRACE_PACKET, at_us)->as.packet;
    *packet = (struct trace_packet){
        .direction = direction,
        .incarnation = incarnation,
        .segment = {.source = is_in ? life->flow.remote : life->flow.local,
                    .destination = is_in ? life->flow.local : life->flow.remote,
                    .seq = {seq + (is_in ? life->remote_isn : life->local_isn).raw},
                    .ack = {ack + (is_in ? life->local_isn : life->remote_isn).raw},
                    .flags = flags,
                    .window = window,
                    .ttl = 64,
                    .payload_bytes = payload_bytes},
    };
    return packet;
}

void made_octets(struct trace *trace, struct trace_packet *packet)
{
    const size_t count = TCP_WIRE_HEADROOM + packet->segment.payload_bytes;
    struct tcp_room room = {arena_take(trace->arena, count), count};
    packet->segment.payload = room.bytes + TCP_WIRE_HEADROOM;
    const struct tcp_room written = tcp_wire_write(&packet->segment, room);
    packet->bytes = written.bytes;
    packet->count = written.count;
    packet->wire = tcp_wire_read(packet->bytes, packet->count, &packet->segment, &packet->layout);
}

void made_state(struct trace *trace, uint64_t at_us, uint32_t incarnation, enum tcb_state from,
                enum tcb_state to)
{
    add(trace, TRACE_STATE, at_us)->as.state = (struct trace_state){incarnation, from, to};
}

void made_call(struct trace *trace, uint64_t at_us, uint32_t cookie, const char *words)
{
    add(trace, TRACE_CALL, at_us)->as.call = (struct trace_call){.text = words, .cookie = cookie};
}

void made_result(struct trace *trace, uint64_t at_us, uint32_t cookie, const char *words,
                 int64_t value, const char *error)
{
    add(trace, TRACE_CALL_DONE, at_us)->as.call =
        (struct trace_call){.text = words, .cookie = cookie, .value = value, .error = error};
}

struct tcp_step_record *made_step(struct trace *trace, uint64_t at_us, enum tcp_cause cause)
{
    struct trace_record *record = add(trace, TRACE_STEP, at_us);
    record->as.step = (struct tcp_step_record){.cause = cause};
    return &record->as.step;
}
