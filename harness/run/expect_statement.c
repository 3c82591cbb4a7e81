/* Statements that expect packets: wait for each until its time, compare, and report what came instead,
 * too early, too late, or not at all. */
#include "run/runner.h"

#define PEEK_US UINT64_C(600000000) /* how far beyond a missing packet to look for it */

static struct trace_record *next_waiting(const struct run *run)
{
    if (run->waiting_first == run->waiting_count) {
        return NULL;
    }
    return &run->trace->records[run->waiting[run->waiting_first]];
}

static void take_waiting(struct run *run)
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

static bool fail_comparison(struct run *run, const struct comparison *comparison)
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

/* Nothing came in time. Looks a while ahead for what comes instead, so that the report can say it. */
static bool fail_missing(struct run *run, const struct scenario_event *event,
                         struct comparison *comparison)
{
    const tcp_time when = run->now;
    const struct connection *const connection = connections_latest(run);
    if (connection != NULL) {
        run_concern(run, connection);
    }
    const tcp_time horizon = {when.us + PEEK_US};
    const bool has_peeked = timeline_reach(run, horizon, true, true);
    const struct trace_record *const late = next_waiting(run);
    if (has_peeked && late != NULL && comparison != NULL) {
        comparison->live = &late->as.packet;
        comparison->at = late->at;
        if (!expect_compare(run, comparison)) {
            return false;
        }
        if (comparison->is_only_time) {
            return fail_comparison(run, comparison);
        }
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
    const struct trace_record *const record = next_waiting(run);
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

static void mark_expected(struct run *run, struct trace_record *record,
                          const struct scenario_event *event)
{
    record->event = run->event_index;
    record->line = event->span.line;
}

static tcp_time latest(const struct run *run, tcp_time to)
{
    return to.us == UINT64_MAX ? to : (tcp_time){to.us + run->tolerance_us};
}

bool expect_packet(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to)
{
    struct comparison comparison = {
        .event = event, .packet = event->as.packet, .from = from, .to = to};
    if (!timeline_reach(run, latest(run, to), true, true)) {
        return false;
    }
    struct trace_record *const record = next_waiting(run);
    if (record == NULL) {
        return fail_missing(run, event, &comparison);
    }
    comparison.live = &record->as.packet;
    comparison.at = record->at;
    if (!expect_compare(run, &comparison)) {
        return false;
    }
    if (comparison.count > 0) {
        return fail_comparison(run, &comparison);
    }
    expect_learn(run, &comparison);
    mark_expected(run, record, event);
    run->last_event = record->at;
    take_waiting(run);
    return true;
}

/* ---- in any order ----------------------------------------------------------------------------------- */

#define ANY_ORDER_MAX 64

struct unordered {
    const struct scenario_event *event;
    tcp_time from, to;
    bool is_matched;
};

/* Times inside the braces count from the statement's own. */
static void item_window(const struct run *run, const struct scenario_event *item, tcp_time from,
                        tcp_time to, struct unordered *out)
{
    const struct scenario_time *const time = &item->time;
    const bool is_absolute =
        time->kind == SCENARIO_TIME_ABSOLUTE || time->kind == SCENARIO_TIME_ABSOLUTE_RANGE;
    out->event = item;
    if (time->kind == SCENARIO_TIME_ANY) {
        out->from = run->now;
        out->to = TCP_TIME_NEVER;
        return;
    }
    const bool is_range =
        time->kind == SCENARIO_TIME_ABSOLUTE_RANGE || time->kind == SCENARIO_TIME_RELATIVE_RANGE;
    const tcp_time origin = is_absolute ? run->start : from;
    const uint64_t width = is_absolute || to.us == UINT64_MAX ? 0 : to.us - from.us;
    out->from = (tcp_time){origin.us + (uint64_t)time->from_us};
    out->to = (tcp_time){origin.us + (uint64_t)(is_range ? time->to_us : time->from_us) + width};
    if (to.us == UINT64_MAX && !is_absolute) {
        out->to = to;
    }
}

static tcp_time last_end(const struct unordered *items, size_t count)
{
    tcp_time end = {0};
    for (size_t i = 0; i < count; i++) {
        if (!items[i].is_matched && items[i].to.us > end.us) {
            end = items[i].to;
        }
    }
    return end;
}

/* Finds the item that a packet fits; if none does, reports against the one that it is nearest to. */
static bool match_unordered(struct run *run, struct unordered *items, size_t count,
                            struct trace_record *record)
{
    struct comparison nearest = {.count = RUN_DIFFERENCES_MAX + 1};
    for (size_t i = 0; i < count; i++) {
        if (items[i].is_matched) {
            continue;
        }
        struct comparison comparison = {.event = items[i].event,
                                        .packet = items[i].event->as.packet,
                                        .live = &record->as.packet,
                                        .at = record->at,
                                        .from = items[i].from,
                                        .to = items[i].to};
        if (!expect_compare(run, &comparison)) {
            return false;
        }
        if (comparison.count == 0) {
            items[i].is_matched = true;
            expect_learn(run, &comparison);
            mark_expected(run, record, items[i].event);
            return true;
        }
        if (comparison.count < nearest.count) {
            nearest = comparison;
        }
    }
    return fail_comparison(run, &nearest);
}

static const struct scenario_event *first_unmatched(const struct unordered *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!items[i].is_matched) {
            return items[i].event;
        }
    }
    return NULL;
}

bool expect_any_order(struct run *run, const struct scenario_event *event, tcp_time from,
                      tcp_time to)
{
    struct unordered items[ANY_ORDER_MAX] = {0};
    const size_t count = event->as.group.count;
    if (count > ANY_ORDER_MAX) {
        return run_fail(run, RUN_INVALID, event->span, "more than %d packets in any order",
                        ANY_ORDER_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        item_window(run, &event->as.group.items[i], from, to, &items[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!timeline_reach(run, latest(run, last_end(items, count)), true, true)) {
            return false;
        }
        struct trace_record *const record = next_waiting(run);
        if (record == NULL) {
            return fail_missing(run, first_unmatched(items, count), NULL);
        }
        if (!match_unordered(run, items, count, record)) {
            return false;
        }
        run->last_event = record->at;
        take_waiting(run);
    }
    return true;
}
