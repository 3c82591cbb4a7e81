/* Which scripts a command line means: files as they are named, folders with every .pkt file below
 * them, in sorted order. */
#ifndef FINWAIT_CLI_SCRIPTS_H
#define FINWAIT_CLI_SCRIPTS_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

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

/* Keeps the scripts whose paths fit one of the patterns: /REGEX/ (POSIX, extended) anywhere in the
 * path; a glob (with one of * ? [) over the whole path or its last part; anything else as a part of
 * the path. No pattern keeps all. */
void scripts_filter(struct script_list *list, const char *const *patterns, size_t count,
                    struct arena *arena);

/* NULL, or why a pattern makes no sense; in the arena. */
const char *scripts_pattern_error(const char *pattern, struct arena *arena);

/* Another order, which the seed alone decides, on every machine. */
void scripts_shuffle(struct script_list *list, uint64_t seed);

/* Keeps the scripts among `count` paths, as they are written. */
void scripts_keep(struct script_list *list, const char *const *paths, size_t count);

typedef const char *file_reader(const char *path, struct text *out);

/* Replaces *out by the bytes of a file. Of what is no regular file, as a pipe or a device, that is all up to
 * a bound, since it may have no end. NULL, or why not (as strerror says, mostly). */
const char *file_read(const char *path, struct text *out);

/* The same of a regular file alone: for what is read more than once, or written over. Does not wait for a
 * pipe. */
const char *file_read_regular(const char *path, struct text *out);

#endif
