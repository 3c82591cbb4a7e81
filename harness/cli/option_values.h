/* The values of options: read, judged and put into the request. */
#ifndef FINWAIT_CLI_OPTION_VALUES_H
#define FINWAIT_CLI_OPTION_VALUES_H

#include "cli/option_table.h"

/* Lets an option act. `value` is NULL for one that has none. False when it cannot be taken; then
 * `complaint` says why. */
bool option_take(const struct option_row *row, const char *value, struct arena *arena,
                 struct request *request, struct text *complaint);

#endif
