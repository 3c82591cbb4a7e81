/* How a target reports what no input may bring about. */
#ifndef FINWAIT_FUZZ_FINDING_H
#define FINWAIT_FUZZ_FINDING_H

/* Prints `what` and `detail`, then aborts, so that engine and debugger have the place. */
_Noreturn void finding(const char *what, const char *detail);

#endif
