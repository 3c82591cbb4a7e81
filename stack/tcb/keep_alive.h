/* Keep-alive (RFC 9293 3.8.4): off unless the user asks for it; probes only into silence. */
#ifndef TCP_TCB_KEEP_ALIVE_H
#define TCP_TCB_KEEP_ALIVE_H

#include "tcb/tcb.h"

/* An acceptable segment came: silence, and the unanswered probes, count from here again. */
void tcb_peer_is_alive(struct tcb_step *step);

/* Arms or stops the timer after a step. */
void tcb_settle_keep_alive(struct tcb_step *step);

/* A probe leaves: its answer is waited for from now on. */
void tcb_keep_alive_sent(struct tcb_step *step);

/* The timer ran out: a probe is owed, or there were too many: true, and the connection has to end. */
bool tcb_keep_alive_timeout(struct tcb_step *step);

#endif
