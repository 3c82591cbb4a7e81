/* What T04 to T07 judge: connections before and after what changes them. */
#ifndef FINWAIT_RUN_WITNESS_H
#define FINWAIT_RUN_WITNESS_H

#include "oracle/encounter.h"
#include "run/runner.h"

/* The connection that the segment is about to meet. */
void witness_before(struct run *run, const struct tcp_segment *segment, struct encounter *out);

/* The segment was given to the system under test, and nothing polled since. False: a finding ends the
 * run. */
bool witness_after(struct run *run, const struct tcp_segment *segment, const struct encounter *met);

/* Lets the system under test do what is due. False: a finding ends the run. */
bool witness_advance(struct run *run);

#endif
