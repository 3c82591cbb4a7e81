/* Second check of 3.10.7.4: RST. Only one exactly at RCV.NXT is believed; another one inside the
 * window is challenged (RFC 5961 3.2). */
#include "tcb/arrives.h"
#include "tcb/transition.h"

/* What the connection's user is told, by the state it was in. */
static void believe(struct tcb_step *step)
{
    switch (tcb_state_of(step->tcb)) {
    case TCB_SYN_RECEIVED:
        if (tcb_was_reopened(step->tcb) && step->config->reopen_may_fail != 0) {
            tcb_return_to_time_wait(step);
        } else if (tcb_has(step->tcb, TCB_PASSIVE)) {
            tcb_return_to_listen(step);
        } else {
            tcb_end(step, TCP_ERROR_REFUSED);
        }
        return;
    case TCB_CLOSING:
    case TCB_LAST_ACK:
    case TCB_TIME_WAIT:
        tcb_end(step, TCP_OK);
        return;
    case TCB_ESTABLISHED:
    case TCB_FIN_WAIT_1:
    case TCB_FIN_WAIT_2:
    case TCB_CLOSE_WAIT:
    case TCB_CLOSED:
    case TCB_LISTEN:
    case TCB_SYN_SENT:
        tcb_end(step, TCP_ERROR_RESET);
        return;
    }
}

enum tcp_verdict tcb_check_reset(struct tcb_step *step, struct tcb_arrival *arrival)
{
    if (!tcp_segment_has(arrival->segment, TCP_FLAG_RST)) {
        return TCP_VERDICT_NONE;
    }
    if (step->tcb->state == TCB_TIME_WAIT && step->config->resets_end_time_wait == 0) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_RESET, TCB_REASON_RST_IN_TIME_WAIT);
    }
    if (step->config->rfc5961 != 0 && !tcp_seq_equal(arrival->segment->seq, step->tcb->rcv_nxt)) {
        return tcb_decide(step, TCP_VERDICT_CHALLENGE, TCP_CHECK_RESET, TCB_REASON_RST_IN_WINDOW);
    }
    believe(step);
    const bool is_undone = step->tcb->state == TCB_TIME_WAIT;
    return tcb_decide(step, TCP_VERDICT_DELETE, TCP_CHECK_RESET,
                      is_undone ? TCB_REASON_REOPEN_UNDONE : TCB_REASON_RST_EXACT);
}
