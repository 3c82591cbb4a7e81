/* Sixth check of 3.10.7.4: URG. The pointer is the offset from SEG.SEQ, which is the SYN's number where
 * there is one (3.1), of the octet behind the urgent data (3.8.5, MUST-62); it may point beyond the segment,
 * and it never goes back. */
#include "tcb/arrives.h"

enum tcp_verdict tcb_check_urgent(struct tcb_step *step, struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    if (!tcb_can_receive(tcb) || !tcp_segment_has(arrival->segment, TCP_FLAG_URG)) {
        return TCP_VERDICT_NONE;
    }
    const tcp_seqno up = tcp_seq_add(arrival->segment->seq, arrival->segment->urgent);
    const uint32_t unread =
        step->stream == NULL ? 0 : receive_buffer_readable(&step->stream->receive);
    const tcp_seqno consumed = tcp_seq_sub(tcb->rcv_nxt, unread);
    const bool is_ahead = tcp_seq_after(up, consumed);
    const bool advances = !path->receives_urgent || tcp_seq_after(up, path->rcv_up);
    if (is_ahead && advances) { /* MUST-32: on the first and on every advance, not on repeats */
        path->receives_urgent = 1;
        path->rcv_up = up;
        tcb_notify(tcb, TCP_EVENT_URGENT);
    }
    return TCP_VERDICT_NONE;
}
