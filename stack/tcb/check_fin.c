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

static bool awaits_fin(const struct tcb *tcb)
{
    return tcb->state == TCB_ESTABLISHED || tcb->state == TCB_FIN_WAIT_1 ||
           tcb->state == TCB_FIN_WAIT_2;
}

enum tcp_verdict tcb_check_fin(struct tcb_step *step, struct tcb_arrival *arrival)
{
    struct tcb *tcb = step->tcb;
    if (!awaits_fin(tcb)) {
        return TCP_VERDICT_NONE;
    }
    if (arrival->has_fin && !tcb_has(tcb, TCB_FIN_HELD)) {
        const tcp_seqno fin = tcp_seq_add(arrival->seq, arrival->text_bytes);
        const bool is_early = tcp_seq_after(fin, tcb->rcv_nxt);
        step->path->peer_fin = fin;
        tcb_flag_set(tcb, TCB_FIN_HELD);
        if (is_early && arrival->text_bytes == 0) {
            tcb_owe_duplicate_ack(step);
        }
    }
    if (tcb_has(tcb, TCB_FIN_HELD) && tcp_seq_equal(step->path->peer_fin, tcb->rcv_nxt)) {
        consume(step);
    }
    return TCP_VERDICT_NONE;
}
