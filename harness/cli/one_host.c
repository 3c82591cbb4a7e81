/* See one_host.h. */
#include "cli/one_host.h"

#include <string.h>

#include "cli/annotate.h"
#include "cli/cause_input.h"
#include "cli/show_finding.h"
#include "cli/verbs.h"
#include "world/projection.h"

/* What of it comes back: the same name is the same finding. */
static void compare(const char *of_two, const struct run_outcome *outcome, struct text *out)
{
    struct text name = TEXT_EMPTY;
    const bool has_finding = show_finding_name(outcome, &name);
    if (has_finding && strcmp(text_read(&name), of_two) == 0) {
        text_string(out, "// alone: the same\n");
    } else if (has_finding) {
        text_format(out, "// alone: another one, %s\n", text_read(&name));
    } else {
        text_string(out, "// alone: it does not come back\n");
    }
    text_free(&name);
}

static void tell(const struct world_finding *found, enum cause_host host,
                 const struct run_outcome *outcome, struct text *out)
{
    static const char names[] = {'a', 'b'};
    text_format(out, "// host %c of two\n", names[host]);
    if (found == NULL) {
        text_string(out, "// of both: nothing is found\n");
        return;
    }
    text_format(out, "// of both: %s: at host %c, %s\n", found->name, names[found->host],
                found->detail);
    if (found->host == host) {
        compare(found->name, outcome, out);
    }
}

int one_host_print(struct sim *sim, const struct cause_list *list, enum cause_host host,
                   struct arena *arena, struct text *out)
{
    struct world_projection projection;
    struct run_outcome outcome = {0};
    const struct scenario *scenario;
    int code = 0;
    world_projection_begin(&projection, host, arena);
    sim_project(sim, &projection);
    (void)sim_replay(sim, list, true);
    sim_project(sim, NULL);
    world_projection_finish(&projection, world_now(sim_world(sim)));
    if (projection.is_incomplete) {
        return complain("show", "the host met more than a script of one host can tell apart",
                        EXIT_USAGE);
    }
    cause_input_run(&projection.list, arena, &scenario, &outcome);
    if (outcome.trace == NULL || outcome.moments == NULL ||
        (outcome.verdict != RUN_PASSED && outcome.verdict != RUN_FAILED)) {
        code = complain("show", text_read(&outcome.summary), EXIT_BROKEN);
    } else {
        tell(sim_finding(sim), host, &outcome, out);
        annotate_print(scenario, &outcome, out);
        show_finding_print(&outcome, out);
    }
    run_outcome_free(&outcome);
    return code;
}
