/* See one_host.h. */
#include "cli/one_host.h"

#include <string.h>

#include "cli/annotate.h"
#include "cli/cause_input.h"
#include "cli/show_finding.h"
#include "cli/two_hosts.h"
#include "cli/verbs.h"
#include "world/projection.h"

/* What was found of both hosts, kept while one of them runs alone. */
struct found {
    const struct oracle_description *oracle; /* NULL: nothing */
    const char *name, *detail;
    enum cause_host host;
};

static struct found keep(const struct world_finding *finding, struct arena *arena)
{
    if (finding == NULL) {
        return (struct found){0};
    }
    return (struct found){
        .oracle = finding->oracle,
        .name = arena_copy_text(arena, finding->name, strlen(finding->name)),
        .detail = arena_copy_text(arena, finding->detail, strlen(finding->detail)),
        .host = finding->host,
    };
}

/* What of it comes back: the same name is the same finding. The script runner tells; a world of one host
 * also knows the oracles that look between two causes. */
static void compare(const struct found *of_two, const struct run_outcome *outcome,
                    const struct world_finding *in_world, struct text *out)
{
    struct text name = TEXT_EMPTY;
    const bool has_finding = show_finding_name(outcome, &name);
    if ((has_finding && strcmp(text_read(&name), of_two->name) == 0) ||
        (in_world != NULL && strcmp(in_world->name, of_two->name) == 0)) {
        text_string(out, "// alone: the same\n");
    } else if (has_finding || in_world != NULL) {
        text_format(out, "// alone: another one, %s\n",
                    has_finding ? text_read(&name) : in_world->name);
    } else {
        text_string(out, "// alone: it does not come back\n");
    }
    text_free(&name);
}

static void tell(const struct found *found, enum cause_host host, const struct run_outcome *outcome,
                 const struct world_finding *in_world, struct text *out)
{
    static const char names[] = {'a', 'b'};
    text_format(out, "// host %c of two\n", names[host]);
    if (found->oracle == NULL) {
        text_string(out, "// of both: nothing is found\n");
        return;
    }
    text_format(out, "// of both: %s: at host %c, %s\n", found->name, names[found->host],
                found->detail);
    if (found->host == host) {
        compare(found, outcome, in_world, out);
    }
    if (found->oracle->needs_both) {
        text_format(out,
                    "// %s judges two hosts, up to the end of all: one alone may not show it\n",
                    found->oracle->id);
    }
}

enum cause_host one_host_named(const char *name)
{
    return strcmp(name, "b") == 0 ? CAUSE_HOST_B : CAUSE_HOST_A;
}

struct sim *one_host_open(const char *verb, const struct request *request, int *code)
{
    struct tcp_config config;
    if (!two_hosts_config(verb, request, &config)) {
        *code = EXIT_USAGE;
        return NULL;
    }
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL, .tcp = &config};
    struct sim *const sim = sim_create(&options);
    *code = sim == NULL ? complain(verb, "out of memory", EXIT_BROKEN) : 0;
    return sim;
}

bool one_host_project(const char *verb, struct sim *sim, const struct cause_list *list,
                      enum cause_host host, struct arena *arena, struct cause_list *out)
{
    struct world_projection projection;
    world_projection_begin(&projection, host, arena);
    sim_project(sim, &projection);
    (void)sim_replay(sim, list, true);
    sim_project(sim, NULL);
    world_projection_finish(&projection, world_now(sim_world(sim)));
    *out = projection.list;
    if (projection.is_incomplete) {
        (void)complain(verb, "the host met more than a script of one host can tell apart",
                       EXIT_USAGE);
    }
    return !projection.is_incomplete;
}

int one_host_print(struct sim *sim, const struct cause_list *list, enum cause_host host,
                   struct arena *arena, struct text *out)
{
    struct cause_list alone;
    struct run_outcome outcome = {0};
    const struct scenario *scenario;
    int code = 0;
    if (!one_host_project("show", sim, list, host, arena, &alone)) {
        return EXIT_USAGE;
    }
    const struct found found = keep(sim_finding(sim), arena);
    cause_input_run(&alone, arena, &scenario, &outcome);
    if (outcome.trace == NULL || outcome.moments == NULL ||
        (outcome.verdict != RUN_PASSED && outcome.verdict != RUN_FAILED)) {
        code = complain("show", text_read(&outcome.summary), EXIT_BROKEN);
    } else {
        (void)sim_replay(sim, &alone, false);
        tell(&found, host, &outcome, sim_finding(sim), out);
        annotate_print(scenario, &outcome, out);
        show_finding_print(&outcome, out);
    }
    run_outcome_free(&outcome);
    return code;
}
