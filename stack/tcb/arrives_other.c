/* SEGMENT ARRIVES in every state from SYN-RECEIVED on (RFC 9293 3.10.7.4): the RFC's eight checks in
 * its order. The third, security, is a no-op: no security label reaches this stack. */
#include "tcb/ack_limit.h"
#include "tcb/arrives.h"
#include "tcb/delayed_ack.h"
#include "tcb/timestamps.h"

/* Could the segment open a new incarnation from TIME-WAIT? */
static bool asks_to_reopen(const struct tcb_step *step, const struct tcp_segment *segment)
{
    const uint16_t control = TCP_FLAG_SYN | TCP_FLAG_ACK | TCP_FLAG_RST | TCP_FLAG_FIN;
    return step->tcb->state == TCB_TIME_WAIT && step->config->reopen_time_wait != 0 &&
           (segment->flags & control) == TCP_FLAG_SYN;
}

/* RFC 9293 3.6.1: a SYN is taken when it is newer than the old incarnation, by its timestamp where there is
 * one (SHLD-4, the table of RFC 6191 2), else when it lies above every number of the old one (MAY-2). */
static bool is_newer_syn(const struct tcb_step *step, const struct tcp_segment *syn)
{
    const struct tcb *tcb = step->tcb;
    const bool is_above = tcp_seq_at_or_after(syn->seq, tcb->rcv_nxt);
    if (step->config->timestamps == 0 || !syn->options.has_timestamps) {
        return is_above;
    }
    if ((tcb->options & TCB_OPTION_TIMESTAMPS) == 0) {
        return true; /* whatever the old one sent carries none, and is told by that */
    }
    const uint32_t age = syn->options.timestamp_value - tcb->timestamp_recent;
    return age == 0 ? is_above : age < UINT32_C(0x80000000);
}

/* RFC 6191 2: what is not taken is dropped without a word. RFC 9293 and RFC 5961 4.2 would have it
 * acknowledged, as it is where timestamps are off. */
static bool refuses_silently(const struct tcb_step *step)
{
    return step->config->timestamps != 0 && step->config->challenge_time_wait == 0;
}

static enum tcp_verdict judge(struct tcb_step *step, const struct tcp_segment *segment,
                              bool reopen_is_wanted)
{
    /* Looked at before the window, since the SYN need not be inside. */
    if (reopen_is_wanted && asks_to_reopen(step, segment)) {
        if (is_newer_syn(step, segment)) {
            return tcb_decide(step, TCP_VERDICT_REOPEN, TCP_CHECK_SYN, TCB_REASON_REOPEN);
        }
        if (refuses_silently(step)) {
            return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SYN, TCB_REASON_REFUSED_SILENTLY);
        }
    }
    enum tcp_verdict verdict = tcb_check_timestamps(step, segment);
    if (verdict != TCP_VERDICT_NONE) {
        return verdict;
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
    for (uint32_t i = 0; i < sizeof checks / sizeof *checks && verdict == TCP_VERDICT_NONE; i++) {
        verdict = checks[i](step, &arrival);
    }
    if (verdict == TCP_VERDICT_NONE && arrival.is_behind_by_one) {
        verdict = tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_TEXT, TCB_REASON_BEHIND_BY_ONE);
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

enum tcp_verdict tcb_arrives_other(struct tcb_step *step, const struct tcp_segment *segment,
                                   bool reopen_is_wanted)
{
    const enum tcp_verdict verdict = judge(step, segment, reopen_is_wanted);
    const bool draws_ack = (verdict == TCP_VERDICT_ACK || verdict == TCP_VERDICT_CHALLENGE) &&
                           (step->tcb->owed & TCB_OWES_SYN) == 0;
    if (draws_ack && !tcb_may_spend_ack(step, segment)) {
        return tcb_decide(step, TCP_VERDICT_DROP, (enum tcp_check)step->record->check,
                          TCB_REASON_ACK_LIMIT);
    }
    return verdict;
}
