/* A run of two hosts, shown as one of them met it (world/projection.h). */
#ifndef FINWAIT_CLI_ONE_HOST_H
#define FINWAIT_CLI_ONE_HOST_H

#include "cli/options.h"
#include "sim/sim.h"

/* "b" is B, whatever else is A. */
enum cause_host one_host_named(const char *name);

/* A simulation for lists of two hosts; NULL after a complaint in the name of the verb, with *code. */
struct sim *one_host_open(const char *verb, const struct request *request, int *code);

/* Runs the list of two hosts in `sim`, to its end, and gives what `host` met as a list of one host, in the
 * arena. `list` must not be that of sim's last run. False, after a complaint: the host met more connections
 * at a time than a script can tell apart. */
bool one_host_project(const char *verb, struct sim *sim, const struct cause_list *list,
                      enum cause_host host, struct arena *arena, struct cause_list *out);

/* Runs the list of two hosts in `sim`, to its end, and adds what `host` met as a script of one host with
 * what the stack does then, the finding of both runs, and whether they are the same. `list` must not be
 * that of sim's last run. An exit code: EXIT_USAGE after a complaint when the host met more connections at
 * a time than a script can tell apart, or when no script runs. */
int one_host_print(struct sim *sim, const struct cause_list *list, enum cause_host host,
                   struct arena *arena, struct text *out);

#endif
