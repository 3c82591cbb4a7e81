#include "oracle/taken.h"

#include "oracle/congestion_model.h"
#include "tcp/seq.h"

/* ---- the window (RFC 9293 3.10.7.4, fifth check) --------------------------------------------------- */

static bool has_peer(enum tcb_state state)
{
    return state >= TCB_ESTABLISHED && state != TCB_TIME_WAIT;
}

bool taken_has_window(const struct tcp_step_record *step, const struct tcp_segment *segment,
                      const struct tcp_status *before)
{
    return step->cause == TCP_CAUSE_SEGMENT && step->verdict == TCP_VERDICT_ACCEPT &&
           has_peer(step->before) && has_peer(step->after) &&
           tcp_segment_has(segment, TCP_FLAG_ACK) && !tcp_segment_has(segment, TCP_FLAG_SYN) &&
           !tcp_seq_equal(before->snd_una, before->iss);
}

/* SEG.SEQ of what is left when all that came before is cut off (3.10.7.4, first check). */
static tcp_seqno first_number(const struct tcp_segment *segment, const struct tcp_status *before)
{
    return tcp_seq_later(segment->seq, before->rcv_nxt);
}

static bool counts(const struct tcp_segment *segment, const struct tcp_status *before)
{
    const tcp_seqno seq = first_number(segment, before);
    const bool is_newer = tcp_seq_before(before->snd_wl1, seq) ||
                          (tcp_seq_equal(before->snd_wl1, seq) &&
                           tcp_seq_at_or_before(before->snd_wl2, segment->ack));
    return tcp_seq_at_or_after(segment->ack, before->snd_una) && is_newer;
}

const char *taken_window_fault(const struct tcp_segment *segment, const struct tcp_status *before,
                               const struct tcp_status *after)
{
    const bool is_news = counts(segment, before);
    const tcp_seqno wl1 = is_news ? first_number(segment, before) : before->snd_wl1;
    const tcp_seqno wl2 = is_news ? segment->ack : before->snd_wl2;
    if (!tcp_seq_equal(after->snd_wl1, wl1)) {
        return is_news ? "SND.WL1 is not SEG.SEQ of the newest ACK" : "SND.WL1 follows an old ACK";
    }
    if (!tcp_seq_equal(after->snd_wl2, wl2)) {
        return is_news ? "SND.WL2 is not SEG.ACK of the newest ACK" : "SND.WL2 follows an old ACK";
    }
    if (is_news) {
        return after->snd_wnd == segment->window ? NULL
                                                 : "SND.WND is not the window of the newest ACK";
    }
    const tcp_seqno edge = tcp_seq_add(before->snd_una, before->snd_wnd);
    const tcp_seqno since = tcp_seq_add(after->snd_una, after->snd_wnd);
    return tcp_seq_equal(edge, since) || after->snd_wnd == 0 ? NULL : "SND.WND follows an old ACK";
}

/* ---- the loss window (RFC 5681 3.1) ------------------------------------------------------------------ */

bool taken_is_timeout(const struct tcp_step_record *step, uint32_t before)
{
    return step->number == before + 1 && step->cause == TCP_CAUSE_RETRANSMISSION_TIMEOUT &&
           has_peer(step->after);
}

/* The highest that ssthresh may be: RFC 5681 equation 4. */
static uint32_t ssthresh_most(const struct tcp_status *status)
{
    const uint32_t kept = congestion_model_kept(
        (enum tcp_congestion_control)status->congestion_control, status->unacked_bytes);
    const uint32_t least = 2 * status->send_mss;
    return kept > least ? kept : least;
}

const char *taken_timeout_fault(const struct tcp_status *after)
{
    if (after->cwnd_bytes != after->send_mss) {
        return "cwnd is not the loss window of one segment";
    }
    const bool is_first = after->retransmits == 1;
    return is_first && after->ssthresh_bytes > ssthresh_most(after)
               ? "ssthresh is more than what was in flight allows"
               : NULL;
}

/* ---- RST (RFC 9293 3.10.7.3, 3.10.7.4, second check; RFC 5961 3.2) ------------------------------------- */

bool taken_is_reset(const struct tcp_step_record *step, const struct tcp_segment *segment,
                    bool is_exact_asked)
{
    return step->cause == TCP_CAUSE_SEGMENT && tcp_segment_has(segment, TCP_FLAG_RST) &&
           step->before >= TCB_SYN_SENT && (is_exact_asked || step->before == TCB_SYN_SENT);
}

/* In SYN-SENT an ACK of our SYN is what makes it credible. */
static bool is_credible(const struct tcp_segment *segment, const struct tcp_status *before)
{
    if (before->state == TCB_SYN_SENT) {
        return tcp_segment_has(segment, TCP_FLAG_ACK) && tcp_seq_after(segment->ack, before->iss) &&
               tcp_seq_at_or_before(segment->ack, before->snd_nxt);
    }
    return tcp_seq_equal(segment->seq, before->rcv_nxt);
}

const char *taken_reset_fault(const struct tcp_step_record *step, const struct tcp_segment *segment,
                              const struct tcp_status *before)
{
    const bool is_credible_one = is_credible(segment, before);
    if (step->after != step->before) {
        return is_credible_one ? NULL : "an RST that only guesses has an effect";
    }
    return is_credible_one && has_peer(step->before) ? "an RST at RCV.NXT has no effect" : NULL;
}
