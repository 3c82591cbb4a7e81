/* Calls that block: each has an instant at which the script says that it ends, and must end then. */
#include "run/runner.h"

bool pending_done(struct run *run, const struct sut_result *result)
{
    for (size_t i = 0; i < run->pending_count; i++) {
        struct pending *const entry = &run->pending[i];
        if (entry->cookie == result->cookie && !entry->is_done) {
            entry->is_done = true;
            run->blocked_count--;
            struct pending copy = *entry;
            return calls_judge(run, &copy, result);
        }
    }
    return run_fail(run, RUN_BROKEN, (struct source_span){0},
                    "%s ended a call that was not blocked", run->sut->name);
}

struct pending *pending_add(struct run *run, const struct pending *entry)
{
    if (run->blocked_count == 0) {
        run->pending_count = 0;
    }
    void *items = run->pending;
    arena_grow(run->arena, &items, &run->pending_capacity, run->pending_count,
               sizeof *run->pending);
    run->pending = items;
    run->pending[run->pending_count] = *entry;
    run->blocked_count++;
    return &run->pending[run->pending_count++];
}

static tcp_time latest_end(const struct run *run, const struct pending *entry)
{
    return (tcp_time){entry->end.us + run->tolerance_us};
}

tcp_time pending_due(const struct run *run)
{
    tcp_time due = TCP_TIME_NEVER;
    for (size_t i = 0; run->blocked_count > 0 && i < run->pending_count; i++) {
        const struct pending *const entry = &run->pending[i];
        const bool is_let_be = run_lets_be(run) && latest_end(run, entry).us <= run->now.us;
        if (!entry->is_done && entry->is_blocking && !is_let_be &&
            latest_end(run, entry).us < due.us) {
            due = latest_end(run, entry);
        }
    }
    return due;
}

bool pending_may_leave(struct run *run)
{
    for (size_t i = 0; run->blocked_count > 0 && i < run->pending_count; i++) {
        const struct pending *const entry = &run->pending[i];
        if (entry->is_done || !entry->is_blocking || run_lets_be(run) ||
            latest_end(run, entry).us > run->now.us) {
            continue;
        }
        if (entry->connection != RUN_NO_CONNECTION) {
            run_concern(run, run->connections[entry->connection]);
        }
        return run_fail(run, RUN_FAILED, entry->event->time.span,
                        "%s() should have returned at %s, but it still blocks",
                        entry->event->as.call->name, run_time_text(run, entry->end));
    }
    return true;
}
