/* Which life of a connection is which: by handle, by four-tuple, and between two hosts by the number of
 * the connection that each packet carries from the life that sent it. The lives of a host and the
 * incarnations of its trace are the same list. */
#include "world/world_state.h"

#include <string.h>

struct world_life *world_life_at(struct world_one *one, uint32_t life)
{
    return life < one->lives.count ? &one->lives.items[life] : NULL;
}

static uint64_t mix64(uint64_t word)
{
    word = (word ^ word >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    return word ^ word >> 30;
}

static uint32_t add_life(struct world *world, struct world_one *one, const struct tcp_flow *flow,
                         uint32_t connection)
{
    void *items = one->lives.items;
    arena_grow(one->arena, &items, &one->lives.capacity, one->lives.count,
               sizeof *one->lives.items);
    one->lives.items = items;
    const uint32_t index = (uint32_t)one->lives.count++;
    one->lives.items[index] = (struct world_life){
        .connection = connection,
        .key = mix64((uint64_t)connection * 2 + 1 + world_place(world, one)),
    };
    struct trace *trace = &one->trace;
    void *incarnations = trace->incarnations;
    arena_grow(one->arena, &incarnations, &trace->incarnation_capacity, trace->incarnation_count,
               sizeof *trace->incarnations);
    trace->incarnations = incarnations;
    trace->incarnations[trace->incarnation_count++] = (struct trace_incarnation){.flow = *flow};
    return index;
}

static bool same_flow(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return a->local.port == b->local.port && a->remote.port == b->remote.port &&
           memcmp(a->remote.address.bytes, b->remote.address.bytes,
                  sizeof a->remote.address.bytes) == 0;
}

/* A life that packets of the other host told of, whose record now is there. The latest one. */
static uint32_t take_embryo(struct world_one *one, const struct tcp_flow *flow)
{
    for (uint32_t i = (uint32_t)one->lives.count; i-- > 0;) {
        if (same_flow(&one->trace.incarnations[i].flow, flow)) {
            return one->lives.items[i].handle.generation == 0 ? i : WORLD_NONE;
        }
    }
    return WORLD_NONE;
}

static uint32_t begin_life(struct world *world, struct world_one *one, tcp_handle handle,
                           const struct tcp_status *status)
{
    uint32_t life = WORLD_NONE;
    if (world->start.hosts > 1 && status->is_passive) {
        life = take_embryo(one, &status->flow);
    }
    if (life == WORLD_NONE) {
        life = add_life(world, one, &status->flow, world->connections++);
    }
    const struct tcp_step_record step = tcp_host_last_step(one->host);
    const bool is_reopened = step.verdict == TCP_VERDICT_REOPEN;
    one->lives.items[life].handle = handle;
    one->lives.items[life].state = is_reopened          ? TCB_TIME_WAIT
                                   : status->is_passive ? TCB_LISTEN
                                                        : TCB_CLOSED;
    struct trace_incarnation *incarnation = &one->trace.incarnations[life];
    incarnation->is_passive = status->is_passive;
    incarnation->has_local_isn = true;
    incarnation->local_isn = status->iss;
    return life;
}

uint32_t world_life_of(struct world *world, struct world_one *one, tcp_handle handle)
{
    if (handle.generation == 0 || handle.slot >= WORLD_SLOTS_MAX) {
        return WORLD_NONE;
    }
    struct world_slot *slot = &one->slots[handle.slot];
    if (slot->generation == handle.generation) {
        return slot->life;
    }
    struct tcp_status status;
    if (tcp_host_look(one->host, handle, &status) != TCP_OK || status.flow.remote.port == 0) {
        return WORLD_NONE;
    }
    *slot = (struct world_slot){handle.generation, begin_life(world, one, handle, &status)};
    return slot->life;
}

uint32_t world_life_of_sent(struct world *world, struct world_one *one,
                            const struct tcp_segment *segment)
{
    const struct tcp_flow flow = {segment->source, segment->destination};
    return world_life_of(world, one, tcp_host_find(one->host, &flow));
}

uint32_t world_life_of_connection(struct world *world, struct world_one *one, uint32_t connection,
                                  const struct tcp_segment *given)
{
    if (connection == WORLD_NONE) {
        return WORLD_NONE;
    }
    for (uint32_t i = (uint32_t)one->lives.count; i-- > 0;) {
        if (one->lives.items[i].connection == connection) {
            return i;
        }
    }
    const struct tcp_flow flow = {given->destination, given->source};
    return add_life(world, one, &flow, connection);
}

static void note_state(struct world *world, struct world_one *one, uint32_t life, enum tcb_state to)
{
    struct world_life *known = &one->lives.items[life];
    if (to == known->state) {
        return;
    }
    world_mix(world, (uint64_t)life << 8 | (uint64_t)to);
    if (world_traces(world)) {
        world_record(world, one, TRACE_STATE)->as.state =
            (struct trace_state){life, known->state, to};
    }
    known->state = to;
}

void world_note_states(struct world *world, struct world_one *one, const struct tcp_event *event)
{
    const uint32_t life = world_life_of(world, one, event->connection);
    if (life == WORLD_NONE) {
        return; /* a listener */
    }
    for (uint32_t i = event->state_count < 16 ? event->state_count : 16; i-- > 0;) {
        note_state(world, one, life, (enum tcb_state)(event->states >> 4 * i & 15));
    }
}
