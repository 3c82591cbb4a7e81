/* Changes of connections are records of their own; those of a listener show only as steps. */
#include "trace/state_counts.h"

/* A step that led further than the first change behind it. */
static bool is_double(const struct trace *trace, size_t step)
{
    const struct tcp_step_record *record = &trace->records[step].as.step;
    if (record->before == record->after) {
        return false; /* most; the search below would make a long trace take the square of its time */
    }
    size_t next = step + 1;
    const struct trace_record *change = trace_next(trace, TRACE_STATE, &next);
    return change != NULL && change->at.us == trace->records[step].at.us &&
           change->as.state.from == record->before && change->as.state.to != record->after;
}

static void add_step(struct state_counts *counts, const struct trace *trace, size_t step)
{
    const enum tcb_state from = trace->records[step].as.step.before;
    const enum tcb_state to = trace->records[step].as.step.after;
    const bool is_listener =
        (from == TCB_CLOSED && to == TCB_LISTEN) || (from == TCB_LISTEN && to == TCB_CLOSED);
    counts->of[from][to] += is_listener;
    counts->ends[from][to] += !is_listener && is_double(trace, step);
}

void state_counts_add(struct state_counts *counts, const struct trace *trace)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind == TRACE_STATE) {
            counts->of[record->as.state.from][record->as.state.to]++;
        } else if (record->kind == TRACE_STEP) {
            add_step(counts, trace, i);
        }
    }
}

void state_counts_sum(struct state_counts *counts, const struct state_counts *other)
{
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const size_t from = i / TCB_STATE_COUNT;
        const size_t to = i % TCB_STATE_COUNT;
        counts->of[from][to] += other->of[from][to];
        counts->ends[from][to] += other->ends[from][to];
    }
}

uint64_t state_counts_taken(const struct state_counts *counts, enum tcb_state from,
                            enum tcb_state to)
{
    return counts->of[from][to] + (tcb_state_edge_is_legal(from, to) ? counts->ends[from][to] : 0);
}

struct state_totals state_counts_totals(const struct state_counts *counts)
{
    struct state_totals totals = {0};
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const enum tcb_state from = (enum tcb_state)(i / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(i % TCB_STATE_COUNT);
        const bool is_legal = tcb_state_edge_is_legal(from, to);
        const bool is_taken = state_counts_taken(counts, from, to) > 0;
        totals.changes += counts->of[from][to];
        totals.legal += is_legal;
        totals.taken += is_legal && is_taken;
        totals.broken += !is_legal && is_taken;
    }
    return totals;
}
