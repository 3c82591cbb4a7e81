/* Which transitions the corpus takes, and how often: the 31 pairs of states, the edges of the table
 * (corpus/requirements/state-edges.tsv), and every event in every state. */
#ifndef FINWAIT_MATRIX_EDGES_H
#define FINWAIT_MATRIX_EDGES_H

#include "base/text.h"
#include "matrix/occurrence.h"
#include "matrix/tsv.h"

struct edge_counts {
    uint64_t pairs[TCB_STATE_COUNT][TCB_STATE_COUNT];
    uint64_t heat[MATRIX_EVENT_COUNT][TCB_STATE_COUNT];
    uint64_t *edges; /* one for each row of the table */
};

/* Counts what happened. Pairs count as the RFC names them: a listener's child counts LISTEN to
 * SYN-RECEIVED when it is made, and back when it returns; a segment that moves a record twice counts
 * both steps and the pair of its ends. */
void edges_count(struct edge_counts *counts, const struct tsv *table,
                 const struct occurrence_list *occurrences);

/* The state diagram with its counts, a heat map of events in states, and every edge of the table in the colour
 * of how often it was taken; of those that never were, why (the table's column `never`). */
void edges_print_svg(const struct edge_counts *counts, const struct tsv *table, uint64_t runs,
                     struct text *out);

/* Counts of pairs, edges, and events in states. */
void edges_print(const struct edge_counts *counts, const struct tsv *table, struct text *out);

#endif
