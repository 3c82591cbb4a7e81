#include "run_text.h"

#include "scenario/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int run_text_setup(void **state)
{
    struct test_run *test = calloc(1, sizeof *test);
    assert_non_null(test);
    test->arena = arena_create();
    test->options.ip_version = 4;
    fake_quirks = (struct fake_quirks){0};
    *state = test;
    return 0;
}

int run_text_teardown(void **state)
{
    struct test_run *test = *state;
    run_outcome_free(&test->outcome);
    arena_destroy(test->arena);
    free(test);
    return 0;
}

const struct run_outcome *run_text(void **state, const struct sut *sut, const char *text)
{
    struct test_run *test = *state;
    struct parse_result parsed;
    scenario_parse("test.pkt", text, strlen(text), NULL, 0, test->arena, &parsed);
    if (parsed.scenario == NULL) {
        struct text report = TEXT_EMPTY;
        diagnostic_render(&parsed.diagnostics[0], "test.pkt", text, strlen(text), &report);
        print_message("%s", text_read(&report));
        text_free(&report);
    }
    assert_non_null(parsed.scenario);
    run_outcome_free(&test->outcome);
    run_scenario(parsed.scenario, sut, &test->options, test->arena, &test->outcome);
    return &test->outcome;
}

void assert_passed(const struct run_outcome *outcome)
{
    if (outcome->verdict != RUN_PASSED) {
        print_message("%s", text_read(&outcome->report));
    }
    assert_int_equal(outcome->verdict, RUN_PASSED);
    assert_string_equal(text_read(&outcome->report), "");
}

void assert_outcome(const struct run_outcome *outcome, enum run_verdict verdict, const char *words)
{
    const char *summary = text_read(&outcome->summary);
    if (outcome->verdict != verdict || strstr(summary, words) == NULL) {
        print_message("verdict %d, not %d; \"%s\", not \"%s\"\n%s", (int)outcome->verdict,
                      (int)verdict, summary, words, text_read(&outcome->report));
    }
    assert_int_equal(outcome->verdict, verdict);
    assert_non_null(strstr(summary, words));
}
