/* finwait bless: scripts get the packets that a run of theirs sends. */
#include "capture/bless.h"
#include "cli/diff.h"
#include "cli/job.h"
#include "cli/replace.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#define EXIT_CHANGES 1

struct show_bless {
    const struct request *request;
    struct text words;
    size_t changed, refused;
};

static int code_of(enum bless_result result)
{
    switch (result) {
    case BLESS_SAME:
    case BLESS_CHANGED:
        return 0;
    case BLESS_REFUSED:
        return EXIT_CHANGES;
    case BLESS_INVALID:
        return EXIT_USAGE;
    case BLESS_BROKEN:
        return EXIT_BROKEN;
    }
    return EXIT_BROKEN;
}

/* Shows what changes, and writes it if that is asked for. */
static int change(struct show_bless *blessing, const char *path, const struct text *before,
                  const struct text *after, struct arena *arena)
{
    blessing->changed++;
    diff_unified(path, before, after, arena, &blessing->words);
    if (!blessing->request->writes) {
        return EXIT_CHANGES;
    }
    const int error = replace_file(path, after);
    if (error != 0) {
        (void)fprintf(stderr, "%s: cannot be written: %s\n", path, strerror(error));
        return EXIT_BROKEN;
    }
    return 0;
}

static int bless_one(struct show_bless *blessing, const char *path, struct arena *arena)
{
    struct text file = TEXT_EMPTY;
    file_reader *const reads = blessing->request->writes ? file_read_regular : file_read;
    const char *error = reads(path, &file);
    if (error != NULL) {
        (void)fprintf(stderr, "%s: cannot be read: %s\n", path, error);
        text_free(&file);
        return EXIT_BROKEN;
    }
    const struct bless_request request = {.path = path,
                                          .text = text_read(&file),
                                          .count = file.length,
                                          .takes_results = blessing->request->takes_results};
    struct bless_outcome outcome;
    const enum bless_result result = bless_script(&request, arena, &outcome);
    int code = code_of(result);
    (void)fputs(text_read(&outcome.complaint), stderr);
    if (result == BLESS_CHANGED) {
        code = change(blessing, path, &file, &outcome.script, arena);
    } else if (result != BLESS_SAME) {
        blessing->refused++;
    }
    bless_outcome_free(&outcome);
    text_free(&file);
    return code;
}

static int bless_all(struct show_bless *blessing, const struct script_list *scripts)
{
    int code = 0;
    for (size_t i = 0; i < scripts->count; i++) {
        struct arena *arena = arena_create();
        const int one = bless_one(blessing, scripts->paths[i], arena);
        code = one > code ? one : code;
        arena_destroy(arena);
    }
    if (blessing->changed > 0 && !blessing->request->writes) {
        (void)fprintf(stderr, "%zu of %zu scripts would change; --write changes them\n",
                      blessing->changed, scripts->count);
    }
    const int written = write_out("bless", &blessing->words);
    return written > code ? written : code;
}

int verb_bless(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_BLESS, argc, argv, arena, &request, &scripts, &code)) {
        struct show_bless blessing = {.request = &request};
        code = bless_all(&blessing, &scripts);
        text_free(&blessing.words);
    }
    arena_destroy(arena);
    return code;
}
