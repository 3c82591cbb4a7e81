/* Which values a script with --values runs with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/permutations.h"

#define SCRIPT "--values=A=1,2\n--values=B=x,y,z\n0 quiet for 1s\n"

static const struct scenario *parse(const char *text, struct arena *arena)
{
    struct parse_result parsed = {0};
    scenario_parse("test", text, strlen(text), NULL, 0, arena, &parsed);
    return parsed.scenario;
}

static void every_combination_has_its_turn(void **state)
{
    (void)state;
    static const char *const words[] = {"A=1 B=x", "A=1 B=y", "A=1 B=z",
                                        "A=2 B=x", "A=2 B=y", "A=2 B=z"};
    struct arena *arena = arena_create();
    const struct scenario *scenario = parse(SCRIPT, arena);
    assert_non_null(scenario);
    assert_int_equal(permutations_of(scenario, NULL, 0), 6);
    for (size_t i = 0; i < 6; i++) {
        const struct permutation permutation = permutation_at(scenario, NULL, 0, i, arena);
        assert_string_equal(permutation.words, words[i]);
        assert_int_equal(permutation.count, 2);
    }
    arena_destroy(arena);
}

static void what_the_command_line_says_does_not_vary(void **state)
{
    (void)state;
    static const struct parse_definition given[] = {{"B", "other"}};
    struct arena *arena = arena_create();
    const struct scenario *scenario = parse(SCRIPT, arena);
    assert_int_equal(permutations_of(scenario, given, 1), 2);
    const struct permutation permutation = permutation_at(scenario, given, 1, 1, arena);
    assert_string_equal(permutation.words, "A=2");
    assert_int_equal(permutation.count, 2);
    assert_string_equal(permutation.definitions[0].value, "other");
    arena_destroy(arena);
}

static void a_script_without_values_runs_once(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct scenario *scenario = parse("--define=A=1\n0 quiet for 1s\n", arena);
    assert_int_equal(permutations_of(scenario, NULL, 0), 1);
    assert_string_equal(permutation_at(scenario, NULL, 0, 0, arena).words, "");
    arena_destroy(arena);
}

static void too_many_are_told_as_one_too_many(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const char *sixteen = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16";
    const char *text =
        arena_format(arena, "--values=A=%s\n--values=B=%s\n0 quiet for 1s\n", sixteen, sixteen);
    assert_int_equal(permutations_of(parse(text, arena), NULL, 0), PERMUTATIONS_MAX);
    text =
        arena_format(arena, "--values=A=%s\n--values=B=%s,17\n0 quiet for 1s\n", sixteen, sixteen);
    assert_int_equal(permutations_of(parse(text, arena), NULL, 0), PERMUTATIONS_MAX + 1);
    arena_destroy(arena);
}

static void values_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "--values=A",    "--values==1",     "--values=A=", "--values=A=1,",
        "--values=A=,1", "--values=A=1,,2", "--values"};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(parse(arena_format(arena, "%s\n0 quiet for 1s\n", texts[i]), arena));
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_has_its_turn),
        cmocka_unit_test(what_the_command_line_says_does_not_vary),
        cmocka_unit_test(a_script_without_values_runs_once),
        cmocka_unit_test(too_many_are_told_as_one_too_many),
        cmocka_unit_test(values_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
