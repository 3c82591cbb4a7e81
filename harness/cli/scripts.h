/* Which scripts a command line means: files as they are named, folders with every .pkt file below
 * them, in sorted order. */
#ifndef FINWAIT_CLI_SCRIPTS_H
#define FINWAIT_CLI_SCRIPTS_H

#include "base/arena.h"
#include "base/text.h"

struct script_list {
    const char **paths; /* as to be opened and shown */
    const char **names; /* where a folder of results puts them: below the one folder that was named,
                           or the path when several were */
    size_t count, capacity, name_capacity;
};

enum scripts_result {
    SCRIPTS_FOUND,
    SCRIPTS_NONE,       /* folders without scripts */
    SCRIPTS_MISSING,    /* a path that does not exist */
    SCRIPTS_UNREADABLE, /* a folder that cannot be opened */
};

/* Collects the scripts of `count` paths. What is wrong is told in `complaint`, a sentence. */
enum scripts_result scripts_find(const char *const *paths, size_t count, struct arena *arena,
                                 struct script_list *out, struct text *complaint);

/* Replaces *out by the bytes of a file. NULL, or why not (as strerror says). */
const char *file_read(const char *path, struct text *out);

#endif
