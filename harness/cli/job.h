/* One script from disk to verdict: read, parsed, run over each IP version that is asked for, its
 * packets saved. What comes of it travels as bytes, since it may happen in another process. */
#ifndef FINWAIT_CLI_JOB_H
#define FINWAIT_CLI_JOB_H

#include "cli/options.h"
#include "cli/scripts.h"
#include "cli/workers.h"
#include "oracle/counts.h"
#include "report/result.h"
#include "trace/state_counts.h"

/* Everything that the jobs of a command share. */
struct job_context {
    const struct request *request;
    const struct script_list *scripts;
    bool has_pcapng_folder;    /* request->pcapng is a folder, not a file */
    struct arena *arena;       /* of the scripts; reset for each job */
    struct text file, message; /* room that is used again for each job */
};

/* A worker_job: job j is script j modulo their number. Sends one message for each run. */
void job_do(void *context, uint64_t job, struct worker_outlet *outlet);

/* How many processes are worth starting for so many jobs, if --jobs says nothing. */
uint32_t job_workers(const struct request *request, uint64_t jobs);

/* Does the script allow this IP version? */
bool job_allows(const struct scenario *scenario, uint8_t ip_version);

/* Adds all that is wrong with a script's text. */
void job_diagnostics(const char *path, const struct text *file, const struct parse_result *parsed,
                     struct text *out);

/* What one message tells. The texts point into the message. */
struct job_result {
    struct report_result report;
    const char *ladder; /* "" unless it was asked for */
    const char *trace;
    struct state_counts states;
    struct oracle_counts verdicts;
};

/* Reads a message of job_do(), or makes one of a worker's death. `name` is the script's. */
void job_result_read(const struct worker_message *message, const char *name,
                     struct job_result *out);

#endif
