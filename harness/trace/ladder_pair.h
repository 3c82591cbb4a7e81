/* A run of two hosts as a ladder diagram in text: host a on the left, host b on the right, what each of
 * them saw beside its line. A packet shows twice, when it leaves and when it arrives, so that one which
 * is lost, delayed or doubled can be told: an arrow without a head leaves, one without a tail arrives. */
#ifndef FINWAIT_TRACE_LADDER_PAIR_H
#define FINWAIT_TRACE_LADDER_PAIR_H

#include "trace/ladder.h"

/* At most 100 columns wide. Rows and their texts live in the traces' arenas. */
void ladder_pair_print(const struct trace *a, const struct trace *b,
                       const struct ladder_options *options, struct text *out);

#endif
