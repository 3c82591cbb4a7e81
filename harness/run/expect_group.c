/* Expectations that leave something free: several packets in any order, one of several outcomes. */
#include "run/expect.h"

/* ---- in any order --------------------------------------------------------------------------------- */

#define ANY_ORDER_MAX 64

struct unordered {
    const struct scenario_event *items;
    size_t count;
    tcp_time from, to;
    bool is_matched[ANY_ORDER_MAX];
};

static struct comparison comparison_with(const struct scenario_event *item,
                                         const struct trace_record *record, tcp_time from,
                                         tcp_time to)
{
    return (struct comparison){.event = item,
                               .packet = item->as.packet,
                               .live = &record->as.packet,
                               .at = record->at,
                               .from = from,
                               .to = to};
}

/* Finds the item that a packet fits; if none does, reports against the one that it is nearest to. */
static bool match_unordered(struct run *run, struct unordered *group, struct trace_record *record)
{
    struct comparison nearest = {.count = RUN_DIFFERENCES_MAX + 1};
    for (size_t i = 0; i < group->count; i++) {
        if (group->is_matched[i]) {
            continue;
        }
        struct comparison comparison =
            comparison_with(&group->items[i], record, group->from, group->to);
        if (!expect_compare(run, &comparison)) {
            return false;
        }
        if (comparison.count == 0) {
            group->is_matched[i] = true;
            expect_learn(run, &comparison);
            expect_mark(run, record, &group->items[i]);
            return true;
        }
        if (comparison.count < nearest.count) {
            nearest = comparison;
        }
    }
    return expect_fail(run, &nearest);
}

static const struct scenario_event *first_unmatched(const struct unordered *group)
{
    size_t i = 0;
    while (group->is_matched[i]) {
        i++;
    }
    return &group->items[i];
}

bool expect_any_order(struct run *run, const struct scenario_event *event, tcp_time from,
                      tcp_time to)
{
    struct unordered group = {event->as.group.items, event->as.group.count, from, to, {false}};
    if (group.count > ANY_ORDER_MAX) {
        return run_fail(run, RUN_INVALID, event->span, "more than %d packets in any order",
                        ANY_ORDER_MAX);
    }
    for (size_t i = 0; i < group.count; i++) {
        if (!timeline_reach(run, expect_latest(run, to), true, true)) {
            return false;
        }
        struct trace_record *const record = expect_waiting(run, 0);
        if (record == NULL) {
            return expect_missing(run, first_unmatched(&group), NULL);
        }
        if (!match_unordered(run, &group, record)) {
            return false;
        }
        run->last_event = record->at;
        expect_take(run);
    }
    return true;
}

/* ---- one of ---------------------------------------------------------------------------------------- */

enum fit { FIT_NOT, FIT_SO_FAR, FIT_WHOLE };

struct choice {
    const struct scenario_event *best; /* of those that fit the one that explains most, or NULL */
    bool has_begun;                    /* another fits so far, but for packets to come */
    struct comparison failed;          /* the nearest of those that say no; no event: none does */
};

/* How far does the alternative say what waits, packet for packet? */
static bool alternative_fits(struct run *run, const struct scenario_event *alternative,
                             tcp_time from, tcp_time to, struct comparison *failed, enum fit *fit)
{
    *fit = FIT_WHOLE;
    for (size_t i = 0; *fit == FIT_WHOLE && i < alternative->as.group.count; i++) {
        const struct scenario_event *const item = &alternative->as.group.items[i];
        const struct trace_record *const record = expect_waiting(run, i);
        if (record == NULL) {
            *fit = FIT_SO_FAR;
            return true;
        }
        struct comparison comparison = comparison_with(item, record, from, to);
        if (!expect_compare(run, &comparison)) {
            return false;
        }
        if (comparison.count > 0) {
            *fit = FIT_NOT;
            if (failed->event == NULL || comparison.count < failed->count) {
                *failed = comparison;
            }
        }
    }
    return true;
}

static bool choose(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to,
                   struct choice *out)
{
    *out = (struct choice){0};
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct scenario_event *const alternative = &event->as.group.items[i];
        enum fit fit;
        if (!alternative_fits(run, alternative, from, to, &out->failed, &fit)) {
            return false;
        }
        if (fit == FIT_WHOLE &&
            (out->best == NULL || alternative->as.group.count > out->best->as.group.count)) {
            out->best = alternative;
        }
        out->has_begun = out->has_begun || fit == FIT_SO_FAR;
    }
    return true;
}

static void take_alternative(struct run *run, const struct scenario_event *alternative,
                             tcp_time from, tcp_time to)
{
    for (size_t i = 0; i < alternative->as.group.count; i++) {
        const struct scenario_event *const item = &alternative->as.group.items[i];
        struct trace_record *const record = expect_waiting(run, 0);
        struct comparison comparison = comparison_with(item, record, from, to);
        (void)expect_compare(run, &comparison); /* for its connection: it was equal before */
        expect_learn(run, &comparison);
        expect_mark(run, record, item);
        run->last_event = record->at;
        expect_take(run);
    }
}

/* Lets time go on until one fits, or none can any more. One that fits waits to the end of its instant for
 * the packets of a longer one; to say that nothing comes, all of the time must pass. */
static bool wait_for_one(struct run *run, const struct scenario_event *event, tcp_time from,
                         tcp_time to, struct choice *out)
{
    tcp_time limit = expect_latest(run, to);
    for (size_t packets = 1;; packets = timeline_waiting(run) + 1) {
        if (!timeline_reach_packets(run, limit, true, packets) ||
            !choose(run, event, from, to, out)) {
            return false;
        }
        if (!out->has_begun || timeline_waiting(run) < packets) {
            return true;
        }
        if (out->best != NULL && out->best->as.group.count > 0) {
            limit = run->now;
        }
    }
}

bool expect_one_of(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to)
{
    struct choice choice;
    if (!wait_for_one(run, event, from, to, &choice)) {
        return false;
    }
    if (choice.best == NULL) {
        return choice.failed.event != NULL ? expect_fail(run, &choice.failed)
                                           : expect_missing(run, &event->as.group.items[0], NULL);
    }
    if (choice.best->as.group.count > 0) {
        take_alternative(run, choice.best, from, to);
        return true;
    }
    /* What waits, if anything does, is of the statements behind this one. */
    const bool has_come = timeline_reach(run, from, true, false);
    run->last_event = run->now;
    return has_come;
}
