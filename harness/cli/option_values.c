/* What each option does to the request. */
#include "cli/option_values.h"

#include "cli/scripts.h"
#include "scenario/units.h"

#include "tcp/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

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

static bool is_oracle(const char *id, size_t length)
{
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        if (strlen(catalogue[i]->id) == length && memcmp(catalogue[i]->id, id, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool take_oracles(struct request *request, const char *value, struct text *complaint)
{
    request->oracles = value;
    for (const char *id = value; strcmp(value, "all") != 0; id += strcspn(id, ",") + 1) {
        const size_t length = strcspn(id, ",");
        if (!is_oracle(id, length)) {
            text_format(complaint,
                        "there is no oracle called \"%.*s\"; \"finwait help oracles\" names all",
                        (int)length, id);
            return false;
        }
        if (id[length] == '\0') {
            break;
        }
    }
    return true;
}

static bool take_profile(struct request *request, const char *value, struct text *complaint)
{
    struct tcp_config config;
    request->profile = value;
    if (tcp_config_profile(value, &config)) {
        return true;
    }
    text_format(complaint, "there is no profile called \"%s\"; there is: rfc", value);
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
        } else {
            text_string(complaint, "; \"finwait help settings\" names all");
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

static bool take_shuffle(struct request *request, const char *value, struct text *complaint)
{
    request->has_shuffle = true;
    if (strcmp(value, "random") == 0) {
        return getrandom(&request->shuffle_seed, sizeof(uint32_t), 0) == sizeof(uint32_t);
    }
    char *end = NULL;
    errno = 0;
    request->shuffle_seed = strtoull(value, &end, 10);
    const bool is_number = value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0;
    if (!is_number) {
        text_format(complaint, "--shuffle wants a number or random, not \"%s\"", value);
    }
    return is_number;
}

/* Values that only their option understands. */
static bool take_word(enum option_id id, const char *value, struct arena *arena,
                      struct request *request, struct text *complaint)
{
    switch ((int)id) { /* those that have one */
    case OPTION_IP:
        return take_ip(request, value);
    case OPTION_MODE:
        return take_mode(request, value);
    case OPTION_ORACLES:
        return take_oracles(request, value, complaint);
    case OPTION_PROFILE:
        return take_profile(request, value, complaint);
    case OPTION_SET:
        return take_setting(request, value, arena, complaint);
    case OPTION_DEFINE:
        return take_definition(request, value, arena);
    case OPTION_FILTER:
        return take_filter(request, value, arena, complaint);
    case OPTION_SHUFFLE:
        return take_shuffle(request, value, complaint);
    case OPTION_COLOR:
        return take_color(request, value);
    }
    return false;
}

static void take_flag(const struct option_row *row, struct request *request)
{
    if (row->id == OPTION_KEEP_GOING) { /* of --keep-going and --fail-fast the last one counts */
        request->stops_early = false;
        return;
    }
    *(bool *)((char *)request + row->into) = true;
}

static bool take_number(const struct option_row *row, const char *value, struct request *request)
{
    uint32_t *const number = (uint32_t *)(void *)((char *)request + row->into);
    request->has_jobs |= row->id == OPTION_JOBS;
    request->has_tolerance |= row->id == OPTION_TOLERANCE;
    request->has_seed |= row->id == OPTION_SEED;
    return read_number(value, row->most, number) && *number >= row->least;
}

static bool take_text(const struct option_row *row, const char *value, struct request *request)
{
    *(const char **)(void *)((char *)request + row->into) = value;
    return value[0] != '\0';
}

static bool take(const struct option_row *row, const char *value, struct arena *arena,
                 struct request *request, struct text *complaint)
{
    switch (row->value) {
    case OPTION_VALUE_NONE:
        take_flag(row, request);
        return true;
    case OPTION_VALUE_NUMBER:
        return take_number(row, value, request);
    case OPTION_VALUE_FILE:
    case OPTION_VALUE_TEXT:
        return take_text(row, value, request);
    case OPTION_VALUE_WORD:
    case OPTION_VALUE_SETTING:
        return take_word(row->id, value, arena, request, complaint);
    }
    return false;
}

bool option_take(const struct option_row *row, const char *value, struct arena *arena,
                 struct request *request, struct text *complaint)
{
    if (take(row, value, arena, request, complaint)) {
        return true;
    }
    if (complaint->length == 0) {
        text_format(complaint, "--%s wants ", row->name);
        if (row->value == OPTION_VALUE_NUMBER) {
            text_format(complaint, "a number from %" PRIu32 " to %" PRIu32, row->least, row->most);
        } else {
            text_string(complaint, row->choices != NULL ? row->choices : row->argument);
        }
        text_format(complaint, ", not \"%s\"", value);
    }
    return false;
}
