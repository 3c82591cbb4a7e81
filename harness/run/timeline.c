/* The loop of instants. For each time the causes act in the order of the script, each followed by a
 * drain; then the system's deadlines at that time take effect; then time moves to the earlier of the
 * next statement and the next deadline. What is expected at a time may be brought about by a deadline
 * at that very time, so waiting for it includes the instant's tick. */
#include "run/findings.h"
#include "run/runner.h"

#include <inttypes.h>

/* Not before the origin of time. */
static tcp_time later_by(tcp_time from, int64_t us)
{
    if (us < 0 && (uint64_t)-us > from.us) {
        return (tcp_time){0};
    }
    return (tcp_time){from.us + (uint64_t)us};
}

static tcp_time min_time(tcp_time a, tcp_time b)
{
    return a.us < b.us ? a : b;
}

/* ---- letting time go on ------------------------------------------------------------------------ */

size_t timeline_waiting(const struct run *run)
{
    return run->waiting_count - run->waiting_first;
}

bool timeline_reach(struct run *run, tcp_time limit, bool is_inclusive, bool stops_at_packet)
{
    return timeline_reach_packets(run, limit, is_inclusive, stops_at_packet ? 1 : SIZE_MAX);
}

bool timeline_reach_packets(struct run *run, tcp_time limit, bool is_inclusive, size_t packets)
{
    for (;;) {
        if (timeline_waiting(run) >= packets) {
            return true;
        }
        const tcp_time due = run->sut->next_deadline(run->instance);
        const bool may_tick = is_inclusive || run->now.us < limit.us;
        if (due.us <= run->now.us && may_tick) {
            if (!instant_tick(run)) {
                return false;
            }
            continue;
        }
        if (run->now.us >= limit.us) {
            return true;
        }
        const tcp_time next = min_time(min_time(due, limit), pending_due(run));
        if (next.us == UINT64_MAX) {
            return true; /* waiting for ever, and nothing can happen any more */
        }
        if (!pending_may_leave(run)) {
            return false;
        }
        instant_leave(run, next);
    }
}

/* ---- when a statement takes place ---------------------------------------------------------------- */

static bool time_of(struct run *run, const struct scenario_time *time, tcp_time *from, tcp_time *to)
{
    switch (time->kind) {
    case SCENARIO_TIME_ABSOLUTE:
        *from = *to = later_by(run->start, time->from_us);
        break;
    case SCENARIO_TIME_RELATIVE:
        *from = *to = later_by(run->last_event, time->from_us);
        break;
    case SCENARIO_TIME_ABSOLUTE_RANGE:
        *from = later_by(run->start, time->from_us);
        *to = later_by(run->start, time->to_us);
        break;
    case SCENARIO_TIME_RELATIVE_RANGE:
        *from = later_by(run->last_event, time->from_us);
        *to = later_by(run->last_event, time->to_us);
        break;
    case SCENARIO_TIME_ANY:
        *from = run->now;
        *to = TCP_TIME_NEVER;
        break;
    }
    if (to->us != UINT64_MAX && to->us + run->tolerance_us < run->now.us) {
        return run_fail(run, RUN_INVALID, time->span, "time goes back: %s, when it is %s already",
                        run_time_text(run, *to), run_time_text(run, run->now));
    }
    return true;
}

/* The end of `a...b`: b counts as a does, or from a when it has a sign of its own. */
static tcp_time end_of(const struct run *run, const struct scenario_time *time, tcp_time begin)
{
    if (!time->has_end) {
        return TCP_TIME_NEVER;
    }
    if (time->end_is_from_start) {
        return later_by(begin, time->end_us);
    }
    return later_by(time->kind == SCENARIO_TIME_RELATIVE ? run->last_event : run->start,
                    time->end_us);
}

static bool is_cause(const struct scenario_event *event)
{
    switch (event->kind) {
    case SCENARIO_PACKET:
        return event->as.packet->direction == SCENARIO_INBOUND;
    case SCENARIO_CALL:
    case SCENARIO_SET:
    case SCENARIO_BATCH:
    case SCENARIO_COMMAND:
    case SCENARIO_EDIT:
        return true;
    case SCENARIO_CODE:
    case SCENARIO_WAIT:
    case SCENARIO_ASSERT:
    case SCENARIO_QUIET:
    case SCENARIO_ANY_ORDER:
    case SCENARIO_ONE_OF:
    case SCENARIO_ALTERNATIVE:
        return false;
    }
    return false;
}

/* Are causes of this very instant still to come? */
static bool has_cause_left(const struct run *run)
{
    for (size_t i = run->event_index + 1; i < run->scenario->event_count; i++) {
        const struct scenario_event *const event = &run->scenario->events[i];
        const struct scenario_time *const time = &event->time;
        const bool is_now = (time->kind == SCENARIO_TIME_RELATIVE && time->from_us == 0) ||
                            (time->kind == SCENARIO_TIME_ABSOLUTE &&
                             later_by(run->start, time->from_us).us == run->now.us);
        if (!is_now) {
            return false;
        }
        if (is_cause(event)) {
            return true;
        }
    }
    return false;
}

/* ---- the statements ----------------------------------------------------------------------------- */

static bool change_settings(struct run *run, const struct scenario_event *event)
{
    const struct tcp_config before = run->config;
    for (size_t i = 0; i < event->as.settings.count; i++) {
        const struct scenario_setting *const setting = &event->as.settings.items[i];
        if (!setup_set(run, setting->name, setting->value, setting->span)) {
            return false;
        }
    }
    const char *const complaint = tcp_config_check(&run->config);
    if (complaint != NULL && run->mode == RUN_CAUSES) {
        run->config = before; /* refused, as a user's mistake */
        return drain(run);
    }
    if (complaint != NULL) {
        return run_fail(run, RUN_INVALID, event->span, "%s", complaint);
    }
    const struct tcp_config live = setup_live_config(run);
    const struct sut_call call = {.kind = SUT_CALL_CONFIGURE, .config = &live};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error != NULL && run->mode == RUN_CAUSES) {
        run->config = before;
        return drain(run);
    }
    if (result.error != NULL) {
        return run_fail(run, RUN_INVALID, event->span, "%s refuses the configuration: %s",
                        run->sut->name, result.error);
    }
    for (size_t i = 0; i < event->as.settings.count; i++) {
        const struct scenario_setting *const setting = &event->as.settings.items[i];
        run_record(run, TRACE_SETTING, event)->as.setting =
            arena_format(run->arena, "%s=%" PRIu64, setting->name, setting->value);
    }
    return drain(run);
}

static bool inject_batch(struct run *run, const struct scenario_event *event)
{
    for (size_t i = 0; i < event->as.group.count; i++) {
        if (!inject_packet(run, &event->as.group.items[i])) {
            return false;
        }
    }
    return drain(run);
}

static bool apply_cause(struct run *run, const struct scenario_event *event, tcp_time end)
{
    switch (event->kind) {
    case SCENARIO_PACKET:
        return inject_packet(run, event) && drain(run);
    case SCENARIO_BATCH:
        return inject_batch(run, event);
    case SCENARIO_CALL:
        return calls_make(run, event, end);
    case SCENARIO_SET:
        return change_settings(run, event);
    case SCENARIO_COMMAND: /* the preflight let only those pass that change nothing here */
    case SCENARIO_WAIT:
    case SCENARIO_EDIT:
    case SCENARIO_CODE:
    case SCENARIO_ASSERT:
    case SCENARIO_QUIET:
    case SCENARIO_ANY_ORDER:
    case SCENARIO_ONE_OF:
    case SCENARIO_ALTERNATIVE:
        break;
    }
    return true;
}

/* May no packet wait that is not expected? */
static bool is_strict(const struct run *run)
{
    return run->mode == RUN_STRICT && run_judges_script(run);
}

static bool reach_quietly(struct run *run, const struct scenario_event *event, tcp_time until,
                          bool is_inclusive, const char *why)
{
    if (!timeline_reach(run, until, is_inclusive, is_strict(run))) {
        return false;
    }
    return !is_strict(run) || expect_nothing(run, event, why);
}

static void note_moment(struct run *run)
{
    if (run->event_index == TRACE_NO_EVENT) {
        return; /* of a prologue */
    }
    run->moments[run->event_index] = (struct run_moment){
        .has_come = true, .at = run->last_event, .records = run->trace->record_count};
}

static bool run_cause(struct run *run, const struct scenario_event *event, tcp_time from)
{
    const tcp_time end = end_of(run, &event->time, from);
    if (!reach_quietly(run, event, from, false, "before this")) {
        return false;
    }
    run->last_event = run->now.us > from.us ? run->now : from;
    note_moment(run);
    return apply_cause(run, event, end);
}

static bool run_assertion(struct run *run, const struct scenario_event *event, tcp_time from)
{
    if (!timeline_reach(run, from, false, is_strict(run))) {
        return false;
    }
    if (run->now.us < from.us) {
        return expect_nothing(run, event, "before this");
    }
    if (!has_cause_left(run) && !timeline_reach(run, from, true, false)) {
        return false;
    }
    run->last_event = from;
    return assertions_check(run, event);
}

static bool run_quiet(struct run *run, const struct scenario_event *event, tcp_time from)
{
    const tcp_time until = later_by(from, event->as.quiet_us);
    if (!timeline_reach(run, from, false, true) || !expect_nothing(run, event, "before this") ||
        !timeline_reach(run, until, false, true) ||
        !expect_nothing(run, event, "although this says that nothing is sent")) {
        return false;
    }
    run->last_event = until;
    return true;
}

/* Finishes the instant, then goes to the wait's end, whose deadlines are left for later. */
static bool run_wait(struct run *run, const struct scenario_event *event, tcp_time from)
{
    const struct scenario_wait *const wait = &event->as.wait;
    if (!reach_quietly(run, event, from, true, "before the end of this wait")) {
        return false;
    }
    tcp_time until = later_by(run->now, wait->is_until_deadline ? 0 : wait->us);
    if (wait->is_asleep) {
        run_sleep(run, event, until);
        note_moment(run);
        return run_wake(run);
    }
    const tcp_time due = run->sut->next_deadline(run->instance);
    if (wait->is_until_deadline && due.us != UINT64_MAX) {
        until = later_by(due, wait->us);
    }
    if (until.us > run->now.us &&
        !reach_quietly(run, event, until, false, "before the end of this wait")) {
        return false;
    }
    run->last_event = run->now;
    return true;
}

bool timeline_event(struct run *run, const struct scenario_event *event)
{
    tcp_time from = run->now, to = run->now;
    if (!time_of(run, &event->time, &from, &to)) {
        return false;
    }
    if (is_cause(event)) {
        return run_cause(run, event, from);
    }
    if (event->kind == SCENARIO_WAIT) {
        return run_wait(run, event, from);
    }
    if (!run_judges_script(run)) {
        return let_be(run, event, from, to);
    }
    switch (event->kind) {
    case SCENARIO_PACKET:
        return expect_packet(run, event, from, to);
    case SCENARIO_ANY_ORDER:
        return expect_any_order(run, event, from, to);
    case SCENARIO_ONE_OF:
        return expect_one_of(run, event, from, to);
    case SCENARIO_QUIET:
        return run_quiet(run, event, from);
    case SCENARIO_ASSERT:
        return run_assertion(run, event, from);
    case SCENARIO_WAIT:
    case SCENARIO_EDIT:
    case SCENARIO_CALL:
    case SCENARIO_SET:
    case SCENARIO_BATCH:
    case SCENARIO_COMMAND:
    case SCENARIO_CODE:
    case SCENARIO_ALTERNATIVE:
        break;
    }
    return true;
}

/* The script's last instant is finished, calls that are still blocked get their time, and nothing
 * may be left over. */
static bool finish(struct run *run)
{
    for (tcp_time until = run->now;; until = pending_due(run)) {
        if (!reach_quietly(run, NULL, until, true, "after the last statement")) {
            return false;
        }
        if (!pending_may_leave(run)) {
            return false;
        }
        if (pending_due(run).us == UINT64_MAX) {
            break;
        }
    }
    if (timeline_waiting(run) > 0 && run_judges_script(run)) {
        run->warning = "packets were left over at the end";
    }
    oracle_set_finish(run->oracles);
    return findings_judge(run) && (!run_judges_script(run) || findings_finish(run));
}

bool timeline_run(struct run *run)
{
    if (!prologue_run(run)) {
        return false;
    }
    for (size_t i = 0; i < run->scenario->event_count; i++) {
        run->event_index = (uint32_t)i;
        run->event = &run->scenario->events[i];
        if (!timeline_event(run, run->event) && !run_lets_be(run)) {
            return false;
        }
        const struct scenario_event *event = run->event;
        const bool is_sleep = event->kind == SCENARIO_WAIT && event->as.wait.is_asleep;
        if (!is_cause(event) && !is_sleep) { /* these did, before they made the stack send */
            note_moment(run);
        }
    }
    return finish(run);
}
