/* After each cause: every packet and report that the system under test owes goes into the trace, then
 * the oracles and the system's own check look at it. */
#include "run/runner.h"

#include "run/findings.h"

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

/* Does what the report tells of begin in this state? Behind the states it names stands the one before. */
static bool begins_in(const struct sut_report *report, enum tcb_state state)
{
    return report->state_count < 16 &&
           (report->states >> 4 * report->state_count & 15) == (uint64_t)state;
}

/* The states of a report are nibbles, the latest lowest; each follows the one before. */
static void record_states(struct run *run, const struct sut_report *report)
{
    struct connection *const connection = connections_of_report(run, report);
    if (connection == NULL) {
        return; /* a listener */
    }
    if (connection->state == TCB_LISTEN && begins_in(report, TCB_TIME_WAIT)) {
        connection->state = TCB_TIME_WAIT; /* no child of a listener: MAY-2 */
    } else if (connection->state == TCB_CLOSED && begins_in(report, TCB_LISTEN)) {
        connection->state =
            TCB_LISTEN; /* an OPEN or a SEND made a listener active: 3.10.1, 3.10.2 */
    }
    for (uint32_t i = report->state_count < 16 ? report->state_count : 16; i-- > 0;) {
        const enum tcb_state to = (enum tcb_state)(report->states >> 4 * i & 15);
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

static bool take_report(struct run *run, const struct sut_report *report)
{
    switch (report->kind) {
    case SUT_REPORT_CALL_DONE:
        return pending_done(run, &report->result);
    case SUT_REPORT_STEP:
        run->last_step = report->step;
        run->has_last_step = true;
        run_record(run, TRACE_STEP, NULL)->as.step = report->step;
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

/* What a call that has ended handed over is polled before the next one that waited goes on. */
static bool take_effects(struct run *run)
{
    struct sut_report report;
    size_t packets = 0;
    for (bool is_moving = true; is_moving;) {
        is_moving = false;
        for (size_t count; (count = run->sut->output(run->instance, run->scratch)) > 0;) {
            is_moving = true;
            record_output(run, count);
            if (++packets > RUN_DRAIN_PACKETS_MAX) {
                return run_fail(run, RUN_BROKEN, run->event->span, "%s sends packets without end",
                                run->sut->name);
            }
        }
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

bool drain(struct run *run)
{
    if (!take_effects(run)) {
        return false;
    }
    (void)run_record(run, TRACE_DRAIN, NULL);
    if ((run->sut->capabilities & SUT_SELF_CHECK) != 0) {
        const struct sut_call call = {.kind = SUT_CALL_CHECK};
        const struct sut_result result = run->sut->call(run->instance, run->now, &call);
        oracle_set_report_invariant(run->oracles, result.broken_invariant);
    }
    oracle_set_observe(run->oracles);
    run->drain_start = run->trace->record_count;
    return findings_judge(run);
}
