#include "tcb/emit.h"

#include <string.h>

#include "base/numbers.h"
#include "tcb/ecn.h"
#include "tcb/keep_alive.h"
#include "tcb/path_mtu.h"
#include "tcb/receive_window.h"
#include "tcb/send_decision.h"
#include "tcb/timeouts.h"
#include "tcb/timestamps.h"
#include "tcb/transition.h"
#include "tcp/wire.h"

/* RFC 9293 3.8.5: while urgent octets are ahead of SEG.SEQ, every segment points at their end, as far
 * as 16 bits reach (MUST-30, MUST-31). */
static void point_at_urgent(const struct tcb_step *step, struct tcp_segment *out)
{
    const struct tcb_path *path = step->path;
    if (path == NULL || !path->sends_urgent || !tcp_seq_after(path->snd_up, out->seq)) {
        return;
    }
    const uint32_t ahead = tcp_seq_distance(out->seq, path->snd_up);
    out->urgent = (uint16_t)(ahead > UINT16_MAX ? UINT16_MAX : ahead);
    out->flags |= TCP_FLAG_URG;
}

/* What every segment of the connection says. One with ACK pays the ACK that was owed. */
static void form(struct tcb_step *step, struct tcp_segment *out, tcp_seqno seq, uint16_t flags)
{
    struct tcb *tcb = step->tcb;
    memset(out, 0, sizeof *out);
    out->source = tcb->flow.local;
    out->destination = tcb->flow.remote;
    out->ttl = (uint8_t)step->config->ttl;
    out->traffic_class = tcb_traffic_class(tcb, step->config); /* MUST-48, SHLD-22 */
    out->may_fragment = step->config->path_mtu_discovery == 0;
    out->seq = seq;
    out->flags = flags;
    out->window = tcb_advertise_window(step);
    if ((flags & TCP_FLAG_ACK) == 0) {
        return;
    }
    out->ack = tcb->rcv_nxt;
    point_at_urgent(step, out);
    tcb_ecn_form_ack(tcb, out);
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_ACK);
    if (step->path != NULL) {
        step->path->unacked_segments = 0;
        step->path->delayed_ack_at = TCB_NEVER;
    }
}

static void lay_text(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out,
                     uint32_t count)
{
    if (count == 0) {
        return;
    }
    TCP_ASSERT(room.count >= TCP_WIRE_HEADROOM + (size_t)count);
    uint8_t *text = room.bytes + TCP_WIRE_HEADROOM;
    const uint32_t offset = tcp_seq_distance(tcb_data_start(step->tcb), out->seq);
    ring_copy(&step->stream->send, step->send_storage, offset, text, count);
    out->payload = text;
    out->payload_bytes = count;
    const tcp_seqno end = tcp_seq_add(out->seq, count);
    if (tcp_seq_equal(end, tcb_data_end(step)) &&
        (tcb_has(step->tcb, TCB_FIN_QUEUED) || tcp_seq_at_or_after(step->path->pushed, end))) {
        out->flags |= TCP_FLAG_PSH; /* RFC 9293 3.9.1.2: the last octets of a SEND, MUST-61 */
    }
}

/* Where a bare ACK stands: at SND.NXT. But behind a window that the peer has shut, our probe among the
 * rest, nothing is acceptable to it: it would refuse the ACK as well, and if both sides probe, each would
 * answer the other's for ever (RFC 9293 A.2). SND.UNA is where the peer stands. */
static tcp_seqno ack_seq(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    const bool is_persisting = path != NULL && path->persist_at != TCB_NEVER;
    return is_persisting ? step->tcb->snd_una : step->tcb->snd_nxt;
}

/* How much text the next repetition carries: what is left of it, up to a full segment. */
static uint32_t resend_text_bytes(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    const uint32_t left = tcp_seq_distance(path->resend_next, path->resend_end);
    const uint32_t text = tcp_seq_distance(path->resend_next, tcb_data_end(step));
    return smaller(smaller(left, text), step->tcb->send_mss);
}

/* RFC 5681 2: no text goes beyond SND.UNA + cwnd, not even again. The segment at SND.UNA always may go;
 * what comes behind it waits for ACKs to make room. A FIN is no text, and goes along with the last. */
static bool cwnd_lets_resend(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    const uint32_t ahead = tcp_seq_distance(step->tcb->snd_una, path->resend_next);
    return ahead == 0 || ahead + resend_text_bytes(step) <= path->congestion.window.cwnd_bytes;
}

static bool owes_resend(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    return path != NULL && tcp_seq_before(path->resend_next, path->resend_end) &&
           tcb_path_mtu_lets_resend(path) && cwnd_lets_resend(step);
}

/* The text that our first SYN may carry: what a SEND in LISTEN queued. The peer's MSS is not known yet. It
 * is sent once; if the SYN,ACK does not cover it, it goes again from ESTABLISHED. */
static void lay_syn_text(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    const uint32_t mss =
        tcb->flow.local.address.version == 4 ? TCB_MSS_DEFAULT_IPV4 : TCB_MSS_DEFAULT_IPV6;
    const uint32_t least = (tcb->send_mss < mss ? tcb->send_mss : mss) -
                           tcp_wire_options_bytes(&out->options) - tcb_option_bytes(tcb);
    const uint32_t unsent = tcb_unsent_bytes(step);
    out->seq = tcp_seq_add(tcb->iss, 1);
    lay_text(step, room, out, unsent < least ? unsent : least);
    out->seq = tcb->iss;
    tcb->snd_nxt = tcp_seq_add(tcb->snd_nxt, out->payload_bytes);
}

/* Karn, RFC 6298 3: of a SYN that leaves again, because of time, because the peer's came again or
 * came at all, no round trip is measured. A FIN behind it may be timed. An RST was the answer to a SYN
 * that asked for ECN, and the plain one after it is timed by itself. */
static void time_syn(struct tcb_step *step, bool is_first)
{
    const struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const tcp_seqno end = tcp_seq_add(tcb->iss, 1);
    const bool is_plain_one = tcb->state == TCB_SYN_SENT && !tcb_has(tcb, TCB_SYN_LOST);
    if (is_first || is_plain_one) {
        path->is_timing = 1;
        path->rtt_seq = end;
        path->rtt_started = step->now;
    } else if (tcp_seq_equal(path->rtt_seq, end)) {
        path->is_timing = 0;
    }
}

/* SYN or SYN,ACK, by state (3.10.1, 3.10.7.2). */
static void emit_syn(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    const bool is_first = !tcb_has(tcb, TCB_SYN_LEFT);
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_SYN);
    tcb_repetition_sent(step);
    tcb_flag_set(tcb, TCB_SYN_LEFT);
    const uint16_t ack = tcb->state == TCB_SYN_SENT ? 0 : TCP_FLAG_ACK;
    form(step, out, tcb->iss, TCP_FLAG_SYN | ack);
    tcb_ecn_form_syn(step, out, is_first);
    out->options.has_mss = true; /* MUST-14 */
    out->options.mss = tcb->receive_mss;
    if (step->path != NULL) {
        time_syn(step, is_first);
    }
    if (is_first && ack == 0 && step->config->syn_text != 0) {
        lay_syn_text(step, room, out);
    }
}

/* The next octets of what has to be sent again, in segments of the size that holds now. */
static void emit_resend(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const tcp_seqno seq = path->resend_next;
    if (!tcb_has(tcb, TCB_SYN_ACKED) && tcp_seq_equal(seq, tcb->iss)) {
        emit_syn(step, room, out); /* a FIN followed it before it was acknowledged */
        path->resend_next = tcp_seq_add(seq, 1);
        return;
    }
    tcb_repetition_sent(step);
    form(step, out, seq, TCP_FLAG_ACK);
    const tcp_seqno data_end = tcb_data_end(step);
    const uint32_t count = resend_text_bytes(step);
    lay_text(step, room, out, count);
    path->resend_next = tcp_seq_add(seq, count);
    if (tcb_has(tcb, TCB_FIN_SENT) && tcp_seq_equal(path->resend_next, data_end) &&
        tcp_seq_before(data_end, path->resend_end)) {
        out->flags |= TCP_FLAG_FIN;
        path->resend_next = tcp_seq_add(path->resend_next, 1);
    }
}

static void fin_leaves(struct tcb_step *step, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    out->flags |= TCP_FLAG_FIN;
    tcb->snd_nxt = tcp_seq_add(tcb->snd_nxt, 1);
    tcb_flag_set(tcb, TCB_FIN_SENT);
    if (tcb->state == TCB_CLOSE_WAIT) { /* 3.10.4: only once the FIN goes */
        tcb_transition(tcb, TCB_LAST_ACK);
    }
}

static void emit_new(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out,
                     struct tcb_decision decision)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    form(step, out, tcb->snd_nxt, TCP_FLAG_ACK);
    lay_text(step, room, out, decision.text_bytes);
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_PUSH);
    tcb_ecn_form_new_text(tcb, path, out);
    tcb->snd_nxt = tcp_seq_add(tcb->snd_nxt, decision.text_bytes);
    if (decision.text_bytes > 0 && decision.text_bytes < tcb->send_mss) {
        path->sent_small = 1;
        path->small_end = tcb->snd_nxt;
    }
    if (decision.with_fin) {
        fin_leaves(step, out);
    }
    congestion_note_flight(&path->congestion, tcb->send_mss, tcb_outstanding(tcb), step->now);
    if (!path->is_timing) { /* RFC 6298 3: one measurement per flight */
        path->is_timing = 1;
        path->rtt_seq = tcb->snd_nxt;
        path->rtt_started = step->now;
    }
}

/* RFC 9293 3.8.6.1: one octet that the window does not cover, new the first time, then the same again
 * until it is acknowledged. With no text left, the FIN is that octet. */
static void emit_probe(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_PROBE);
    tcb_probe_sent(step);
    const bool is_new = tcb_outstanding(tcb) == 0;
    const uint32_t text = tcb_unsent_bytes(step);
    const bool fin_is_probe = is_new ? text == 0 : tcp_seq_equal(tcb->snd_una, tcb_data_end(step));
    form(step, out, is_new ? tcb->snd_nxt : tcb->snd_una, TCP_FLAG_ACK);
    path->is_probing = 1;
    path->is_timing = 0;
    if (!fin_is_probe) {
        lay_text(step, room, out, 1);
        tcb->snd_nxt = is_new ? tcp_seq_add(tcb->snd_nxt, 1) : tcb->snd_nxt;
    } else if (is_new) {
        fin_leaves(step, out);
    } else {
        out->flags |= TCP_FLAG_FIN;
    }
}

/* RFC 9293 3.8.4: an old number draws an ACK from any peer that is still there. */
static void emit_keep_alive(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_KEEP_ALIVE);
    tcb_keep_alive_sent(step);
    form(step, out, tcp_seq_sub(tcb->snd_nxt, 1), TCP_FLAG_ACK);
    if (step->config->keep_alive_octet != 0) { /* MAY-6 */
        TCP_ASSERT(room.count > TCP_WIRE_HEADROOM);
        room.bytes[TCP_WIRE_HEADROOM] = 0;
        out->payload = room.bytes + TCP_WIRE_HEADROOM;
        out->payload_bytes = 1;
    }
}

static bool owes_probe(const struct tcb *tcb)
{
    return (tcb->owed & TCB_OWES_PROBE) != 0 && tcb->snd_wnd == 0;
}

static bool decides_to_send(struct tcb_decision decision)
{
    return decision.text_bytes > 0 || decision.with_fin;
}

static bool owes_ack(const struct tcb *tcb)
{
    return (tcb->owed & TCB_OWES_ACK) != 0 || tcb->owed_duplicates > 0;
}

static bool is_mute(const struct tcb *tcb)
{
    return tcb->state == TCB_CLOSED || tcb->state == TCB_LISTEN;
}

static struct tcb_decision decide(const struct tcb_step *step)
{
    return step->path == NULL ? (struct tcb_decision){0} : tcb_decide_send(step);
}

bool tcb_owes_segment(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    return !is_mute(tcb) && ((tcb->owed & TCB_OWES_SYN) != 0 || owes_ack(tcb) ||
                             (tcb->owed & TCB_OWES_KEEP_ALIVE) != 0 || owes_resend(step) ||
                             owes_probe(tcb) || decides_to_send(decide(step)));
}

static bool emit(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    struct tcb *tcb = step->tcb;
    if (is_mute(tcb)) {
        return false;
    }
    if (tcb->owed & TCB_OWES_SYN) {
        emit_syn(step, room, out);
        return true;
    }
    if (tcb->owed_duplicates > 0) { /* they quote the past: before anything new */
        tcb->owed_duplicates--;
        form(step, out, ack_seq(step), TCP_FLAG_ACK);
        return true;
    }
    if (owes_resend(step)) {
        emit_resend(step, room, out);
        return true;
    }
    if (owes_probe(tcb)) {
        emit_probe(step, room, out);
        return true;
    }
    const struct tcb_decision decision = decide(step);
    if (decides_to_send(decision)) {
        emit_new(step, room, out, decision);
        return true;
    }
    if (tcb->owed & TCB_OWES_KEEP_ALIVE) {
        emit_keep_alive(step, room, out);
        return true;
    }
    if (tcb->owed & TCB_OWES_ACK) {
        form(step, out, ack_seq(step), TCP_FLAG_ACK);
        return true;
    }
    return false;
}

bool tcb_emit(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out)
{
    const bool has_segment = emit(step, room, out);
    if (has_segment) {
        tcb_timestamps_put(step, out);
        tcb_path_mtu_sent(step, out);
    }
    return has_segment;
}
