/* What the oracles found; the first finding that counts ends the run. */
#include "world/world_state.h"

#include <stdio.h>

#include "oracle/finding_name.h"

/* SHOULD and practice are notes. */
static bool counts(const struct oracle_finding *finding)
{
    return finding->oracle->level == ORACLE_MUST || finding->oracle->level == ORACLE_OURS;
}

static void keep(struct world *world, const struct world_one *one,
                 const struct oracle_finding *finding)
{
    struct text name = TEXT_EMPTY;
    finding_name(&one->trace, finding->oracle, finding->record, &name);
    (void)snprintf(world->name, sizeof world->name, "%s", text_read(&name));
    text_free(&name);
    (void)snprintf(world->detail, sizeof world->detail, "%s", finding->detail);
    world->finding = (struct world_finding){
        .oracle = finding->oracle,
        .name = world->name,
        .host = world_place(world, one),
        .detail = world->detail,
        .record = finding->record,
        .cause = world->causes,
    };
    world->has_finding = true;
}

void world_judge(struct world *world, struct world_one *one)
{
    size_t count = 0;
    const struct oracle_finding *const findings = oracle_set_findings(one->oracles, &count);
    for (; one->findings_seen < count; one->findings_seen++) {
        if (!world->has_finding && counts(&findings[one->findings_seen])) {
            keep(world, one, &findings[one->findings_seen]);
        }
    }
}

void world_report_invariant(struct world *world, struct world_one *one, const char *name)
{
    if (one->oracles != NULL) {
        oracle_set_report_invariant(one->oracles, name);
        world_judge(world, one);
    }
}

void world_report(struct world *world, enum cause_host host, enum oracle_reported property,
                  const char *broken)
{
    struct world_one *const one = &world->one[host];
    if (one->oracles != NULL) {
        oracle_set_report(one->oracles, property, broken);
        world_judge(world, one);
    } else if (broken != NULL) {
        world->is_full = true; /* nobody looks, but the run must end */
    }
}
