/* Calls between causes and text. */
#ifndef FINWAIT_CAUSES_TO_CALL_H
#define FINWAIT_CAUSES_TO_CALL_H

#include "base/arena.h"
#include "causes/cause.h"

/* A normal call of a host as the language writes it; its result is said only where it binds a name. */
struct scenario_call *cause_to_call(const struct cause_call *call, uint8_t host,
                                    struct arena *arena);

#endif
