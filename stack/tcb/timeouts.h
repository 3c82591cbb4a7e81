/* A connection's timers: which must run, when the next one is due, and what each does when it runs
 * out (RFC 9293 3.10.8, 3.8.1, 3.8.6.1; RFC 6298). */
#ifndef TCP_TCB_TIMEOUTS_H
#define TCP_TCB_TIMEOUTS_H

#include "tcb/tcb.h"

/* Arms and stops timers after a cause or an emission, so that what is outstanding, or held back by
 * the window, always has exactly one that will move it. */
void tcb_settle_timers(struct tcb_step *step);

/* The earliest deadline in us, or TCB_NEVER. */
uint64_t tcb_deadline(const struct tcb *tcb, const struct tcb_path *path);

/* Lets the earliest deadline take effect; it is at or before step->now, and all before `until` (us) do before
 * anything leaves. True: the connection has ended in a way that the peer is to be told of by RST. */
bool tcb_timeout(struct tcb_step *step, uint64_t until);

/* A SYN, or what is sent again, leaves: if it is late, the timer starts here (RFC 6298 5.6). */
void tcb_repetition_sent(struct tcb_step *step);

/* A probe of a shut window leaves: its answer is waited for from now on. */
void tcb_probe_sent(struct tcb_step *step);

#endif
