/* After each cause: every packet and report that the system under test owes goes into the trace, then
 * the oracles and the system's own check look at it. */
#include "run/runner.h"

#include "oracle/deadlines.h"
#include "run/findings.h"
#include "trace/states.h"

#include <string.h>

struct trace_record *run_record(struct run *run, enum trace_kind kind,
                                const struct scenario_event *event)
{
    const uint32_t index = event == NULL ? TRACE_NO_EVENT : run->event_index;
    const uint32_t line = event == NULL ? 0 : event->span.line;
    return trace_add(run->trace, kind, run->now, index, line);
}

static void wait_for_expectation(struct run *run, size_t record)
{
    void *items = run->waiting;
    arena_grow(run->arena, &items, &run->waiting_capacity, run->waiting_count,
               sizeof *run->waiting);
    run->waiting = items;
    run->waiting[run->waiting_count++] = record;
}

static void record_output(struct run *run, size_t count)
{
    uint8_t *const bytes = arena_take(run->arena, count);
    memcpy(bytes, run->scratch.bytes, count);
    struct trace_packet packet = {.direction = TRACE_FROM_SUT, .bytes = bytes, .count = count};
    packet.wire = tcp_wire_read(bytes, count, &packet.segment, &packet.layout);
    packet.incarnation = TRACE_NO_EVENT;
    if (packet.wire == TCP_WIRE_OK || packet.wire == TCP_WIRE_BAD_CHECKSUM ||
        packet.wire == TCP_WIRE_BAD_OPTION) {
        const struct connection *const connection = connections_of_outbound(run, &packet.segment);
        packet.incarnation = connection == NULL ? TRACE_NO_EVENT : connection->index;
    }
    run_record(run, TRACE_PACKET, NULL)->as.packet = packet;
    wait_for_expectation(run, run->trace->record_count - 1);
}

/* Each state of a report follows the one before. */
static void record_states(struct run *run, const struct sut_report *report)
{
    struct connection *const connection = connections_of_report(run, report);
    if (connection == NULL) {
        return; /* a listener */
    }
    connection->state = states_first(report->states, report->state_count, connection->state);
    for (uint32_t i = states_told(report->state_count); i-- > 0;) {
        const enum tcb_state to = states_at(report->states, i);
        if (to == connection->state) {
            continue;
        }
        run_record(run, TRACE_STATE, NULL)->as.state =
            (struct trace_state){connection->index, connection->state, to};
        connection->state = to;
        connection->is_over = to == TCB_CLOSED || to == TCB_LISTEN;
    }
}

/* What its user was told, counted for assertions. */
static void record_events(struct run *run, const struct sut_report *report)
{
    struct connection *const connection = connections_of_report(run, report);
    if (connection == NULL) {
        return; /* a listener */
    }
    for (uint32_t bit = 0; bit < sizeof connection->event_counts / sizeof(uint32_t); bit++) {
        connection->event_counts[bit] += report->events >> bit & 1u;
    }
    if ((report->events & TCP_EVENT_ENDED) != 0) {
        connection->has_ended = true;
        connection->ended = report->ended;
    }
}

void run_record_step(struct run *run, const struct tcp_step_record *step)
{
    run->last_step = *step;
    run->has_last_step = true;
    run_record(run, TRACE_STEP, NULL)->as.step = *step;
}

/* One that brought a finding about was recorded with it. */
static void take_step(struct run *run, const struct tcp_step_record *step)
{
    if (run->has_told_step && run->told_step == step->number) {
        run->has_told_step = false;
    } else {
        run_record_step(run, step);
    }
}

static bool take_report(struct run *run, const struct sut_report *report)
{
    switch (report->kind) {
    case SUT_REPORT_CALL_DONE:
        return pending_done(run, &report->result);
    case SUT_REPORT_STEP:
        take_step(run, &report->step);
        return true;
    case SUT_REPORT_STATES:
        record_states(run, report);
        return true;
    case SUT_REPORT_EVENTS:
        record_events(run, report);
        return true;
    }
    return true;
}

/* Every packet that is owed by now, up to what an instant may bring. Was there any? */
static bool take_packets(struct run *run, size_t *packets)
{
    const size_t before = *packets;
    for (size_t count; *packets < DEADLINES_BURST_MAX &&
                       (count = run->sut->output(run->instance, run->scratch)) > 0;) {
        ++*packets;
        record_output(run, count);
    }
    return *packets > before;
}

/* What a call that has ended handed over is polled before the next one that waited goes on. */
static bool take_effects(struct run *run, size_t *packets)
{
    struct sut_report report;
    for (bool is_moving = true; is_moving && *packets < DEADLINES_BURST_MAX;) {
        is_moving = take_packets(run, packets);
        for (bool has_ended = false;
             !has_ended && run->sut->poll(run->instance, run->now, &report);) {
            is_moving = true;
            has_ended = report.kind == SUT_REPORT_CALL_DONE;
            if (!take_report(run, &report)) {
                return false;
            }
        }
    }
    return true;
}

void drain_unjudged(struct run *run)
{
    struct sut_report report;
    size_t packets = 0;
    (void)take_packets(run, &packets);
    for (size_t i = 0; i < DEADLINES_BURST_MAX && run->sut->poll(run->instance, run->now, &report);
         i++) {
        if (report.kind == SUT_REPORT_STATES) {
            record_states(run, &report);
        }
    }
}

static void check(struct run *run)
{
    if ((run->sut->capabilities & SUT_SELF_CHECK) != 0) {
        const struct sut_call call = {.kind = SUT_CALL_CHECK};
        const struct sut_result result = run->sut->call(run->instance, run->now, &call);
        oracle_set_report_invariant(run->oracles, result.broken_invariant);
    }
}

bool drain(struct run *run)
{
    size_t packets = 0;
    if (!take_effects(run, &packets)) {
        return false;
    }
    (void)run_record(run, TRACE_DRAIN, NULL);
    check(run);
    oracle_set_observe(run->oracles);
    run->drain_start = run->trace->record_count;
    if (packets < DEADLINES_BURST_MAX) {
        return findings_judge(run);
    }
    oracle_set_report(run->oracles, ORACLE_REPORTED_DEADLINES, DEADLINES_ENDLESS);
    return findings_judge(run) && run_fail(run, RUN_BROKEN, run->event->span,
                                           "%s sends packets without end", run->sut->name);
}
