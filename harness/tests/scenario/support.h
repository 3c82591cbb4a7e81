/* What the tests of the language share: an arena for each test, and parsing that must succeed. */
#ifndef FINWAIT_TESTS_SCENARIO_SUPPORT_H
#define FINWAIT_TESTS_SCENARIO_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/parse.h"

/* *state is the test's arena. */
static inline int give_arena(void **state)
{
    *state = arena_create();
    return 0;
}

static inline int take_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

#define LANGUAGE_TEST(test) cmocka_unit_test_setup_teardown(test, give_arena, take_arena)

static inline struct parse_result parse_any(void **state, const char *script)
{
    struct parse_result result;
    scenario_parse("test.pkt", script, strlen(script), NULL, 0, *state, &result);
    return result;
}

/* Parses what must be right. */
static inline const struct scenario *parse(void **state, const char *script)
{
    const struct parse_result result = parse_any(state, script);
    if (result.diagnostic_count > 0) {
        struct text text = TEXT_EMPTY;
        diagnostic_render(&result.diagnostics[0], "test.pkt", script, strlen(script), &text);
        print_error("%s", text_read(&text));
        text_free(&text);
    }
    assert_non_null(result.scenario);
    return result.scenario;
}

/* The only event of a script. */
static inline const struct scenario_event *parse_one(void **state, const char *script)
{
    const struct scenario *scenario = parse(state, script);
    assert_int_equal(scenario->event_count, 1);
    return &scenario->events[0];
}

static inline const struct scenario_tcp *parse_tcp_packet(void **state, const char *script)
{
    const struct scenario_event *event = parse_one(state, script);
    assert_int_equal(event->kind, SCENARIO_PACKET);
    assert_int_equal(event->as.packet->protocol, SCENARIO_TCP);
    return &event->as.packet->as.tcp;
}

static inline const struct scenario_call *parse_one_call(void **state, const char *script)
{
    const struct scenario_event *event = parse_one(state, script);
    assert_int_equal(event->kind, SCENARIO_CALL);
    return event->as.call;
}

#endif
