/* How often each oracle came to a verdict, over many runs. Plain numbers, so that processes can send
 * them to one another. */
#ifndef FINWAIT_ORACLE_COUNTS_H
#define FINWAIT_ORACLE_COUNTS_H

#include "oracle/oracle.h"

#define ORACLE_COUNTS_MAX 96 /* room for more oracles than there are */

struct oracle_counts {
    uint64_t of[ORACLE_COUNTS_MAX]; /* in the order of the catalogue */
};

/* Adds the verdicts of a run. */
void oracle_counts_add(struct oracle_counts *counts, const struct oracle_set *set);

/* Adds those of other runs. */
void oracle_counts_sum(struct oracle_counts *counts, const struct oracle_counts *other);

struct text;
/* "verdicts, by oracle:" and a line for each: id, name, number. */
void oracle_counts_print(const struct oracle_counts *counts, struct text *out);

/* {"type":"oracles","evaluations":{"W01":12,...}} and a line end. */
void oracle_counts_json(const struct oracle_counts *counts, struct text *out);

#endif
