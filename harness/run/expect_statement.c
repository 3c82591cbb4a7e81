/* Statements that expect packets: wait for each until its time, compare, and report what came instead,
 * too early, too late, or not at all. */
#include "run/expect.h"

#define PEEK_US UINT64_C(600000000) /* how far beyond a missing packet to look for it */

struct trace_record *expect_waiting(const struct run *run, size_t ahead)
{
    if (run->waiting_count - run->waiting_first <= ahead) {
        return NULL;
    }
    return &run->trace->records[run->waiting[run->waiting_first + ahead]];
}

void expect_take(struct run *run)
{
    run->waiting_first++;
    if (run->waiting_first == run->waiting_count) {
        run->waiting_first = run->waiting_count = 0;
    }
}

/* ---- reports ------------------------------------------------------------------------------------- */

static void add_differences(struct run *run, const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *const item = &comparison->items[i];
        run_differ(run, item->field, item->span, item->script, item->stack);
    }
}

/* Where the caret goes: the first token of the line that differs. */
static struct source_span first_token(const struct comparison *comparison)
{
    struct source_span first = {0};
    for (size_t i = 0; i < comparison->count; i++) {
        const struct source_span span = comparison->items[i].span;
        if (span.length > 0 && (first.length == 0 || span.offset < first.offset)) {
            first = span;
        }
    }
    return first.length > 0 ? first : comparison->event->span;
}

bool expect_fail(struct run *run, const struct comparison *comparison)
{
    const char *const sent = expect_describe(run, comparison->live);
    if (comparison->connection != NULL) {
        run_concern(run, comparison->connection);
    }
    if (comparison->is_only_time) {
        const bool is_early = comparison->at.us < comparison->from.us;
        const uint64_t by = is_early ? comparison->from.us - comparison->at.us
                                     : comparison->at.us - comparison->to.us;
        (void)run_fail(run, RUN_FAILED, comparison->event->time.span, "the packet came %s %s: > %s",
                       run_duration_text(run, by), is_early ? "early" : "late", sent);
    } else {
        (void)run_fail(run, RUN_FAILED, first_token(comparison),
                       "the stack sent another packet than expected: > %s", sent);
    }
    add_differences(run, comparison);
    return false;
}

/* Nothing came in time. Looks a while ahead for what comes instead, so that the report can say it; what goes
 * wrong there is not what this run ends in. */
bool expect_missing(struct run *run, const struct scenario_event *event,
                    struct comparison *comparison)
{
    const tcp_time when = run->now;
    const struct connection *const connection = connections_latest(run);
    if (connection != NULL) {
        run_concern(run, connection);
    }
    const tcp_time horizon = {when.us + PEEK_US};
    const struct problem problem = run->problem;
    const bool has_peeked = timeline_reach(run, horizon, true, true);
    run->problem = problem;
    const struct trace_record *const late = expect_waiting(run, 0);
    if (has_peeked && late != NULL && comparison != NULL) {
        comparison->live = &late->as.packet;
        comparison->at = late->at;
        if (!expect_compare(run, comparison)) {
            return false;
        }
        if (comparison->is_only_time) {
            return expect_fail(run, comparison);
        }
    }
    if (late == NULL && !has_peeked) {
        return run_fail(run, RUN_FAILED, event->span,
                        "the expected packet was not sent by %s, and nothing came by %s",
                        run_time_text(run, when), run_time_text(run, run->now));
    }
    if (late == NULL) {
        return run_fail(run, RUN_FAILED, event->span,
                        "the expected packet was not sent by %s, and nothing comes after it",
                        run_time_text(run, when));
    }
    return run_fail(run, RUN_FAILED, event->span,
                    "the expected packet was not sent by %s; the next one comes at %s: > %s",
                    run_time_text(run, when), run_time_text(run, late->at),
                    expect_describe(run, &late->as.packet));
}

bool expect_nothing(struct run *run, const struct scenario_event *event, const char *why)
{
    const struct trace_record *const record = expect_waiting(run, 0);
    if (record == NULL) {
        return true;
    }
    const struct trace_packet *const packet = &record->as.packet;
    if (packet->incarnation < run->connection_count) {
        run_concern(run, run->connections[packet->incarnation]);
    }
    const struct source_span span = event == NULL ? run->event->span : event->span;
    return run_fail(run, RUN_FAILED, span, "the stack sent a packet at %s %s: > %s",
                    run_time_text(run, record->at), why, expect_describe(run, packet));
}

/* ---- one packet ------------------------------------------------------------------------------------ */

void expect_mark(struct run *run, struct trace_record *record, const struct scenario_event *event)
{
    record->event = run->event_index;
    record->line = event->span.line;
}

tcp_time expect_latest(const struct run *run, tcp_time to)
{
    return to.us == UINT64_MAX ? to : (tcp_time){to.us + run->tolerance_us};
}

static void accept_packets(struct run *run, const struct scenario_event *event, size_t count)
{
    for (; count > 0; count--) {
        struct trace_record *const record = expect_waiting(run, 0);
        expect_mark(run, record, event);
        run->last_event = record->at;
        expect_take(run);
    }
}

bool expect_packet(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to)
{
    struct comparison comparison = {
        .event = event, .packet = event->as.packet, .from = from, .to = to};
    if (!timeline_reach(run, expect_latest(run, to), true, true)) {
        return false;
    }
    const struct trace_record *const record = expect_waiting(run, 0);
    if (record == NULL) {
        return expect_missing(run, event, &comparison);
    }
    struct trace_packet live;
    const size_t count = expect_glue(run, &event->as.packet->as.tcp, &live);
    comparison.live = &live;
    comparison.at = record->at;
    if (!expect_compare(run, &comparison)) {
        return false;
    }
    if (comparison.count > 0) {
        return expect_fail(run, &comparison);
    }
    expect_learn(run, &comparison);
    accept_packets(run, event, count);
    return true;
}
