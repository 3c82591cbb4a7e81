/* Causes made up by chance, of every kind and member that the encoding has, each number likely to mean
 * something: near what the connection stands at, near an edge. They need not be normal. */
#ifndef FINWAIT_FUZZ_NEW_CAUSES_H
#define FINWAIT_FUZZ_NEW_CAUSES_H

#include "causes/cause.h"
#include "chance.h"

/* To stand in `list` behind its first `at` causes: half of all calls are on what one of those opens. */
struct cause new_cause(struct chance *chance, const struct cause_list *list, size_t at);

/* A wait long enough for packets to arrive, more often than not. */
struct cause new_pause(struct chance *chance);

/* Gives one member of a cause another value, or makes it anew. */
void change_cause(struct chance *chance, const struct cause_start *start, struct cause *cause);

#endif
