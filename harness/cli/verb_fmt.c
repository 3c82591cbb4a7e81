/* finwait fmt: scripts in canonical layout. */
#include "cli/job.h"
#include "cli/replace.h"
#include "cli/verbs.h"
#include "scenario/format.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define EXIT_CHANGES 1

struct formatting {
    const struct request *request;
    struct arena *arena; /* for one script */
    struct text file, layout;
};

static int cannot(const char *path, const char *what, int error)
{
    (void)fprintf(stderr, "%s: cannot be %s: %s\n", path, what, strerror(error));
    return EXIT_BROKEN;
}

/* ---- formatting ------------------------------------------------------------------------------------ */

/* Reads a script and lays it out. 0, or the exit code after a complaint. */
static int lay_out(struct formatting *formatting, file_reader *reads, const char *path,
                   const char *shown)
{
    const char *error = reads(path, &formatting->file);
    if (error != NULL) {
        (void)fprintf(stderr, "%s: cannot be read: %s\n", shown, error);
        return EXIT_BROKEN;
    }
    struct parse_result parsed;
    arena_reset(formatting->arena);
    scenario_parse(shown, text_read(&formatting->file), formatting->file.length, NULL, 0,
                   formatting->arena, &parsed);
    if (parsed.scenario == NULL) {
        struct text words = TEXT_EMPTY;
        job_diagnostics(shown, &formatting->file, &parsed, &words);
        (void)fputs(text_read(&words), stderr);
        text_free(&words);
        return EXIT_USAGE;
    }
    text_clear(&formatting->layout);
    scenario_format(&parsed, &formatting->layout);
    if (!scenario_format_is_faithful(&parsed, &formatting->layout, formatting->arena)) {
        (void)fprintf(stderr,
                      "%s: left as it is: its layout would have another meaning, which is a "
                      "fault of finwait\n",
                      shown);
        return EXIT_BROKEN;
    }
    return 0;
}

static int format_one(struct formatting *formatting, const char *path)
{
    file_reader *const reads = formatting->request->only_checks ? file_read : file_read_regular;
    const int code = lay_out(formatting, reads, path, path);
    if (code != 0) {
        return code;
    }
    const struct text *file = &formatting->file;
    const struct text *layout = &formatting->layout;
    if (file->length == layout->length && memcmp(file->bytes, layout->bytes, file->length) == 0) {
        return 0;
    }
    if (!formatting->request->only_checks) {
        const int error = replace_file(path, layout);
        if (error != 0) {
            return cannot(path, "written", error);
        }
    }
    (void)puts(path);
    return formatting->request->only_checks ? EXIT_CHANGES : 0;
}

static int format_stdin(struct formatting *formatting)
{
    static const char shown[] = "standard input";
    const int code = lay_out(formatting, file_read, "/dev/stdin", shown);
    if (code != 0) {
        return code;
    }
    if (!formatting->request->only_checks) {
        return write_out("fmt", &formatting->layout);
    }
    const struct text *file = &formatting->file;
    const bool is_same = file->length == formatting->layout.length &&
                         memcmp(file->bytes, formatting->layout.bytes, file->length) == 0;
    (void)fputs(is_same ? "" : "standard input\n", stdout);
    return is_same ? 0 : EXIT_CHANGES;
}

static int format_all(const struct request *request, const struct script_list *scripts)
{
    struct formatting formatting = {.request = request, .arena = arena_create()};
    int code = 0;
    if (scripts == NULL) {
        code = format_stdin(&formatting);
    }
    for (size_t i = 0; scripts != NULL && i < scripts->count; i++) {
        const int one = format_one(&formatting, scripts->paths[i]);
        code = one > code ? one : code;
    }
    arena_destroy(formatting.arena);
    text_free(&formatting.file);
    text_free(&formatting.layout);
    return fflush(stdout) == 0 && !ferror(stdout) ? code : cannot("the list", "written", errno);
}

int verb_fmt(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_FMT, argc, argv, arena, &request, NULL, &code)) {
        if (request.path_count == 1 && strcmp(request.paths[0], "-") == 0) {
            code = format_all(&request, NULL);
        } else if (verb_begin(VERB_FMT, argc, argv, arena, &request, &scripts, &code)) {
            code = format_all(&request, &scripts);
        }
    }
    arena_destroy(arena);
    return code;
}
