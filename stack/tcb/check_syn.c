/* Fourth check of 3.10.7.4: a SYN where none belongs. */
#include "tcb/arrives.h"
#include "tcb/transition.h"

enum tcp_verdict tcb_check_syn(struct tcb_step *step, struct tcb_arrival *arrival)
{
    /* RFC 5961 4.2 wants it challenged irrespective of its sequence number: in a synchronized state, also
     * when it was trimmed off as old. Before our SYN is acknowledged it may end the handshake. */
    const bool is_old_but_counts = step->config->rfc5961 != 0 && tcb_is_synchronized(step->tcb) &&
                                   tcb_has(step->tcb, TCB_SYN_ACKED) &&
                                   tcp_segment_has(arrival->segment, TCP_FLAG_SYN);
    if (!arrival->has_syn && !is_old_but_counts) {
        return TCP_VERDICT_NONE;
    }
    const bool is_child = step->tcb->state == TCB_SYN_RECEIVED && tcb_has(step->tcb, TCB_PASSIVE);
    if (is_child && step->config->challenge_child == 0) {
        tcb_return_to_listen(step);
        return tcb_decide(step, TCP_VERDICT_DELETE, TCP_CHECK_SYN, TCB_REASON_SYN_ENDS);
    }
    if (step->config->rfc5961 != 0 || is_child || step->tcb->state == TCB_TIME_WAIT) {
        return tcb_decide(step, TCP_VERDICT_CHALLENGE, TCP_CHECK_SYN, TCB_REASON_SYN_IN_WINDOW);
    }
    /* Without RFC 5961 the SYN is an error: reset, and the user is told. The RST quotes the ACK as
     * the host forms it from the segment. */
    tcb_end(step, TCP_ERROR_RESET);
    return tcb_decide(step, TCP_VERDICT_RESET, TCP_CHECK_SYN, TCB_REASON_SYN_ENDS);
}
