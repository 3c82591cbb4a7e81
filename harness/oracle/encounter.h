/* T04, T05 and T07: what a segment does to the connection that it meets. Whoever gives segments to a host
 * looks at the connection before and after (tcp_host_look()); what is asked, and of which step, is here. */
#ifndef FINWAIT_ORACLE_ENCOUNTER_H
#define FINWAIT_ORACLE_ENCOUNTER_H

#include "oracle/oracle.h"

/* As it was before the segment. */
struct encounter {
    uint32_t step; /* number of the last step that the host had done */
    tcp_handle
        connection; /* of the segment's four-tuple; generation 0: there is nothing to judge */
    struct tcp_status before;
};

/* What came of it. */
struct encounter_outcome {
    struct tcp_step_record step; /* the last that the host has done */
    const struct tcp_segment *segment;
    const struct tcp_config *config; /* in force */
    bool asks_window;                /* T05 is asked, too */
};

/* Was no timer due before the segment came? Otherwise what the host does is not the segment's work alone. */
static inline bool encounter_is_on_time(tcp_time deadline, tcp_time now)
{
    return deadline.us >= now.us;
}

/* Reports T07. True: T04 or T05 want to see the connection as it is now. */
bool encounter_judge(const struct encounter *met, const struct encounter_outcome *outcome,
                     struct oracle_set *oracles);

/* Reports T04, or T05, when encounter_judge() has asked for it. */
void encounter_judge_change(const struct encounter *met, const struct encounter_outcome *outcome,
                            const struct tcp_status *after, struct oracle_set *oracles);

#endif
