#include "tcb/ecn.h"

/* The two bits beside the DS field (RFC 3168 5). */
#define CODEPOINT_MASK 3u
#define ECT_0          2u
#define CE             3u

#define ECN_FLAGS (TCP_FLAG_ECE | TCP_FLAG_CWR)

static void set(struct tcb *tcb, uint8_t bits)
{
    tcb->ecn = (uint8_t)(tcb->ecn | bits);
}

static void clear(struct tcb *tcb, uint8_t bits)
{
    tcb->ecn = (uint8_t)(tcb->ecn & ~bits);
}

/* ---- the handshake -------------------------------------------------------------------------------- */

void tcb_ecn_ask(struct tcb_step *step)
{
    step->tcb->ecn = step->config->ecn == 2 ? TCB_ECN_SETUP : 0;
}

void tcb_ecn_agree(struct tcb_step *step)
{
    step->tcb->ecn = step->config->ecn != 0 ? TCB_ECN_SETUP : 0;
}

/* 6.1.1: an ECN-setup SYN has ECE and CWR, an ECN-setup SYN,ACK ECE alone: some peers copy into their
 * answer whatever bits came. */
static bool is_setup(const struct tcp_segment *syn)
{
    const uint16_t wanted = tcp_segment_has(syn, TCP_FLAG_ACK) ? TCP_FLAG_ECE : ECN_FLAGS;
    return (syn->flags & ECN_FLAGS) == wanted;
}

void tcb_ecn_learn_syn(struct tcb *tcb, const struct tcp_segment *syn)
{
    if (is_setup(syn)) {
        set(tcb, TCB_ECN_CAME);
    } else {
        set(tcb, TCB_ECN_CAME_PLAIN);
        clear(tcb, TCB_ECN_SETUP | TCB_ECN_ECHO | TCB_ECN_CWR | TCB_ECN_REDUCED);
    }
}

void tcb_ecn_form_syn(struct tcb_step *step, struct tcp_segment *out, bool is_first)
{
    struct tcb *tcb = step->tcb;
    const bool is_answer = tcp_segment_has(out, TCP_FLAG_ACK);
    if (!is_first && !is_answer && step->config->ecn_fallback != 0) {
        clear(tcb, TCB_ECN_SETUP); /* 6.1.1.1: perhaps the network does not like the bits */
    }
    if ((tcb->ecn & TCB_ECN_SETUP) != 0) {
        set(tcb, TCB_ECN_SENT);
        out->flags |= is_answer ? TCP_FLAG_ECE : ECN_FLAGS;
    } else {
        set(tcb, TCB_ECN_SENT_PLAIN);
    }
}

bool tcb_ecn_asks_no_more(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if ((tcb->ecn & TCB_ECN_SETUP) == 0 || step->config->ecn_fallback != 2) {
        return false;
    }
    clear(tcb, TCB_ECN_SETUP);
    step->path->is_timing = 0; /* the RST was the answer to the SYN that was timed */
    tcb_owe(tcb, TCB_OWES_SYN);
    return true;
}

bool tcb_ecn_is_on(const struct tcb *tcb)
{
    const uint8_t told = TCB_ECN_SENT | TCB_ECN_SENT_PLAIN | TCB_ECN_CAME | TCB_ECN_CAME_PLAIN;
    return (tcb->ecn & told) == (TCB_ECN_SENT | TCB_ECN_CAME);
}

/* 6.1.1 asks more of a receiver than it allows a sender: who said once that it would heed marks has to,
 * unless the peer ever sent a plain SYN. */
static bool heeds_marks(const struct tcb *tcb)
{
    return (tcb->ecn & (TCB_ECN_SENT | TCB_ECN_CAME_PLAIN)) == TCB_ECN_SENT;
}

/* ---- the sender of text --------------------------------------------------------------------------- */

/* 6.1.4 to 6.1.6: what is sent again, probes, and what has no text, is never ECN-capable: its loss would
 * not be noticed, or its mark not believed. */
void tcb_ecn_form_new_text(struct tcb *tcb, struct tcb_path *path, struct tcp_segment *out)
{
    if (!tcb_ecn_is_on(tcb) || out->payload_bytes == 0) {
        return;
    }
    out->traffic_class |= ECT_0; /* RFC 8311 4.2: ECT(1) is for experiments */
    if ((tcb->ecn & TCB_ECN_CWR) != 0) {
        out->flags |= TCP_FLAG_CWR;
        clear(tcb, TCB_ECN_CWR);
        path->ecn_reduced_end = out->seq;
    }
}

bool tcb_ecn_is_echo(const struct tcb *tcb, const struct tcp_segment *segment)
{
    return tcb_ecn_is_on(tcb) && tcb_has(tcb, TCB_SYN_ACKED) &&
           tcp_segment_has(segment, TCP_FLAG_ECE) && !tcp_segment_has(segment, TCP_FLAG_SYN);
}

void tcb_ecn_reduced(struct tcb_step *step)
{
    if (tcb_ecn_is_on(step->tcb)) {
        set(step->tcb, TCB_ECN_CWR | TCB_ECN_REDUCED);
        step->path->ecn_reduced_end = step->tcb->snd_nxt; /* until CWR goes, no ACK is beyond it */
    }
}

/* 6.1.2: a window of one segment cannot be halved. The retransmission timer starts anew, and nothing new
 * goes before it would run out. */
static void hold(struct tcb_step *step)
{
    step->path->ecn_hold_at = step->now + step->tcb->rto_us;
    if (step->tcb->retransmit_at != TCB_NEVER) {
        step->tcb->retransmit_at = step->path->ecn_hold_at;
    }
}

void tcb_ecn_acknowledged(struct tcb_step *step, bool is_echo)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    /* The peer echoes until it sees CWR, which probes do not carry. */
    if ((tcb->ecn & TCB_ECN_CWR) == 0 && tcp_seq_after(tcb->snd_una, path->ecn_reduced_end)) {
        clear(tcb, TCB_ECN_REDUCED);
    }
    if (!is_echo || (tcb->ecn & TCB_ECN_REDUCED) != 0) {
        return;
    }
    const uint32_t cwnd = path->congestion.window.cwnd_bytes;
    if (cwnd <= tcb->send_mss) {
        hold(step);
    }
    /* 6.1.2 halves cwnd, however little of it is in use. */
    congestion_marked(&path->congestion, tcb->send_mss, cwnd);
    tcb_ecn_reduced(step);
}

/* ---- the receiver of text ------------------------------------------------------------------------- */

/* 6.1.5: of what lies outside the window nothing counts, since anybody could have sent it; a probe of a
 * shut window has an exact number (6.1.6). CWR comes first: the mark beside it is a new one. */
void tcb_ecn_text_arrived(struct tcb *tcb, const struct tcb_arrival *arrival)
{
    const struct tcp_segment *segment = arrival->segment;
    const bool has_text =
        arrival->text_bytes > 0 || (arrival->is_refused && segment->payload_bytes > 0);
    if (!heeds_marks(tcb) || !has_text || !tcb_can_receive(tcb) ||
        tcp_segment_has(segment, TCP_FLAG_SYN)) {
        return;
    }
    if (tcp_segment_has(segment, TCP_FLAG_CWR)) {
        clear(tcb, TCB_ECN_ECHO);
    }
    if ((segment->traffic_class & CODEPOINT_MASK) == CE) {
        set(tcb, TCB_ECN_ECHO);
    }
}

void tcb_ecn_form_ack(const struct tcb *tcb, struct tcp_segment *out)
{
    if ((tcb->ecn & TCB_ECN_ECHO) != 0 && !tcp_segment_has(out, TCP_FLAG_SYN)) {
        out->flags |= TCP_FLAG_ECE;
    }
}
