/* Definitions of the command line that no script asks for. */
#ifndef FINWAIT_CLI_DEFINITIONS_H
#define FINWAIT_CLI_DEFINITIONS_H

#include "cli/options.h"
#include "cli/scripts.h"

/* The first -D whose name is a word of no script; NULL: there is none, or it cannot be known, since a script
 * is no file that can be read twice. */
const char *definitions_unused(const struct request *request, const struct script_list *scripts);

#endif
