/* Whether and how much to send now: sender SWS avoidance and Nagle (RFC 9293 3.8.6.2.1, 3.7.4), the
 * peer's window and the congestion window. */
#ifndef TCP_TCB_SEND_DECISION_H
#define TCP_TCB_SEND_DECISION_H

#include "tcb/tcb.h"

struct tcb_decision {
    uint32_t text_bytes;
    bool with_fin; /* the FIN goes along, behind the text */
};

/* New octets that the next segment may carry. Zero and no FIN: nothing may go. */
struct tcb_decision tcb_decide_send(const struct tcb_step *step);

/* Octets queued and never sent. */
uint32_t tcb_unsent_bytes(const struct tcb_step *step);

/* Is a FIN queued that has not gone yet? */
bool tcb_has_unsent_fin(const struct tcb *tcb);

/* U: how much of the peer's window is left behind SND.NXT; 0 when it shrank below that. */
uint32_t tcb_usable_window(const struct tcb *tcb);

#endif
