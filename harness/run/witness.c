/* T04 to T07 of a script: how a connection was before a segment or a deadline, and how it is at once
 * afterwards, before anything is taken from the system under test. It must be able to tell. */
#include "run/witness.h"

#include "oracle/taken.h"
#include "run/findings.h"

static bool can_tell(const struct run *run)
{
    const uint32_t needed = SUT_INSPECT | SUT_STEPS;
    return (run->sut->capabilities & needed) == needed;
}

static struct tcp_step_record last_step(struct run *run)
{
    const struct sut_call call = {.kind = SUT_CALL_LAST_STEP};
    return run->sut->call(run->instance, run->now, &call).step;
}

static struct sut_result inspect(struct run *run, const struct tcp_flow *flow)
{
    const struct sut_call call = {.kind = SUT_CALL_INSPECT, .flow = *flow};
    return run->sut->call(run->instance, run->now, &call);
}

static struct tcp_flow flow_of(const struct tcp_segment *segment)
{
    return (struct tcp_flow){.local = segment->destination, .remote = segment->source};
}

void witness_before(struct run *run, const struct tcp_segment *segment, struct encounter *out)
{
    out->connection = TCP_HANDLE_NONE;
    if (!can_tell(run) || segment->source.port == 0 || /* which would ask for a listener */
        !encounter_is_on_time(run->sut->next_deadline(run->instance), run->now)) {
        return;
    }
    const struct tcp_flow flow = flow_of(segment);
    const struct sut_result found = inspect(run, &flow);
    if (found.value != 0) {
        out->connection = found.connection;
        out->before = found.status;
        out->step = last_step(run).number;
    }
}

/* The event that a finding ends the run in is told to its end. */
static bool judge_and_tell(struct run *run)
{
    const bool goes_on = findings_judge(run);
    if (!goes_on) {
        drain_unjudged(run);
    }
    return goes_on;
}

/* A finding tells the step that brought it about, which otherwise would come with what is polled. */
static bool judge(struct run *run, const struct tcp_step_record *step)
{
    size_t count;
    (void)oracle_set_findings(run->oracles, &count);
    if (count > run->findings_seen) {
        run_record_step(run, step);
        run->has_told_step = true;
        run->told_step = step->number;
    }
    return judge_and_tell(run);
}

bool witness_after(struct run *run, const struct tcp_segment *segment, const struct encounter *met)
{
    if (met->connection.generation == 0) {
        return true;
    }
    const struct encounter_outcome outcome = {
        .step = last_step(run), .segment = segment, .config = &run->config, .asks_window = true};
    if (encounter_judge(met, &outcome, run->oracles)) {
        const struct tcp_flow flow = flow_of(segment);
        const struct sut_result found = inspect(run, &flow);
        if (found.value != 0 && tcp_handle_equal(found.connection, met->connection)) {
            encounter_judge_change(met, &outcome, &found.status, run->oracles);
        }
    }
    return judge(run, &outcome.step);
}

/* T06. */
static bool judge_timeout(struct run *run, uint32_t before)
{
    const struct tcp_step_record step = last_step(run);
    if (!taken_is_timeout(&step, before)) {
        return true;
    }
    const struct sut_call call = {.kind = SUT_CALL_TCP_LOOK, .connection = step.connection};
    const struct sut_result found = run->sut->call(run->instance, run->now, &call);
    if (found.error == NULL) {
        oracle_set_report(run->oracles, ORACLE_REPORTED_TIMEOUT,
                          taken_timeout_fault(&found.status));
    }
    return judge_and_tell(run);
}

bool witness_advance(struct run *run)
{
    if (!can_tell(run)) {
        run->sut->advance(run->instance, run->now);
        return true;
    }
    const uint32_t before = last_step(run).number;
    run->sut->advance(run->instance, run->now);
    return judge_timeout(run, before);
}
