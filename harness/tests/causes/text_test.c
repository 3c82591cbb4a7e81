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

/* ---- the corpus ---------------------------------------------------------------------------------- */

#define CORPUS_CAUSES_MAX 2000

struct corpus_count {
    size_t scripts, encoded;
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

static void hold_script(void *context, struct arena *arena, const char *path, const char *script)
{
    struct corpus_count *const count = context;
    struct cause_list list;
    struct cause_refusal why;
    count->scripts++;
    if (cause_from_scenario(parse_text(arena, script), arena, &list, &why)) {
        hold_law(arena, path, &list);
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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_shown_reads_back, give_arena, take_arena),
        cmocka_unit_test_setup_teardown(scripts_of_the_corpus_come_back, give_arena, take_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
