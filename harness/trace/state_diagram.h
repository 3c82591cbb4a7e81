/* The state diagram of RFC 9293, Figure 5, in its layout, with every legal change of state and how
 * often runs took it. */
#ifndef FINWAIT_TRACE_STATE_DIAGRAM_H
#define FINWAIT_TRACE_STATE_DIAGRAM_H

#include "base/text.h"
#include "trace/state_counts.h"

/* As text, at most 100 columns wide; below it what was never taken, and what should not have been.
 * `runs` is how many runs were counted. */
void state_diagram_text(const struct state_counts *counts, uint64_t runs, bool is_ascii,
                        struct text *out);

/* As a whole SVG file. */
void state_diagram_svg(const struct state_counts *counts, uint64_t runs, struct text *out);

#endif
