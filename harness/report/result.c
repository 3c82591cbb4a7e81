/* Verdicts: their names and what they make of the command's exit code. */
#include "report/result.h"

#include <assert.h>

static_assert(RUN_BROKEN + 1 == REPORT_VERDICTS, "every verdict is counted");

const char *report_verdict_name(enum run_verdict verdict)
{
    switch (verdict) {
    case RUN_PASSED:
        return "passed";
    case RUN_FAILED:
        return "failed";
    case RUN_SKIPPED:
        return "skipped";
    case RUN_INVALID:
        return "invalid";
    case RUN_BROKEN:
        return "broken";
    }
    return "?";
}

int report_exit_code(const struct report_counts *counts)
{
    if (counts->of[RUN_BROKEN] > 0) {
        return 3;
    }
    if (counts->of[RUN_INVALID] > 0) {
        return 2;
    }
    if (counts->of[RUN_FAILED] > 0) {
        return 1;
    }
    return counts->of[RUN_PASSED] > 0 ? 0 : 4;
}
