/* Which scripts did not pass when they were last run in this folder: what --rerun-failed runs again.
 * They stand in $XDG_STATE_HOME/finwait/failed/ (~/.local/state when that is unset), in a file for
 * each folder that finwait was run in; it exists only while there are failures. */
#ifndef FINWAIT_CLI_FAILURES_H
#define FINWAIT_CLI_FAILURES_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct failures {
    struct arena *arena;
    const char *file;   /* NULL: there is nowhere to keep it */
    const char *folder; /* the current one */
    const char **paths; /* as they were written on the command line */
    size_t count, capacity;
    bool is_changed;
};

/* Reads what is remembered for the current folder; nothing when nothing can be read. */
void failures_read(struct failures *out, struct arena *arena);

/* Takes in what became of a script. */
void failures_note(struct failures *failures, const char *path, bool has_passed);

/* Writes what changed. A place that cannot be written is no reason to complain: then nothing is
 * remembered. */
void failures_write(const struct failures *failures);

#endif
