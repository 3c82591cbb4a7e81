/* Causes made up by chance, of every kind and member that the encoding has, each number likely to mean
 * something: near what the connection stands at, near an edge. They need not be normal. */
#ifndef FINWAIT_FUZZ_NEW_CAUSES_H
#define FINWAIT_FUZZ_NEW_CAUSES_H

#include "causes/cause.h"
#include "chance.h"

struct cause new_cause(struct chance *chance, const struct cause_start *start);

/* Gives one member of a cause another value, or makes it anew. */
void change_cause(struct chance *chance, const struct cause_start *start, struct cause *cause);

#endif
