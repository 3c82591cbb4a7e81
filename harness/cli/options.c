/* What each option does to the request. */
#include "cli/option_table.h"
#include "cli/scripts.h"
#include "scenario/units.h"

#include "tcp/config.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define JOBS_MAX    1024
#define REPEAT_MAX  1000000000
#define TIMEOUT_MAX 86400
#define ID_BASE     256 /* getopt's values of options without a letter lie above every letter */

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

static bool take_profile(struct request *request, const char *value, struct text *complaint)
{
    struct tcp_config config;
    request->profile = value;
    if (tcp_config_profile(value, &config)) {
        return true;
    }
    text_format(complaint, "there is no profile called \"%s\"", value);
    return false;
}

/* The name must be a field's, the value one with a unit that fits; whether it fits into the field is
 * seen where it is set. */
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
    uint64_t number = 0;
    const char *error = units_setting(name, length, equals + 1, strlen(equals + 1), &number);
    if (error != NULL) {
        text_format(complaint, "--set %s: %s", value, error);
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

/* A regular expression is tried at once, so that a wrong one is a wrong command line. */
static bool take_filter(struct request *request, const char *value, struct arena *arena,
                        struct text *complaint)
{
    const char *error = scripts_pattern_error(value, arena);
    if (error != NULL) {
        text_format(complaint, "--filter %s: %s", value, error);
        return false;
    }
    void *items = request->filters;
    arena_grow(arena, &items, &request->filter_capacity, request->filter_count,
               sizeof *request->filters);
    request->filters = items;
    request->filters[request->filter_count++] = value;
    return true;
}

static bool take_shuffle(struct request *request, const char *value)
{
    request->has_shuffle = true;
    if (strcmp(value, "random") == 0) {
        return getrandom(&request->shuffle_seed, sizeof(uint32_t), 0) == sizeof(uint32_t);
    }
    char *end = NULL;
    errno = 0;
    request->shuffle_seed = strtoull(value, &end, 10);
    return value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0;
}

/* Options without a value. */
static void take_flag(enum option_id id, struct request *request)
{
    request->wants_help |= id == OPTION_HELP;
    request->relocates |= id == OPTION_RELOCATE;
    request->wants_ladder |= id == OPTION_LADDER;
    request->is_ascii |= id == OPTION_ASCII;
    request->shows_isn |= id == OPTION_ISN;
    request->reruns_failed |= id == OPTION_RERUN_FAILED;
    request->wants_tap |= id == OPTION_TAP;
    request->wants_json |= id == OPTION_JSON;
    request->wants_edges |= id == OPTION_EDGES;
    request->wants_github |= id == OPTION_GITHUB;
    request->wants_man |= id == OPTION_MAN;
    request->is_quiet |= id == OPTION_QUIET;
    request->only_checks |= id == OPTION_CHECK;
    if (id == OPTION_FAIL_FAST || id == OPTION_KEEP_GOING) { /* the last one counts */
        request->stops_early = id == OPTION_FAIL_FAST;
    }
}

static bool take_path(const char **path, const char *value)
{
    *path = value;
    return value[0] != '\0';
}

/* True when the option's value could be taken. */
static bool take_value(enum option_id id, const char *value, struct arena *arena,
                       struct request *request, struct text *complaint)
{
    switch ((int)id) { /* those that have one */
    case OPTION_JOBS:
        return request->has_jobs = read_number(value, JOBS_MAX, &request->jobs);
    case OPTION_IP:
        return take_ip(request, value);
    case OPTION_MODE:
        return take_mode(request, value);
    case OPTION_PROFILE:
        return take_profile(request, value, complaint);
    case OPTION_SET:
        return take_setting(request, value, arena, complaint);
    case OPTION_DEFINE:
        return take_definition(request, value, arena);
    case OPTION_TOLERANCE:
        return take_tolerance(request, value);
    case OPTION_REPEAT:
        return read_number(value, REPEAT_MAX, &request->repeat) && request->repeat > 0;
    case OPTION_TIMEOUT:
        return read_number(value, TIMEOUT_MAX, &request->timeout_s) && request->timeout_s > 0;
    case OPTION_PCAPNG:
        return take_path(&request->pcapng, value);
    case OPTION_TRACE:
        return take_path(&request->trace, value);
    case OPTION_JUNIT:
        return take_path(&request->junit, value);
    case OPTION_ONLY:
        return take_path(&request->only, value);
    case OPTION_MARKDOWN:
        return take_path(&request->markdown, value);
    case OPTION_HTML:
        return take_path(&request->html, value);
    case OPTION_COVERED:
        return take_path(&request->covered, value);
    case OPTION_REQUIREMENTS:
        return take_path(&request->requirements, value);
    case OPTION_SVG:
        return take_path(&request->svg, value);
    case OPTION_FILTER:
        return take_filter(request, value, arena, complaint);
    case OPTION_SHUFFLE:
        return take_shuffle(request, value);
    case OPTION_COLOR:
        return take_color(request, value);
    }
    return false;
}

static bool take(const struct option_row *row, const char *value, struct arena *arena,
                 struct request *request, struct text *complaint)
{
    if (row->value != OPTION_VALUE_NONE) {
        return take_value(row->id, value, arena, request, complaint);
    }
    take_flag(row->id, request);
    return true;
}

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

bool options_parse(enum verb_bit verb, int argc, char **argv, struct arena *arena,
                   struct request *out, struct text *complaint)
{
    *out = (struct request){.repeat = 1,
                            .timeout_s = 60,
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
        if (row != NULL && !take(row, optarg, arena, out, complaint)) {
            if (complaint->length == 0) {
                text_format(complaint, "--%s wants %s, not \"%s\"", row->name,
                            row->choices != NULL ? row->choices : row->argument, optarg);
            }
            return false;
        }
    }
    out->paths = (const char *const *)argv + optind;
    out->path_count = (size_t)(argc - optind);
    if (out->wants_tap && out->wants_json) {
        text_string(complaint, "--tap and --json both want standard output: choose one");
        return false;
    }
    return true;
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
