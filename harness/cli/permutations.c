#include "cli/permutations.h"

#include <string.h>

/* Is it a line of values for a word that the caller has not defined? */
static bool varies(const struct scenario_option_line *line, const struct parse_definition *given,
                   size_t given_count)
{
    if (strcmp(line->name, "values") != 0) {
        return false;
    }
    const size_t length = strcspn(line->value, "=");
    for (size_t i = 0; i < given_count; i++) {
        if (strlen(given[i].name) == length && memcmp(given[i].name, line->value, length) == 0) {
            return false;
        }
    }
    return true;
}

static size_t values_in(const struct scenario_option_line *line)
{
    size_t count = 1;
    for (const char *at = line->value; *at != '\0'; at++) {
        count += *at == ',';
    }
    return count;
}

size_t permutations_of(const struct scenario *scenario, const struct parse_definition *given,
                       size_t given_count)
{
    size_t count = 1;
    for (size_t i = 0; i < scenario->option_count && count <= PERMUTATIONS_MAX; i++) {
        if (varies(&scenario->options[i], given, given_count)) {
            count *= values_in(&scenario->options[i]);
        }
    }
    return count <= PERMUTATIONS_MAX ? count : PERMUTATIONS_MAX + 1;
}

static struct parse_definition choose(const struct scenario_option_line *line, size_t index,
                                      struct arena *arena)
{
    const size_t name_length = strcspn(line->value, "=");
    const char *at = line->value + name_length + 1;
    for (size_t i = 0; i < index; i++) {
        at += strcspn(at, ",") + 1;
    }
    return (struct parse_definition){.name = arena_copy_text(arena, line->value, name_length),
                                     .value = arena_copy_text(arena, at, strcspn(at, ","))};
}

struct permutation permutation_at(const struct scenario *scenario,
                                  const struct parse_definition *given, size_t given_count,
                                  size_t index, struct arena *arena)
{
    struct parse_definition *all =
        arena_take(arena, (given_count + scenario->option_count + 1) * sizeof *all);
    struct permutation out = {.definitions = all, .count = given_count, .words = ""};
    for (size_t i = 0; i < given_count; i++) {
        all[i] = given[i];
    }
    for (size_t i = scenario->option_count; i-- > 0;) { /* from the last, which changes fastest */
        const struct scenario_option_line *line = &scenario->options[i];
        if (!varies(line, given, given_count)) {
            continue;
        }
        const size_t values = values_in(line);
        const struct parse_definition chosen = choose(line, index % values, arena);
        index /= values;
        all[out.count++] = chosen;
        out.words = arena_format(arena, "%s=%s%s%s", chosen.name, chosen.value,
                                 out.words[0] == '\0' ? "" : " ", out.words);
    }
    return out;
}
