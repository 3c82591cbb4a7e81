/* What verbs have in common. */
#include "cli/verbs.h"

#include <stdio.h>

int complain(const char *verb, const char *complaint, int code)
{
    (void)fprintf(stderr, "finwait %s: %s\n", verb, complaint);
    return code;
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

static int begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                 struct request *request, struct script_list *scripts, struct text *complaint)
{
    const bool is_understood = options_parse(bit, argc, argv, arena, request, complaint);
    if (is_understood && request->wants_help) {
        return 0;
    }
    if (!is_understood || request->path_count == 0) {
        text_format(complaint, "%s\nTry \"finwait %s --help\".",
                    is_understood ? "no script is named" : "", argv[0]);
        return EXIT_USAGE;
    }
    return code_of(scripts_find(request->paths, request->path_count, arena, scripts, complaint));
}

bool verb_begin(enum verb_bit bit, int argc, char **argv, struct arena *arena,
                void (*help)(struct text *), struct request *request, struct script_list *scripts,
                int *code)
{
    struct text words = TEXT_EMPTY;
    *code = begin(bit, argc, argv, arena, request, scripts, &words);
    if (request->wants_help) {
        text_clear(&words);
        help(&words);
        *code = fputs(text_read(&words), stdout) >= 0 ? 0 : EXIT_BROKEN;
    } else if (words.length > 0) {
        (void)complain(argv[0], text_read(&words), *code);
    }
    const bool goes_on = *code == 0 && !request->wants_help;
    text_free(&words);
    return goes_on;
}
