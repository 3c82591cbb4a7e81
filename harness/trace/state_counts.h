/* How often runs took each change of state. */
#ifndef FINWAIT_TRACE_STATE_COUNTS_H
#define FINWAIT_TRACE_STATE_COUNTS_H

#include "trace/trace.h"

struct state_counts {
    uint64_t of[TCB_STATE_COUNT][TCB_STATE_COUNT]; /* [from][to] */
};

/* Adds what a trace shows: the changes of connections, both steps of a segment that moves one twice,
 * and of listeners, which are made and closed by calls. */
void state_counts_add(struct state_counts *counts, const struct trace *trace);

/* Adds other counts. */
void state_counts_sum(struct state_counts *counts, const struct state_counts *other);

struct state_totals {
    uint64_t changes;              /* all of them */
    uint32_t legal, taken, broken; /* pairs: that may be; of these, taken; taken that may not be */
};

struct state_totals state_counts_totals(const struct state_counts *counts);

#endif
