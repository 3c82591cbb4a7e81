/* The packets of a run laid beside the lines of its script. */
#ifndef FINWAIT_CAPTURE_BLESS_LINES_H
#define FINWAIT_CAPTURE_BLESS_LINES_H

#include "capture/edits.h"
#include "run/run.h"

/* Adds the edits that make the lines of packets say what the run sent, and that keep every other
 * statement at its time. The run let be what the script expects (run_options.oracles). */
void bless_lines(const struct scenario *scenario, const struct run_outcome *outcome,
                 struct edits *edits);

#endif
