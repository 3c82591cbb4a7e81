/* finwait help [VERB], help settings, help oracles, help --man and finwait version. */
#include "cli/manual.h"
#include "cli/verb_table.h"
#include "cli/verbs.h"

#include "tcp/config.h"

#include <assert.h>
#include <inttypes.h>
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
    text_string(
        out, "\n\"finwait VERB --help\" tells the options of one, \"finwait help settings\" what "
             "--set changes,\n\"finwait help oracles\" what every run is held against.\n");
    text_string(out, "\nexit codes:\n");
    verb_exit_codes(out);
    text_string(out, "\nenvironment:\n");
    verb_environment(out);
}

/* What --set changes, with the values of the only profile. */
static void settings(struct text *out)
{
    struct tcp_config config;
    size_t count = 0;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    const bool is_there = tcp_config_profile("rfc", &config);
    assert(is_there);
    (void)is_there;
    text_string(out,
                "What --set NAME=VALUE and, in a script, `set NAME=VALUE` change, and what it is "
                "in the\nprofile \"rfc\", where every run begins. Times (_us) take a unit: "
                "msl_us=30s, else they are\nmicroseconds.\n\n");
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        (void)tcp_config_get(&config, fields[i].name, &number);
        text_format(out, "  %-25s %10" PRIu64 "  %s\n", fields[i].name, number, fields[i].text);
    }
}

/* The properties that every run is held against. */
static void oracles(struct text *out)
{
    size_t count = 0;
    const struct oracle_description *const *const catalogue = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%s  %s (%s, %s)\n     %s\n", catalogue[i]->id, catalogue[i]->name,
                    oracle_level_name(catalogue[i]->level), catalogue[i]->reference,
                    catalogue[i]->statement);
    }
}

static int help_on(const char *name, struct text *out)
{
    if (strcmp(name, "settings") == 0) {
        settings(out);
        return 0;
    }
    if (strcmp(name, "oracles") == 0) {
        oracles(out);
        return 0;
    }
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
