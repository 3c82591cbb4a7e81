/* Changes of state: the one function that writes tcb->state, and what entering a state brings. */
#ifndef TCP_TCB_TRANSITION_H
#define TCP_TCB_TRANSITION_H

#include "tcb/tcb.h"

/* Moves the connection along one edge of tcb_state_edge_is_legal(), which is asserted. */
void tcb_transition(struct tcb *tcb, enum tcb_state to);

/* To CLOSED, with all timers stopped and nothing owed; `how` is what its user will be told. */
void tcb_end(struct tcb_step *step, enum tcp_error how);

/* A child goes back to LISTEN (3.10.7.4): its listener is there already, so the record is done. */
void tcb_return_to_listen(struct tcb_step *step);

/* Both FINs are acknowledged: waits 2MSL (3.6.1, MUST-13), or not, if so configured. */
void tcb_enter_time_wait(struct tcb_step *step);

/* The wait begins, or begins anew (3.10.7.4 eighth). */
void tcb_start_time_wait(struct tcb_step *step);

/* Does 2MSL run out before the user timeout, if that runs in TIME-WAIT at all? */
bool tcb_user_outlives_time_wait(const struct tcb_step *step);

/* SYN-RECEIVED to TIME-WAIT: the SYN that reopened it was an old duplicate (3.6.1, MAY-2 (2)). */
void tcb_return_to_time_wait(struct tcb_step *step);

/* Our SYN is acknowledged by `segment`: the send side gets its first window and may begin. */
void tcb_open_send_side(struct tcb_step *step, const struct tcp_segment *segment);

/* The same, and the connection is ESTABLISHED. */
void tcb_establish(struct tcb_step *step, const struct tcp_segment *segment);

/* The initial congestion window, under the controller that the user or the configuration chose. */
void tcb_begin_congestion(struct tcb_step *step);

/* Has the record no life left, whoever still looks at it? */
bool tcb_is_dead(const struct tcb *tcb);

#endif
