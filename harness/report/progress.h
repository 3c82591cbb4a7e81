/* One line on a terminal that is written over and over while scripts run. */
#ifndef FINWAIT_REPORT_PROGRESS_H
#define FINWAIT_REPORT_PROGRESS_H

#include "report/result.h"

/* Adds the line for `done` of `total` scripts, cut to `columns`, ready to be written over the one
 * before. */
void progress_line(struct text *out, uint64_t done, uint64_t total, uint64_t not_passed,
                   const char *name, size_t columns);

/* Adds what wipes the line. */
void progress_wipe(struct text *out);

#endif
