/* Do two scenarios mean the same? Spans, path and source do not count. */
#ifndef FINWAIT_SCENARIO_SAME_H
#define FINWAIT_SCENARIO_SAME_H

#include "scenario/scenario.h"

bool scenario_same(const struct scenario *a, const struct scenario *b);
bool scenario_event_same(const struct scenario_event *a, const struct scenario_event *b);

#endif
