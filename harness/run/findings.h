/* What the oracles found, held against what the script declared. */
#ifndef FINWAIT_RUN_FINDINGS_H
#define FINWAIT_RUN_FINDINGS_H

#include "run/runner.h"

/* Fails the run at the first finding of level MUST or ours that the script did not declare. */
bool findings_judge(struct run *run);

/* At the end: what was declared must have fired. */
bool findings_finish(struct run *run);

/* Copies the findings into the run's arena, each marked whether it was declared. */
void findings_hand_over(struct run *run, struct run_outcome *out);

#endif
