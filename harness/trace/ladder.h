/* A run as a ladder diagram in text: the peer on the left, the stack under test on the right,
 * packets as arrows in script notation between them, calls and state changes at the stack's side,
 * virtual time at the left. At most 100 columns wide. */
#ifndef FINWAIT_TRACE_LADDER_H
#define FINWAIT_TRACE_LADDER_H

#include "base/text.h"
#include "trace/trace.h"

struct ladder_options {
    bool is_ascii;    /* arrows of '-' and '>' instead of UTF-8 box drawing */
    bool has_heading; /* script, IP version, endpoints */
    bool shows_isn;   /* a SYN also tells the initial sequence number behind its 0 */
    size_t last_rows; /* only that many at the end, for reports of a mismatch; 0: all */
};

/* Adds the ladder of a trace. Times are relative to the script's time 0; a time that repeats is left
 * out; a wait of over a second shows as one line that says how long it was. With several
 * connections each packet names its own, by label or by ports. */
void ladder_print(const struct trace *trace, const struct ladder_options *options,
                  struct text *out);

/* The same as a whole SVG file; always UTF-8, always with a heading. */
void ladder_svg(const struct trace *trace, const struct ladder_options *options, struct text *out);

#endif
