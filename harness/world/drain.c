/* After each cause: every packet and event that the host owes, then the oracles and the host's own
 * check. */
#include "world/world_state.h"

#include "oracle/deadlines.h"

/* The room where segments are formed: in scratch, whose payload is copied when it is kept. */
static struct tcp_room scratch(struct world *world)
{
    return (struct tcp_room){world->scratch, sizeof world->scratch};
}

/* The packet as the trace and the network get it: octets and how they read, or the segment alone. */
static void form(struct world *world, struct world_one *one, const struct tcp_segment *segment,
                 struct world_packet *out, struct tcp_wire_layout *layout)
{
    if (world->config.oracles == WORLD_ORACLES_ALL) {
        const struct tcp_room written = tcp_wire_write(segment, scratch(world));
        out->bytes = world_keep(one, written.bytes, written.count);
        out->count = written.count;
        (void)tcp_wire_read(out->bytes, out->count, &out->segment, layout);
        return;
    }
    out->segment = *segment;
    out->segment.payload = world_keep(one, segment->payload, segment->payload_bytes);
}

static void mix_segment(struct world *world, const struct world_one *one,
                        const struct tcp_segment *segment)
{
    world_mix(world, world->now.us * 2 + world_place(world, one));
    world_mix(world, (uint64_t)segment->seq.raw << 32 | segment->ack.raw);
    world_mix(world, (uint64_t)segment->flags << 48 | (uint64_t)segment->window << 32 |
                         segment->payload_bytes);
    world_mix(world, (uint64_t)segment->source.port << 16 | segment->destination.port);
}

static void take_segment(struct world *world, struct world_one *one,
                         const struct tcp_segment *segment)
{
    const uint32_t life = world_life_of_sent(world, one, segment);
    struct tcp_wire_layout layout = {0};
    struct world_packet packet = {
        .sent = world->now,
        .life = life,
        .connection = life == WORLD_NONE ? WORLD_NONE : one->lives.items[life].connection,
    };
    form(world, one, segment, &packet, &layout);
    mix_segment(world, one, segment);
    if (world_traces(world)) {
        struct trace_packet *record = &world_record(world, one, TRACE_PACKET)->as.packet;
        record->direction = TRACE_FROM_SUT;
        record->bytes = packet.bytes;
        record->count = packet.count;
        record->wire = TCP_WIRE_OK;
        record->segment = packet.segment;
        record->layout = layout;
        record->incarnation = life;
    }
    if (world->start.hosts > 1) {
        world_send(world, one, &packet);
    }
}

static bool take_segments(struct world *world, struct world_one *one, uint32_t *burst)
{
    struct tcp_segment segment;
    bool is_moving = false;
    while (*burst < DEADLINES_BURST_MAX &&
           tcp_host_poll_segment(one->host, scratch(world), &segment)) {
        is_moving = true;
        ++*burst;
        take_segment(world, one, &segment);
    }
    return is_moving;
}

static bool take_events(struct world *world, struct world_one *one)
{
    struct tcp_event event;
    bool is_moving = false;
    while (tcp_host_poll_event(one->host, &event)) {
        is_moving = true;
        if (event.state_count > 0) {
            world_note_states(world, one, &event);
        }
    }
    return is_moving;
}

void world_note_step(struct world *world, struct world_one *one)
{
    const struct tcp_step_record step = tcp_host_last_step(one->host);
    if (step.cause == TCP_CAUSE_NONE || step.number == one->step_number) {
        return;
    }
    one->step_number = step.number;
    const uint32_t life = world_life_of(world, one, step.connection);
    if (step.before == TCB_SYN_SENT && step.verdict == TCP_VERDICT_ACCEPT && life != WORLD_NONE) {
        world_note_opened(world, one->lives.items[life].connection);
    }
    if ((step.after == TCB_CLOSED || step.after == TCB_LISTEN) && life != WORLD_NONE) {
        one->lives.items[life].end = step;
        one->lives.items[life].has_end = true;
    }
    if (step.cause == TCP_CAUSE_SEGMENT && life != WORLD_NONE) {
        world_note_taken(world, one, life, &step);
    }
    if (world_traces(world)) {
        world_record(world, one, TRACE_STEP)->as.step = step;
    }
}

void world_drain(struct world *world, struct world_one *one)
{
    one->owes_drain = false;
    uint32_t burst = 0;
    for (bool is_moving = true; is_moving && burst < DEADLINES_BURST_MAX;) {
        is_moving = take_segments(world, one, &burst);
        is_moving = take_events(world, one) || is_moving;
        is_moving = (one->pending_count > 0 && world_resume(world, one, &burst)) || is_moving;
    }
    world_tell_ends(world, one);
    if (!world_traces(world)) {
        return;
    }
    (void)world_record(world, one, TRACE_DRAIN);
    oracle_set_observe(one->oracles);
    if (++one->drains % world->config.check_every == 0) {
        world_report_invariant(world, one, tcp_host_check(one->host));
    } else {
        world_judge(world, one);
    }
    if (burst >= DEADLINES_BURST_MAX) {
        world_report(world, world_place(world, one), ORACLE_REPORTED_DEADLINES, DEADLINES_ENDLESS);
    }
}
