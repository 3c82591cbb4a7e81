/* How often runs took each change of state. */
#ifndef FINWAIT_TRACE_STATE_COUNTS_H
#define FINWAIT_TRACE_STATE_COUNTS_H

#include "trace/trace.h"

struct state_counts {
    uint64_t of[TCB_STATE_COUNT][TCB_STATE_COUNT]; /* [from][to] */

    /* Segments that moved a connection twice, by where it was and where it came to: FIN-WAIT-1 to
     * TIME-WAIT, SYN-SENT to CLOSE-WAIT. Both steps are in `of`. */
    uint64_t ends[TCB_STATE_COUNT][TCB_STATE_COUNT];
};

/* How often a change was taken: by itself, or, when it is a legal one, by a segment that moved a
 * connection twice. */
uint64_t state_counts_taken(const struct state_counts *counts, enum tcb_state from,
                            enum tcb_state to);

/* Adds what a trace shows: the changes of connections, both steps of a segment that moves one twice,
 * and of listeners, which are made and closed by calls. */
void state_counts_add(struct state_counts *counts, const struct trace *trace);

/* Adds other counts. */
void state_counts_sum(struct state_counts *counts, const struct state_counts *other);

struct state_totals {
    uint64_t changes;              /* all of them, step by step */
    uint32_t legal, taken, broken; /* pairs: that may be; of these, taken; taken that may not be */
};

struct state_totals state_counts_totals(const struct state_counts *counts);

#endif
