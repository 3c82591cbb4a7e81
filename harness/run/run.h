/* Runs a scenario against a system under test: applies each cause, drains effects, holds what comes
 * against what the script expects, in virtual time, with every oracle watching. */
#ifndef FINWAIT_RUN_H
#define FINWAIT_RUN_H

#include "base/text.h"
#include "oracle/counts.h"
#include "scenario/scenario.h"
#include "sut/sut.h"
#include "trace/trace.h"

enum run_mode {
    RUN_STRICT,   /* our corpus: a packet that the script does not mention fails it */
    RUN_COMPAT,   /* what packetdrill compares is compared */
    RUN_PORTABLE, /* as compat, and windows, buffer sizes, option order, PSH are not compared */
    RUN_CAUSES,   /* what the script does is done, oracles judge, nothing is compared; what names
                   * nothing is tried, and the system under test refuses it */
};

struct run_options {
    enum run_mode mode;
    bool mode_wins;       /* over a --mode line of the script; else that wins */
    const char *profile;  /* "rfc" */
    uint8_t ip_version;   /* 4 or 6 */
    int64_t tolerance_us; /* 0: exact */
    bool relocate;        /* see sut_setup */
    const char *oracles;  /* NULL: the script and all oracles judge; else these oracles alone,
                                    ids with commas between them or "all" */
    const char *const *settings; /* "name=value" from the command line; win over the script's */
    size_t setting_count;
    const char *command; /* the finwait command words that replay this, for the report */
};

enum run_verdict {
    RUN_PASSED,
    RUN_FAILED,  /* an expectation or an oracle: exit 1 */
    RUN_SKIPPED, /* the system under test lacks a capability, or the form cannot run yet */
    RUN_INVALID, /* the script parses but makes no sense: exit 2 */
    RUN_BROKEN,  /* the system under test or the environment: exit 3 */
};

/* When a statement took place, and how much had been recorded by then: before it acted, or, where it
 * only looks, when it was over. */
struct run_moment {
    bool has_come; /* the run came that far */
    tcp_time at;   /* what the time of the next statement counts from */
    size_t records;
};

/* A run's outcome. The trace lives in the arena that was given; free the texts with
 * run_outcome_free(). */
struct run_outcome {
    enum run_verdict verdict;
    struct text report;    /* why, in full, when it is not RUN_PASSED */
    struct text summary;   /* why, in one line: "got > S. 0:0(0) ..., expected ..." */
    uint32_t line, column; /* where in the script */
    struct trace *trace;
    const struct run_moment *moments; /* for each event of the scenario; lives in the arena */
    const struct oracle_finding *findings;
    size_t finding_count;
    struct oracle_counts verdicts;
    tcp_time end; /* virtual time at the end */
};

void run_scenario(const struct scenario *scenario, const struct sut *sut,
                  const struct run_options *options, struct arena *arena, struct run_outcome *out);
/* Has a connection a field of this name, for assert? If not, *nearest becomes one that it has and that
 * was probably meant, or NULL. */
bool run_knows_field(const char *name, const char **nearest);
bool run_knows_counter(const char *name, const char **nearest);

void run_outcome_free(struct run_outcome *outcome);

#endif
