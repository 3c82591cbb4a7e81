#include "cli/show_finding.h"

#include "oracle/finding_name.h"

static const struct oracle_finding *first_of(const struct run_outcome *outcome)
{
    for (size_t i = 0; i < outcome->finding_count && outcome->verdict == RUN_FAILED; i++) {
        const struct oracle_finding *const found = &outcome->findings[i];
        const bool counts =
            found->oracle->level == ORACLE_MUST || found->oracle->level == ORACLE_OURS;
        if (counts && !found->is_declared) {
            return found;
        }
    }
    return NULL;
}

bool show_finding_name(const struct run_outcome *outcome, struct text *out)
{
    const struct oracle_finding *const found = first_of(outcome);
    if (found != NULL) {
        finding_name(outcome->trace, found->oracle, found->record, out);
    }
    return found != NULL;
}

void show_finding_print(const struct run_outcome *outcome, struct text *out)
{
    const struct oracle_finding *const found = first_of(outcome);
    if (found != NULL) {
        text_string(out, "// finding: ");
        (void)show_finding_name(outcome, out);
        text_format(out, ": %s\n", found->detail);
    }
}
