/* The one table of verbs: what main() calls, and what help, man page and completions say of them. */
#ifndef FINWAIT_CLI_VERB_TABLE_H
#define FINWAIT_CLI_VERB_TABLE_H

#include "cli/options.h"

#include <stddef.h>

struct verb_row {
    enum verb_bit bit;
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the verb's name; returns the exit code */
    const char *arguments;             /* what follows the options, or "" */
    const char *summary;               /* some words, for the overview */
    const char *description;           /* a paragraph or more, a line each, an empty line between */
};

/* `*count` rows, in the order in which help shows them. */
const struct verb_row *verb_rows(size_t *count);

/* NULL: there is no such verb. */
const struct verb_row *verb_find(const char *name);

/* The row of a verb; there is one for each. */
const struct verb_row *verb_row_of(enum verb_bit bit);

/* Adds a verb's help: how it is called, what it does, its options. */
void verb_help_text(const struct verb_row *verb, struct text *out);

/* Adds the exit codes of the whole command, a line each: "0  everything passed". */
void verb_exit_codes(struct text *out);

/* The environment variables that the command reads, likewise, and the one file that it keeps. */
void verb_environment(struct text *out);

#endif
