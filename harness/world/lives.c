/* Which life of a connection is which: by handle, by four-tuple, and between two hosts by the number of
 * the connection that each packet carries from the life that sent it. The lives of a host and the
 * incarnations of its trace are the same list. */
#include "world/world_state.h"

#include "trace/states.h"

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

static uint32_t add_connection(struct world *world)
{
    void *items = world->connections;
    arena_grow(world->one[0].arena, &items, &world->connection_capacity, world->connection_count,
               sizeof *world->connections);
    world->connections = items;
    const uint32_t number = (uint32_t)world->connection_count++;
    world->connections[number] = (struct world_connection){.twin = number};
    return number;
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

/* The life that the packet which is being taken told of, if no record stood for it yet. */
static uint32_t take_embryo(struct world *world, struct world_one *one)
{
    for (uint32_t i = (uint32_t)one->lives.count; i-- > 0;) {
        if (one->lives.items[i].connection == world->given_connection) {
            return one->lives.items[i].handle.generation == 0 ? i : WORLD_NONE;
        }
    }
    return WORLD_NONE;
}

void world_note_opened(struct world *world, uint32_t own)
{
    const uint32_t given = world->given_connection;
    if (given != WORLD_NONE && given != own && world->connections[own].twin == own &&
        world->connections[given].twin == given) {
        world->connections[own].twin = given;
        world->connections[given].twin = own;
    }
}

/* A connection whose numbers are those of the one before it: TIME-WAIT does not guard them, and an old
 * SYN may bring about a connection that the other end takes for the one that it has closed. Then neither
 * comes to an end: what this one sends keeps the other's TIME-WAIT. */
static void note_fixed_iss(struct world *world, struct world_one *one, uint32_t life)
{
    struct world_connection *const connection =
        &world->connections[one->lives.items[life].connection];
    const struct trace_incarnation *const own = &one->trace.incarnations[life];
    connection->is_unguarded = true;
    for (uint32_t i = 0; i < life; i++) {
        const struct trace_incarnation *const other = &one->trace.incarnations[i];
        if (other->has_local_isn && tcp_seq_equal(other->local_isn, own->local_isn) &&
            other->flow.local.port == own->flow.local.port &&
            other->flow.remote.port == own->flow.remote.port) {
            connection->is_broken = true;
            world_note_broken(world, one, i);
        }
    }
}

static uint32_t begin_life(struct world *world, struct world_one *one, tcp_handle handle,
                           const struct tcp_status *status)
{
    uint32_t life = WORLD_NONE;
    if (world->given_connection != WORLD_NONE && status->is_passive) {
        life = take_embryo(world, one);
    }
    if (life == WORLD_NONE) {
        const uint32_t number = add_connection(world);
        life = add_life(world, one, &status->flow, number);
        /* A copy of its SYN began another one: what is promised of that one's numbers holds here, too. */
        world->connections[number].is_unguarded =
            world->given_connection != WORLD_NONE &&
            world->connections[world->given_connection].is_unguarded;
    }
    one->lives.items[life].handle = handle;
    one->lives.items[life].state = status->is_passive ? TCB_LISTEN : TCB_CLOSED;
    struct trace_incarnation *incarnation = &one->trace.incarnations[life];
    incarnation->is_passive = status->is_passive;
    incarnation->has_local_isn = true;
    incarnation->local_isn = status->iss;
    if (one->config.fixed_iss != 0) {
        note_fixed_iss(world, one, life);
    }
    return life;
}

void world_note_broken(struct world *world, struct world_one *one, uint32_t life)
{
    if (life < one->lives.count) {
        world->connections[one->lives.items[life].connection].is_broken = true;
    }
}

/* TIME-WAIT guards only what ends by the closing handshake. Behind an abort the same ports may be used at
 * once, and an old segment may lie in the new window, or its ACK cover what is new (RFC 9293 3.4.3). */
void world_note_taken(struct world *world, struct world_one *one, uint32_t life,
                      const struct tcp_step_record *step)
{
    const uint32_t given = world->given_connection;
    const uint32_t own = one->lives.items[life].connection;
    const bool is_accepted = step->verdict == TCP_VERDICT_ACCEPT;
    /* A FIN beyond a gap is kept, and counts once the gap is filled. */
    const bool has_text =
        step->text_taken > 0 || step->fin_taken || (is_accepted && world->given_has_fin);
    const bool is_taken = has_text || is_accepted;
    if (is_taken && given != WORLD_NONE && given != own && world->connections[own].twin != given) {
        one->lives.items[life].is_mixed = one->lives.items[life].is_mixed || has_text;
        world_note_broken(world, one, life);
    }
}

void world_note_lost(struct world *world, struct world_one *one, tcp_handle handle)
{
    struct tcp_status status;
    if (tcp_host_status(one->host, handle, &status) == TCP_OK) {
        one->has_lost = one->has_lost || status.state == TCB_LISTEN;
        world_note_broken(world, one, world_life_of(world, one, handle));
    }
}

bool world_is_broken(const struct world *world, enum cause_host host, tcp_handle handle)
{
    const struct world_one *const one = &world->one[host];
    for (size_t i = one->lives.count; i-- > 0;) {
        const struct world_life *const life = &one->lives.items[i];
        if (tcp_handle_equal(life->handle, handle)) {
            const struct world_connection *const own = &world->connections[life->connection];
            return own->is_broken || world->connections[own->twin].is_broken;
        }
    }
    return one->has_lost; /* a listener */
}

/* The ISN of the life at `one` that is an end of the connection, or of its twin. */
static bool find_isn(const struct world *world, const struct world_one *one, uint32_t connection,
                     tcp_seqno *isn)
{
    for (size_t i = one->lives.count; i-- > 0;) {
        const uint32_t other = one->lives.items[i].connection;
        if ((other == connection || world->connections[connection].twin == other) &&
            one->trace.incarnations[i].has_local_isn) {
            *isn = one->trace.incarnations[i].local_isn;
            return true;
        }
    }
    return false;
}

void world_number_traces(struct world *world)
{
    for (uint8_t host = 0; world->start.hosts > 1 && host < WORLD_HOSTS_MAX; host++) {
        struct world_one *const one = &world->one[host];
        const struct world_one *const other = &world->one[1 - host];
        for (size_t i = 0; i < one->lives.count; i++) {
            struct trace_incarnation *const incarnation = &one->trace.incarnations[i];
            incarnation->has_remote_isn =
                find_isn(world, other, one->lives.items[i].connection, &incarnation->remote_isn);
        }
    }
}

/* A record has another life now: where none was free, one that ended in this batch made room. */
static void note_replaced(struct world_one *one, uint32_t life)
{
    struct world_life *const replaced = &one->lives.items[life];
    if (replaced->has_end && replaced->state != replaced->end.after) {
        replaced->is_end_untold = one->owes_ends = true;
    }
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
    if (slot->generation != 0) {
        note_replaced(one, slot->life);
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

/* Did the last step end a connection by its closing handshake? A tick may end several, and the last step
 * is then another's; but by time alone nothing ends TIME-WAIT save its own timer. */
static bool ends_cleanly(const struct tcp_step_record *step, enum tcb_state from)
{
    return (from == TCB_TIME_WAIT && step->cause != TCP_CAUSE_SEGMENT &&
            step->cause != TCP_CAUSE_ABORT) ||
           (step->cause == TCP_CAUSE_SEGMENT && step->verdict != TCP_VERDICT_RESET &&
            step->check != TCP_CHECK_RESET && step->check != TCP_CHECK_SYN);
}

/* A connection came to CLOSED, from the state `from`. Of several that a tick ends it is not known which gave up
 * what: keep-alive may end one while another's timer runs out. */
static void note_end(struct world *world, struct world_one *one, uint32_t life, enum tcb_state from)
{
    const struct world_life *const ended = &one->lives.items[life];
    const struct tcp_step_record step = ended->has_end ? ended->end : tcp_host_last_step(one->host);
    struct world_connection *const connection = &world->connections[ended->connection];
    const bool may_go_on = ended->is_open && from != TCB_TIME_WAIT;
    const bool is_own = tcp_handle_equal(step.connection, ended->handle);
    const bool is_timeout = is_own && (step.cause == TCP_CAUSE_USER_TIMEOUT ||
                                       step.cause == TCP_CAUSE_RETRANSMISSION_TIMEOUT ||
                                       step.cause == TCP_CAUSE_PERSIST_TIMEOUT);
    const bool was_broken = connection->is_broken || world->connections[connection->twin].is_broken;
    one->given_up += is_timeout && may_go_on && !was_broken;
    if (step.cause == TCP_CAUSE_ICMP && may_go_on && one->config.icmp_hard_aborts == 0) {
        world_report(world, world_place(world, one), ORACLE_REPORTED_COMPLETE,
                     "an ICMP error ended a synchronized connection");
    }
    connection->is_broken = connection->is_broken || !ends_cleanly(&step, from);
    connection->is_unguarded = connection->is_unguarded || one->config.time_wait == 0;
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
    /* FIN-WAIT-1 does not say: CLOSE in SYN-RECEIVED leads there, and R2 of a SYN goes on. */
    known->is_open = known->is_open || to == TCB_ESTABLISHED || to == TCB_FIN_WAIT_2 ||
                     to == TCB_CLOSING || to == TCB_CLOSE_WAIT;
    if (to == TCB_CLOSED) {
        note_end(world, one, life, known->state);
    }
    known->state = to;
}

void world_note_states(struct world *world, struct world_one *one, const struct tcp_event *event)
{
    const uint32_t life = world_life_of(world, one, event->connection);
    if (life == WORLD_NONE) {
        return; /* a listener */
    }
    struct world_life *const known = &one->lives.items[life];
    known->state = states_first(event->states, event->state_count, known->state);
    for (uint32_t i = states_told(event->state_count); i-- > 0;) {
        note_state(world, one, life, states_at(event->states, i));
    }
}

void world_tell_ends(struct world *world, struct world_one *one)
{
    for (uint32_t i = 0; one->owes_ends && i < one->lives.count; i++) {
        struct world_life *const ended = &one->lives.items[i];
        if (ended->is_end_untold) {
            ended->is_end_untold = false;
            note_state(world, one, i, (enum tcb_state)ended->end.after);
        }
    }
    one->owes_ends = false;
}
