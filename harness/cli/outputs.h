/* The files that a run writes besides its report: everything that was seen (--trace), and the JUnit
 * report. Both are opened before the first script runs, so that a path that cannot be written is
 * told at once. */
#ifndef FINWAIT_CLI_OUTPUTS_H
#define FINWAIT_CLI_OUTPUTS_H

#include "cli/job.h"

#include <stdio.h>

struct outputs {
    const char *trace_path, *junit_path;
    FILE *trace, *junit; /* NULL: not asked for */
    int trace_error;     /* errno of the first write that went wrong, 0 when none did */
    struct text cases;
};

/* False, after a complaint: a file cannot be written. Then there is nothing to close. */
bool outputs_open(struct outputs *out, const struct request *request);

void outputs_add(struct outputs *outputs, const struct job_result *result);

/* Writes what is left. False, after a complaint: a file did not take all. */
bool outputs_close(struct outputs *outputs, const struct report_counts *counts);

#endif
