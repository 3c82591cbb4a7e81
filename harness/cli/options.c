/* The command line: getopt_long told of the table, and the table told as help. */
#include "cli/option_table.h"
#include "cli/option_values.h"
#include "cli/overwrite.h"

#include <getopt.h>
#include <string.h>

#define ID_BASE 256 /* getopt's values of options without a letter lie above every letter */

/* ---- getopt_long --------------------------------------------------------------------------------- */

struct getopt_words {
    char letters[2 * OPTION_COUNT + 2];
    struct option options[OPTION_COUNT + 1];
    const char *names[OPTION_COUNT];
    size_t count;
};

static void make_getopt_words(enum verb_bit verb, struct getopt_words *out)
{
    *out = (struct getopt_words){.letters = ":"}; /* a missing value is told apart */
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((option_rows[i].verbs & verb) == 0) {
            continue;
        }
        if (option_rows[i].letter != 0) {
            const char letter[3] = {option_rows[i].letter,
                                    option_rows[i].argument != NULL ? ':' : '\0'};
            strcat(out->letters, letter);
        }
        out->names[out->count] = option_rows[i].name;
        out->options[out->count++] =
            (struct option){option_rows[i].name, option_rows[i].argument != NULL, NULL,
                            ID_BASE + (int)option_rows[i].id};
    }
}

static const struct option_row *row_of_value(int value)
{
    if (value >= ID_BASE) {
        return option_row_of((enum option_id)(value - ID_BASE));
    }
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (option_rows[i].letter == value) {
            return &option_rows[i];
        }
    }
    return NULL;
}

/* What getopt could not place: `word` is what it stood at. */
static void complain_of_unknown(const struct getopt_words *words, const char *word, int letter,
                                struct text *complaint)
{
    if (letter != 0 && letter < ID_BASE) {
        text_format(complaint, "unknown option -%c", letter);
        return;
    }
    const size_t length = strcspn(word, "=");
    if (letter >= ID_BASE) {
        text_format(complaint, "%.*s takes no value", (int)length, word);
        return;
    }
    text_format(complaint, "unknown option %.*s", (int)length, word);
    char name[64] = "";
    if (length > 2 && length < sizeof name) {
        memcpy(name, word + 2, length - 2);
        const char *near = diagnostic_nearest(name, words->names, words->count);
        for (size_t i = 0; near == NULL && i < words->count; i++) { /* --ip_version: --ip */
            near = strncmp(name, words->names[i], strlen(words->names[i])) == 0 ? words->names[i]
                                                                                : NULL;
        }
        if (near != NULL) {
            text_format(complaint, "; did you mean --%s?", near);
        }
    }
}

bool path_is_stdout(const char *path)
{
    return path != NULL && (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0);
}

/* Two that a program reads, or one and the trace, make nothing on standard output that it can read. */
static bool is_crowded(const struct request *request, struct text *complaint)
{
    const char *const all[] = {request->wants_tap ? "--tap" : NULL,
                               request->wants_json ? "--json" : NULL,
                               path_is_stdout(request->junit) ? "--junit -" : NULL,
                               path_is_stdout(request->markdown) ? "--md -" : NULL,
                               path_is_stdout(request->html) ? "--html -" : NULL,
                               path_is_stdout(request->svg) ? "--svg -" : NULL,
                               path_is_stdout(request->covered) ? "--write-covered -" : NULL,
                               path_is_stdout(request->trace) ? "--trace -" : NULL};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (first != NULL && all[i] != NULL) {
            text_format(complaint, "%s and %s both want standard output: choose one", first,
                        all[i]);
            return true;
        }
        first = first == NULL ? all[i] : first;
    }
    return false;
}

bool options_parse(enum verb_bit verb, int argc, char **argv, struct arena *arena,
                   struct request *out, struct text *complaint)
{
    *out = (struct request){.repeat = 1,
                            .seed = 1,
                            .runs = 1000,
                            .timeout_s = 60,
                            .flow = 1,
                            .requirements = "corpus/requirements",
                            .runs_ipv4 = true,
                            .runs_ipv6 = verb != VERB_LADDER};
    struct getopt_words words;
    make_getopt_words(verb, &words);
    opterr = 0;
    optind = 0; /* glibc: forget an earlier command line altogether */
    for (int value = 0; value != -1;) {
        value = getopt_long(argc, argv, words.letters, words.options, NULL);
        if (value == '?') {
            complain_of_unknown(&words, argv[optind - 1], optopt, complaint);
            return false;
        }
        if (value == ':') {
            const struct option_row *row = row_of_value(optopt);
            text_format(complaint, "--%s wants a value: %s", row->name,
                        row->choices != NULL ? row->choices : row->argument);
            return false;
        }
        const struct option_row *row = value == -1 ? NULL : row_of_value(value);
        if (row != NULL && !option_take(row, optarg, arena, out, complaint)) {
            return false;
        }
    }
    out->paths = (const char *const *)argv + optind;
    out->path_count = (size_t)(argc - optind);
    return !is_crowded(out, complaint) && !overwrite_is_asked(verb, out, complaint);
}

/* ---- text ----------------------------------------------------------------------------------------- */

void options_help(enum verb_bit verb, struct text *out)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((option_rows[i].verbs & verb) == 0) {
            continue;
        }
        if (option_rows[i].letter != 0) {
            text_format(out, "  -%c, --%s", option_rows[i].letter, option_rows[i].name);
        } else {
            text_format(out, "      --%s", option_rows[i].name);
        }
        text_format(out, "%s%s", option_rows[i].argument != NULL ? " " : "",
                    option_rows[i].argument != NULL ? option_rows[i].argument : "");
        text_pad_to(out, 27);
        text_format(out, " %s\n", option_rows[i].text);
    }
}
