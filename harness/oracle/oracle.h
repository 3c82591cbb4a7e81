/* Oracles: properties that must hold in every run, whatever the script expects. Each is one row of a
 * table and a few lines of code; it sees every record of the trace once, in order, while the run
 * goes on, and judges only when the trace leaves no doubt.
 *
 * A set lives wholly in an arena, the trace's or one of its own: destroying it gives nothing back,
 * resetting the arena does. Between two calls it points at nothing outside that arena but the trace,
 * the configuration, octets of records, and constants, so copying the arena away and back to the same
 * place (base/arena.h) takes the set back to where it was. */
#ifndef FINWAIT_ORACLE_H
#define FINWAIT_ORACLE_H

#include "tcp/config.h"
#include "trace/trace.h"

enum oracle_level { ORACLE_MUST, ORACLE_SHOULD, ORACLE_PRACTICE, ORACLE_OURS };

/* "MUST", "SHOULD", "practice", "ours". Never NULL. */
const char *oracle_level_name(enum oracle_level level);

/* What a verdict costs, beside finding the flow of the record, which all oracles share. */
enum oracle_cost {
    ORACLE_COST_CONSTANT, /* a few comparisons */
    ORACLE_COST_OCTETS,   /* every octet of the packet or the call */
    ORACLE_COST_RANGES,   /* the ranges that arrived out of order */
    ORACLE_COST_BATCH,    /* the records of the batch so far */
    ORACLE_COST_LIVES,    /* every connection of the run */
    ORACLE_COST_HOST,     /* every table of the host */
    ORACLE_COST_RUN,      /* the run once more */
};

/* "constant", "octets", ... Never NULL. */
const char *oracle_cost_name(enum oracle_cost cost);

/* What one oracle is, for catalogue and report. */
struct oracle_description {
    const char *id; /* "W06": W wire, T inside the TCB, S streams, L liveness, R reference timers */
    const char *name; /* "ack-field-monotone" */
    enum oracle_level level;
    enum oracle_cost cost;
    const char *reads;     /* fields of struct tcp_config that it judges by; NULL: none */
    const char *reference; /* "RFC 9293 3.4" */
    const char *statement; /* the property in one sentence */
    bool needs_both;       /* hosts, or what comes behind the run: one alone may not show it */
};

struct oracle_finding {
    const struct oracle_description *oracle;
    size_t record;      /* index of the trace record at which it fired */
    const char *detail; /* the numbers of this case, in the set's arena */
    bool is_declared;   /* the script said `violates`: expected. False here; the runner knows */
};

/* Findings kept for each oracle; a property that is broken once is often broken all the time. */
#define ORACLE_FINDINGS_MAX 16

/* How the trace was come by. */
enum oracle_view {
    /* Recorded at the system under test: every packet, in the order and at the instant in which it
     * was taken or left; calls, drains, and what else the system tells. */
    ORACLE_VIEW_EXACT,
    /* Seen on the way: packets may be missing, late or out of order, and nothing else is told. A
     * flow may have begun before. The octets that records point to need not stay. */
    ORACLE_VIEW_CAPTURE,
};

struct oracle_setup {
    const struct trace *trace;       /* must outlive the set */
    const struct tcp_config *config; /* in force when the first record is observed; TRACE_SETTING
                                        records change it. Must outlive the set. NULL: not known */
    struct arena *arena;             /* for the set; NULL: the trace's */
    enum oracle_view view;
};

/* All oracles watching one run. */
struct oracle_set;

struct oracle_set *oracle_set_open(const struct oracle_setup *setup);

/* The same for the usual case: exact, in the arena of the trace. */
struct oracle_set *oracle_set_create(const struct trace *trace, const struct tcp_config *config);
void oracle_set_destroy(struct oracle_set *set);

/* For traces that are too long to be kept: forgets all findings, and all records but the last `keep`
 * of the trace, which is the set's. Everything must have been observed. */
void oracle_set_forget(struct oracle_set *set, struct trace *trace, size_t keep);

/* Looks at the records that were added since the last call. The bytes that records point to (packets,
 * calls) must stay until the run is over. */
void oracle_set_observe(struct oracle_set *set);

/* The outcome of one look of the system under test at its own invariants: T00 holds when `name` is
 * NULL and fires when it names the broken one. */
void oracle_set_report_invariant(struct oracle_set *set, const char *name);

/* Properties that no trace tells: whoever runs a host can look at it, or runs two of them, or knows what
 * applications and network are about to do, judges and reports. */
enum oracle_reported {
    ORACLE_REPORTED_REFUSAL,      /* T04 */
    ORACLE_REPORTED_WINDOW,       /* T05 */
    ORACLE_REPORTED_TIMEOUT,      /* T06 */
    ORACLE_REPORTED_RESET,        /* T07 */
    ORACLE_REPORTED_OCTETS,       /* S04 */
    ORACLE_REPORTED_END,          /* S05 */
    ORACLE_REPORTED_REPETITION,   /* S06 */
    ORACLE_REPORTED_PLACE,        /* S07 */
    ORACLE_REPORTED_INDIFFERENCE, /* S08 */
    ORACLE_REPORTED_COMPLETE,     /* L02 */
    ORACLE_REPORTED_QUIET,        /* L03 */
    ORACLE_REPORTED_MEMORY,       /* L04 */
    ORACLE_REPORTED_DEADLINES,    /* L05 */
};
/* A verdict: it holds when `broken` is NULL, otherwise that says how it does not. */
void oracle_set_report(struct oracle_set *set, enum oracle_reported property, const char *broken);

/* The run is over: properties that only an end can decide are judged. */
void oracle_set_finish(struct oracle_set *set);

/* In the order in which they fired. */
const struct oracle_finding *oracle_set_findings(const struct oracle_set *set, size_t *count);

/* Every oracle there is, and (in the same order) how often it came to a verdict in this set. */
const struct oracle_description *const *oracle_catalogue(size_t *count);
uint64_t oracle_set_evaluations(const struct oracle_set *set, size_t catalogue_index);

struct text;
/* The catalogue as a Markdown table: what the README of this folder shows. */
void oracle_catalogue_print(struct text *out);

#endif
