/* Do two segments say the same? Field by field: padding is no part of them. */
#ifndef FINWAIT_FUZZ_SEGMENT_H
#define FINWAIT_FUZZ_SEGMENT_H

#include "input.h"
#include "tcp/segment.h"

bool options_same(const struct tcp_options *a, const struct tcp_options *b);

/* Everything but the reserved bits, which are sent as zero. */
bool segment_same(const struct tcp_segment *a, const struct tcp_segment *b);

/* Options made of an input, at most 40 octets of them. */
void input_take_options(struct input *input, struct tcp_options *out);

#endif
