/* Looks over the records of the batch that a record belongs to: what was given to the system under
 * test since it was last drained, and what it sent. */
#ifndef FINWAIT_ORACLE_BATCH_H
#define FINWAIT_ORACLE_BATCH_H

#include "oracle/oracle_row.h"

/* The segment of the record if it belongs to the flow and goes that way, otherwise NULL. */
const struct tcp_segment *batch_segment(const struct trace *trace, size_t index,
                                        const struct flow *flow, enum trace_direction direction);

/* Is the batch short enough to be looked over? One without end (a capture knows no drains) is not
 * judged. */
bool batch_is_bounded(const struct oracle_watch *watch);

#endif
