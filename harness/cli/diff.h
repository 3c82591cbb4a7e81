/* What changed between two texts, as `diff -u` shows it. */
#ifndef FINWAIT_CLI_DIFF_H
#define FINWAIT_CLI_DIFF_H

#include "base/arena.h"
#include "base/text.h"

/* Adds a unified diff with three lines around each change; nothing when the texts are the same.
 * Changes of more than some thousand lines are shown as one. */
void diff_unified(const char *name, const struct text *before, const struct text *after,
                  struct arena *arena, struct text *out);

#endif
