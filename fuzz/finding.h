/* How a target reports what no input may bring about. */
#ifndef FINWAIT_FUZZ_FINDING_H
#define FINWAIT_FUZZ_FINDING_H

#include <stdbool.h>

/* Prints `what` and `detail`, then aborts, so that engine and debugger have the place. */
_Noreturn void finding(const char *what, const char *detail);

/* A law that holds for every input: where it does not, that is the finding. */
static inline void law(bool holds, const char *what, const char *detail)
{
    if (!holds) {
        finding(what, detail);
    }
}

#endif
