/* Seventh check of 3.10.7.4: the segment's text. What lies beyond a hole is kept as an island
 * (SHLD-31) and acknowledged as a duplicate at once (RFC 5681 4.2). */
#include "tcb/arrives.h"
#include "tcb/delayed_ack.h"
#include "tcb/ecn.h"
#include "tcb/transition.h"

/* Text behind the peer's FIN cannot be: it said it was done (3.10.7.4 seventh). */
static void trim_behind_fin(struct tcb_step *step, struct tcb_arrival *arrival)
{
    if (!tcb_has(step->tcb, TCB_FIN_HELD) || arrival->text_bytes == 0) {
        return;
    }
    const tcp_seqno fin = step->path->peer_fin;
    if (tcp_seq_at_or_after(arrival->seq, fin)) {
        arrival->text_bytes = 0;
        arrival->has_fin = false;
        tcb_owe_duplicate_ack(step);
    } else if (tcp_seq_distance(arrival->seq, fin) < arrival->text_bytes) {
        arrival->text_bytes = tcp_seq_distance(arrival->seq, fin);
        arrival->has_fin = false;
    }
}

/* 3.10.7.4 seventh, MAY-17: where the peer's SEND ended, as STATUS tells. */
static void note_push(struct tcb_path *path, const struct tcb_arrival *arrival)
{
    const tcp_seqno end = tcp_seq_add(arrival->seq, arrival->text_bytes);
    if (tcp_segment_has(arrival->segment, TCP_FLAG_PSH) &&
        (!path->was_pushed || tcp_seq_after(end, path->rcv_pushed))) {
        path->was_pushed = 1;
        path->rcv_pushed = end;
    }
}

static enum tcp_verdict take(struct tcb_step *step, const struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    struct receive_buffer *buffer = &step->stream->receive;
    const bool had_islands = buffer->islands.count > 0;
    const uint32_t offset = tcp_seq_distance(tcb->rcv_nxt, arrival->seq);
    uint32_t advanced = 0;
    if (!receive_buffer_put(buffer, step->receive_storage, step->islands, offset, arrival->text,
                            arrival->text_bytes, &advanced)) {
        step->counters->islands_full += step->counters->islands_full < UINT32_MAX;
    } else {
        step->record->text_taken = arrival->text_bytes;
    }
    tcb->rcv_nxt = tcp_seq_add(tcb->rcv_nxt, advanced);
    if (advanced > 0) {
        tcb_notify(tcb, TCP_EVENT_READABLE);
    }
    note_push(step->path, arrival);
    if (offset > 0) {
        tcb_owe_duplicate_ack(step); /* RFC 5681 4.2: out of order */
    } else if (had_islands) {
        tcb_owe(tcb, TCB_OWES_ACK); /* RFC 5681 4.2: fills a gap */
    } else {
        tcb_delay_ack(step);
    }
    return TCP_VERDICT_NONE;
}

enum tcp_verdict tcb_check_text(struct tcb_step *step, struct tcb_arrival *arrival)
{
    trim_behind_fin(step, arrival);
    tcb_ecn_text_arrived(step->tcb, arrival);
    if (arrival->text_bytes == 0 || !tcb_can_receive(step->tcb)) {
        return TCP_VERDICT_NONE;
    }
    if (tcb_has(step->tcb, TCB_RELEASED)) {
        /* 3.6.1, SHLD-3: nobody will ever read it; the peer has to know that it is lost. */
        tcb_end(step, TCP_ERROR_ABORTED);
        return tcb_decide(step, TCP_VERDICT_RESET, TCP_CHECK_TEXT, TCB_REASON_NOBODY_READS);
    }
    if (step->stream == NULL) {
        step->counters->streams_full += step->counters->streams_full < UINT32_MAX;
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_TEXT, TCB_REASON_STREAM_FULL);
    }
    return take(step, arrival);
}
