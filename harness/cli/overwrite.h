/* What a command line would write over by mistake. */
#ifndef FINWAIT_CLI_OVERWRITE_H
#define FINWAIT_CLI_OVERWRITE_H

#include "cli/options.h"

/* Does an output name what is read, what another output names, or, where no script is written, a
 * script? Then `complaint` says so. Looks at files, and changes none. */
bool overwrite_is_asked(enum verb_bit verb, const struct request *request, struct text *complaint);

#endif
