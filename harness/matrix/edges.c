/* Recognizes the edges of the table in what happened. */
#include "matrix/edges.h"

#include <string.h>

/* What tells an edge's event, by how its name begins. */
struct edge_event {
    const char *name;
    enum matrix_event event;
    bool needs_check;
    enum tcp_check check;
};

static const struct edge_event events[] = {
    {"passive OPEN", MATRIX_OPEN, false, TCP_CHECK_NONE},
    {"active OPEN", MATRIX_OPEN, false, TCP_CHECK_NONE},
    {"SEND", MATRIX_SEND, false, TCP_CHECK_NONE},
    {"CLOSE with unread data", MATRIX_ABORT, false, TCP_CHECK_NONE},
    {"CLOSE", MATRIX_CLOSE, false, TCP_CHECK_NONE},
    {"ABORT", MATRIX_ABORT, false, TCP_CHECK_NONE},
    {"rcv valid RST", MATRIX_SEGMENT, true, TCP_CHECK_RESET},
    {"rcv RST", MATRIX_SEGMENT, true, TCP_CHECK_RESET},
    {"rcv in-window SYN", MATRIX_SEGMENT, true, TCP_CHECK_SYN},
    {"rcv security", MATRIX_SEGMENT, true, TCP_CHECK_SECURITY},
    {"rcv data after", MATRIX_SEGMENT, true, TCP_CHECK_TEXT},
    {"rcv hard ICMP", MATRIX_ICMP, false, TCP_CHECK_NONE},
    {"rcv", MATRIX_SEGMENT, false, TCP_CHECK_NONE},
    {"USER TIMEOUT", MATRIX_USER_TIMEOUT, false, TCP_CHECK_NONE},
    {"R2 exceeded", MATRIX_RETRANSMISSION_TIMEOUT, false, TCP_CHECK_NONE},
    {"2MSL", MATRIX_TIME_WAIT_TIMEOUT, false, TCP_CHECK_NONE},
    {"orphan timeout", MATRIX_ORPHAN_TIMEOUT, false, TCP_CHECK_NONE},
    {"reopened from", MATRIX_SEGMENT, true, TCP_CHECK_RESET},
    {"keep-alive", MATRIX_KEEP_ALIVE_TIMEOUT, false, TCP_CHECK_NONE},
};

static bool begins(const char *words, const char *beginning)
{
    return strncmp(words, beginning, strlen(beginning)) == 0;
}

/* A child in SYN-RECEIVED that dies by the peer's hand or by silence returns to LISTEN. */
static enum tcb_state end_of(const struct occurrence *occurrence)
{
    const bool returns = occurrence->before == TCB_SYN_RECEIVED &&
                         occurrence->after == TCB_CLOSED && occurrence->is_passive &&
                         occurrence->event == MATRIX_SEGMENT;
    return returns ? TCB_LISTEN : occurrence->after;
}

static bool is_event(const char *name, const struct occurrence *occurrence)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (begins(name, events[i].name)) {
            return occurrence->event == events[i].event &&
                   (!events[i].needs_check || occurrence->check == events[i].check);
        }
    }
    return false;
}

/* What else tells edges between the same states apart. */
static bool is_such(const char *name, const struct occurrence *occurrence)
{
    const bool has_syn = (occurrence->flags & TCP_FLAG_SYN) != 0;
    if (begins(name, "rcv SYN,ACK (end")) {
        return has_syn;
    }
    if (begins(name, "rcv ACK of SYN")) {
        return !has_syn;
    }
    if (begins(name, "CLOSE with unread data") || begins(name, "ABORT")) {
        return occurrence->is_close == begins(name, "CLOSE");
    }
    return true;
}

static bool takes(const struct tsv *table, size_t row, const struct occurrence *occurrence)
{
    const char *name = tsv_cell(table, row, "event");
    return strcmp(tsv_cell(table, row, "from"), tcb_state_name(occurrence->before)) == 0 &&
           strcmp(tsv_cell(table, row, "to"), tcb_state_name(end_of(occurrence))) == 0 &&
           is_event(name, occurrence) && is_such(name, occurrence);
}

/* The state between, when one segment moves a record twice. */
static bool is_two_steps(const struct occurrence *occurrence, enum tcb_state *between)
{
    const enum tcb_state from = occurrence->before;
    const enum tcb_state to = occurrence->after;
    if ((from == TCB_SYN_SENT || from == TCB_SYN_RECEIVED) && to == TCB_CLOSE_WAIT) {
        *between = TCB_ESTABLISHED;
        return true;
    }
    if (from == TCB_FIN_WAIT_1 && to == TCB_TIME_WAIT) {
        *between = TCB_FIN_WAIT_2;
        return true;
    }
    return false;
}

static void count_pairs(struct edge_counts *counts, const struct occurrence *occurrence)
{
    const enum tcb_state to = end_of(occurrence);
    if (!occurrence->is_step || occurrence->before == to) {
        return;
    }
    counts->pairs[occurrence->before][to]++;
    enum tcb_state between = TCB_CLOSED;
    if (is_two_steps(occurrence, &between)) {
        counts->pairs[occurrence->before][between]++;
        counts->pairs[between][to]++;
    }
}

void edges_count(struct edge_counts *counts, const struct tsv *table,
                 const struct occurrence_list *occurrences)
{
    for (size_t i = 0; i < occurrences->count; i++) {
        const struct occurrence *occurrence = &occurrences->items[i];
        counts->heat[occurrence->event][occurrence->before]++;
        count_pairs(counts, occurrence);
        const bool moves = occurrence->is_step && occurrence->before != end_of(occurrence);
        for (size_t row = 0; moves && row < table->row_count; row++) {
            counts->edges[row] += takes(table, row, occurrence);
        }
    }
}
