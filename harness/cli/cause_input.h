/* Inputs of the verbs that speak of causes: a script, or octets as a fuzzer has them. */
#ifndef FINWAIT_CLI_CAUSE_INPUT_H
#define FINWAIT_CLI_CAUSE_INPUT_H

#include "causes/text.h"
#include "run/run.h"

/* Does the name end in .pkt? */
bool cause_input_is_script(const char *path);

/* Reads a regular file, since an input may be played again: a name that ends in .pkt is a script, everything
 * else is octets. 0, or the exit code after a complaint in the name of the verb. */
int cause_input_read(const char *verb, const char *path, struct arena *arena,
                     struct cause_list *out);

/* The same for a script, whatever its name; it is read once, and may come out of a pipe. */
int cause_input_read_script(const char *verb, const char *path, struct arena *arena,
                            struct cause_list *out);

/* Runs a list of one host as its script says it: *scenario has an event for each of outcome->moments. */
void cause_input_run(const struct cause_list *list, struct arena *arena,
                     const struct scenario **scenario, struct run_outcome *outcome);

#endif
