/* What reports tell of one run of one script, and the sum over many. */
#ifndef FINWAIT_REPORT_RESULT_H
#define FINWAIT_REPORT_RESULT_H

#include "run/run.h"

struct report_result {
    const char *name;   /* the script's path, as the user reached it */
    uint8_t ip_version; /* 4 or 6; 0 when it did not come to a run */
    enum run_verdict verdict;
    uint64_t virtual_us;   /* from the script's time 0 to its end */
    uint64_t packets;      /* both ways */
    uint32_t line, column; /* where it failed, or 0 */
    const char *summary;   /* why, in one line; "" when it passed */
    const char *report;    /* why, in full; "" when it passed */
    const char *values;    /* "MSS=536", where the script has --values; "" or NULL: none */
};

#define REPORT_VERDICTS 5

struct report_counts {
    uint64_t of[REPORT_VERDICTS]; /* by enum run_verdict */
};

/* "passed" "failed" "skipped" "invalid" "broken". Never NULL. */
const char *report_verdict_name(enum run_verdict verdict);

/* The exit code of a whole command: 3 when anything was broken, else 2 when a script was invalid,
 * else 1 when one failed, else 0 when one passed, else 4: nothing ran. */
int report_exit_code(const struct report_counts *counts);

#endif
