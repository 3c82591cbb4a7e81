/* Makes a list of causes smaller while it goes on doing what it did: first whole causes are left out,
 * large stretches of them and then one by one, then numbers in those that are left are made smaller and
 * members that are not usual, usual. Knows nothing of what the list is for. */
#ifndef FINWAIT_SIM_SHRINK_H
#define FINWAIT_SIM_SHRINK_H

#include "causes/cause.h"

struct shrink {
    /* Does this list still do it? The same list must get the same answer. */
    bool (*holds)(void *context, const struct cause_list *list);
    void *context;
    uint32_t tries_max; /* lists to try at most */
    uint32_t tries;     /* out: those that were tried */
};

/* Shrinks `list` in place; `room` has as many causes as the list and is scratch. The list must hold. */
void shrink_causes(struct shrink *shrink, struct cause_list *list, struct cause *room);

#endif
