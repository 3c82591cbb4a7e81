/* See annotate.h. */
#include "cli/annotate.h"

#include "scenario/print.h"
#include "trace/segment_text.h"

#include <inttypes.h>
#include <string.h>

/* ---- what the stack did -------------------------------------------------------------------------- */

struct commenting {
    const struct trace *trace;
    struct text *out;
    uint64_t last_us; /* that was said */
};

static void begin_line(struct commenting *to, const struct trace_record *record)
{
    const uint64_t us = record->at.us - to->trace->start.us;
    text_string(to->out, "//  ");
    if (us != to->last_us) {
        text_string(to->out, " at ");
        scenario_print_seconds(to->out, (int64_t)us);
        text_string(to->out, ":");
        to->last_us = us;
    }
}

static void comment_state(struct commenting *to, const struct trace_record *record)
{
    const struct trace_state *const state = &record->as.state;
    begin_line(to, record);
    if (state->incarnation < to->trace->incarnation_count) {
        const struct tcp_flow *const flow = &to->trace->incarnations[state->incarnation].flow;
        text_format(to->out, " %u > %u:", flow->local.port, flow->remote.port);
    }
    text_format(to->out, " %s to %s\n", tcb_state_name(state->from), tcb_state_name(state->to));
}

static void comment(struct commenting *to, const struct trace_record *record)
{
    switch (record->kind) {
    case TRACE_PACKET:
        if (record->as.packet.direction == TRACE_FROM_SUT) {
            begin_line(to, record);
            text_format(to->out, " > %u > %u ", record->as.packet.segment.source.port,
                        record->as.packet.segment.destination.port);
            segment_text_of_packet(to->out, to->trace, &record->as.packet);
            text_string(to->out, "\n");
        }
        return;
    case TRACE_STATE:
        comment_state(to, record);
        return;
    case TRACE_CALL_DONE:
        begin_line(to, record);
        text_format(to->out, " %s() = %" PRId64 "%s%s\n", record->as.call.name,
                    record->as.call.value, record->as.call.error == NULL ? "" : " ",
                    record->as.call.error == NULL ? "" : record->as.call.error);
        return;
    case TRACE_CALL:
    case TRACE_STEP:
    case TRACE_DRAIN:
    case TRACE_SETTING:
        return;
    }
}

/* The first record that came of event `index`: causes say it, a wait is what comes later than the event
 * before it. */
static size_t first_record(const struct scenario *scenario, const struct run_outcome *outcome,
                           size_t index)
{
    const struct run_moment *const moment = &outcome->moments[index];
    const struct trace *const trace = outcome->trace;
    if (!moment->has_come) {
        return trace->record_count;
    }
    if (scenario->events[index].kind != SCENARIO_WAIT) {
        return moment->records;
    }
    const uint64_t before = index == 0 ? trace->start.us : outcome->moments[index - 1].at.us;
    size_t at = index == 0 ? 0 : outcome->moments[index - 1].records;
    while (at < moment->records && trace->records[at].at.us <= before) {
        at++;
    }
    return at;
}

static void print_header(const struct scenario *scenario, struct text *out)
{
    struct scenario header = *scenario;
    header.event_count = 0;
    scenario_print(out, &header);
}

void annotate_print(const struct scenario *scenario, const struct run_outcome *outcome,
                    struct text *out)
{
    struct commenting to = {.out = out};
    size_t at = 0;
    print_header(scenario, out);
    if (outcome != NULL) {
        to.trace = outcome->trace;
    }
    for (size_t i = 0; i <= scenario->event_count; i++) {
        const size_t end = outcome == NULL             ? 0
                           : i < scenario->event_count ? first_record(scenario, outcome, i)
                                                       : outcome->trace->record_count;
        for (; at < end; at++) {
            comment(&to, &outcome->trace->records[at]);
        }
        if (i < scenario->event_count) {
            scenario_print_event(out, &scenario->events[i]);
            text_string(out, "\n");
        }
    }
}

/* ---- numbers in place of references ---------------------------------------------------------------- */

struct concreting {
    const struct run_outcome *outcome;
    struct arena *arena;
    size_t record; /* from here on the next inbound packet is looked for */
};

/* Has the stack sent a SYN on it before? Then its numbers count from that. */
static bool has_sent(const struct trace *trace, size_t before, uint32_t incarnation)
{
    for (size_t i = 0; i < before; i++) {
        const struct trace_record *const record = &trace->records[i];
        if (record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_FROM_SUT &&
            record->as.packet.incarnation == incarnation) {
            return true;
        }
    }
    return false;
}

static struct scenario_packet *concrete_packet(struct concreting *to,
                                               const struct scenario_packet *packet)
{
    const struct trace *const trace = to->outcome->trace;
    struct scenario_packet *const copy = arena_take(to->arena, sizeof *copy);
    *copy = *packet;
    while (to->record < trace->record_count &&
           (trace->records[to->record].kind != TRACE_PACKET ||
            trace->records[to->record].event == TRACE_NO_EVENT ||
            trace->records[to->record].as.packet.direction != TRACE_TO_SUT)) {
        to->record++;
    }
    if (to->record == trace->record_count || packet->protocol != SCENARIO_TCP) {
        to->record += to->record < trace->record_count ? 1 : 0;
        return copy;
    }
    const size_t at = to->record++;
    const struct trace_packet *const live = &trace->records[at].as.packet;
    struct scenario_tcp *const tcp = &copy->as.tcp;
    if (live->wire != TCP_WIRE_OK || live->incarnation >= trace->incarnation_count) {
        return copy;
    }
    const struct tcp_segment *const segment = &live->segment;
    const bool counts = has_sent(trace, at, live->incarnation);
    const uint32_t zero = counts ? trace->incarnations[live->incarnation].local_isn.raw : 0;
    tcp->start = (struct scenario_number){.offset = segment->seq.raw};
    tcp->end = (struct scenario_number){
        .offset = (int64_t)(uint32_t)(segment->seq.raw + tcp->payload_bytes)};
    if (tcp->has_ack) {
        tcp->ack =
            (struct scenario_number){.base = counts ? SCENARIO_BASE_SCRIPT : SCENARIO_BASE_ABSOLUTE,
                                     .offset = (int64_t)(uint32_t)(segment->ack.raw - zero)};
    }
    return copy;
}

static void concrete_event(struct concreting *to, struct scenario_event *event, int64_t waited_us)
{
    if (event->kind == SCENARIO_PACKET) {
        event->as.packet = concrete_packet(to, event->as.packet);
    } else if (event->kind == SCENARIO_WAIT && event->as.wait.is_until_deadline) {
        event->as.wait = (struct scenario_wait){.us = waited_us > 0 ? waited_us : 0};
    } else if (event->kind == SCENARIO_BATCH) {
        struct scenario_event *const items =
            arena_take(to->arena, event->as.group.count * sizeof *items);
        for (size_t i = 0; i < event->as.group.count; i++) {
            items[i] = event->as.group.items[i];
            items[i].as.packet = concrete_packet(to, items[i].as.packet);
        }
        event->as.group.items = items;
    }
}

const struct scenario *annotate_concrete(const struct scenario *scenario,
                                         const struct run_outcome *outcome, struct arena *arena)
{
    struct concreting to = {.outcome = outcome, .arena = arena};
    struct scenario *const copy = arena_take(arena, sizeof *copy);
    *copy = *scenario;
    copy->events = arena_take(arena, scenario->event_count * sizeof *copy->events);
    uint64_t before_us = outcome->trace->start.us;
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct run_moment *const moment = &outcome->moments[i];
        copy->events[i] = scenario->events[i];
        if (!moment->has_come) {
            continue;
        }
        concrete_event(&to, &copy->events[i], (int64_t)(moment->at.us - before_us));
        before_us = moment->at.us;
    }
    return copy;
}
