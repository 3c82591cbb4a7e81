#include "oracle/encounter.h"

#include "oracle/refusal.h"
#include "oracle/taken.h"

/* Did the segment do anything, and to that connection? */
static bool is_met(const struct encounter *met, const struct tcp_step_record *step)
{
    return met->connection.generation != 0 && step->number != met->step &&
           tcp_handle_equal(step->connection, met->connection);
}

static bool is_reset(const struct encounter_outcome *outcome)
{
    const struct tcp_config *const config = outcome->config;
    return taken_is_reset(&outcome->step, outcome->segment, config->rfc5961 != 0) &&
           (outcome->step.before != TCB_TIME_WAIT || config->resets_end_time_wait != 0);
}

bool encounter_judge(const struct encounter *met, const struct encounter_outcome *outcome,
                     struct oracle_set *oracles)
{
    const struct tcp_step_record *const step = &outcome->step;
    if (!is_met(met, step)) {
        return false;
    }
    if (is_reset(outcome)) {
        oracle_set_report(oracles, ORACLE_REPORTED_RESET,
                          taken_reset_fault(step, outcome->segment, &met->before));
    }
    return refusal_is_one(step) ||
           (outcome->asks_window && taken_has_window(step, outcome->segment, &met->before));
}

void encounter_judge_change(const struct encounter *met, const struct encounter_outcome *outcome,
                            const struct tcp_status *after, struct oracle_set *oracles)
{
    if (refusal_is_one(&outcome->step)) {
        oracle_set_report(oracles, ORACLE_REPORTED_REFUSAL, refusal_change(&met->before, after));
    } else {
        oracle_set_report(oracles, ORACLE_REPORTED_WINDOW,
                          taken_window_fault(outcome->segment, &met->before, after));
    }
}
