/* The network's side of the host: packets arrive, find their record, and step it (3.10.7). */
#include "host/accept_queue.h"
#include "host/addresses.h"
#include "host/answers.h"
#include "host/demux.h"
#include "host/isn.h"
#include "host/reserved.h"
#include "host/slots.h"
#include "host/step.h"
#include "tcb/arrives.h"
#include "tcb/open.h"
#include "tcp/wire.h"

/* RFC 9293 3.4.1, RFC 6528: the new ISS must lie above what the old incarnation used. */
#define REOPEN_GAP 64000u

/* SPAWN: a child for the listener, unless there is no room for it. */
static void spawn(struct tcp_host *host, uint32_t listener_slot, const struct tcp_segment *syn)
{
    struct tcb *listener = host_tcb(host, listener_slot);
    if (!host_backlog_has_room(listener)) {
        host_count(&host->counters.backlog_full);
        host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_DROP, TCP_CHECK_SYN,
                  TCB_REASON_BACKLOG_FULL);
        return;
    }
    struct tcb *child = host_take_tcb(host);
    if (child == NULL) {
        host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_DROP, TCP_CHECK_SYN, TCB_REASON_TABLE_FULL);
        return;
    }
    host_store_endpoint(&child->flow.local, &syn->destination);
    host_store_endpoint(&child->flow.remote, &syn->source);
    child->state = listener->state; /* born in LISTEN as its copy */
    child->states = listener->state;
    child->owner = listener->owner;
    host_backlog_count(host, child, listener_slot);
    host_demux_add(host, child);
    const struct tcb_record decided = host->last_step;
    struct tcb_step step = host_step_begin(host, child, TCP_CAUSE_SEGMENT);
    (void)tcb_decide(&step, (enum tcp_verdict)decided.verdict, (enum tcp_check)decided.check,
                     (enum tcb_reason)decided.reason);
    tcb_open_child(&step, listener, syn, host_isn(host, &child->flow));
    host_step_end(host, &step);
}

/* REOPEN: the record in TIME-WAIT begins a new life as the listener's child. Its handle was nobody's;
 * a new generation makes sure of that. */
static void reopen(struct tcp_host *host, struct tcb_step *step, uint32_t listener_slot,
                   const struct tcp_segment *syn)
{
    struct tcb *tcb = step->tcb;
    const tcp_seqno old_iss = tcb->iss;
    const tcp_seqno old_snd_nxt = tcb->snd_nxt;
    const tcp_seqno old_rcv_nxt = tcb->rcv_nxt;
    const uint8_t old_options = tcb->options;
    const tcp_seqno above = tcp_seq_add(old_snd_nxt, REOPEN_GAP);
    tcp_seqno iss = host_isn(host, &tcb->flow);
    if (tcp_seq_before(iss, above) && host->config.fixed_iss == 0) {
        iss = above;
    }
    host_detach_path(host, tcb);
    tcb->generation += 2;
    host->last_step.connection = host_handle(host, tcb);
    tcb_flag_clear(tcb, (uint16_t) ~(TCB_HASHED | TCB_IN_OWED | TCB_IN_EVENTS));
    tcb->ended = TCP_OK;
    tcb->retries = tcb->owed = tcb->owed_duplicates = 0;
    tcb->owner = host_tcb_read(host, listener_slot)->owner;
    host_backlog_count(host, tcb, listener_slot);
    host_step_refresh(host, step);
    tcb_open_child(step, host_tcb(host, listener_slot), syn, iss);
    tcb->old_iss = old_iss;
    tcb->old_snd_nxt = old_snd_nxt;
    tcb->old_rcv_nxt = old_rcv_nxt;
    if (old_options & TCB_OPTION_TIMESTAMPS) {
        tcb->options |= TCB_OPTION_OLD_TIMESTAMPS;
    }
}

/* Does nobody look at the old incarnation any more? Its news must have been polled, or they would be
 * told of the new one. */
static bool may_be_reopened(const struct tcb *tcb)
{
    return tcb->state == TCB_TIME_WAIT && !tcb_has(tcb, TCB_OWNED | TCB_IN_EVENTS);
}

/* The listener that would take this SYN, with room in its backlog. */
static uint32_t willing_listener(const struct tcp_host *host, const struct tcp_segment *segment)
{
    const uint32_t slot = host_demux_listener(host, &segment->destination);
    const bool has_room = slot != TCB_NONE && host_backlog_has_room(host_tcb_read(host, slot));
    return has_room ? slot : TCB_NONE;
}

/* What the segment may need is attached before the step; what was not used goes back after it. False:
 * a table is full, and the segment is dropped as if the network had lost it. */
static bool attach_parts(struct tcp_host *host, struct tcb *tcb, const struct tcp_segment *segment)
{
    if (tcb->state == TCB_TIME_WAIT) {
        return true;
    }
    if (!host_attach_path(host, tcb)) {
        host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_DROP, TCP_CHECK_DEMUX,
                  TCB_REASON_TABLE_FULL);
        return false;
    }
    if (segment->payload_bytes > 0 && !tcb_has(tcb, TCB_FIN_RECEIVED)) {
        (void)host_attach_stream(host, tcb); /* without one the text is dropped, and counted */
    }
    return true;
}

static void answer(struct tcp_host *host, const struct tcb_step *step,
                   const struct tcp_segment *segment, enum tcp_verdict verdict)
{
    struct tcb *tcb = step->tcb;
    if (verdict == TCP_VERDICT_RESET) {
        if (tcb->state == TCB_CLOSED) { /* the connection was ended by an error of the peer's */
            host_answer_abort(host, tcb);
        } else {
            host_answer_reset(host, tcb, segment);
        }
        return;
    }
    const bool syn_ack_instead = (tcb->owed & TCB_OWES_SYN) != 0;
    if ((verdict == TCP_VERDICT_ACK || verdict == TCP_VERDICT_CHALLENGE) && !syn_ack_instead &&
        tcb->owed_duplicates < UINT8_MAX) {
        tcb->owed_duplicates++; /* each costs its own: RFC 5681 4.2 */
    }
}

static void step_connection(struct tcp_host *host, struct tcb *tcb,
                            const struct tcp_segment *segment)
{
    if (!attach_parts(host, tcb, segment)) {
        return;
    }
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_SEGMENT);
    enum tcp_verdict verdict;
    if (step.path != NULL) {
        step.path->received_ds = segment->traffic_class & TCP_DS_MASK;
    }
    if (tcb->state == TCB_SYN_SENT) {
        verdict = tcb_arrives_syn_sent(&step, segment);
    } else {
        const uint32_t listener = may_be_reopened(tcb) ? willing_listener(host, segment) : TCB_NONE;
        verdict = tcb_arrives_other(&step, segment, listener != TCB_NONE);
        if (tcb->state == TCB_TIME_WAIT) { /* perhaps back again: no child any more */
            host_accept_queue_leave(host, tcb);
        }
        if (verdict == TCP_VERDICT_REOPEN) {
            reopen(host, &step, listener, segment);
        }
    }
    answer(host, &step, segment, verdict);
    host_step_end(host, &step);
    host->recent_slot = tcb_has(tcb, TCB_HASHED) ? host_slot_of(host, tcb) : TCB_NONE;
}

static void step_listener(struct tcp_host *host, uint32_t slot, const struct tcp_segment *segment)
{
    struct tcb *listener = host_tcb(host, slot);
    struct tcb_step step = host_step_begin(host, listener, TCP_CAUSE_SEGMENT);
    const enum tcp_verdict verdict = tcb_arrives_listen(&step, segment);
    if (verdict == TCP_VERDICT_SPAWN) {
        spawn(host, slot, segment);
    } else if (verdict == TCP_VERDICT_RESET) {
        host_answer_reset(host, listener, segment);
    }
}

/* SEGMENT ARRIVES in CLOSED (3.10.7.1). */
static void arrives_closed(struct tcp_host *host, const struct tcp_segment *segment)
{
    if (tcp_segment_has(segment, TCP_FLAG_RST)) {
        host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_DROP, TCP_CHECK_DEMUX,
                  TCB_REASON_NO_RECORD_RST);
        return;
    }
    host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_RESET, TCP_CHECK_DEMUX,
              TCB_REASON_NO_RECORD_RESET);
    host_answer_reset(host, NULL, segment);
}

/* Dropped for its addresses alone. Where somebody listens, the record says that it was for them. */
static void discard(struct tcp_host *host, const struct tcp_segment *segment, uint32_t *counter,
                    enum tcb_reason reason)
{
    host_count(counter);
    host_note(host, TCP_CAUSE_SEGMENT, TCP_VERDICT_DROP, TCP_CHECK_DEMUX, reason);
    const uint32_t listener = host_demux_listener(host, &segment->destination);
    if (listener != TCB_NONE) {
        host->last_step.before = host->last_step.after = TCB_LISTEN;
    }
}

void tcp_host_segment(struct tcp_host *host, tcp_time now, const struct tcp_segment *segment)
{
    host_arrive_at(host, now);
    if (!host_is_local(host, &segment->destination.address)) {
        discard(host, segment, &host->counters.not_ours, TCB_REASON_NOT_OURS);
        return;
    }
    if (!host_is_fit_remote(&segment->source)) { /* MUST-57, MUST-63 */
        discard(host, segment, &host->counters.unfit_source, TCB_REASON_UNFIT_SOURCE);
        return;
    }
    const struct tcp_flow flow = {.local = segment->destination, .remote = segment->source};
    uint32_t slot = host_demux_find(host, &flow);
    if (slot != TCB_NONE) {
        step_connection(host, host_tcb(host, slot), segment);
        return;
    }
    slot = host_demux_listener(host, &segment->destination);
    if (slot != TCB_NONE) {
        step_listener(host, slot, segment);
    } else {
        arrives_closed(host, segment);
    }
}

void tcp_host_packet(struct tcp_host *host, tcp_time now, const uint8_t *bytes, size_t count)
{
    struct tcp_segment segment;
    struct tcp_icmp icmp;
    if (tcp_wire_read(bytes, count, &segment, NULL) == TCP_WIRE_OK) {
        tcp_host_segment(host, now, &segment);
        return;
    }
    const enum tcp_wire_result as_icmp = tcp_icmp_read(bytes, count, &icmp);
    if (as_icmp == TCP_WIRE_OK) {
        tcp_host_icmp(host, now, &icmp);
        return;
    }
    host_arrive_at(host, now);
    host_count(&host->counters.wire_drops);
    host_note(host, as_icmp == TCP_WIRE_NOT_ICMP ? TCP_CAUSE_SEGMENT : TCP_CAUSE_ICMP,
              TCP_VERDICT_DROP, TCP_CHECK_WIRE, TCB_REASON_NOT_READABLE);
}
