/* When an ACK is due (RFC 9293 3.8.6.3, RFC 5681 4.2). */
#ifndef TCP_TCB_DELAYED_ACK_H
#define TCP_TCB_DELAYED_ACK_H

#include "tcb/tcb.h"

/* In-order text came: its ACK may wait, unless enough segments wait already (SHLD-19). */
void tcb_delay_ack(struct tcb_step *step);

/* A segment that each costs an ACK of its own came: out of order, or not acceptable. */
void tcb_owe_duplicate_ack(struct tcb_step *step);

/* The wait is over (MUST-40). */
void tcb_delayed_ack_timeout(struct tcb_step *step);

#endif
