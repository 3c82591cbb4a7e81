/* finwait show: an input as a script. */
#include "cli/annotate.h"
#include "cli/cause_input.h"
#include "cli/one_host.h"
#include "cli/show_finding.h"
#include "cli/two_hosts.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

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
        show_finding_print(&outcome, out);
    }
    run_outcome_free(&outcome);
    return code;
}

static int show_host(const struct request *request, const struct cause_list *list,
                     struct arena *arena, struct text *out)
{
    int code = 0;
    struct sim *const sim = one_host_open("show", request, &code);
    if (sim != NULL) {
        code = one_host_print(sim, list, one_host_named(request->host), arena, out);
    }
    sim_destroy(sim);
    return code;
}

static int show(const struct request *request, struct arena *arena)
{
    struct cause_list list;
    struct text out = TEXT_EMPTY;
    int code = cause_input_read("show", request->paths[0], arena, &list);
    if (code == 0 && request->is_concrete && (list.start.hosts == 2 || request->skips_run)) {
        code = complain("show", "--concrete needs a run, of one host", EXIT_USAGE);
    } else if (code == 0 && request->host != NULL && list.start.hosts == 1) {
        code = complain("show", "--host chooses one of two hosts", EXIT_USAGE);
    }
    if (code == 0 && request->host != NULL) {
        code = show_host(request, &list, arena, &out);
    } else if (code == 0 && (list.start.hosts == 2 || request->skips_run)) {
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

/* S06 to S08 compare two runs of a seed: its causes alone do not show what they find. */
static void tell_of_pair(const struct sim *sim, struct text *out)
{
    const struct world_finding *const found = sim_finding(sim);
    if (found != NULL && found->oracle->cost == ORACLE_COST_RUN) {
        text_format(out, "// of the seed, run twice: %s: %s\n", found->name, found->detail);
    }
}

/* The run of a seed, as finwait sim draws it. */
static int show_seed(const struct request *request, struct arena *arena)
{
    int code = 0;
    struct sim *const sim = one_host_open("show", request, &code);
    struct text out = TEXT_EMPTY;
    if (sim != NULL) {
        struct cause_list list;
        (void)sim_run(sim, request->seed, NULL);
        two_hosts_take(sim, request->minimizes, arena, &list);
        if (request->host != NULL) {
            tell_of_pair(sim, &out);
            code = one_host_print(sim, &list, one_host_named(request->host), arena, &out);
        } else {
            two_hosts_print(sim, &list, arena, &out);
        }
    }
    if (sim != NULL && code == 0) {
        code = write_file("show", request->output == NULL ? "-" : request->output, &out);
    }
    text_free(&out);
    sim_destroy(sim);
    return code;
}

static int choose(const struct request *request, struct arena *arena)
{
    if (request->host != NULL && strcmp(request->host, "a") != 0 &&
        strcmp(request->host, "b") != 0) {
        return complain("show", "the two hosts are a and b", EXIT_USAGE);
    }
    if (request->path_count > 0 && request->has_seed) {
        return complain("show", "name an input or a seed, not both", EXIT_USAGE);
    }
    if (request->path_count > 0 && request->minimizes) {
        return complain("show", "--minimize goes with --seed; for an input there is finwait min",
                        EXIT_USAGE);
    }
    if (request->path_count > 0 && request->setting_count > 0 && request->host == NULL) {
        return complain("show", "--set goes with --seed or --host; an input has its own settings",
                        EXIT_USAGE);
    }
    if (request->path_count == 0 && request->has_seed) {
        return show_seed(request, arena);
    }
    return request->path_count == 1
               ? show(request, arena)
               : complain("show", "one input is to be named, or a seed", EXIT_USAGE);
}

int verb_show(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_SHOW, argc, argv, arena, &request, NULL, &code)) {
        code = choose(&request, arena);
    }
    arena_destroy(arena);
    return code;
}
