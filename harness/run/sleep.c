/* A host that is stopped for a while: nobody looks at the stack's clock until then, and what was due is done
 * first. The trace says so, lest what comes late be the stack's fault. */
#include "run/runner.h"
#include "run/witness.h"

void run_sleep(struct run *run, const struct scenario_event *event, tcp_time until)
{
    const struct trace_call call = {.name = "asleep",
                                    .text = "asleep",
                                    .cookie = ++run->next_cookie,
                                    .incarnation = TRACE_NO_EVENT};
    instant_leave(run, until);
    run->last_event = run->now;
    run_record(run, TRACE_CALL, event)->as.call = call;
    run_record(run, TRACE_CALL_DONE, event)->as.call = call;
}

bool run_wake(struct run *run)
{
    if (!drain(run)) {
        return false;
    }
    return witness_advance(run) && drain(run);
}
