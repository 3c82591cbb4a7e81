/* First check of 3.10.7.4: is any of the segment inside the receive window? Old octets are trimmed
 * off its front, octets beyond the window off its end. */
#include "tcb/arrives.h"
#include "tcb/ecn.h"
#include "tcb/timestamps.h"
#include "tcb/transition.h"

/* Table 6, except that a segment which begins before the window and ends behind it is taken for what
 * is inside (the literal table would refuse it). */
static bool is_acceptable(const struct tcb *tcb, const struct tcp_segment *segment)
{
    const uint32_t length = tcp_segment_length(segment);
    const uint32_t window = tcb_receive_window(tcb);
    if (window == 0) {
        return length == 0 && tcp_seq_equal(segment->seq, tcb->rcv_nxt);
    }
    if (length == 0) {
        return tcp_seq_in_range(segment->seq, tcb->rcv_nxt, window);
    }
    const tcp_seqno last = tcp_seq_add(segment->seq, length - 1);
    return tcp_seq_in_range(segment->seq, tcb->rcv_nxt, window) ||
           tcp_seq_in_range(last, tcb->rcv_nxt, window) ||
           tcp_seq_in_range(tcb->rcv_nxt, segment->seq, length);
}

/* An empty segment right before RCV.NXT. So stands a peer that goes on at SND.UNA because it probes our
 * window, and whose probe we took. If we stand like that as well, neither end looks at the other's ACK
 * field, however often either asks (RFC 9293 A.2). */
static bool is_behind_by_one(const struct tcb *tcb, const struct tcp_segment *segment)
{
    const bool is_plain = tcp_segment_length(segment) == 0 &&
                          tcp_segment_has(segment, TCP_FLAG_ACK) &&
                          !tcp_segment_has(segment, TCP_FLAG_RST);
    return is_plain && tcb_has(tcb, TCB_SYN_ACKED) &&
           tcp_seq_equal(tcp_seq_add(segment->seq, 1), tcb->rcv_nxt);
}

/* RFC 9293 3.8.6, MUST-66: with the window shut, a segment at RCV.NXT is not acceptable, but its ACK,
 * URG and RST still count. Its text and FIN are refused, and an ACK says so once the checks are done. */
static enum tcp_verdict refuse_text(struct tcb_arrival *arrival)
{
    arrival->text_bytes = 0;
    arrival->has_fin = false;
    arrival->has_syn = false;
    arrival->is_refused = true;
    return TCP_VERDICT_NONE;
}

static enum tcp_verdict refuse(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb *tcb = step->tcb;
    if (tcp_segment_has(segment, TCP_FLAG_RST)) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SEQUENCE,
                          TCB_REASON_OUTSIDE_WINDOW_RST);
    }
    /* The peer's FIN again: our last ACK was lost. The text of the fifth check never sees it, since
     * it lies before RCV.NXT. */
    if (tcb->state == TCB_TIME_WAIT && tcp_segment_has(segment, TCP_FLAG_FIN) &&
        tcp_seq_equal(tcp_seq_add(segment->seq, tcp_segment_length(segment)), tcb->rcv_nxt)) {
        tcb_start_time_wait(step);
        return tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_SEQUENCE, TCB_REASON_FIN_AGAIN);
    }
    return tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_SEQUENCE, TCB_REASON_OUTSIDE_WINDOW);
}

static void trim_front(const struct tcb *tcb, struct tcb_arrival *arrival)
{
    if (!tcp_seq_before(arrival->seq, tcb->rcv_nxt)) {
        return;
    }
    uint32_t old = tcp_seq_distance(arrival->seq, tcb->rcv_nxt);
    if (arrival->has_syn) { /* the SYN stands before the text */
        arrival->has_syn = false;
        arrival->seq = tcp_seq_add(arrival->seq, 1);
        old--;
    }
    const uint32_t cut = old < arrival->text_bytes ? old : arrival->text_bytes;
    arrival->seq = tcp_seq_add(arrival->seq, cut);
    arrival->text = cut == 0 ? arrival->text : arrival->text + cut;
    arrival->text_bytes -= cut;
    if (cut < old) { /* even the FIN is old */
        arrival->has_fin = false;
        arrival->seq = tcb->rcv_nxt;
    }
}

static void trim_end(const struct tcb *tcb, struct tcb_arrival *arrival)
{
    const uint32_t room = tcp_seq_distance(arrival->seq, tcb->rcv_edge);
    const uint32_t syn = arrival->has_syn ? 1 : 0;
    if (syn + arrival->text_bytes > room) {
        arrival->text_bytes = room > syn ? room - syn : 0;
        arrival->has_fin = false;
    } else if (syn + arrival->text_bytes == room) {
        arrival->has_fin = false; /* it stands on the first octet beyond the window */
    }
}

/* The SYN that made us SYN-RECEIVED, or the SYN,ACK at the same place that ends a simultaneous open
 * (3.5 Figure 7). Both stand before the window, whatever text they carry into it. CLOSE may have led on to
 * FIN-WAIT-1 already; the handshake goes on all the same. */
static bool is_syn_at_irs(const struct tcb *tcb, const struct tcp_segment *segment)
{
    const bool is_handshaking = tcb->state == TCB_SYN_RECEIVED || !tcb_has(tcb, TCB_SYN_ACKED);
    return is_handshaking && tcp_segment_has(segment, TCP_FLAG_SYN) &&
           !tcp_segment_has(segment, TCP_FLAG_RST) && tcp_seq_equal(segment->seq, tcb_irs(tcb));
}

enum tcp_verdict tcb_check_sequence(struct tcb_step *step, struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    const struct tcp_segment *segment = arrival->segment;
    /* With ACK, the SYN is old and the ACK is what we wait for. */
    const bool ends_simultaneous_open =
        is_syn_at_irs(tcb, segment) && tcp_segment_has(segment, TCP_FLAG_ACK);
    /* Without, the peer did not get our SYN,ACK: say it again, rather than the bare ACK of the literal
     * text, which would tell it nothing. */
    if (is_syn_at_irs(tcb, segment)) {
        tcb_ecn_learn_syn(tcb, segment);
    }
    if (is_syn_at_irs(tcb, segment) && !ends_simultaneous_open) {
        tcb_owe(tcb, TCB_OWES_SYN);
        return tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_SEQUENCE, TCB_REASON_SYN_AGAIN);
    }
    if (!ends_simultaneous_open && !is_acceptable(tcb, segment)) {
        const bool meets_shut_window =
            tcb_receive_window(tcb) == 0 && tcp_seq_equal(segment->seq, tcb->rcv_nxt);
        if (meets_shut_window) {
            return refuse_text(arrival);
        }
        if (is_behind_by_one(tcb, segment)) {
            arrival->is_behind_by_one = true;
            return TCP_VERDICT_NONE;
        }
        return refuse(step, segment);
    }
    tcb_timestamps_take(step, segment);
    trim_front(tcb, arrival);
    trim_end(tcb, arrival);
    return TCP_VERDICT_NONE;
}
