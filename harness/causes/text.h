/* Lists of causes as scenarios, and scenarios as lists of causes: so that every input can be read, and
 * every script that only needs what causes can say can be a seed. */
#ifndef FINWAIT_CAUSES_TEXT_H
#define FINWAIT_CAUSES_TEXT_H

#include "base/arena.h"
#include "causes/cause.h"

/* The scenario that does what the list does: mode causes, targets by pair, name or descriptor, numbers as
 * references. Depends on nothing but the list. Printed and parsed, cause_from_scenario() makes the
 * normal list of it. */
const struct scenario *cause_to_scenario(const struct cause_list *list, struct arena *arena);

/* Why and where a scenario cannot be causes. */
struct cause_refusal {
    struct source_span span;
    const char *message; /* in the arena */
};

/* What the scenario does, without what it expects. Ports become those of pairs, in the order of their
 * appearance, unless they all are some; the numbers of a script become references to ISS and IRS; times
 * become waits. False, with *why: it does something that no cause says. */
bool cause_from_scenario(const struct scenario *scenario, struct arena *arena,
                         struct cause_list *out, struct cause_refusal *why);

#endif
