/* Segments and their parts made of an input, and whether two say the same: field by field, padding is no part of
 * them. */
#ifndef FINWAIT_FUZZ_SEGMENT_H
#define FINWAIT_FUZZ_SEGMENT_H

#include "input.h"
#include "tcp/segment.h"

bool address_same(const struct tcp_address *a, const struct tcp_address *b);
bool endpoint_same(const struct tcp_endpoint *a, const struct tcp_endpoint *b);
bool options_same(const struct tcp_options *a, const struct tcp_options *b);

/* Everything but the reserved bits, which are sent as zero. */
bool segment_same(const struct tcp_segment *a, const struct tcp_segment *b);

/* As many octets as the version of IP has, 4 or 6. */
void input_take_address(struct input *input, uint8_t version, struct tcp_address *out);

/* Options made of an input, at most 40 octets of them. */
void input_take_options(struct input *input, struct tcp_options *out);

#endif
