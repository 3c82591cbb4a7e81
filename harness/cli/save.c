/* Packets of all runs of a script, gathered and written at its end. */
#include "cli/save.h"

#include "cli/job.h"
#include "trace/pcapng.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SCRIPT_SUFFIX ".pkt"

void save_begin(struct save *save, const struct job_context *context, size_t index)
{
    *save =
        (struct save){.path = context->request->pcapng, .is_in_folder = context->has_pcapng_folder};
    if (save->path == NULL || !context->has_pcapng_folder) {
        return;
    }
    const char *name = context->scripts->names[index];
    size_t length = strlen(name);
    if (length > strlen(SCRIPT_SUFFIX) &&
        strcmp(name + length - strlen(SCRIPT_SUFFIX), SCRIPT_SUFFIX) == 0) {
        length -= strlen(SCRIPT_SUFFIX);
    }
    save->path = arena_format(context->arena, "%s/%.*s.pcapng", save->path, (int)length, name);
}

void save_add(struct save *save, const struct trace *trace, const struct scenario *scenario)
{
    if (save->path == NULL) {
        return;
    }
    if (save->bytes.length == 0) {
        pcapng_write(trace, scenario->source, scenario->source_bytes, &save->bytes);
    } else {
        pcapng_add(trace, scenario->source, scenario->source_bytes, &save->bytes);
    }
}

/* What cannot be made here is found when the file is opened. */
static void make_folders_above(const char *path, struct arena *arena)
{
    char *folder = arena_copy_text(arena, path, strlen(path));
    for (char *at = folder + 1; at[0] != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(folder, 0777);
            *at = '/';
        }
    }
}

static bool write_file(const char *path, const struct text *bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    const bool is_written = fwrite(text_read(bytes), 1, bytes->length, file) == bytes->length;
    return fclose(file) == 0 && is_written;
}

const char *save_finish(struct save *save, struct arena *arena)
{
    const char *error = NULL;
    if (save->path != NULL && save->bytes.length > 0) {
        if (save->is_in_folder) {
            make_folders_above(save->path, arena);
        }
        if (!write_file(save->path, &save->bytes)) {
            error = arena_format(arena, "cannot write %s: %s", save->path, strerror(errno));
        }
    }
    text_free(&save->bytes);
    return error;
}
