/* A file is replaced in one step by a complete new one, so that neither a full disk nor a power cut can
 * cost a script. */
#ifndef FINWAIT_CLI_REPLACE_H
#define FINWAIT_CLI_REPLACE_H

#include "base/text.h"

/* Owner (as far as one may) and mode stay, and so does a symbolic link: what it leads to is replaced.
 * 0, or an errno; then the file is as it was. */
int replace_file(const char *path, const struct text *words);

#endif
