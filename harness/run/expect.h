/* One packet that left against one that the script expects, and what follows from it. */
#ifndef FINWAIT_RUN_EXPECT_H
#define FINWAIT_RUN_EXPECT_H

#include "run/runner.h"

struct comparison {
    const struct scenario_event *event;
    const struct scenario_packet *packet;
    const struct trace_packet *live;
    struct connection *connection;
    tcp_time at, from, to; /* when it came, when it may come */
    struct difference items[RUN_DIFFERENCES_MAX];
    size_t count;
    bool is_only_time;
};

/* Holds one packet that left against what the script expects; differences go to `comparison`. */
bool expect_compare(struct run *run, struct comparison *comparison);
void expect_differ(struct comparison *comparison, const char *field, struct source_span span,
                   const char *script, const char *stack);
/* Is it the right connection's? May replace comparison->connection by the life that a label names. */
bool expect_connection(struct run *run, struct comparison *comparison);
bool expect_options(struct run *run, struct comparison *comparison);
/* The packet was the expected one: what it teaches of numbers, ports and labels. */
void expect_learn(struct run *run, const struct comparison *comparison);
/* Text of a packet for messages. */
const char *expect_describe(struct run *run, const struct trace_packet *packet);

/* ---- expect_statement.c -------------------------------------------------------------------------- */

/* The packet that waits, `ahead` places behind the first; NULL when there is none. */
struct trace_record *expect_waiting(const struct run *run, size_t ahead);
/* The first one that waits was expected. */
void expect_take(struct run *run);
/* The packet that waits first or, where the mode allows it, several as one (glue.c). Returns how many
 * they are. */
size_t expect_glue(struct run *run, const struct scenario_tcp *tcp, struct trace_packet *out);
/* The record belongs to this line of the script. */
void expect_mark(struct run *run, struct trace_record *record, const struct scenario_event *event);
/* The end of a window, tolerance included. */
tcp_time expect_latest(const struct run *run, tcp_time to);
/* Reports; always false. */
bool expect_fail(struct run *run, const struct comparison *comparison);
/* Nothing came in time. Looks a while ahead for what comes instead and, with a `comparison`, whether
 * it is only late. */
bool expect_missing(struct run *run, const struct scenario_event *event,
                    struct comparison *comparison);

#endif
