/* finwait show: an input as a script. */
#include "cli/annotate.h"
#include "cli/cause_input.h"
#include "cli/two_hosts.h"
#include "cli/verbs.h"

#include <stdio.h>

/* What the oracles found: which, and the state after the step that brought it about, in the words of the
 * fuzz targets, so that a finding is called the same in every form. */
static void add_finding(const struct run_outcome *outcome, struct text *out)
{
    const struct trace *const trace = outcome->trace;
    size_t at = trace->record_count;
    if (outcome->verdict != RUN_FAILED || outcome->finding_count == 0) {
        return;
    }
    while (at > 0 && trace->records[at - 1].kind != TRACE_STEP) {
        at--;
    }
    const struct oracle_finding *const found = &outcome->findings[outcome->finding_count - 1];
    text_format(out, "// finding: %s %s, in %s: %s\n", found->oracle->id, found->oracle->name,
                at == 0 ? "no state" : tcb_state_name(trace->records[at - 1].as.step.after),
                found->detail);
}

static int show_run(const struct request *request, const struct cause_list *list,
                    struct arena *arena, struct text *out)
{
    struct run_outcome outcome = {0};
    const struct scenario *scenario;
    int code = 0;
    cause_input_run(list, arena, &scenario, &outcome);
    if (outcome.trace == NULL || outcome.moments == NULL ||
        (outcome.verdict != RUN_PASSED && outcome.verdict != RUN_FAILED)) {
        code = complain("show", text_read(&outcome.summary), EXIT_BROKEN);
    } else if (request->is_concrete) {
        annotate_print(annotate_concrete(scenario, &outcome, arena), NULL, out);
    } else {
        annotate_print(scenario, &outcome, out);
        add_finding(&outcome, out);
    }
    run_outcome_free(&outcome);
    return code;
}

static int show(const struct request *request, struct arena *arena)
{
    struct cause_list list;
    struct text out = TEXT_EMPTY;
    int code = cause_input_read("show", request->paths[0], arena, &list);
    if (code == 0 && request->is_concrete && (list.start.hosts == 2 || request->skips_run)) {
        code = complain("show", "--concrete needs a run, of one host", EXIT_USAGE);
    }
    if (code == 0 && (list.start.hosts == 2 || request->skips_run)) {
        annotate_print(cause_to_scenario(&list, arena), NULL, &out);
    } else if (code == 0) {
        code = show_run(request, &list, arena, &out);
    }
    if (code == 0) {
        code = write_file("show", request->output == NULL ? "-" : request->output, &out);
    }
    text_free(&out);
    return code;
}

/* The run of a seed, as finwait sim draws it. */
static int show_seed(const struct request *request, struct arena *arena)
{
    struct tcp_config config;
    if (!two_hosts_config("show", request, &config)) {
        return EXIT_USAGE;
    }
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL, .tcp = &config};
    struct sim *const sim = sim_create(&options);
    struct text out = TEXT_EMPTY;
    int code = EXIT_BROKEN;
    if (sim != NULL) {
        (void)sim_run(sim, request->seed, NULL);
        two_hosts_print(sim, request->minimizes, arena, &out);
        code = write_file("show", request->output == NULL ? "-" : request->output, &out);
    }
    text_free(&out);
    sim_destroy(sim);
    return code;
}

int verb_show(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_SHOW, argc, argv, arena, &request, NULL, &code)) {
        if (request.path_count == 0 && request.has_seed) {
            code = show_seed(&request, arena);
        } else {
            code = request.path_count == 1
                       ? show(&request, arena)
                       : complain("show", "one input is to be named, or a seed", EXIT_USAGE);
        }
    }
    arena_destroy(arena);
    return code;
}
