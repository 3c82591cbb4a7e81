/* A file that is forgotten behind --trace makes the first of *.pkt the one that is written: what is
 * named like a script is none of a report, and nothing is written over what is read. */
#include "cli/overwrite.h"

#include "cli/cause_input.h"
#include "cli/option_table.h"

#include <string.h>
#include <sys/stat.h>

/* The file that an option has named for writing, or NULL. */
static const char *file_of(const struct option_row *row, enum verb_bit verb,
                           const struct request *request)
{
    if ((row->verbs & verb) == 0 || row->value != OPTION_VALUE_FILE ||
        row->id == OPTION_REQUIREMENTS) {
        return NULL;
    }
    const char *const path =
        *(const char *const *)(const void *)((const char *)request + row->into);
    return path != NULL && strcmp(path, "-") != 0 ? path : NULL;
}

/* Both there, both one file; a device takes what comes. */
static bool is_same(const char *one, const char *other)
{
    struct stat left;
    struct stat right;
    return stat(one, &left) == 0 && stat(other, &right) == 0 && S_ISREG(left.st_mode) &&
           left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

static bool is_device(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* The option among the first `count` that names the same file; or NULL. */
static const char *also_wanted(const char *path, size_t count, enum verb_bit verb,
                               const struct request *request)
{
    for (size_t i = 0; i < count; i++) {
        const char *const other = file_of(&option_rows[i], verb, request);
        if (other != NULL && !is_device(path) &&
            (strcmp(path, other) == 0 || is_same(path, other))) {
            return option_rows[i].name;
        }
    }
    return NULL;
}

static bool is_read(const char *path, const struct request *request)
{
    for (size_t i = 0; i < request->path_count; i++) {
        if (is_same(path, request->paths[i])) {
            return true;
        }
    }
    return false;
}

bool overwrite_is_asked(enum verb_bit verb, const struct request *request, struct text *complaint)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *const row = &option_rows[i];
        const char *const path = file_of(row, verb, request);
        if (path == NULL) {
            continue;
        }
        const char *const other = also_wanted(path, i, verb, request);
        if (row->id == OPTION_OUTPUT && verb == VERB_ENCODE && cause_input_is_script(path)) {
            text_format(complaint, "--output %s: octets are no script (.pkt)", path);
        } else if (row->id != OPTION_OUTPUT && cause_input_is_script(path)) {
            text_format(complaint, "--%s %s: that is the name of a script (.pkt)", row->name, path);
        } else if (is_read(path, request)) {
            text_format(complaint, "--%s %s: would be written over what is read", row->name, path);
        } else if (other != NULL) {
            text_format(complaint, "--%s and --%s both want %s", other, row->name, path);
        } else {
            continue;
        }
        return true;
    }
    return false;
}
