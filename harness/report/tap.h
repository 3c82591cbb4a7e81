/* The report for programs: Test Anything Protocol, in the part that versions 13 and 14 share
 * (https://testanything.org). */
#ifndef FINWAIT_REPORT_TAP_H
#define FINWAIT_REPORT_TAP_H

#include "report/result.h"

void tap_heading(struct text *out);

/* Test point `number`, counted from 1; what did not pass carries its report as a YAML block. */
void tap_point(struct text *out, uint64_t number, const struct report_result *result);

/* The plan, which may come last. 0 points: everything was skipped. */
void tap_plan(struct text *out, uint64_t points);

#endif
