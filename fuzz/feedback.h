/* Protocol states as feedback for engines: beside the branches that ran, they are told of each
 * (state, event, verdict) and of each change of state, so that an input which reaches a state anew is
 * kept even where the code that ran is the same. libFuzzer reads counters from a section of the
 * program; AFL++ gets guards of our own in its map. Where the engine has neither, nothing happens. */
#ifndef FINWAIT_FUZZ_FEEDBACK_H
#define FINWAIT_FUZZ_FEEDBACK_H

#include "tcp/state.h"

/* An event: the cause, or for a segment the check that decided. */
#define FEEDBACK_EVENTS (TCP_CAUSE_COUNT + TCP_CHECK_COUNT)
#define FEEDBACK_STEPS  (TCB_STATE_COUNT * FEEDBACK_EVENTS * TCP_VERDICT_COUNT)
#define FEEDBACK_COUNT  (FEEDBACK_STEPS + TCB_STATE_COUNT * TCB_STATE_COUNT)

/* Forgets the input before. */
void feedback_begin(void);

void feedback_step(const struct tcp_step_record *step);
void feedback_change(enum tcb_state from, enum tcb_state to);

/* How many counters there are in the section that libFuzzer reads; FEEDBACK_COUNT, or the compiler
 * has thrown them away. */
size_t feedback_section_bytes(void);

/* How many of them are not 0. */
size_t feedback_seen(void);

#endif
