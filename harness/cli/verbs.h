/* The verbs of the finwait command: one file each. A verb gets its words (argv[0] is itself) and
 * returns the exit code. */
#ifndef FINWAIT_CLI_VERBS_H
#define FINWAIT_CLI_VERBS_H

#include "cli/options.h"
#include "cli/scripts.h"

/* Exit codes of the whole command, but for those that runs decide (report/result.h). */
enum exit_code {
    EXIT_USAGE = 2,
    EXIT_BROKEN = 3,
    EXIT_NOTHING_RAN = 4,
};

int verb_run(int argc, char **argv);
int verb_ladder(int argc, char **argv);
int verb_help(int argc, char **argv);
int verb_version(int argc, char **argv);

/* The help of a verb: how it is called, its options. */
void verb_run_help(struct text *out);
void verb_ladder_help(struct text *out);

/* "finwait VERB: complaint" to standard error; returns `code`. */
int complain(const char *verb, const char *complaint, int code);

/* What every verb that takes scripts does first: reads the options, answers --help, finds the
 * scripts. Returns true when there is something to do, otherwise *code is the exit code. */
bool verb_begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                void (*help)(struct text *), struct request *request, struct script_list *scripts,
                int *code);

#endif
