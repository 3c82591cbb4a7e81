/* What ladders in text and in SVG have in common: how words are cut into lines, how endpoints are
 * written. */
#ifndef FINWAIT_TRACE_LADDER_WORDS_H
#define FINWAIT_TRACE_LADDER_WORDS_H

#include "base/text.h"
#include "tcp/types.h"

/* Characters, not octets: those that continue a UTF-8 character do not count. */
size_t ladder_columns(const char *string, size_t length);

/* Takes the next piece of *rest that fits into `columns`; returns its octets, 0 when nothing is
 * left. */
size_t ladder_take_piece(const char **rest, size_t columns, const char **piece);

/* "192.0.2.1:80" or "[2001:db8::1]:80" */
void ladder_endpoint(struct text *out, const struct tcp_endpoint *endpoint);

#endif
