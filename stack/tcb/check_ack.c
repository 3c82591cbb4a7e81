/* Fifth check of 3.10.7.4: the ACK field and the window that comes with it. */
#include "tcb/check_ack.h"

#include "tcb/arrives.h"
#include "tcb/ecn.h"
#include "tcb/keep_alive.h"
#include "tcb/path_mtu.h"
#include "tcb/timestamps.h"
#include "tcb/transition.h"

/* RFC 7323 appendix G: the samples that one flight of `outstanding` octets gives, when every second
 * segment is acknowledged. */
static uint32_t samples_in_flight(const struct tcb *tcb, uint32_t outstanding)
{
    const uint32_t per_sample = 2u * tcb->send_mss;
    return outstanding <= per_sample ? 1 : (outstanding + per_sample - 1) / per_sample;
}

/* With timestamps every ACK of something new tells of a round trip, of what was sent again as well
 * (RFC 7323 4.1); without, one segment is timed at a time and Karn's rule holds (RFC 6298 3). */
static void measure(struct tcb_step *step, const struct tcp_segment *segment, uint32_t outstanding)
{
    struct tcb_path *path = step->path;
    const bool ends_timing = path->is_timing && tcp_seq_at_or_after(segment->ack, path->rtt_seq);
    uint64_t rtt_us = 0;
    if (tcb_timestamps_round_trip(step, segment, &rtt_us)) {
        rto_sample_of_many(&path->rto, rtt_us, samples_in_flight(step->tcb, outstanding));
    } else if (ends_timing) {
        rto_sample(&path->rto, step->now - path->rtt_started);
    } else {
        return;
    }
    path->is_timing = ends_timing ? 0 : path->is_timing;
    step->tcb->rto_us = rto_timeout_us(&path->rto, step->config); /* ends any back-off */
}

void tcb_acknowledge(struct tcb_step *step, const struct tcp_segment *segment, bool may_grow)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const tcp_seqno ack = segment->ack;
    const uint32_t outstanding = tcb_outstanding(tcb);
    TCP_ASSERT(path != NULL && tcp_seq_after(ack, tcb->snd_una) &&
               tcp_seq_at_or_before(ack, tcb->snd_nxt));
    const uint32_t queued = tcb_queued_bytes(step);
    const tcp_seqno start = tcb_data_start(tcb);
    uint32_t text = tcp_seq_after(ack, start) ? tcp_seq_distance(start, ack) : 0;
    if (text > queued) { /* the octet behind the text is our FIN */
        TCP_ASSERT(tcb_has(tcb, TCB_FIN_SENT) && text == queued + 1);
        tcb_flag_set(tcb, TCB_FIN_ACKED);
        text = queued;
    }
    if (text > 0) {
        ring_drop(&step->stream->send, text);
        if (may_grow) {
            congestion_acknowledge(&path->congestion,
                                   &(struct congestion_ack){.now_us = step->now,
                                                            .mss = tcb->send_mss,
                                                            .octets = text,
                                                            .flight_bytes = tcb_outstanding(tcb),
                                                            .srtt_us = path->rto.srtt_us});
        }
        tcb_notify(tcb, TCP_EVENT_WRITABLE);
    }
    tcb_path_mtu_acknowledged(step, ack, text);
    tcb->snd_una = ack;
    tcb->retries = 0;
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_LATE);
    measure(step, segment, outstanding);
    /* The two stay within SND.UNA..SND.NXT, so that they can be compared however much is sent. */
    path->resend_end = tcp_seq_later(path->resend_end, ack);
    path->resend_next = tcp_seq_later(path->resend_next, ack);
    if (tcp_seq_equal(path->resend_next, path->resend_end)) {
        tcb_path_mtu_forget_restart(path);
    }
    if (tcb_outstanding(tcb) == 0) {
        path->is_probing = 0;
    }
    if (path->sent_small && tcp_seq_at_or_before(path->small_end, ack)) {
        path->sent_small = 0;
    }
    if (path->sends_urgent && tcp_seq_at_or_before(path->snd_up, ack)) {
        path->sends_urgent = 0;
    }
    /* RFC 6298 5.2 and 5.3; the settling of timers starts R2 anew. */
    tcb->retransmit_at = tcb_outstanding(tcb) == 0 ? TCB_NEVER : step->now + tcb->rto_us;
    tcb->lifetime_at = TCB_NEVER;
}

/* MAY-12 (RFC 5961 5.2): SND.UNA - MAX.SND.WND =< SEG.ACK, where 9293 alone would take any old ACK. */
static bool is_too_old(const struct tcb_step *step, tcp_seqno ack)
{
    return step->config->rfc5961 != 0 &&
           tcp_seq_before(ack, tcp_seq_sub(step->tcb->snd_una, step->tcb->max_snd_wnd));
}

/* The newest segment's window counts: WL1 and WL2 keep old ones from it. Without news the right edge
 * stays where it is: of the window, the `acked` octets are used up. (The literal text keeps SND.WND,
 * and would send beyond every edge that the peer ever offered.) */
static void update_window(struct tcb_step *step, const struct tcp_segment *segment, tcp_seqno seq,
                          uint32_t acked)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const bool is_newer =
        tcp_seq_before(path->snd_wl1, seq) ||
        (tcp_seq_equal(path->snd_wl1, seq) && tcp_seq_at_or_before(path->snd_wl2, segment->ack));
    if (!is_newer) {
        tcb->snd_wnd -= acked < tcb->snd_wnd ? acked : tcb->snd_wnd;
        return;
    }
    tcb->snd_wnd = segment->window;
    path->snd_wl1 = seq;
    path->snd_wl2 = segment->ack;
    if (tcb->snd_wnd > tcb->max_snd_wnd) {
        tcb->max_snd_wnd = tcb->snd_wnd;
    }
}

/* What follows when our FIN is acknowledged, by state. */
static enum tcp_verdict after_fin_acked(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if (!tcb_has(tcb, TCB_FIN_ACKED)) {
        return TCP_VERDICT_NONE;
    }
    if (tcb->state == TCB_FIN_WAIT_1) {
        tcb_transition(tcb, TCB_FIN_WAIT_2);
    } else if (tcb->state == TCB_CLOSING) {
        tcb_enter_time_wait(step);
    } else if (tcb->state == TCB_LAST_ACK) {
        tcb_end(step, TCP_OK);
        return tcb_decide(step, TCP_VERDICT_DELETE, TCP_CHECK_ACK, TCB_REASON_ACK_OF_FIN);
    }
    return TCP_VERDICT_NONE;
}

/* SYN-RECEIVED: SND.UNA < SEG.ACK =< SND.NXT opens the connection, anything else is a stray. The same
 * when CLOSE came in SYN-RECEIVED and our SYN is not acknowledged yet: the literal text of FIN-WAIT-1
 * would pass over an ACK that is meant for an earlier incarnation, and neither end would ever know. */
static bool is_stray_before_handshake(const struct tcb *tcb, const struct tcp_segment *segment)
{
    const bool is_handshaking = tcb->state == TCB_SYN_RECEIVED || !tcb_has(tcb, TCB_SYN_ACKED);
    return is_handshaking && (!tcp_seq_after(segment->ack, tcb->snd_una) ||
                              tcp_seq_after(segment->ack, tcb->snd_nxt));
}

static enum tcp_verdict finish_handshake(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb *tcb = step->tcb;
    tcb_establish(step, segment);
    if (tcb_has(tcb, TCB_FIN_QUEUED)) { /* CLOSE came before: 3.10.4, deferred until now */
        tcb_transition(tcb, TCB_FIN_WAIT_1);
    }
    return TCP_VERDICT_NONE;
}

enum tcp_verdict tcb_check_ack(struct tcb_step *step, struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    const struct tcp_segment *segment = arrival->segment;
    if (!tcp_segment_has(segment, TCP_FLAG_ACK)) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_ACK, TCB_REASON_NO_ACK);
    }
    if (is_stray_before_handshake(tcb, segment)) {
        return tcb_decide(step, TCP_VERDICT_RESET, TCP_CHECK_ACK, TCB_REASON_SYN_RECEIVED_BAD_ACK);
    }
    if (tcb->state == TCB_SYN_RECEIVED) {
        return finish_handshake(step, segment);
    }
    if (tcp_seq_after(segment->ack, tcb->snd_nxt)) {
        return tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_ACK, TCB_REASON_ACK_TOO_NEW);
    }
    if (is_too_old(step, segment->ack)) {
        return tcb_decide(step, TCP_VERDICT_CHALLENGE, TCP_CHECK_ACK, TCB_REASON_ACK_TOO_OLD);
    }
    if (tcp_seq_before(segment->ack, tcb->snd_una)) {
        return TCP_VERDICT_NONE; /* a duplicate: the rest of the segment still counts */
    }
    const uint32_t acked = tcp_seq_distance(tcb->snd_una, segment->ack);
    const bool is_marked = tcb_ecn_is_echo(tcb, segment);
    if (!tcb_has(tcb, TCB_SYN_ACKED)) { /* CLOSE came in SYN-RECEIVED: FIN-WAIT-1 or CLOSING */
        if (tcp_seq_after(segment->ack, tcb->snd_una)) {
            tcb_open_send_side(step, segment);
        }
    } else if (tcp_seq_after(segment->ack, tcb->snd_una)) {
        tcb_acknowledge(step, segment, !is_marked); /* RFC 3168 6.1.2 */
    }
    if (tcb->state != TCB_TIME_WAIT) {
        tcb_ecn_acknowledged(step, is_marked);
        tcb_peer_is_alive(step);
        update_window(step, segment, arrival->seq, acked);
    }
    return after_fin_acked(step);
}
