/* Whom a packet is for when a script names it by what its calls returned: `@c1` of tcp.open(...) = c1,
 * `@fd4` of accept(...) = 4, also after the name let go of its connection. And what went by on a
 * four-tuple, for numbers that name a variable of a connection whose record is gone (mode causes). */
#include "run/runner.h"

#include <stdlib.h>
#include <string.h>

bool targets_same_flow(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return a->local.port == b->local.port && a->remote.port == b->remote.port &&
           memcmp(a->local.address.bytes, b->local.address.bytes, sizeof a->local.address.bytes) ==
               0 &&
           memcmp(a->remote.address.bytes, b->remote.address.bytes,
                  sizeof a->remote.address.bytes) == 0;
}

/* ---- names ------------------------------------------------------------------------------------- */

static struct target *find(const struct run *run, const char *label)
{
    for (size_t i = 0; i < run->target_count; i++) {
        if (strcmp(run->targets[i].label, label) == 0) {
            return &run->targets[i];
        }
    }
    return NULL;
}

void targets_bind(struct run *run, const char *label, const struct tcp_flow *flow)
{
    struct target *target = find(run, label);
    if (flow->remote.port == 0) {
        return; /* a listener: nothing is from it */
    }
    if (target == NULL) {
        void *items = run->targets;
        arena_grow(run->arena, &items, &run->target_capacity, run->target_count,
                   sizeof *run->targets);
        run->targets = items;
        target = &run->targets[run->target_count++];
    }
    *target = (struct target){label, *flow};
}

void targets_bind_descriptor(struct run *run, int64_t name, int fd)
{
    const struct sut_call call = {.kind = SUT_CALL_FLOW, .fd = fd};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error == NULL) {
        targets_bind(run, arena_format(run->arena, "fd%d", (int)name), &result.flow);
    }
}

bool targets_flow(const struct run *run, const char *label, struct tcp_flow *out)
{
    const struct target *const target = find(run, label);
    if (target != NULL) {
        *out = target->flow;
    }
    return target != NULL;
}

/* ---- what went by ------------------------------------------------------------------------------ */

static struct passed *passed_on(struct run *run, const struct tcp_flow *flow)
{
    for (size_t i = 0; i < run->passed_count; i++) {
        if (targets_same_flow(&run->passed[i].flow, flow)) {
            return &run->passed[i];
        }
    }
    void *items = run->passed;
    arena_grow(run->arena, &items, &run->passed_capacity, run->passed_count, sizeof *run->passed);
    run->passed = items;
    run->passed[run->passed_count] = (struct passed){.flow = *flow};
    return &run->passed[run->passed_count++];
}

void targets_note_sent(struct run *run, const struct tcp_segment *segment)
{
    const struct tcp_flow flow = {segment->source, segment->destination};
    struct passed *const at = passed_on(run, &flow);
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        at->iss = at->snd_una = segment->seq;
    }
    at->snd_nxt = tcp_seq_add(segment->seq, tcp_segment_length(segment));
    if (tcp_segment_has(segment, TCP_FLAG_ACK)) {
        at->rcv_nxt = segment->ack;
        at->rcv_edge = tcp_seq_add(segment->ack, segment->window);
    }
}

void targets_note_given(struct run *run, const struct tcp_segment *segment)
{
    const struct tcp_flow flow = {segment->destination, segment->source};
    struct passed *const at = passed_on(run, &flow);
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        at->irs = segment->seq;
        at->rcv_nxt = at->rcv_edge = tcp_seq_add(segment->seq, 1);
    }
    if (tcp_segment_has(segment, TCP_FLAG_ACK)) {
        at->snd_una = segment->ack;
        at->snd_edge = tcp_seq_add(segment->ack, segment->window);
    }
}

tcp_seqno targets_passed(struct run *run, const struct tcp_flow *flow, enum scenario_base base)
{
    const struct passed *const at = passed_on(run, flow);
    switch (base) {
    case SCENARIO_BASE_ISS:
        return at->iss;
    case SCENARIO_BASE_IRS:
        return at->irs;
    case SCENARIO_BASE_SND_UNA:
        return at->snd_una;
    case SCENARIO_BASE_SND_NXT:
        return at->snd_nxt;
    case SCENARIO_BASE_SND_EDGE:
        return at->snd_edge;
    case SCENARIO_BASE_RCV_NXT:
        return at->rcv_nxt;
    case SCENARIO_BASE_RCV_EDGE:
        return at->rcv_edge;
    case SCENARIO_BASE_SCRIPT:
    case SCENARIO_BASE_ABSOLUTE:
        break;
    }
    return (tcp_seqno){0};
}
