/* Shows results as they come: table, TAP or JSON on standard output (on standard error, where the JUnit
 * report goes to standard output), progress on a terminal at standard error, traces and JUnit cases in
 * their files. */
#ifndef FINWAIT_CLI_SHOW_H
#define FINWAIT_CLI_SHOW_H

#include "cli/job.h"
#include "cli/outputs.h"
#include "report/table.h"

#include <stdio.h>

struct show {
    const struct request *request;
    const struct script_list *scripts;
    uint64_t jobs, jobs_done;
    FILE *stream; /* where the report goes */
    struct table_style style;
    struct report_counts counts;
    struct oracle_counts verdicts;
    uint64_t points; /* of TAP */
    struct outputs *outputs;
    bool has_stopped_early; /* after a failure */
    bool has_progress;      /* standard error is a terminal */
    bool is_progress_on;    /* a line stands there */
    int64_t progress_ms;    /* when it was written */
    struct text room, line; /* of rows; of progress */
};

/* Begins the report. `*out` is the caller's; end it with show_end(). */
void show_begin(struct show *out, const struct request *request, const struct script_list *scripts,
                uint64_t jobs, struct outputs *outputs);

void show_result(struct show *show, const struct job_result *result, bool is_last_of_job);

/* Called before a wait: lets everything so far be seen. */
void show_idle(void *show);

/* Ends the report and frees it. False: its stream did not take all of it. */
bool show_end(struct show *show);

#endif
