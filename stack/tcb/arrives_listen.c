/* SEGMENT ARRIVES in LISTEN (RFC 9293 3.10.7.2). */
#include "tcb/arrives.h"
#include "tcp/address.h"

static bool is_from_ourselves(const struct tcp_segment *segment)
{
    return tcp_endpoint_equal(&segment->source, &segment->destination);
}

enum tcp_verdict tcb_arrives_listen(struct tcb_step *step, const struct tcp_segment *segment)
{
    if (tcp_segment_has(segment, TCP_FLAG_RST)) { /* first */
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_RESET, TCB_REASON_LISTEN_RST);
    }
    if (tcp_segment_has(segment, TCP_FLAG_ACK)) { /* second */
        return tcb_decide(step, TCP_VERDICT_RESET, TCP_CHECK_ACK, TCB_REASON_LISTEN_ACK);
    }
    if (!tcp_segment_has(segment, TCP_FLAG_SYN)) { /* fourth */
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SYN, TCB_REASON_LISTEN_OTHER);
    }
    /* A SYN that claims to come from the very endpoint it goes to would make the connection answer
     * itself for ever. */
    if (is_from_ourselves(segment)) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SYN, TCB_REASON_LISTEN_SELF);
    }
    return tcb_decide(step, TCP_VERDICT_SPAWN, TCP_CHECK_SYN, TCB_REASON_LISTEN_SYN); /* third */
}
