/* The frame around every step on a connection: the context it gets, and what the host does
 * afterwards: timers, lists, the accept queue, the end of a record. */
#ifndef TCP_HOST_STEP_H
#define TCP_HOST_STEP_H

#include "host/block.h"

/* The context for a step on a record, with the step record begun. */
struct tcb_step host_step_begin(struct tcp_host *host, struct tcb *tcb, enum tcp_cause cause);

/* The context alone: for looking, and for emission. */
struct tcb_step host_step_view(struct tcp_host *host, struct tcb *tcb);

/* Takes up path and stream again after the host attached or detached one. */
void host_step_refresh(struct tcp_host *host, struct tcb_step *step);

/* Closes the step: settles timers and lists, and buries the record if it is dead. */
void host_step_end(struct tcp_host *host, struct tcb_step *step);

/* Settles a record's timers and parts outside a step: its user let go of it. */
void host_settle(struct tcp_host *host, struct tcb *tcb);

/* A step record for what concerned no connection. */
void host_note(struct tcp_host *host, enum tcp_cause cause, enum tcp_verdict verdict,
               enum tcp_check check, enum tcb_reason reason);

/* Lets every deadline before `until` (us) take effect, in order, and moves the host's time on. */
void host_run_deadlines(struct tcp_host *host, uint64_t until);

/* What a cause begins with: deadlines before `now`, then the host's time is `now`, unless that lies
 * behind. */
void host_arrive_at(struct tcp_host *host, tcp_time now);

#endif
