/* The verbs of the finwait command: one file each. A verb gets its words (argv[0] is itself) and
 * returns the exit code. */
#ifndef FINWAIT_CLI_VERBS_H
#define FINWAIT_CLI_VERBS_H

#include "cli/options.h"
#include "cli/scripts.h"

#include <stdio.h>

/* Exit codes of the whole command, but for those that runs decide (report/result.h). */
enum exit_code {
    EXIT_USAGE = 2,
    EXIT_BROKEN = 3,
    EXIT_NOTHING_RAN = 4,
};

int verb_run(int argc, char **argv);
int verb_ladder(int argc, char **argv);
int verb_states(int argc, char **argv);
int verb_matrix(int argc, char **argv);
int verb_list(int argc, char **argv);
int verb_fmt(int argc, char **argv);
int verb_lint(int argc, char **argv);
int verb_audit(int argc, char **argv);
int verb_import(int argc, char **argv);
int verb_bless(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_encode(int argc, char **argv);
int verb_replay(int argc, char **argv);
int verb_min(int argc, char **argv);
int verb_cmin(int argc, char **argv);
int verb_sim(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_completion(int argc, char **argv);
int verb_help(int argc, char **argv);
int verb_version(int argc, char **argv);

/* "finwait VERB: complaint" to standard error; returns `code`. */
int complain(const char *verb, const char *complaint, int code);

/* The exit code for a path that cannot be read: EXIT_USAGE when there is nothing of that name, otherwise
 * EXIT_BROKEN. */
int unreadable(const char *path);

/* What to open for a path: "-" is standard input. */
const char *path_to_read(const char *path);

/* Writes a whole text to standard output. Returns 0, or EXIT_BROKEN after a complaint. */
int write_out(const char *verb, const struct text *words);

/* Where a report for people goes: standard output, unless one for a program does. */
FILE *stream_of_report(const struct request *request);

/* Writes a whole text there. Returns 0, or EXIT_BROKEN after a complaint. */
int write_report(const char *verb, const struct request *request, const struct text *words);

/* Writes a whole text to a file, "-" being standard output. Returns 0, or EXIT_BROKEN after a
 * complaint. */
int write_file(const char *verb, const char *path, const struct text *words);

/* What every verb does first: reads the options, answers --help, and, unless `scripts` is NULL, finds
 * the scripts. Returns true when there is something to do, otherwise *code is the exit code. */
bool verb_begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                struct request *request, struct script_list *scripts, int *code);

#endif
