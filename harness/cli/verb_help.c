/* finwait help [VERB], finwait help --man and finwait version. */
#include "cli/manual.h"
#include "cli/verb_table.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#ifndef FINWAIT_VERSION
#error "the build says which version this is"
#endif

static void overview(struct text *out)
{
    text_string(out, "usage: finwait VERB [OPTION]... [PATH]...\n\n"
                     "Runs TCP scripts (.pkt) against a stack in virtual time.\n\n");
    size_t count = 0;
    const struct verb_row *rows = verb_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_format(out, "  %s%s%s", rows[i].name, rows[i].arguments[0] == '\0' ? "" : " ",
                    rows[i].arguments);
        text_pad_to(out, 22);
        text_format(out, " %s\n", rows[i].summary);
    }
    text_string(out, "\nexit codes:\n");
    verb_exit_codes(out);
    text_string(out, "\nenvironment:\n");
    verb_environment(out);
}

static int help_on(const char *name, struct text *out)
{
    const struct verb_row *verb = verb_find(name);
    if (verb == NULL) {
        (void)fprintf(stderr, "finwait help: there is no verb \"%s\"\nTry \"finwait help\".\n",
                      name);
        return EXIT_USAGE;
    }
    verb_help_text(verb, out);
    return 0;
}

int verb_help(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct text words = TEXT_EMPTY;
    int code = 0;
    if (argv[0][0] == '-') { /* finwait --help */
        overview(&words);
    } else if (verb_begin(VERB_HELP, argc, argv, arena, &request, NULL, &code)) {
        if (request.wants_man) {
            manual_print(FINWAIT_VERSION, &words);
        } else if (request.path_count > 0) {
            code = help_on(request.paths[0], &words);
        } else {
            overview(&words);
        }
    }
    if (code == 0) {
        code = write_out("help", &words);
    }
    text_free(&words);
    arena_destroy(arena);
    return code;
}

int verb_version(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct text words = TEXT_EMPTY;
    int code = 0;
    if (argv[0][0] == '-' || verb_begin(VERB_VERSION, argc, argv, arena, &request, NULL, &code)) {
        text_string(&words, "finwait " FINWAIT_VERSION "\n");
        code = write_out("version", &words);
    }
    text_free(&words);
    arena_destroy(arena);
    return code;
}
