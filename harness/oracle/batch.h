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

/* A batch that concerns one life only, as an oracle follows it record by record: no other flow was
 * given anything, and no call was made. Zeroed at first and behind each drain. */
struct batch_scope {
    struct flow_life *life; /* NULL: nothing was given yet */
    enum tcb_state state;   /* before the batch */
    bool is_mixed;
};

/* Takes a given packet in. False when the batch cannot be judged (any more): a life whose state the
 * system under test does not tell, another flow, a SYN, which may begin a life, or a segment that may
 * have been dropped unseen. */
bool batch_follows(struct batch_scope *scope, const struct oracle_watch *watch);

/* At the drain: is there something to judge? */
bool batch_is_whole(const struct batch_scope *scope, const struct oracle_watch *watch);

#endif
