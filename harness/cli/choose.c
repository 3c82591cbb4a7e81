/* Which of the scripts that were found are meant, and in which order. */
#include "cli/scripts.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdbool.h>
#include <string.h>

/* The pattern between the slashes of /REGEX/, or NULL when it is not written so. */
static const char *regex_of(const char *pattern, struct arena *arena)
{
    const size_t length = strlen(pattern);
    if (length < 3 || pattern[0] != '/' || pattern[length - 1] != '/') {
        return NULL;
    }
    return arena_copy_text(arena, pattern + 1, length - 2);
}

const char *scripts_pattern_error(const char *pattern, struct arena *arena)
{
    const char *words = regex_of(pattern, arena);
    regex_t regex;
    if (words == NULL) {
        return pattern[0] == '\0' ? "an empty pattern" : NULL;
    }
    const int error = regcomp(&regex, words, REG_EXTENDED | REG_NOSUB);
    if (error == 0) {
        regfree(&regex);
        return NULL;
    }
    char *message = arena_take(arena, 256);
    (void)regerror(error, &regex, message, 256);
    return message;
}

static bool fits_glob(const char *pattern, const char *path)
{
    const char *slash = strrchr(path, '/');
    return fnmatch(pattern, path, 0) == 0 || (slash != NULL && fnmatch(pattern, slash + 1, 0) == 0);
}

/* Marks the scripts that fit one pattern. */
static void mark(const struct script_list *list, const char *pattern, struct arena *arena,
                 bool *is_kept)
{
    const char *words = regex_of(pattern, arena);
    const bool is_glob = strpbrk(pattern, "*?[") != NULL;
    regex_t regex;
    const bool is_regex = words != NULL && regcomp(&regex, words, REG_EXTENDED | REG_NOSUB) == 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *path = list->paths[i];
        if (is_regex) {
            is_kept[i] = is_kept[i] || regexec(&regex, path, 0, NULL, 0) == 0;
        } else if (is_glob) {
            is_kept[i] = is_kept[i] || fits_glob(pattern, path);
        } else {
            is_kept[i] = is_kept[i] || strstr(path, pattern) != NULL;
        }
    }
    if (is_regex) {
        regfree(&regex);
    }
}

void scripts_filter(struct script_list *list, const char *const *patterns, size_t count,
                    struct arena *arena)
{
    if (count == 0) {
        return;
    }
    bool *is_kept = arena_take(arena, list->count * sizeof *is_kept);
    for (size_t i = 0; i < count; i++) {
        mark(list, patterns[i], arena, is_kept);
    }
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (is_kept[i]) {
            list->paths[kept] = list->paths[i];
            list->names[kept++] = list->names[i];
        }
    }
    list->count = kept;
}

void scripts_keep(struct script_list *list, const char *const *paths, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool is_kept = false;
        for (size_t j = 0; j < count && !is_kept; j++) {
            is_kept = strcmp(list->paths[i], paths[j]) == 0;
        }
        if (is_kept) {
            list->paths[kept] = list->paths[i];
            list->names[kept++] = list->names[i];
        }
    }
    list->count = kept;
}

/* SplitMix64 (public domain, Sebastiano Vigna): every seed gives a good sequence. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t number = *state;
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

static void swap(const char **items, size_t one, size_t other)
{
    const char *kept = items[one];
    items[one] = items[other];
    items[other] = kept;
}

void scripts_shuffle(struct script_list *list, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t left = list->count; left > 1; left--) {
        const size_t choice = (size_t)(next_random(&state) % left);
        swap(list->paths, left - 1, choice);
        swap(list->names, left - 1, choice);
    }
}
