/* The window we offer, and receiver SWS avoidance (RFC 9293 3.8.6.2.2, MUST-39). */
#ifndef TCP_TCB_RECEIVE_WINDOW_H
#define TCP_TCB_RECEIVE_WINDOW_H

#include "tcb/tcb.h"

/* The window field of a segment that leaves now. Moves the right edge if it may move. */
uint16_t tcb_advertise_window(struct tcb_step *step);

/* The user took octets out: owes an ACK when the peer should hear of the room at once. */
void tcb_consider_window_update(struct tcb_step *step);

#endif
