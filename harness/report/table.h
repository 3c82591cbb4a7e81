/* The report for people: one aligned row a run, with the full report under the rows that have one,
 * and a summary line. */
#ifndef FINWAIT_REPORT_TABLE_H
#define FINWAIT_REPORT_TABLE_H

#include "report/result.h"

struct table_style {
    size_t name_columns; /* as wide as the longest name to come */
    bool has_color;      /* ANSI colours for verdicts */
};

void table_heading(struct text *out, const struct table_style *style);
void table_row(struct text *out, const struct table_style *style,
               const struct report_result *result);

/* The full report of a run, set off by empty lines; nothing when it has none. */
void table_report(struct text *out, const struct report_result *result);

/* "42 passed, 0 failed, 0 skipped", and how many were invalid or broken if any were. */
void table_summary(struct text *out, const struct table_style *style,
                   const struct report_counts *counts);

#endif
