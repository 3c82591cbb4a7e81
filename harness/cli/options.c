/* The option table and what each option does to the request. */
#include "cli/options.h"

#include "tcp/config.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MAX    1024
#define REPEAT_MAX  1000000000
#define TIMEOUT_MAX 86400
#define ID_BASE     256 /* getopt's values of options without a letter lie above every letter */

enum option_id {
    OPTION_HELP,
    OPTION_JOBS,
    OPTION_IP,
    OPTION_MODE,
    OPTION_PROFILE,
    OPTION_SET,
    OPTION_DEFINE,
    OPTION_TOLERANCE,
    OPTION_RELOCATE,
    OPTION_REPEAT,
    OPTION_TIMEOUT,
    OPTION_LADDER,
    OPTION_ASCII,
    OPTION_ISN,
    OPTION_PCAPNG,
    OPTION_TRACE,
    OPTION_TAP,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_COUNT,
};

static const struct option_row {
    enum option_id id;
    char letter; /* or 0 */
    const char *name;
    const char *argument; /* what its value is called, or NULL */
    unsigned verbs;
    const char *text;
} rows[] = {
    {OPTION_IP, 0, "ip", "4|6|both", VERB_RUN | VERB_LADDER,
     "IP version, where a script allows it (run: both, ladder: 4)"},
    {OPTION_MODE, 0, "mode", "MODE", VERB_RUN | VERB_LADDER,
     "strict, compat or portable: how much of what is seen is compared"},
    {OPTION_PROFILE, 0, "profile", "NAME", VERB_RUN | VERB_LADDER,
     "the set of configuration values to start from"},
    {OPTION_SET, 0, "set", "NAME=VALUE", VERB_RUN | VERB_LADDER,
     "change a configuration value, over what scripts set; repeatable"},
    {OPTION_DEFINE, 'D', "define", "SYM=VALUE", VERB_RUN | VERB_LADDER,
     "replace the word SYM wherever a script has it; repeatable"},
    {OPTION_TOLERANCE, 0, "tolerance_usecs", "N", VERB_RUN | VERB_LADDER,
     "let a packet be this many microseconds off"},
    {OPTION_RELOCATE, 0, "relocate", NULL, VERB_RUN | VERB_LADDER,
     "move the whole stack to fresh memory after every step"},
    {OPTION_JOBS, 'j', "jobs", "N", VERB_RUN,
     "run in N processes (as many as there are processors); 0: in this one"},
    {OPTION_REPEAT, 0, "repeat", "N", VERB_RUN, "run everything N times, each time from disk"},
    {OPTION_TIMEOUT, 0, "timeout", "SECONDS", VERB_RUN,
     "real time after which a script that hangs is stopped (60)"},
    {OPTION_LADDER, 0, "ladder", NULL, VERB_RUN, "draw every run as a ladder diagram"},
    {OPTION_ASCII, 0, "ascii", NULL, VERB_RUN | VERB_LADDER, "ladders in ASCII"},
    {OPTION_ISN, 0, "isn", NULL, VERB_RUN | VERB_LADDER,
     "ladders tell the initial sequence numbers behind the 0 of a SYN"},
    {OPTION_PCAPNG, 0, "pcapng", "PATH", VERB_RUN,
     "write the packets: one script to a file, several to a folder"},
    {OPTION_TRACE, 0, "trace", "FILE", VERB_RUN, "write all that was seen, as text"},
    {OPTION_TAP, 0, "tap", NULL, VERB_RUN, "report in the Test Anything Protocol"},
    {OPTION_QUIET, 'q', "quiet", NULL, VERB_RUN, "show only what did not pass, and the summary"},
    {OPTION_COLOR, 0, "color", "WHEN", VERB_RUN, "auto, always or never"},
    {OPTION_HELP, 'h', "help", NULL, VERB_RUN | VERB_LADDER, "this text"},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])
static_assert(ROW_COUNT == OPTION_COUNT, "every option has its row");

/* ---- values -------------------------------------------------------------------------------------- */

static bool read_number(const char *word, uint32_t max, uint32_t *out)
{
    char *end = NULL;
    if (word[0] < '0' || word[0] > '9') {
        return false;
    }
    const unsigned long long number = strtoull(word, &end, 10);
    if (*end != '\0' || number > max) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

/* The place of `word` among `count` words, or -1. */
static int find_word(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool take_ip(struct request *request, const char *value)
{
    static const char *const words[] = {"4", "6", "both"};
    const int choice = find_word(value, words, 3);
    request->runs_ipv4 = choice != 1;
    request->runs_ipv6 = choice != 0;
    return choice >= 0;
}

static bool take_mode(struct request *request, const char *value)
{
    static const char *const words[] = {"strict", "compat", "portable"};
    const int choice = find_word(value, words, 3);
    request->has_mode = true;
    request->mode = (enum run_mode)choice;
    return choice >= 0;
}

static bool take_color(struct request *request, const char *value)
{
    static const char *const words[] = {"auto", "always", "never"};
    const int choice = find_word(value, words, 3);
    request->color = (enum color_choice)choice;
    return choice >= 0;
}

static bool take_tolerance(struct request *request, const char *value)
{
    uint32_t number = 0;
    request->has_tolerance = read_number(value, UINT32_MAX, &number);
    request->tolerance_us = number;
    return request->has_tolerance;
}

/* The name must be a field's; the value is read, with its unit, where the script's are. */
static bool take_setting(struct request *request, const char *value, struct arena *arena,
                         struct text *complaint)
{
    const char *equals = strchr(value, '=');
    const size_t length = equals == NULL ? strlen(value) : (size_t)(equals - value);
    size_t count = 0;
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    const char **names = arena_take(arena, count * sizeof *names);
    const char *name = arena_copy_text(arena, value, length);
    for (size_t i = 0; i < count; i++) {
        names[i] = fields[i].name;
    }
    if (equals == NULL || find_word(name, names, count) < 0) {
        if (equals == NULL) {
            text_format(complaint, "--set wants NAME=VALUE, not \"%s\"", value);
        } else {
            text_format(complaint, "there is no configuration value called \"%s\"", name);
        }
        const char *near = diagnostic_nearest(name, names, count);
        if (near != NULL) {
            text_format(complaint, "; did you mean %s=...?", near);
        }
        return false;
    }
    void *items = request->settings;
    arena_grow(arena, &items, &request->setting_capacity, request->setting_count,
               sizeof *request->settings);
    request->settings = items;
    request->settings[request->setting_count++] = value;
    return true;
}

static bool take_definition(struct request *request, const char *value, struct arena *arena)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        return false;
    }
    void *items = request->definitions;
    arena_grow(arena, &items, &request->definition_capacity, request->definition_count,
               sizeof *request->definitions);
    request->definitions = items;
    request->definitions[request->definition_count++] = (struct parse_definition){
        .name = arena_copy_text(arena, value, (size_t)(equals - value)), .value = equals + 1};
    return true;
}

static const struct option_row *row_of(enum option_id id)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].id == id) {
            return &rows[i];
        }
    }
    assert(false);
    return NULL;
}

/* True when the option's value could be taken. */
static bool take(enum option_id id, const char *value, struct arena *arena, struct request *request,
                 struct text *complaint)
{
    switch (id) {
    case OPTION_HELP:
        return request->wants_help = true;
    case OPTION_JOBS:
        return request->has_jobs = read_number(value, JOBS_MAX, &request->jobs);
    case OPTION_IP:
        return take_ip(request, value);
    case OPTION_MODE:
        return take_mode(request, value);
    case OPTION_PROFILE:
        request->profile = value;
        return true;
    case OPTION_SET:
        return take_setting(request, value, arena, complaint);
    case OPTION_DEFINE:
        return take_definition(request, value, arena);
    case OPTION_TOLERANCE:
        return take_tolerance(request, value);
    case OPTION_RELOCATE:
        return request->relocates = true;
    case OPTION_REPEAT:
        return read_number(value, REPEAT_MAX, &request->repeat) && request->repeat > 0;
    case OPTION_TIMEOUT:
        return read_number(value, TIMEOUT_MAX, &request->timeout_s) && request->timeout_s > 0;
    case OPTION_LADDER:
        return request->wants_ladder = true;
    case OPTION_ASCII:
        return request->is_ascii = true;
    case OPTION_ISN:
        return request->shows_isn = true;
    case OPTION_PCAPNG:
        request->pcapng = value;
        return true;
    case OPTION_TRACE:
        request->trace = value;
        return true;
    case OPTION_TAP:
        return request->wants_tap = true;
    case OPTION_QUIET:
        return request->is_quiet = true;
    case OPTION_COLOR:
        return take_color(request, value);
    case OPTION_COUNT:
        break;
    }
    return false;
}

/* ---- getopt_long --------------------------------------------------------------------------------- */

struct getopt_words {
    char letters[2 * ROW_COUNT + 2];
    struct option options[ROW_COUNT + 1];
    const char *names[ROW_COUNT];
    size_t count;
};

static void make_getopt_words(enum verb_bit verb, struct getopt_words *out)
{
    *out = (struct getopt_words){.letters = ":"}; /* a missing value is told apart */
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((rows[i].verbs & verb) == 0) {
            continue;
        }
        if (rows[i].letter != 0) {
            const char letter[3] = {rows[i].letter, rows[i].argument != NULL ? ':' : '\0'};
            strcat(out->letters, letter);
        }
        out->names[out->count] = rows[i].name;
        out->options[out->count++] = (struct option){rows[i].name, rows[i].argument != NULL, NULL,
                                                     ID_BASE + (int)rows[i].id};
    }
}

static const struct option_row *row_of_value(int value)
{
    if (value >= ID_BASE) {
        return row_of((enum option_id)(value - ID_BASE));
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].letter == value) {
            return &rows[i];
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
        if (near != NULL) {
            text_format(complaint, "; did you mean --%s?", near);
        }
    }
}

bool options_parse(enum verb_bit verb, int argc, char **argv, struct arena *arena,
                   struct request *out, struct text *complaint)
{
    *out = (struct request){
        .repeat = 1, .timeout_s = 60, .runs_ipv4 = true, .runs_ipv6 = verb == VERB_RUN};
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
            text_format(complaint, "--%s wants a value: %s", row->name, row->argument);
            return false;
        }
        const struct option_row *row = value == -1 ? NULL : row_of_value(value);
        if (row != NULL && !take(row->id, optarg, arena, out, complaint)) {
            if (complaint->length == 0) {
                text_format(complaint, "--%s wants %s, not \"%s\"", row->name, row->argument,
                            optarg);
            }
            return false;
        }
    }
    out->paths = (const char *const *)argv + optind;
    out->path_count = (size_t)(argc - optind);
    return true;
}

/* ---- text ----------------------------------------------------------------------------------------- */

void options_help(enum verb_bit verb, struct text *out)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((rows[i].verbs & verb) == 0) {
            continue;
        }
        if (rows[i].letter != 0) {
            text_format(out, "  -%c, --%s", rows[i].letter, rows[i].name);
        } else {
            text_format(out, "      --%s", rows[i].name);
        }
        text_format(out, "%s%s", rows[i].argument != NULL ? " " : "",
                    rows[i].argument != NULL ? rows[i].argument : "");
        text_pad_to(out, 27);
        text_format(out, " %s\n", rows[i].text);
    }
}
