/* Annotations that GitHub shows beside the lines of a change, as workflow commands
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
#ifndef FINWAIT_REPORT_GITHUB_H
#define FINWAIT_REPORT_GITHUB_H

#include "report/result.h"

/* Adds the line for a run that did not pass; nothing for others. */
void github_annotation(struct text *out, const struct report_result *result);

#endif
