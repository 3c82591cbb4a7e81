/* Changes of connections are records of their own; those of a listener show only as steps. */
#include "trace/state_counts.h"

void state_counts_add(struct state_counts *counts, const struct trace *trace)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind == TRACE_STATE) {
            counts->of[record->as.state.from][record->as.state.to]++;
        } else if (record->kind == TRACE_STEP) {
            const enum tcb_state from = record->as.step.before;
            const enum tcb_state to = record->as.step.after;
            const bool is_listener = (from == TCB_CLOSED && to == TCB_LISTEN) ||
                                     (from == TCB_LISTEN && to == TCB_CLOSED);
            counts->of[from][to] += is_listener;
        }
    }
}

void state_counts_sum(struct state_counts *counts, const struct state_counts *other)
{
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        counts->of[i / TCB_STATE_COUNT][i % TCB_STATE_COUNT] +=
            other->of[i / TCB_STATE_COUNT][i % TCB_STATE_COUNT];
    }
}

struct state_totals state_counts_totals(const struct state_counts *counts)
{
    struct state_totals totals = {0};
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const enum tcb_state from = (enum tcb_state)(i / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(i % TCB_STATE_COUNT);
        const bool is_legal = tcb_state_edge_is_legal(from, to);
        const bool is_taken = counts->of[from][to] > 0;
        totals.changes += counts->of[from][to];
        totals.legal += is_legal;
        totals.taken += is_legal && is_taken;
        totals.broken += !is_legal && is_taken;
    }
    return totals;
}
