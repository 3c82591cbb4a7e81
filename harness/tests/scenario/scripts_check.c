/* Checks script files by hand, not part of the tests: every file given must parse, and what is printed
 * must parse back to an equal scenario and print to the same text. Prints the diagnostics and a
 * summary with the time a parse takes.
 *
 *     test_scripts_check [-D NAME=value]... [-p] FILE...      (-p prints the canonical text) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenario/parse.h"
#include "scenario/print.h"
#include "scenario/same.h"

#define DEFINITIONS_MAX 32
#define REPEATS         20

struct totals {
    size_t files, parsed, equal, events, bytes;
    double parse_us;
};

static struct parse_definition definitions[DEFINITIONS_MAX];
static size_t definition_count;

static char *read_file(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    char *bytes = NULL;
    size_t capacity = 0;
    *count = 0;
    do {
        capacity = capacity * 2 + 4096;
        bytes = realloc(bytes, capacity);
        if (bytes == NULL) {
            exit(3);
        }
        *count += fread(bytes + *count, 1, capacity - *count, file);
    } while (*count == capacity);
    (void)fclose(file);
    return bytes;
}

static double now_us(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void parse(const char *path, const char *bytes, size_t count, struct arena *arena,
                  struct parse_result *out)
{
    scenario_parse(path, bytes, count, definitions, definition_count, arena, out);
    struct text text = TEXT_EMPTY;
    for (size_t i = 0; i < out->diagnostic_count; i++) {
        diagnostic_render(&out->diagnostics[i], path, bytes, count, &text);
    }
    (void)fputs(text_read(&text), stdout);
    text_free(&text);
}

/* parse(print(scenario)) equals it, and prints to the same text. */
static bool law_holds(const char *path, const struct scenario *scenario, struct arena *arena,
                      bool shows_text)
{
    struct text first = TEXT_EMPTY;
    struct text second = TEXT_EMPTY;
    scenario_print(&first, scenario);
    if (shows_text) {
        (void)fputs(text_read(&first), stdout);
    }
    struct parse_result again;
    parse(path, text_read(&first), first.length, arena, &again);
    bool holds = again.scenario != NULL && scenario_same(scenario, again.scenario);
    if (again.scenario != NULL) {
        scenario_print(&second, again.scenario);
        holds = holds && strcmp(text_read(&first), text_read(&second)) == 0;
    }
    if (!holds) {
        printf("%s: printed back it is not the same\n", path);
    }
    text_free(&first);
    text_free(&second);
    return holds;
}

static void check(const char *path, bool shows_text, struct totals *totals)
{
    size_t count = 0;
    char *bytes = read_file(path, &count);
    struct arena *arena = arena_create();
    struct parse_result result;
    double best = 1e12;
    for (int i = 0; i < REPEATS; i++) {
        arena_reset(arena);
        const double start = now_us();
        scenario_parse(path, bytes, count, definitions, definition_count, arena, &result);
        const double taken = now_us() - start;
        best = taken < best ? taken : best;
    }
    arena_reset(arena);
    parse(path, bytes, count, arena, &result);
    totals->files++;
    totals->bytes += count;
    totals->parse_us += best;
    if (result.scenario != NULL) {
        totals->parsed++;
        totals->events += result.scenario->event_count;
        totals->equal += law_holds(path, result.scenario, arena, shows_text) ? 1 : 0;
    }
    arena_destroy(arena);
    free(bytes);
}

static void define(char *text)
{
    char *equals = strchr(text, '=');
    if (equals == NULL || definition_count == DEFINITIONS_MAX) {
        (void)fputs("-D NAME=value\n", stderr);
        exit(2);
    }
    *equals = '\0';
    definitions[definition_count++] = (struct parse_definition){.name = text, .value = equals + 1};
}

int main(int argc, char **argv)
{
    struct totals totals = {0};
    bool shows_text = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-D") == 0 && i + 1 < argc) {
            define(argv[++i]);
        } else if (strcmp(argv[i], "-p") == 0) {
            shows_text = true;
        } else {
            check(argv[i], shows_text, &totals);
        }
    }
    printf("%zu files, %zu parsed, %zu print back equal; %zu events, %zu bytes; "
           "%.1f us a file, %.0f ns an event\n",
           totals.files, totals.parsed, totals.equal, totals.events, totals.bytes,
           totals.files > 0 ? totals.parse_us / (double)totals.files : 0.0,
           totals.events > 0 ? totals.parse_us * 1000 / (double)totals.events : 0.0);
    return totals.equal == totals.files ? 0 : 1;
}
