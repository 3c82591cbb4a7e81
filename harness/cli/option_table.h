/* The one table of options: getopt_long's options, the text of `--help`, the man page and the
 * completions of shells are all made from it. */
#ifndef FINWAIT_CLI_OPTION_TABLE_H
#define FINWAIT_CLI_OPTION_TABLE_H

#include "cli/options.h"

enum option_id {
    OPTION_IP,
    OPTION_MODE,
    OPTION_PROFILE,
    OPTION_SET,
    OPTION_DEFINE,
    OPTION_ORACLES,
    OPTION_ORACLE_COUNTS,
    OPTION_TOLERANCE,
    OPTION_RELOCATE,
    OPTION_FILTER,
    OPTION_RERUN_FAILED,
    OPTION_SHUFFLE,
    OPTION_REPEAT,
    OPTION_KEEP_GOING,
    OPTION_FAIL_FAST,
    OPTION_JOBS,
    OPTION_TIMEOUT,
    OPTION_LADDER,
    OPTION_ASCII,
    OPTION_ISN,
    OPTION_SVG,
    OPTION_EDGES,
    OPTION_ONLY,
    OPTION_MARKDOWN,
    OPTION_HTML,
    OPTION_COVERED,
    OPTION_REQUIREMENTS,
    OPTION_PCAPNG,
    OPTION_TRACE,
    OPTION_TAP,
    OPTION_JSON,
    OPTION_JUNIT,
    OPTION_GITHUB,
    OPTION_EXACT,
    OPTION_SEVERE,
    OPTION_SIDE,
    OPTION_FLOW,
    OPTION_WRITE,
    OPTION_RESULTS,
    OPTION_NO_RUN,
    OPTION_CONCRETE,
    OPTION_RELATIVE,
    OPTION_HOST,
    OPTION_OUTPUT,
    OPTION_SEED,
    OPTION_RUNS,
    OPTION_OCTETS,
    OPTION_MINIMIZE,
    OPTION_CHECK,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_MAN,
    OPTION_HELP,
    OPTION_COUNT,
};

/* What an option's value is: how it is read, and what shells complete it with. Where nothing else is
 * said the table is all that an option needs, besides its member in struct request. */
enum option_value {
    OPTION_VALUE_NONE,    /* sets a bool */
    OPTION_VALUE_NUMBER,  /* a uint32_t in [least, most] */
    OPTION_VALUE_FILE,    /* a path, a const char * */
    OPTION_VALUE_TEXT,    /* any text that is not empty, a const char * */
    OPTION_VALUE_WORD,    /* one of `choices`, or what option_values.c reads in its own way */
    OPTION_VALUE_SETTING, /* NAME=VALUE with the name of a configuration field */
};

struct option_row {
    enum option_id id;
    char letter; /* or 0 */
    const char *name;
    enum option_value value;
    const char *argument; /* what its value is called, or NULL */
    const char *choices;  /* the values that there are, "a|b", or NULL */
    unsigned verbs;       /* enum verb_bit */
    const char *text;     /* what it does, in one line */
    size_t into;          /* NONE, NUMBER, FILE, TEXT: the member of struct request */
    uint32_t least, most; /* NUMBER */
};

extern const struct option_row option_rows[OPTION_COUNT];

/* The row of an option; there is one for each. */
const struct option_row *option_row_of(enum option_id id);

#endif
