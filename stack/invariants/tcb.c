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
    if (tcb->state == TCB_SYN_SENT) {
        return NULL;
    }
    if (tcp_seq_after(tcb->rcv_nxt, tcb->rcv_edge)) {
        return "RCV.NXT =< the right edge of the receive window";
    }
    const uint32_t unread = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    if (unread + tcb_receive_window(tcb) > tcb->receive_bytes) {
        return "unread octets and the offered window fit the receive buffer";
    }
    return NULL;
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
    broken = broken != NULL ? broken : check_path(tcb, path);
    broken = broken != NULL ? broken : check_ecn(tcb, path);
    return broken != NULL ? broken : check_timers(tcb, path, stream);
}
