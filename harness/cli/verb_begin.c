/* What verbs have in common: from the words of the command line to the scripts that are meant. */
#include "cli/definitions.h"
#include "cli/failures.h"
#include "cli/verb_table.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int complain(const char *verb, const char *complaint, int code)
{
    (void)fprintf(stderr, "finwait %s: %s\n", verb, complaint);
    return code;
}

int unreadable(const char *path)
{
    return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR) ? EXIT_USAGE
                                                                            : EXIT_BROKEN;
}

const char *path_to_read(const char *path)
{
    return strcmp(path, "-") == 0 ? "/dev/stdin" : path;
}

static int code_of(enum scripts_result result)
{
    switch (result) {
    case SCRIPTS_FOUND:
        return 0;
    case SCRIPTS_NONE:
        return EXIT_NOTHING_RAN;
    case SCRIPTS_MISSING:
        return EXIT_USAGE;
    case SCRIPTS_UNREADABLE:
        return EXIT_BROKEN;
    }
    return EXIT_BROKEN;
}

/* The scripts that did not pass last time, and are still there: those among the paths that are
 * named, or all. */
static int find_failed(struct arena *arena, const struct request *request,
                       struct script_list *scripts, struct text *complaint)
{
    struct failures failures;
    failures_read(&failures, arena);
    size_t there = 0;
    for (size_t i = 0; i < failures.count; i++) {
        if (access(failures.paths[i], F_OK) == 0) {
            failures.paths[there++] = failures.paths[i];
        }
    }
    if (there == 0) {
        text_string(complaint, "no failure is remembered for this folder");
        return EXIT_NOTHING_RAN;
    }
    const char *const *paths = request->path_count > 0 ? request->paths : failures.paths;
    const size_t count = request->path_count > 0 ? request->path_count : there;
    const int code = code_of(scripts_find(paths, count, arena, scripts, complaint));
    if (code == 0 && request->path_count > 0) {
        scripts_keep(scripts, failures.paths, there);
    }
    return code;
}

static int find(struct arena *arena, const struct request *request, struct script_list *scripts,
                struct text *complaint)
{
    const int code =
        request->reruns_failed
            ? find_failed(arena, request, scripts, complaint)
            : code_of(scripts_find(request->paths, request->path_count, arena, scripts, complaint));
    if (code != 0) {
        return code;
    }
    const size_t found = scripts->count;
    scripts_filter(scripts, request->filters, request->filter_count, arena);
    if (scripts->count == 0) {
        text_format(complaint, "%s%s", complaint->length > 0 ? "\n" : "",
                    found > 0 ? "no script fits the filter"
                              : "no script among these failed last time");
        return EXIT_NOTHING_RAN;
    }
    const char *const unused = definitions_unused(request, scripts);
    if (unused != NULL) {
        text_format(complaint, "-D %s: no script has this word", unused);
        return EXIT_USAGE;
    }
    if (request->has_shuffle) {
        scripts_shuffle(scripts, request->shuffle_seed);
    }
    return 0;
}

/* A word that a verb without scripts has no use for, or NULL. */
static const char *word_too_many(const struct verb_row *verb, const struct request *request)
{
    const size_t most = verb->arguments[0] == '\0' ? 0 : verb->bit == VERB_HELP ? 1 : SIZE_MAX;
    return request->path_count > most ? request->paths[most] : NULL;
}

static int begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                 struct request *request, struct script_list *scripts, struct text *complaint)
{
    const bool is_understood = options_parse(bit, argc, argv, arena, request, complaint);
    if (is_understood && (request->wants_help || scripts == NULL)) {
        const char *const word = word_too_many(verb_row_of(bit), request);
        if (word == NULL || request->wants_help) {
            return 0;
        }
        text_format(complaint, "there is no use for \"%s\"\nTry \"finwait %s --help\".", word,
                    verb_row_of(bit)->name);
        return EXIT_USAGE;
    }
    if (!is_understood || (request->path_count == 0 && !request->reruns_failed)) {
        text_format(complaint, "%s\nTry \"finwait %s --help\".",
                    is_understood ? "no script is named" : "", verb_row_of(bit)->name);
        return EXIT_USAGE;
    }
    return find(arena, request, scripts, complaint);
}

bool verb_begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                struct request *request, struct script_list *scripts, int *code)
{
    struct text words = TEXT_EMPTY;
    *code = begin(bit, argc, argv, arena, request, scripts, &words);
    if (request->wants_help) {
        text_clear(&words);
        const struct verb_row *verb = verb_row_of(bit);
        verb_help_text(verb, &words);
        *code = write_out(verb->name, &words);
    } else if (words.length > 0) {
        (void)complain(verb_row_of(bit)->name, text_read(&words), *code);
    }
    const bool goes_on = *code == 0 && !request->wants_help;
    text_free(&words);
    return goes_on;
}
