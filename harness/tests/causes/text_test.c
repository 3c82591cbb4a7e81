/* The laws of the text: what is shown reads back as the same causes. */
#include "corpus_walk.h"
#include "support.h"

#include "causes/text.h"
#include "scenario/parse.h"
#include "scenario/print.h"
#include "scenario/same.h"

static int give_arena(void **state)
{
    *state = arena_create();
    return 0;
}

static int take_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static const struct scenario *parse_text(struct arena *arena, const char *script)
{
    struct parse_result result;
    scenario_parse("test.pkt", script, strlen(script), NULL, 0, arena, &result);
    if (result.scenario == NULL) {
        print_error("%u:%u %s\n%s\n", (unsigned)result.diagnostics[0].span.line,
                    (unsigned)result.diagnostics[0].span.column, result.diagnostics[0].message,
                    script);
    }
    assert_non_null(result.scenario);
    return result.scenario;
}

static void encode_text(struct arena *arena, const char *script, struct cause_list *out)
{
    struct cause_refusal why;
    if (!cause_from_scenario(parse_text(arena, script), arena, out, &why)) {
        fail_msg("%u:%u: %s\n%s", (unsigned)why.span.line, (unsigned)why.span.column, why.message,
                 script);
    }
}

static void what_is_shown_reads_back(void **state)
{
    struct arena *const arena = *state;
    uint64_t random = 11;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES_MAX];
        struct decoded decoded;
        struct cause_list back;
        struct text text = TEXT_EMPTY;
        const size_t count = draw(&random) % (INPUT_BYTES_MAX + 1);
        fill(&random, bytes, count);
        decode(bytes, count, &decoded);
        const struct scenario *const shown = cause_to_scenario(&decoded.list, arena);
        scenario_print(&text, shown);
        const struct scenario *const parsed = parse_text(arena, text_read(&text));
        assert_true(scenario_same(shown, parsed));
        encode_text(arena, text_read(&text), &back);
        if (!cause_list_same(&decoded.list, &back)) {
            size_t at = 0;
            while (at < back.count && cause_same(&decoded.list.items[at], &back.items[at])) {
                at++;
            }
            print_error("%s", text_read(&text));
            fail_msg("input %zu: cause %zu of %zu is not that of %zu", i, at, decoded.list.count,
                     back.count);
        }
        text_free(&text);
        arena_reset(arena);
    }
}

/* ---- time ---------------------------------------------------------------------------------------- */

#define LISTENING                                                                                  \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                                \
    "+0 bind(3, ..., ...) = 0\n"                                                                   \
    "+0 listen(3, 1) = 0\n"

/* However a script says that time passes: at most CAUSE_WAIT_US_MAX at a time. */
static void time_that_no_cause_can_wait_is_refused(void **state)
{
    static const struct {
        const char *script;
        bool is_refused;
    } cases[] = {
        {LISTENING "+1000000 close(3) = 0\n", false},
        {LISTENING "+1000000.000001 close(3) = 0\n", true},
        {LISTENING "+1200000 < S 0:0(0) win 1000\n", true},
        {LISTENING "+0 < S 0:0(0) win 1000\n+1200000 > S. 0:0(0) ack 1\n", true},
        {LISTENING "+0 quiet for 1200000s\n+0 close(3) = 0\n", true},
        {LISTENING "+1200000 set msl_us=1s\n", true},
        {LISTENING "+0 wait for 1000000s\n", false},
        {LISTENING "+0 wait for 1000001s\n", true},
        {LISTENING "+0 wait asleep for 1000001s\n", true},
        {LISTENING "+0 wait until deadline+1000001s\n", true},
        {"--hosts=2\n\n0 a: wait for 1s\n+1200000 a: tcp.open(a, passive) = 0\n", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cause_list list;
        struct cause_refusal why;
        const struct scenario *const parsed = parse_text(*state, cases[i].script);
        if (cause_from_scenario(parsed, *state, &list, &why) == cases[i].is_refused) {
            fail_msg("%s", cases[i].script);
        }
        if (cases[i].is_refused) {
            assert_string_equal(why.message, "a wait of more than 11 days cannot be encoded");
        }
        arena_reset(*state);
    }
}

/* When the last event takes place; -1 where the script leaves a time open or a deadline decides. */
static int64_t end_of(const struct scenario *scenario)
{
    int64_t at_us = 0, end_us = 0;
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct scenario_event *const event = &scenario->events[i];
        const bool is_wait = event->kind == SCENARIO_WAIT;
        if ((event->time.kind != SCENARIO_TIME_ABSOLUTE &&
             event->time.kind != SCENARIO_TIME_RELATIVE) ||
            (is_wait && event->as.wait.is_until_deadline)) {
            return -1;
        }
        at_us = event->time.from_us + (event->time.kind == SCENARIO_TIME_RELATIVE ? at_us : 0);
        at_us += is_wait ? event->as.wait.us : 0;
        if (event->kind == SCENARIO_QUIET) {
            at_us += event->as.quiet_us;
        } else {
            end_us = at_us;
        }
    }
    return end_us;
}

static int64_t waits_of(const struct cause_list *list)
{
    int64_t us = 0;
    for (size_t i = 0; i < list->count; i++) {
        us += list->items[i].kind == CAUSE_WAIT ? list->items[i].as.wait.us : 0;
    }
    return us;
}

/* ---- the corpus ---------------------------------------------------------------------------------- */

#define CORPUS_CAUSES_MAX 2000

struct corpus_count {
    size_t scripts, encoded, timed;
};

/* decode(encode(S)) is causes(S), and what is shown of it reads back. */
static void hold_law(struct arena *arena, const char *path, const struct cause_list *list)
{
    const size_t room = CAUSE_HEAD_BYTES + list->count * CAUSE_RECORD_BYTES_MAX;
    uint8_t *const bytes = arena_take(arena, room);
    struct cause *const causes = arena_take(arena, CORPUS_CAUSES_MAX * sizeof *causes);
    struct cause_list decoded, back;
    struct text text = TEXT_EMPTY;
    const size_t count = cause_encode(list, (struct tcp_room){bytes, room});
    cause_decode(bytes, count, causes, CORPUS_CAUSES_MAX, &decoded);
    scenario_print(&text, cause_to_scenario(list, arena));
    encode_text(arena, text_read(&text), &back);
    if (!cause_list_same(list, &decoded) || !cause_list_same(list, &back)) {
        fail_msg("%s: its causes do not come back:\n%s", path, text_read(&text));
    }
    text_free(&text);
}

/* Causes last as long as their script. */
static bool hold_time(const char *path, const struct scenario *scenario,
                      const struct cause_list *list)
{
    const int64_t end_us = end_of(scenario);
    if (end_us >= 0 && waits_of(list) != end_us) {
        fail_msg("%s: ends at %lld us, its causes at %lld us", path, (long long)end_us,
                 (long long)waits_of(list));
    }
    return end_us >= 0;
}

static void hold_script(void *context, struct arena *arena, const char *path, const char *script)
{
    struct corpus_count *const count = context;
    struct cause_list list;
    struct cause_refusal why;
    const struct scenario *const scenario = parse_text(arena, script);
    count->scripts++;
    if (cause_from_scenario(scenario, arena, &list, &why)) {
        hold_law(arena, path, &list);
        count->timed += hold_time(path, scenario, &list) ? 1 : 0;
        count->encoded++;
    } else {
        assert_true(why.span.line > 0);
        print_message("%s:%u:%u: %s\n", path, (unsigned)why.span.line, (unsigned)why.span.column,
                      why.message);
    }
}

static void scripts_of_the_corpus_come_back(void **state)
{
    struct corpus_count count = {0};
    corpus_walk(*state, "corpus", hold_script, &count);
    print_message("%zu of %zu scripts encoded\n", count.encoded, count.scripts);
    assert_true(count.scripts > 100);
    assert_true(count.encoded * 2 > count.scripts);
    assert_true(count.timed * 2 > count.encoded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_shown_reads_back, give_arena, take_arena),
        cmocka_unit_test_setup_teardown(time_that_no_cause_can_wait_is_refused, give_arena,
                                        take_arena),
        cmocka_unit_test_setup_teardown(scripts_of_the_corpus_come_back, give_arena, take_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
