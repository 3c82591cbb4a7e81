/* The report for programs: JSON lines, an object for each run and one for the sum. */
#ifndef FINWAIT_REPORT_JSON_H
#define FINWAIT_REPORT_JSON_H

#include "report/result.h"

/* {"type":"run","script":...,"ip_version":4,"verdict":"failed",...}. `ip_version` is null when it did
 * not come to a run, `line` and `column` when nothing has a place, `ladder` is there when it was asked for. */
void json_run(struct text *out, const struct report_result *result, const char *ladder);

/* {"type":"summary","passed":42,...,"exit_code":0}, the last line. */
void json_summary(struct text *out, const struct report_counts *counts, int exit_code);

#endif
