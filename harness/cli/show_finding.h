/* What the oracles found in the run of a script, as finwait show says it. */
#ifndef FINWAIT_CLI_SHOW_FINDING_H
#define FINWAIT_CLI_SHOW_FINDING_H

#include "run/run.h"

/* Adds the name (oracle/finding_name.h) of the first finding that counts, which ended the run. False: there
 * is none. */
bool show_finding_name(const struct run_outcome *outcome, struct text *out);

/* The same as a comment, with its numbers. */
void show_finding_print(const struct run_outcome *outcome, struct text *out);

#endif
