/* Traces made by hand, for tests of what reads them. */
#ifndef FINWAIT_TESTS_MADE_TRACE_H
#define FINWAIT_TESTS_MADE_TRACE_H

#include "trace/trace.h"

/* An empty trace that starts at 1000 s, between 192.0.2.1 and 192.168.0.1, in an arena of its
 * own. */
struct trace *made_trace(void);
void made_trace_free(struct trace *trace);

/* A connection between the peer's port and the stack's, with both initial numbers known. */
uint32_t made_incarnation(struct trace *trace, const char *label, uint16_t peer_port,
                          uint16_t sut_port, uint32_t peer_isn, uint32_t sut_isn);

/* A segment of that connection with numbers as in a script. The returned one may be changed until
 * the next is made. */
struct trace_packet *made_packet(struct trace *trace, uint64_t at_us,
                                 enum trace_direction direction, uint32_t incarnation,
                                 uint16_t flags, uint32_t seq, uint32_t payload_bytes, uint32_t ack,
                                 uint16_t window);

/* Gives a packet the octets that its segment stands for, the payload being zeros. */
void made_octets(struct trace *trace, struct trace_packet *packet);

void made_state(struct trace *trace, uint64_t at_us, uint32_t incarnation, enum tcb_state from,
                enum tcb_state to);
void made_call(struct trace *trace, uint64_t at_us, uint32_t cookie, const char *words);
void made_result(struct trace *trace, uint64_t at_us, uint32_t cookie, const char *words,
                 int64_t value, const char *error);
struct tcp_step_record *made_step(struct trace *trace, uint64_t at_us, enum tcp_cause cause);

#endif
