/* One run from beginning to end: set up, go through the script, judge, report. */
#include "run/findings.h"
#include "run/runner.h"

#include <string.h>

#define PACKET_ROOM_MIN 2048

static bool start(struct run *run)
{
    run->first_config = setup_live_config(run);
    const struct tcp_config config = run->first_config;
    const struct sut_setup setup = {.config = &config,
                                    .limits = &run->limits,
                                    .local_address = &run->local,
                                    .start = run->start,
                                    .relocate = run->options->relocate};
    const char *error = "no reason given";
    run->instance = run->sut->create(&setup, &error);
    if (run->instance == NULL) {
        return run_fail(run, RUN_BROKEN, (struct source_span){0}, "%s does not start: %s",
                        run->sut->name, error);
    }
    run->oracles = oracle_set_create(run->trace, &run->first_config);
    run->scratch.count = TCP_WIRE_HEADROOM + UINT16_MAX; /* whatever the MTU will be */
    run->scratch.bytes = arena_take(run->arena, run->scratch.count);
    run->inbound.count = PACKET_ROOM_MIN;
    run->inbound.bytes = arena_take(run->arena, run->inbound.count);
    return true;
}

static struct trace *make_trace(const struct scenario *scenario, const struct sut *sut,
                                struct arena *arena)
{
    struct trace *const trace = arena_take(arena, sizeof *trace);
    *trace = (struct trace){
        .arena = arena, .script = scenario->path, .sut = sut->name, .start = {RUN_START_US}};
    return trace;
}

/* A script may say that a system under test is known to fail it. */
static const struct scenario_note *expected_failure(const struct run *run)
{
    for (size_t i = 0; i < run->scenario->note_count; i++) {
        const struct scenario_note *const note = &run->scenario->notes[i];
        if (strcmp(note->kind, "xfail") == 0 && note->subject != NULL &&
            strcmp(note->subject, run->sut->name) == 0) {
            return note;
        }
    }
    return NULL;
}

static void judge_expected_failure(struct run *run, struct run_outcome *out)
{
    const struct scenario_note *const note = expected_failure(run);
    if (note == NULL || !run_judges_script(run)) {
        return;
    }
    if (out->verdict == RUN_FAILED) {
        out->verdict = RUN_PASSED;
        text_clear(&out->summary);
        text_format(&out->summary, "failed as expected: %s",
                    note->reason == NULL ? "no reason given" : note->reason);
    } else if (out->verdict == RUN_PASSED) {
        (void)run_fail(run, RUN_FAILED, note->span, "this was expected to fail, and passed");
        mismatch_report(run, out);
        out->verdict = RUN_FAILED;
    }
}

static void conclude(struct run *run, struct run_outcome *out)
{
    out->trace = run->trace;
    out->moments = run->moments;
    out->end = run->now;
    out->verdict = run->problem.is_set ? run->problem.verdict : RUN_PASSED;
    if (run->oracles != NULL) {
        findings_hand_over(run, out);
    }
    if (run->problem.is_set) {
        mismatch_report(run, out);
    } else if (run->warning != NULL) {
        text_format(&out->report, "%s: warning: %s\n", run->scenario->path, run->warning);
    }
    judge_expected_failure(run, out);
    if (run->oracles != NULL) {
        oracle_set_destroy(run->oracles);
    }
    if (run->instance != NULL) {
        run->sut->destroy(run->instance);
    }
}

void run_scenario(const struct scenario *scenario, const struct sut *sut,
                  const struct run_options *options, struct arena *arena, struct run_outcome *out)
{
    struct run run = {.scenario = scenario,
                      .sut = sut,
                      .options = options,
                      .arena = arena,
                      .trace = make_trace(scenario, sut, arena),
                      .start = {RUN_START_US},
                      .now = {RUN_START_US},
                      .last_event = {RUN_START_US}};
    run.moments = arena_take(arena, scenario->event_count * sizeof *run.moments);
    *out = (struct run_outcome){0};
    if (setup_read(&run) && preflight(&run) && start(&run)) {
        (void)timeline_run(&run);
    }
    conclude(&run, out);
}

void run_outcome_free(struct run_outcome *outcome)
{
    text_free(&outcome->report);
    text_free(&outcome->summary);
}
