/* The packets around a finding, as a trace that can be drawn. A second walk through the capture
 * gathers them, so that the first need not keep what nobody asks for. */
#ifndef FINWAIT_CAPTURE_EXCERPT_H
#define FINWAIT_CAPTURE_EXCERPT_H

#include "capture/audit.h"

/* Packets of the flow before and after the one with the finding. */
#define EXCERPT_BEFORE 6
#define EXCERPT_AFTER  2

struct excerpts;

/* One excerpt for each finding. They live in the arena, as do their packets' headers. */
struct excerpts *excerpts_create(const struct audit_finding *findings, size_t count,
                                 struct arena *arena);

/* The next packet of the capture, in the order and with the packets that the audit saw. */
void excerpts_packet(struct excerpts *excerpts, tcp_time at, const struct capture_packet *packet);

/* That of a finding: its end is the system under test; times count from the excerpt's first packet. */
const struct trace *excerpt_of(const struct excerpts *excerpts, size_t finding);

#endif
