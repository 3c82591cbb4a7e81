/* Every script of a folder and of those below it, for tests of what must hold of the whole corpus. */
#ifndef FINWAIT_TESTS_CORPUS_WALK_H
#define FINWAIT_TESTS_CORPUS_WALK_H

#include "base/arena.h"

/* `script` ends with 0 and goes when the call returns. */
typedef void corpus_visit(void *context, struct arena *arena, const char *path, const char *script);

/* Visits them in the order of their names. Each path is in the arena. */
void corpus_walk(struct arena *arena, const char *folder, corpus_visit *visit, void *context);

#endif
