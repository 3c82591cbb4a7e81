/* Times that go back. Each event happens at some earliest time; an absolute time before it can never
 * come. */
#include "scenario/linter.h"

static int64_t later(int64_t time, int64_t by)
{
    return by > INT64_MAX - time ? INT64_MAX : time + by;
}

/* The earliest time of an event, when the one before happens at `now` or later. */
static int64_t pass(struct linter *linter, const struct scenario_event *event, int64_t now)
{
    const struct scenario_time *time = &event->time;
    switch (time->kind) {
    case SCENARIO_TIME_RELATIVE:
    case SCENARIO_TIME_RELATIVE_RANGE:
        return later(now, time->from_us);
    case SCENARIO_TIME_ABSOLUTE:
    case SCENARIO_TIME_ABSOLUTE_RANGE:
        if (time->to_us < now) {
            const char *message = arena_format(
                linter->arena, "time goes back to %.*s, but here it is %lld.%06lld at least",
                (int)time->span.length, linter->scenario->source + time->span.offset,
                (long long)(now / 1000000), (long long)(now % 1000000));
            linter_find(linter, LINT_TIME_BACK, time->span, message,
                        "a later time, or one that counts from the event above: +.1", NULL);
            return time->from_us;
        }
        return time->from_us > now ? time->from_us : now;
    case SCENARIO_TIME_ANY:
        break;
    }
    return now;
}

void lint_times(struct linter *linter)
{
    int64_t now = 0;
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *event = &linter->scenario->events[i];
        now = pass(linter, event, now);
        if (event->kind == SCENARIO_QUIET) {
            now = later(now, event->as.quiet_us);
        }
    }
}
