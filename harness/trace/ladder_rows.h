/* What a ladder shows, line by line, before it is drawn: the trace with everything left out that is
 * nothing to look at, calls joined with their results, and state changes put beside what caused
 * them. */
#ifndef FINWAIT_TRACE_LADDER_ROWS_H
#define FINWAIT_TRACE_LADDER_ROWS_H

#include "trace/ladder.h"

enum ladder_arrow { LADDER_NO_ARROW, LADDER_TO_SUT, LADDER_FROM_SUT };

struct ladder_row {
    tcp_time at;
    enum ladder_arrow arrow;
    const char *packet; /* along the arrow; NULL without one */
    const char *note;   /* at the stack's side, or NULL */
};

struct ladder_rows {
    struct ladder_row *items;
    size_t count, capacity;
};

/* Rows and their texts live in the trace's arena. */
struct ladder_rows ladder_rows_of(const struct trace *trace, const struct ladder_options *options);

/* How a ladder tells one connection from another: "@old", or its ports as the peer's packets name
 * them, "40001 > 80"; in the trace's arena. "" when the trace has only one. */
const char *ladder_connection_name(const struct trace *trace, uint32_t incarnation);

#endif
