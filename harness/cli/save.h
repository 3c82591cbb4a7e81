/* Saves the packets of a script's runs: one pcapng file for a script, with a section for each run. */
#ifndef FINWAIT_CLI_SAVE_H
#define FINWAIT_CLI_SAVE_H

#include "base/arena.h"
#include "base/text.h"
#include "scenario/scenario.h"
#include "trace/trace.h"

struct job_context;

struct save {
    const char *path;  /* NULL: nothing is to be saved */
    bool is_in_folder; /* of results, which is made if it is missing */
    struct text bytes;
};

/* Decides where the packets of script number `index` go. */
void save_begin(struct save *save, const struct job_context *context, size_t index);

void save_add(struct save *save, const struct trace *trace, const struct scenario *scenario);

/* Writes the file; in a folder of results with the folders above it that are missing. NULL, or a
 * sentence in the arena that says what went wrong. */
const char *save_finish(struct save *save, struct arena *arena);

#endif
