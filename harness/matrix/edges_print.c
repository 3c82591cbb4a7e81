/* Transitions and their counts as text. */
#include "matrix/edges.h"

#include <inttypes.h>

/* The pairs that one segment with SYN or its ACK, and FIN, takes in two steps count, too. */
static bool is_legal_pair(enum tcb_state from, enum tcb_state to)
{
    const bool is_two_steps =
        (from == TCB_SYN_SENT || from == TCB_SYN_RECEIVED) && to == TCB_CLOSE_WAIT;
    return from != to && (is_two_steps || tcb_state_edge_is_legal(from, to));
}

static void print_pairs(const struct edge_counts *counts, struct text *out)
{
    size_t legal = 0;
    size_t taken = 0;
    text_string(out, "pairs of states\n");
    for (int from = 0; from < TCB_STATE_COUNT; from++) {
        for (int to = 0; to < TCB_STATE_COUNT; to++) {
            const uint64_t count = counts->pairs[from][to];
            const bool is_legal = is_legal_pair((enum tcb_state)from, (enum tcb_state)to);
            legal += is_legal;
            taken += is_legal && count > 0;
            if (is_legal || count > 0) {
                text_format(out, "  %-12s  %-12s  %6" PRIu64 "%s\n",
                            tcb_state_name((enum tcb_state)from),
                            tcb_state_name((enum tcb_state)to), count,
                            !is_legal    ? "  not a legal pair"
                            : count == 0 ? "  never taken"
                                         : "");
            }
        }
    }
    text_format(out, "  %zu of %zu taken\n\n", taken, legal);
}

static void print_edges(const struct edge_counts *counts, const struct tsv *table, struct text *out)
{
    size_t taken = 0;
    text_string(out, "edges\n");
    for (size_t row = 0; row < table->row_count; row++) {
        taken += counts->edges[row] > 0;
        const bool is_never = counts->edges[row] == 0;
        text_format(out, "  %s  %-12s  %-12s  %6" PRIu64 "%s  %s\n", tsv_cell(table, row, "id"),
                    tsv_cell(table, row, "from"), tsv_cell(table, row, "to"), counts->edges[row],
                    is_never ? "  never taken:" : "", tsv_cell(table, row, "event"));
        const char *why = tsv_cell(table, row, "never");
        if (is_never && why[0] != '\0') {
            text_format(out, "           %s\n", why);
        }
    }
    text_format(out, "  %zu of %zu taken\n\n", taken, table->row_count);
}

/* A column for each state, in the order of their codes; '.' for never. */
static void print_heat(const struct edge_counts *counts, struct text *out)
{
    static const char *const short_names[TCB_STATE_COUNT] = {"CLOSED", "LISTEN", "SY-SNT", "SY-RCV",
                                                             "ESTAB",  "FIN-W1", "FIN-W2", "CL-WT",
                                                             "CLSING", "LST-AK", "TM-WT"};
    text_format(out, "%-22s", "events in states");
    for (int state = 0; state < TCB_STATE_COUNT; state++) {
        text_format(out, " %6s", short_names[state]);
    }
    text_string(out, "\n");
    for (int event = 0; event < MATRIX_EVENT_COUNT; event++) {
        text_format(out, "%-22s", matrix_event_name((enum matrix_event)event));
        for (int state = 0; state < TCB_STATE_COUNT; state++) {
            const uint64_t count = counts->heat[event][state];
            if (count == 0) {
                text_string(out, "      .");
            } else {
                text_format(out, " %6" PRIu64, count);
            }
        }
        text_string(out, "\n");
    }
}

void edges_print(const struct edge_counts *counts, const struct tsv *table, struct text *out)
{
    print_pairs(counts, out);
    print_edges(counts, table, out);
    print_heat(counts, out);
}
