/* SEGMENT ARRIVES in SYN-SENT (RFC 9293 3.10.7.3). */
#include "tcb/arrives.h"
#include "tcb/ecn.h"
#include "tcb/open.h"
#include "tcb/transition.h"

/* Fourth, with ACK: our SYN is answered. What the segment carries besides goes on at the sixth
 * check. */
static enum tcp_verdict open_answered(struct tcb_step *step, const struct tcp_segment *segment)
{
    tcb_learn_syn(step, segment);
    tcb_establish(step, segment);
    tcb_owe(step->tcb, TCB_OWES_ACK);
    struct tcb_arrival arrival = {
        .segment = segment,
        .seq = tcp_seq_add(segment->seq, 1),
        .text = segment->payload,
        .text_bytes = segment->payload_bytes,
        .has_fin = tcp_segment_has(segment, TCP_FLAG_FIN),
    };
    const uint32_t window = tcb_receive_window(step->tcb);
    if (arrival.text_bytes + (arrival.has_fin ? 1u : 0u) > window) {
        arrival.text_bytes = arrival.text_bytes > window ? window : arrival.text_bytes;
        arrival.has_fin = false;
    }
    enum tcp_verdict verdict = tcb_check_urgent(step, &arrival);
    if (verdict == TCP_VERDICT_NONE) {
        verdict = tcb_check_text(step, &arrival);
    }
    if (verdict == TCP_VERDICT_NONE) {
        verdict = tcb_check_fin(step, &arrival);
    }
    if (verdict != TCP_VERDICT_NONE) {
        return verdict;
    }
    return tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_SYN, TCB_REASON_SYN_SENT_OPEN);
}

/* Fourth, without ACK: both sides opened at once (3.5, MUST-10). */
static enum tcp_verdict open_crossed(struct tcb_step *step, const struct tcp_segment *segment)
{
    tcb_learn_syn(step, segment);
    tcb_transition(step->tcb, TCB_SYN_RECEIVED);
    tcb_owe(step->tcb, TCB_OWES_SYN);
    return tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_SYN, TCB_REASON_SYN_SENT_SIMULTANEOUS);
}

enum tcp_verdict tcb_arrives_syn_sent(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb *tcb = step->tcb;
    const bool has_ack = tcp_segment_has(segment, TCP_FLAG_ACK);
    const bool has_rst = tcp_segment_has(segment, TCP_FLAG_RST);
    /* First: ISS < SEG.ACK =< SND.NXT or nothing. */
    if (has_ack && (tcp_seq_at_or_before(segment->ack, tcb->iss) ||
                    tcp_seq_after(segment->ack, tcb->snd_nxt))) {
        return tcb_decide(step, has_rst ? TCP_VERDICT_DROP : TCP_VERDICT_RESET, TCP_CHECK_ACK,
                          TCB_REASON_SYN_SENT_BAD_ACK);
    }
    if (has_rst) { /* second; erratum 8167 removes the test of SEG.SEQ */
        if (!has_ack) {
            return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_RESET,
                              TCB_REASON_SYN_SENT_RST_NO_ACK);
        }
        if (tcb_ecn_asks_no_more(step)) {
            return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_RESET, TCB_REASON_SYN_SENT_RST_ECN);
        }
        tcb_end(step, TCP_ERROR_REFUSED);
        return tcb_decide(step, TCP_VERDICT_DELETE, TCP_CHECK_RESET, TCB_REASON_SYN_SENT_RST);
    }
    if (!tcp_segment_has(segment, TCP_FLAG_SYN)) { /* fifth */
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SYN, TCB_REASON_SYN_SENT_OTHER);
    }
    return has_ack ? open_answered(step, segment) : open_crossed(step, segment);
}
