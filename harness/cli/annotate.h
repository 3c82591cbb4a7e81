/* Causes as a script to read: what the stack did, as comments; numbers in place of references. */
#ifndef FINWAIT_CLI_ANNOTATE_H
#define FINWAIT_CLI_ANNOTATE_H

#include "base/text.h"
#include "run/run.h"

/* Prints a scenario; with an outcome of it (or NULL), behind each event what left, what changed state and
 * what calls returned, as comments, which say the time where it has moved. */
void annotate_print(const struct scenario *scenario, const struct run_outcome *outcome,
                    struct text *out);

/* The same scenario with the numbers of its outcome in place of references, and waits for the time that they
 * took. What could not be read back (a damaged packet) keeps its references. */
const struct scenario *annotate_concrete(const struct scenario *scenario,
                                         const struct run_outcome *outcome, struct arena *arena);

#endif
