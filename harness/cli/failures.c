/* The file: the folder, then the scripts, each ended by a zero, since paths may hold anything else. */
#include "cli/failures.h"

#include "cli/scripts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* FNV-1a: a name for the file of a folder. Two folders of one name would show: the file tells whose
 * it is. */
static uint64_t hash_of(const char *words)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = words; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static const char *file_for(const char *folder, struct arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    const uint64_t name = hash_of(folder);
    if (state != NULL && state[0] == '/') {
        return arena_format(arena, "%s/finwait/failed/%016" PRIx64, state, name);
    }
    if (home != NULL && home[0] == '/') {
        return arena_format(arena, "%s/.local/state/finwait/failed/%016" PRIx64, home, name);
    }
    return NULL;
}

static void add(struct failures *failures, const char *path)
{
    void *items = failures->paths;
    arena_grow(failures->arena, &items, &failures->capacity, failures->count,
               sizeof *failures->paths);
    failures->paths = items;
    failures->paths[failures->count++] = arena_copy_text(failures->arena, path, strlen(path));
}

void failures_read(struct failures *out, struct arena *arena)
{
    *out = (struct failures){.arena = arena};
    char *folder = getcwd(NULL, 0);
    if (folder == NULL) {
        return;
    }
    out->folder = arena_copy_text(arena, folder, strlen(folder));
    free(folder);
    out->file = file_for(out->folder, arena);
    struct text bytes = TEXT_EMPTY;
    if (out->file != NULL && file_read(out->file, &bytes) == NULL && bytes.length > 0 &&
        strcmp(text_read(&bytes), out->folder) == 0) {
        const char *end = bytes.bytes + bytes.length;
        const char *at = bytes.bytes + strlen(bytes.bytes) + 1;
        for (; at < end; at += strlen(at) + 1) {
            add(out, at);
        }
    }
    text_free(&bytes);
}

void failures_note(struct failures *failures, const char *path, bool has_passed)
{
    size_t place = 0;
    while (place < failures->count && strcmp(failures->paths[place], path) != 0) {
        place++;
    }
    const bool is_known = place < failures->count;
    if (has_passed && is_known) {
        failures->paths[place] = failures->paths[--failures->count];
        failures->is_changed = true;
    } else if (!has_passed && !is_known) {
        add(failures, path);
        failures->is_changed = true;
    }
}

static void make_folders_above(const char *file, struct arena *arena)
{
    char *path = arena_copy_text(arena, file, strlen(file));
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, 0700); /* as the XDG base directory specification says */
            *at = '/';
        }
    }
}

void failures_write(const struct failures *failures)
{
    if (failures->file == NULL || !failures->is_changed) {
        return;
    }
    if (failures->count == 0) {
        (void)unlink(failures->file);
        return;
    }
    make_folders_above(failures->file, failures->arena);
    const char *fresh = arena_format(failures->arena, "%s.%ld", failures->file, (long)getpid());
    FILE *file = fopen(fresh, "wb");
    if (file == NULL) {
        return;
    }
    (void)fwrite(failures->folder, 1, strlen(failures->folder) + 1, file);
    for (size_t i = 0; i < failures->count; i++) {
        (void)fwrite(failures->paths[i], 1, strlen(failures->paths[i]) + 1, file);
    }
    const bool is_written = ferror(file) == 0;
    if (fclose(file) != 0 || !is_written || rename(fresh, failures->file) != 0) {
        (void)unlink(fresh);
    }
}
