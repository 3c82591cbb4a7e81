/* The names that may follow `--` in a script, and what becomes of each. */
#ifndef FINWAIT_SCENARIO_OPTION_NAMES_H
#define FINWAIT_SCENARIO_OPTION_NAMES_H

#include <stdbool.h>

#include "scenario/scenario.h"

enum option_use {
    OPTION_UNKNOWN,
    OPTION_MEANT, /* it changes what the runner does */
    OPTION_IGNORED, /* nothing reads it: mostly of machinery that does not exist here (wire servers, devices) */
};

/* What the script option `name` (without dashes) is for. */
enum option_use option_name_use(const char *name);

/* Does one of the options of a script have this name and value? */
bool option_is_said(const struct scenario_option_line *options, size_t count, const char *name,
                    const char *value);

/* Every name that is not unknown, for help and did-you-mean. */
const char *const *option_names(size_t *count);

#endif
