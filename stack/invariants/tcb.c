#include "invariants/invariants.h"

#include "tcb/ecn.h"
#include "tcb/send_decision.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"

/* ISS =< SND.UNA =< SND.NXT, and what lies between them is what the send buffer holds and the two
 * control bits. */
static const char *check_send_space(const struct tcb *tcb, const struct tcb_stream *stream)
{
    if (tcp_seq_after(tcb->snd_una, tcb->snd_nxt)) {
        return "SND.UNA =< SND.NXT";
    }
    if (!tcb_has(tcb, TCB_SYN_ACKED) && !tcp_seq_equal(tcb->snd_una, tcb->iss)) {
        return "SND.UNA is the ISS until our SYN is acknowledged";
    }
    const uint32_t queued = stream == NULL ? 0 : stream->send.count;
    const uint32_t syn = !tcb_has(tcb, TCB_SYN_ACKED);
    const uint32_t fin = tcb_has(tcb, TCB_FIN_SENT) && !tcb_has(tcb, TCB_FIN_ACKED);
    if (tcb_outstanding(tcb) > queued + syn + fin) {
        return "SND.NXT - SND.UNA =< octets queued + SYN + FIN";
    }
    if (fin != 0 && tcb_outstanding(tcb) != queued + syn + fin) {
        return "a FIN that was sent stands behind every octet";
    }
    return NULL;
}

static const char *check_receive_space(const struct tcb *tcb, const struct tcb_stream *stream)
{
    if (tcp_seq_after(tcb->rcv_nxt, tcb->rcv_edge)) {
        return "RCV.NXT =< the right edge of the receive window";
    }
    const uint32_t unread = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    if (unread + tcb_receive_window(tcb) > tcb->receive_bytes) {
        return "unread octets and the offered window fit the receive buffer";
    }
    return NULL;
}

/* A FIN ends the text: what would lie behind it is not kept, so that it cannot become readable. */
static const char *check_peer_fin(const struct tcp_host *host, const struct tcb *tcb,
                                  const struct tcb_path *path, const struct tcb_stream *stream)
{
    if (path == NULL || !tcb_has(tcb, TCB_FIN_HELD | TCB_FIN_RECEIVED)) {
        return NULL;
    }
    const bool is_held = tcb_has(tcb, TCB_FIN_HELD);
    if (is_held &&
        (tcb_has(tcb, TCB_FIN_RECEIVED) || tcp_seq_before(path->peer_fin, tcb->rcv_nxt))) {
        return "a FIN that waits for what is before it lies beyond RCV.NXT";
    }
    if (stream == NULL || stream->receive.islands.count == 0) {
        return NULL;
    }
    const struct range *islands = (const struct range *)host_table_read(host, HOST_ISLANDS) +
                                  (size_t)path->stream * host->limits.islands;
    const uint32_t beyond = islands[stream->receive.islands.count - 1].right - stream->receive.next;
    return !is_held || beyond > tcp_seq_distance(tcb->rcv_nxt, path->peer_fin)
               ? "nothing is kept that lies behind the peer's FIN"
               : NULL;
}

static const char *check_stream(const struct tcp_host *host, const struct tcb *tcb,
                                const struct tcb_path *path, const struct tcb_stream *stream)
{
    if (stream == NULL) {
        return NULL;
    }
    const struct range *islands = (const struct range *)host_table_read(host, HOST_ISLANDS) +
                                  (size_t)path->stream * host->limits.islands;
    if (!ring_is_sound(&stream->send)) {
        return "the send ring is sound";
    }
    if (stream->send.count > path->send_bytes) {
        return "the send buffer holds no more than its size";
    }
    if (!receive_buffer_is_sound(&stream->receive, islands)) {
        return "the receive buffer and its islands are sound";
    }
    const struct ranges *set = &stream->receive.islands;
    if (set->count > 0 &&
        islands[set->count - 1].right - stream->receive.next > tcb_receive_window(tcb)) {
        return "islands lie inside the receive window";
    }
    return NULL;
}

/* Marks are echoed and answered only where both sides said so (RFC 3168 6.1.1). */
static const char *check_ecn(const struct tcb *tcb, const struct tcb_path *path)
{
    const uint8_t answers = TCB_ECN_CWR | TCB_ECN_REDUCED;
    if ((tcb->ecn & TCB_ECN_ECHO) != 0 && (tcb->ecn & TCB_ECN_SENT) == 0) {
        return "marks are echoed only where our SYN said that they would be";
    }
    if ((tcb->ecn & answers) != 0 && !tcb_ecn_is_on(tcb)) {
        return "echoes are answered only where text is ECN-capable";
    }
    if ((tcb->ecn & TCB_ECN_REDUCED) != 0 && path != NULL &&
        tcp_seq_after(path->ecn_reduced_end, tcb->snd_nxt)) {
        return "the window that was reduced lies before SND.NXT";
    }
    return NULL;
}

static const char *check_path(const struct tcb *tcb, const struct tcb_path *path)
{
    if (path == NULL || !tcb_is_synchronized(tcb)) {
        return NULL;
    }
    if (path->congestion.window.cwnd_bytes < tcb->send_mss) {
        return "cwnd >= 1 SMSS";
    }
    if (tcp_seq_after(path->snd_wl1, tcb->rcv_edge)) {
        return "SND.WL1 =< the right edge of the receive window";
    }
    if (tcb_has(tcb, TCB_SYN_ACKED) && tcp_seq_after(path->snd_wl2, tcb->snd_una)) {
        return "SND.WL2 =< SND.UNA";
    }
    if (tcp_seq_before(path->resend_next, tcb->snd_una) ||
        tcp_seq_before(path->resend_end, path->resend_next) ||
        tcp_seq_before(tcb->snd_nxt, path->resend_end)) {
        return "what is to be sent again lies between SND.UNA and SND.NXT";
    }
    return NULL;
}

/* Something outstanding, or held back by a shut window, always has exactly one timer that moves it. */
static const char *check_timers(const struct tcb *tcb, const struct tcb_path *path,
                                const struct tcb_stream *stream)
{
    if (tcb->state == TCB_TIME_WAIT) {
        return tcb->lifetime_at == TCB_NEVER ? "TIME-WAIT has a deadline" : NULL;
    }
    const bool has_rto = tcb->retransmit_at != TCB_NEVER;
    const bool has_persist = path != NULL && path->persist_at != TCB_NEVER;
    if (has_rto && has_persist) {
        return "RTO and persist timer exclude each other";
    }
    if (tcb_outstanding(tcb) > 0) {
        return has_rto || has_persist ? NULL : "something outstanding has a timer";
    }
    if (has_rto) {
        return "no RTO runs when nothing is outstanding";
    }
    const uint32_t queued = stream == NULL ? 0 : stream->send.count;
    const bool is_held = tcb_can_send(tcb) && tcb->snd_wnd == 0 &&
                         (tcb_unsent_of(tcb, queued) > 0 || tcb_has_unsent_fin(tcb));
    return is_held && !has_persist ? "data before a shut window has the persist timer" : NULL;
}

/* Text or a FIN that waits, for the window, for more of it, or for its time: something will move it. */
static const char *check_what_waits(const struct tcb *tcb, const struct tcb_path *path,
                                    const struct tcb_stream *stream)
{
    const uint32_t queued = stream == NULL ? 0 : stream->send.count;
    if (path == NULL || !tcb_can_send(tcb) || tcb_has(tcb, TCB_IN_OWED)) {
        return NULL;
    }
    const bool is_moved = tcb->retransmit_at != TCB_NEVER || path->persist_at != TCB_NEVER ||
                          path->sws_override_at != TCB_NEVER || path->ecn_hold_at != TCB_NEVER;
    if (!is_moved && (tcb_unsent_of(tcb, queued) > 0 || tcb_has_unsent_fin(tcb))) {
        return "what was not sent yet has a timer, or is owed";
    }
    const bool is_closing =
        tcb->state == TCB_FIN_WAIT_1 || tcb->state == TCB_CLOSING || tcb->state == TCB_LAST_ACK;
    return is_closing && !is_moved ? "FIN-WAIT-1, CLOSING and LAST-ACK have a deadline" : NULL;
}

/* RFC 9293 has FIN-WAIT-2 wait for ever; an orphan waits as long as settings say. */
static const char *check_orphan(const struct tcp_host *host, const struct tcb *tcb)
{
    const uint64_t patience = host->config.orphan_timeout_us;
    const bool is_orphan = tcb->state == TCB_FIN_WAIT_2 && tcb_has(tcb, TCB_RELEASED);
    return is_orphan && patience != 0 && tcb->lifetime_at > host->now + patience
               ? "an orphan in FIN-WAIT-2 has a deadline where settings say so"
               : NULL;
}

const char *invariants_of_tcb(const struct tcp_host *host, const struct tcb *tcb,
                              const struct tcb_path *path, const struct tcb_stream *stream)
{
    if (tcb_is_dead(tcb)) {
        return tcb->heap_position == TCB_NONE ? NULL : "a record at rest has no timer";
    }
    if (tcb->own_ds > TCB_DS_FIELD_MAX + 1) {
        return "the DS field has six bits";
    }
    if (tcb->state == TCB_LISTEN) {
        return (tcb->lifetime_at == TCB_NEVER) == (tcb->heap_position == TCB_NONE)
                   ? NULL
                   : "a listener is in the heap when its user's patience has an end, and only then";
    }
    if (tcb_is_synchronized(tcb) && tcb->state != TCB_TIME_WAIT && path == NULL) {
        return "a synchronized connection has a path";
    }
    const uint64_t deadline = tcb_deadline(tcb, path);
    if ((deadline == TCB_NEVER) != (tcb->heap_position == TCB_NONE)) {
        return "a connection is in the heap when it has a deadline, and only then";
    }
    const char *broken = check_send_space(tcb, stream);
    broken = broken != NULL ? broken : check_receive_space(tcb, stream);
    broken = broken != NULL ? broken : check_stream(host, tcb, path, stream);
    broken = broken != NULL ? broken : check_peer_fin(host, tcb, path, stream);
    broken = broken != NULL ? broken : check_path(tcb, path);
    broken = broken != NULL ? broken : check_ecn(tcb, path);
    broken = broken != NULL ? broken : check_timers(tcb, path, stream);
    broken = broken != NULL ? broken : check_what_waits(tcb, path, stream);
    return broken != NULL ? broken : check_orphan(host, tcb);
}
