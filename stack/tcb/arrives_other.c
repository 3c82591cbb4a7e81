/* SEGMENT ARRIVES in every state from SYN-RECEIVED on (RFC 9293 3.10.7.4): the RFC's eight checks in
 * its order. The third, security, is a no-op: no security label reaches this stack. */
#include "tcb/arrives.h"
#include "tcb/delayed_ack.h"

/* RFC 9293 3.6.1, MAY-2: a SYN may open a new incarnation from TIME-WAIT when it lies above every
 * number of the old one. Looked at before the window, since it need not be inside. */
static bool reopens(const struct tcb_step *step, const struct tcp_segment *segment)
{
    const uint16_t control = TCP_FLAG_SYN | TCP_FLAG_ACK | TCP_FLAG_RST | TCP_FLAG_FIN;
    return step->tcb->state == TCB_TIME_WAIT && step->config->reopen_time_wait != 0 &&
           (segment->flags & control) == TCP_FLAG_SYN &&
           tcp_seq_at_or_after(segment->seq, step->tcb->rcv_nxt);
}

enum tcp_verdict tcb_arrives_other(struct tcb_step *step, const struct tcp_segment *segment,
                                   bool reopen_is_wanted)
{
    if (reopen_is_wanted && reopens(step, segment)) {
        return tcb_decide(step, TCP_VERDICT_REOPEN, TCP_CHECK_SYN, TCB_REASON_REOPEN);
    }
    struct tcb_arrival arrival = {
        .segment = segment,
        .seq = segment->seq,
        .text = segment->payload,
        .text_bytes = segment->payload_bytes,
        .has_fin = tcp_segment_has(segment, TCP_FLAG_FIN),
        .has_syn = tcp_segment_has(segment, TCP_FLAG_SYN),
    };
    static enum tcp_verdict (*const checks[])(struct tcb_step *, struct tcb_arrival *) = {
        tcb_check_sequence, tcb_check_reset, tcb_check_syn, tcb_check_ack,
        tcb_check_urgent,   tcb_check_text,  tcb_check_fin,
    };
    enum tcp_verdict verdict = TCP_VERDICT_NONE;
    for (uint32_t i = 0; i < sizeof checks / sizeof *checks && verdict == TCP_VERDICT_NONE; i++) {
        verdict = checks[i](step, &arrival);
    }
    if (verdict == TCP_VERDICT_NONE) {
        verdict = tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_NONE, TCB_REASON_TAKEN);
    }
    const bool is_unanswered = verdict == TCP_VERDICT_ACCEPT || verdict == TCP_VERDICT_DROP;
    if (arrival.is_refused && is_unanswered) {
        tcb_owe_duplicate_ack(step);
    }
    return verdict;
}
