/* Is a tag earned? A row of section 3.10 is covered only by a script in whose trace that event was
 * processed in that state, by that check, and led to that state. */
#ifndef FINWAIT_MATRIX_EARNED_H
#define FINWAIT_MATRIX_EARNED_H

#include "matrix/requirement.h"

/* NULL when it is, else why not, in words. A requirement that is no row asks for nothing. */
const char *earned_or_why_not(const struct requirement *requirement,
                              const struct occurrence_list *occurrences, struct arena *arena);

#endif
