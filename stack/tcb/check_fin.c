/* Eighth check of 3.10.7.4: FIN. It counts once everything before it has arrived; one that comes
 * beyond a hole is held. */
#include "tcb/arrives.h"
#include "tcb/delayed_ack.h"
#include "tcb/transition.h"

static void consume(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    tcb->rcv_nxt = tcp_seq_add(tcb->rcv_nxt, 1);
    tcb_flag_set(tcb, TCB_FIN_RECEIVED);
    tcb_flag_clear(tcb, TCB_FIN_HELD);
    if (step->stream != NULL) { /* text behind a FIN cannot be: 3.10.7.4 seventh */
        receive_buffer_forget_islands(&step->stream->receive);
    }
    tcb_owe(tcb, TCB_OWES_ACK); /* FIN implies PUSH, and is acknowledged at once */
    tcb_notify(tcb, TCP_EVENT_PEER_CLOSED | TCP_EVENT_READABLE);
    step->record->fin_taken = 1;
    if (tcb->state == TCB_ESTABLISHED) {
        tcb_transition(tcb, TCB_CLOSE_WAIT);
    } else if (tcb->state == TCB_FIN_WAIT_1) { /* ours is not acknowledged yet */
        tcb_transition(tcb, TCB_CLOSING);
    } else if (tcb->state == TCB_FIN_WAIT_2) {
        tcb_enter_time_wait(step);
    }
}

/* Did text arrive that stands behind this place? Then the peer cannot be done there, unless the FIN is
 * next: what is in order counts for more than what is not. */
static bool is_contradicted(const struct tcb_step *step, tcp_seqno fin)
{
    if (tcp_seq_equal(fin, step->tcb->rcv_nxt)) {
        return false;
    }
    if (tcp_seq_before(fin, step->tcb->rcv_nxt)) {
        return true;
    }
    if (step->stream == NULL || step->stream->receive.islands.count == 0) {
        return false;
    }
    const struct receive_buffer *buffer = &step->stream->receive;
    const uint32_t last = step->islands[buffer->islands.count - 1].right - buffer->next;
    return tcp_seq_distance(step->tcb->rcv_nxt, fin) < last;
}

/* Remembers where the FIN stands. One that cannot be taken now costs an ACK, unless its text did. */
static void note(struct tcb_step *step, const struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    const tcp_seqno fin = tcp_seq_add(arrival->seq, arrival->text_bytes);
    if (!tcb_has(tcb, TCB_FIN_HELD) && !is_contradicted(step, fin)) {
        step->path->peer_fin = fin;
        tcb_flag_set(tcb, TCB_FIN_HELD);
    }
    if (!tcp_seq_equal(fin, tcb->rcv_nxt) && arrival->text_bytes == 0) {
        tcb_owe_duplicate_ack(step);
    }
}

enum tcp_verdict tcb_check_fin(struct tcb_step *step, struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    if (!tcb_can_receive(tcb)) {
        if (arrival->has_fin) { /* another one behind the first: the states stay, an ACK says so */
            tcb_owe_duplicate_ack(step);
        }
        return TCP_VERDICT_NONE;
    }
    if (arrival->has_fin) {
        note(step, arrival);
    }
    if (tcb_has(tcb, TCB_FIN_HELD) && tcp_seq_equal(step->path->peer_fin, tcb->rcv_nxt)) {
        consume(step);
    }
    return TCP_VERDICT_NONE;
}
