/* CLOSE and ABORT (RFC 9293 3.10.4, 3.10.5). */
#include "tcb/calls.h"
#include "tcb/transition.h"

/* With nothing pending the FIN goes at once, behind a SYN that is not acknowledged yet; otherwise it
 * waits for ESTABLISHED. */
static enum tcp_error close_syn_received(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if (tcb_has(tcb, TCB_FIN_QUEUED)) {
        return TCP_ERROR_CLOSING;
    }
    tcb_flag_set(tcb, TCB_FIN_QUEUED);
    if (tcb_queued_bytes(step) == 0 && step->path != NULL) {
        tcb_begin_congestion(step);
        tcb_transition(tcb, TCB_FIN_WAIT_1);
    }
    return TCP_OK;
}

enum tcp_error tcb_call_close(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    switch (tcb_state_of(tcb)) {
    case TCB_CLOSED:
        return TCP_ERROR_NO_CONNECTION;
    case TCB_LISTEN:
    case TCB_SYN_SENT:
        tcb_end(step, TCP_OK);
        return TCP_OK;
    case TCB_SYN_RECEIVED:
        return close_syn_received(step);
    case TCB_CLOSE_WAIT: /* LAST-ACK once the FIN goes */
        if (tcb_has(tcb, TCB_FIN_QUEUED)) {
            return TCP_ERROR_CLOSING;
        }
        tcb_flag_set(tcb, TCB_FIN_QUEUED);
        return TCP_OK;
    case TCB_ESTABLISHED: /* at once, whatever is still queued */
        tcb_flag_set(tcb, TCB_FIN_QUEUED);
        tcb_transition(tcb, TCB_FIN_WAIT_1);
        return TCP_OK;
    case TCB_FIN_WAIT_1:
    case TCB_FIN_WAIT_2:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
    case TCB_TIME_WAIT:
        return TCP_ERROR_CLOSING;
    }
    return TCP_ERROR_STATE;
}

enum tcp_error tcb_call_abort(struct tcb_step *step, bool *needs_reset)
{
    *needs_reset = false;
    switch (tcb_state_of(step->tcb)) {
    case TCB_CLOSED:
        return TCP_ERROR_NO_CONNECTION;
    case TCB_SYN_RECEIVED:
    case TCB_ESTABLISHED:
    case TCB_FIN_WAIT_1:
    case TCB_FIN_WAIT_2:
    case TCB_CLOSE_WAIT:
        *needs_reset = true;
        break;
    case TCB_LISTEN:
    case TCB_SYN_SENT:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
    case TCB_TIME_WAIT:
        break;
    }
    tcb_end(step, TCP_ERROR_ABORTED);
    return TCP_OK;
}
