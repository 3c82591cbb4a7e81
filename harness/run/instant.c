/* How long one instant may last: a deadline that is told must come to something, or move (L05). */
#include "oracle/deadlines.h"
#include "run/findings.h"
#include "run/witness.h"

bool instant_tick(struct run *run)
{
    if (++run->idle_ticks <= DEADLINES_TICKS_MAX) {
        return witness_advance(run) && drain(run);
    }
    oracle_set_report(run->oracles, ORACLE_REPORTED_DEADLINES, DEADLINES_STUCK);
    return findings_judge(run) &&
           run_fail(run, RUN_BROKEN, run->event->span,
                    "%s names a deadline at %s again and again, and does not move", run->sut->name,
                    run_time_text(run, run->now));
}

void instant_leave(struct run *run, tcp_time time)
{
    if (time.us <= run->now.us) {
        return;
    }
    if (run->idle_ticks > 0) {
        oracle_set_report(run->oracles, ORACLE_REPORTED_DEADLINES, NULL);
    }
    run->now = time;
    run->idle_ticks = 0;
}
