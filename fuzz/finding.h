/* How a target reports what no input may bring about, and what a process says before it dies. */
#ifndef FINWAIT_FUZZ_FINDING_H
#define FINWAIT_FUZZ_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/* Says what was being done (finding_explain()), prints `what` and `detail`, then aborts, so that engine
 * and debugger have the place. */
_Noreturn void finding(const char *what, const char *detail);

/* A law that holds for every input: where it does not, that is the finding. */
static inline void law(bool holds, const char *what, const char *detail)
{
    if (!holds) {
        finding(what, detail);
    }
}

/* A block for a host or a world that every run begins from; without memory that is the finding. */
void *finding_block(size_t bytes);

/* From now on `say` is called once before this process dies of a finding, a failed assertion or a
 * sanitizer's report: it prints, on standard error, what was being done. NULL: nobody has anything to
 * say. */
void finding_explain(void (*say)(void));

/* Lets sanitizers that have no hook of their own explain, too: for programs without an engine, since
 * engines want that hook for themselves. */
void finding_explain_death(void);

#endif
