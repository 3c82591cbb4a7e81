/* The report for build servers: JUnit's XML. A run is a test case, classname its folder with dots, as
 * these servers group by. No times: the time of a build server is a real one, and ours is virtual; it
 * stands as a property. */
#ifndef FINWAIT_REPORT_JUNIT_H
#define FINWAIT_REPORT_JUNIT_H

#include "report/result.h"

/* Adds a run's test case to the cases gathered so far. */
void junit_case(struct text *cases, const struct report_result *result);

/* Adds the whole file around the cases. */
void junit_file(struct text *out, const struct text *cases, const struct report_counts *counts);

#endif
