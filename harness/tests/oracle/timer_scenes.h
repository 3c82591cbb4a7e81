/* Scenes that tests of oracles about timers begin with. */
#ifndef FINWAIT_TESTS_TIMER_SCENES_H
#define FINWAIT_TESTS_TIMER_SCENES_H

#include "build_trace.h"

#define MS UINT64_C(1000)
#define S1 UINT64_C(1000000)

/* An instant of the scene, counted from its beginning. */
void at(struct scene *scene, uint64_t us);

/* Nothing has happened; the configuration is that of profile rfc. */
struct scene *opened(void);

/* ESTABLISHED at 2 ms; a round trip has not been measured, since the SYN,ACK is not timed. */
struct scene *connected_in(struct scene *scene, uint16_t window);
struct scene *connected(uint16_t window);

void send_text(struct scene *scene, uint32_t seq, uint32_t count);

/* ESTABLISHED, and at 10 ms so much is written, of which the first octets leave. */
struct scene *sending(struct scene *scene, uint16_t window, uint32_t written, uint32_t count);

#endif
