/* Walks through folders, in the order of their bytes, so that every machine runs the same list. */
#include "cli/scripts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX           ".pkt"
#define DEPTH_MAX        64                 /* of folders */
#define STREAM_BYTES_MAX ((size_t)64 << 20) /* of what is no regular file */

struct search {
    struct arena *arena;
    struct script_list *list;
    struct text *complaint;
};

static void add_script(struct search *search, const char *path, const char *name)
{
    struct script_list *list = search->list;
    void *paths = list->paths;
    void *names = list->names;
    arena_grow(search->arena, &paths, &list->capacity, list->count, sizeof *list->paths);
    arena_grow(search->arena, &names, &list->name_capacity, list->count, sizeof *list->names);
    list->paths = paths;
    list->names = names;
    list->paths[list->count] = path;
    list->names[list->count++] = name;
}

static bool ends_in_suffix(const char *name)
{
    const size_t length = strlen(name);
    return length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The names in a folder that do not begin with a dot, sorted by their bytes, so that the order is
 * the same everywhere. False: it cannot be read. */
static bool list_folder(struct search *search, const char *path, char ***names, size_t *count)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        text_format(search->complaint, "cannot read the folder %s: %s", path, strerror(errno));
        return false;
    }
    size_t capacity = 0;
    void *items = NULL;
    *count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            arena_grow(search->arena, &items, &capacity, *count, sizeof(char *));
            ((char **)items)[(*count)++] =
                arena_copy_text(search->arena, entry->d_name, strlen(entry->d_name));
        }
    }
    (void)closedir(folder);
    *names = items;
    if (*count > 0) {
        qsort(*names, *count, sizeof **names, by_bytes);
    }
    return true;
}

static const char *join(struct search *search, const char *folder, const char *name)
{
    const size_t length = strlen(folder);
    const bool has_slash = length == 0 || folder[length - 1] == '/';
    return arena_format(search->arena, "%s%s%s", folder, has_slash ? "" : "/", name);
}

/* One folder being walked through. */
struct level {
    const char *path, *name;
    char **entries;
    size_t count, next;
    dev_t device; /* which folder it is, whatever its name */
    ino_t inode;
};

static bool enter(struct search *search, struct level *level, const char *path, const char *name)
{
    *level = (struct level){.path = path, .name = name};
    return list_folder(search, path, &level->entries, &level->count);
}

/* Is this one of the folders that we are in? Then a symbolic link leads back up. */
static bool is_above(const struct level *levels, size_t depth, const struct stat *status)
{
    for (size_t i = 0; i < depth; i++) {
        if (levels[i].device == status->st_dev && levels[i].inode == status->st_ino) {
            return true;
        }
    }
    return false;
}

/* Every script below a folder, depth first. */
static enum scripts_result walk(struct search *search, const char *root, const char *name_of_root)
{
    struct level levels[DEPTH_MAX];
    size_t depth = 1;
    struct stat status_of_root = {0};
    if (!enter(search, &levels[0], root, name_of_root)) {
        return SCRIPTS_UNREADABLE;
    }
    (void)stat(root, &status_of_root);
    levels[0].device = status_of_root.st_dev;
    levels[0].inode = status_of_root.st_ino;
    while (depth > 0) {
        struct level *level = &levels[depth - 1];
        if (level->next == level->count) {
            depth--;
            continue;
        }
        const char *entry = level->entries[level->next++];
        const char *path = join(search, level->path, entry);
        const char *name = level->name[0] == '\0' ? entry : join(search, level->name, entry);
        struct stat status;
        if (stat(path, &status) != 0) { /* a link to nothing: its script is told as unreadable */
            status = (struct stat){.st_mode = S_IFREG};
        }
        if (S_ISDIR(status.st_mode)) {
            if (depth == DEPTH_MAX || is_above(levels, depth, &status)) {
                continue;
            }
            if (!enter(search, &levels[depth], path, name)) {
                return SCRIPTS_UNREADABLE;
            }
            levels[depth].device = status.st_dev;
            levels[depth++].inode = status.st_ino;
        } else if (S_ISREG(status.st_mode) && ends_in_suffix(entry)) {
            add_script(search, path, name);
        }
    }
    return SCRIPTS_FOUND;
}

/* A path without what leads out of a folder that it is put into. */
static const char *below_here(const char *path)
{
    for (;;) {
        if (path[0] == '/') {
            path += 1;
        } else if (strncmp(path, "./", 2) == 0) {
            path += 2;
        } else if (strncmp(path, "../", 3) == 0) {
            path += 3;
        } else {
            return strcmp(path, ".") == 0 || strcmp(path, "..") == 0 ? "" : path;
        }
    }
}

enum scripts_result scripts_find(const char *const *paths, size_t count, struct arena *arena,
                                 struct script_list *out, struct text *complaint)
{
    *out = (struct script_list){0};
    struct search search = {arena, out, complaint};
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) != 0) {
            text_format(complaint, "%s: %s", paths[i][0] == '\0' ? "\"\"" : paths[i],
                        strerror(errno));
            return SCRIPTS_MISSING;
        }
        const char *prefix = count > 1 ? below_here(paths[i]) : "";
        if (!S_ISDIR(status.st_mode)) {
            const char *slash = strrchr(paths[i], '/');
            const char *last = slash == NULL ? paths[i] : slash + 1;
            add_script(&search, paths[i], count > 1 ? prefix : last);
            continue;
        }
        const size_t before = out->count;
        const enum scripts_result result = walk(&search, paths[i], prefix);
        if (result != SCRIPTS_FOUND) {
            return result;
        }
        if (out->count == before) {
            text_format(complaint, "%s%s holds no scripts (*" SUFFIX ")",
                        complaint->length > 0 ? "\n" : "", paths[i]);
        }
    }
    return out->count > 0 ? SCRIPTS_FOUND : SCRIPTS_NONE;
}

static bool is_regular(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

/* Reads until the end, from wherever the file stands. */
static const char *read_all(int file, struct text *out)
{
    char bytes[16384];
    const size_t most = is_regular(file) ? SIZE_MAX : STREAM_BYTES_MAX;
    for (;;) {
        if (out->length > most) {
            text_clear(out);
            return "it is no regular file and has more than 64 MiB";
        }
        const ssize_t count = read(file, bytes, sizeof bytes);
        if (count == 0) {
            return NULL;
        }
        if (count > 0) {
            text_add(out, bytes, (size_t)count);
        } else if (errno != EINTR) {
            return strerror(errno);
        }
    }
}

const char *file_read(const char *path, struct text *out)
{
    text_clear(out);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return strerror(errno);
    }
    const char *error = read_all(file, out);
    (void)close(file);
    return error;
}

const char *file_read_regular(const char *path, struct text *out)
{
    struct stat status;
    text_clear(out);
    if (stat(path, &status) != 0) {
        return strerror(errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return strerror(EISDIR);
    }
    return S_ISREG(status.st_mode) ? file_read(path, out) : "it is no regular file";
}
