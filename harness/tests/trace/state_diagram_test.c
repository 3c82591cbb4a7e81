/* Counting changes of state, and that both drawings have a place for every legal one. */
#include "trace/state_diagram.h"

#include "made_trace.h"
#include "trace/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void connections_and_listeners_are_counted(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct trace *trace = arena_take(arena, sizeof *trace);
    trace->arena = arena;
    const tcp_time now = {0};
    trace_add(trace, TRACE_STEP, now, 0, 0)->as.step =
        (struct tcp_step_record){.before = TCB_CLOSED, .after = TCB_LISTEN};
    trace_add(trace, TRACE_STEP, now, 0, 0)->as.step =
        (struct tcp_step_record){.before = TCB_LISTEN, .after = TCB_SYN_RECEIVED};
    trace_add(trace, TRACE_STATE, now, 0, 0)->as.state =
        (struct trace_state){0, TCB_LISTEN, TCB_SYN_RECEIVED};
    trace_add(trace, TRACE_STATE, now, 0, 0)->as.state =
        (struct trace_state){0, TCB_LISTEN, TCB_TIME_WAIT};
    struct state_counts counts = {0};
    state_counts_add(&counts, trace);
    assert_int_equal(counts.of[TCB_CLOSED][TCB_LISTEN], 1);
    assert_int_equal(counts.of[TCB_LISTEN][TCB_SYN_RECEIVED], 1);
    struct state_counts sum = {0};
    state_counts_sum(&sum, &counts);
    state_counts_sum(&sum, &counts);
    const struct state_totals totals = state_counts_totals(&sum);
    assert_int_equal(totals.changes, 6);
    assert_int_equal(totals.taken, 2);
    assert_int_equal(totals.broken, 1);
    arena_destroy(arena);
}

static void a_segment_that_moves_twice_counts_its_ends_too(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    struct tcp_step_record *step = made_step(trace, 0, TCP_CAUSE_SEGMENT);
    step->before = TCB_FIN_WAIT_1;
    step->after = TCB_TIME_WAIT;
    made_state(trace, 0, 0, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2);
    made_state(trace, 0, 0, TCB_FIN_WAIT_2, TCB_TIME_WAIT);
    step = made_step(trace, 1, TCP_CAUSE_SEGMENT); /* one that moves once */
    step->before = TCB_FIN_WAIT_1;
    step->after = TCB_CLOSING;
    made_state(trace, 1, 0, TCB_FIN_WAIT_1, TCB_CLOSING);
    struct state_counts counts = {0};
    state_counts_add(&counts, trace);
    assert_int_equal(counts.of[TCB_FIN_WAIT_1][TCB_TIME_WAIT], 0);
    assert_int_equal(state_counts_taken(&counts, TCB_FIN_WAIT_1, TCB_TIME_WAIT), 1);
    assert_int_equal(state_counts_taken(&counts, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2), 1);
    assert_int_equal(state_counts_taken(&counts, TCB_FIN_WAIT_2, TCB_TIME_WAIT), 1);
    assert_int_equal(state_counts_taken(&counts, TCB_FIN_WAIT_1, TCB_CLOSING), 1);
    assert_int_equal(state_counts_totals(&counts).changes, 3);
    assert_int_equal(state_counts_totals(&counts).taken, 4);
    made_trace_free(trace);
}

/* Every pair another number of six digits, as wide as the places in the text are. */
static struct state_counts all_different(void)
{
    struct state_counts counts = {0};
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const size_t from = i / TCB_STATE_COUNT;
        const size_t to = i % TCB_STATE_COUNT;
        if (tcb_state_edge_is_legal((enum tcb_state)from, (enum tcb_state)to)) {
            counts.of[from][to] = 123000 + i;
        }
    }
    return counts;
}

static void every_legal_change_is_drawn_once(void **state)
{
    (void)state;
    const struct state_counts counts = all_different();
    struct text drawings[2] = {TEXT_EMPTY, TEXT_EMPTY};
    state_diagram_text(&counts, 1, false, &drawings[0]);
    state_diagram_svg(&counts, 1, &drawings[1]);
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const uint64_t count = counts.of[i / TCB_STATE_COUNT][i % TCB_STATE_COUNT];
        char words[24];
        (void)snprintf(words, sizeof words, "%u", (unsigned)count);
        for (int j = 0; count > 0 && j < 2; j++) {
            const char *found = strstr(text_read(&drawings[j]), words);
            assert_non_null(found);
            assert_null(strstr(found + 1, words));
        }
    }
    assert_null(strstr(text_read(&drawings[0]), "never"));
    text_free(&drawings[0]);
    text_free(&drawings[1]);
}

/* The drawing is made for counts of up to six digits: then every line is as long as without any. */
static void counts_do_not_push_the_drawing_apart(void **state)
{
    (void)state;
    const struct state_counts counts = all_different();
    const struct state_counts none = {0};
    struct text full = TEXT_EMPTY;
    struct text empty = TEXT_EMPTY;
    state_diagram_text(&counts, 1, true, &full);
    state_diagram_text(&none, 1, true, &empty);
    const char *one = text_read(&full);
    const char *other = text_read(&empty);
    size_t lines = 0;
    for (; *one != '\n'; lines++) { /* the drawing ends with an empty line */
        const size_t length = strcspn(one, "\n");
        assert_int_equal(length, strcspn(other, "\n"));
        assert_true(length <= 100);
        for (size_t i = 0; i < length; i++) {
            assert_true((unsigned char)one[i] < 0x80);
        }
        one += length + 1;
        other += length + 1;
    }
    assert_int_equal(lines, 44);
    text_free(&full);
    text_free(&empty);
}

static void what_was_never_taken_and_what_may_not_be_is_listed(void **state)
{
    (void)state;
    struct state_counts counts = all_different();
    counts.of[TCB_CLOSING][TCB_TIME_WAIT] = 0;
    counts.of[TCB_CLOSED][TCB_ESTABLISHED] = 3;
    struct text out = TEXT_EMPTY;
    state_diagram_text(&counts, 7, false, &out);
    assert_non_null(strstr(text_read(&out), "\n7 runs, "));
    assert_non_null(strstr(text_read(&out), "never taken:\n  CLOSING      -> TIME-WAIT\n\n"));
    assert_non_null(strstr(text_read(&out), "not legal (RFC 9293):\n  CLOSED       -> "
                                            "ESTABLISHED\n"));
    text_clear(&out);
    state_diagram_svg(&counts, 7, &out);
    assert_non_null(strstr(text_read(&out), "1 taken that RFC 9293 does not allow"));
    assert_non_null(strstr(text_read(&out), "stroke-dasharray=\"6 5\" marker-end"));
    text_free(&out);
}

static void a_ladder_as_svg_says_what_the_one_in_text_says(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    const uint32_t life = made_incarnation(trace, NULL, 40001, 80, 1, 2);
    (void)made_packet(trace, 100000, TRACE_TO_SUT, life, TCP_FLAG_ACK, 1, 0, 1, 65535);
    made_state(trace, 100000, life, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    (void)made_packet(trace, 5000000, TRACE_FROM_SUT, life, TCP_FLAG_ACK, 1, 0, 1, 65535);
    trace->script = "a<b>&\"c\".pkt";
    struct text out = TEXT_EMPTY;
    ladder_svg(trace, &(struct ladder_options){0}, &out);
    assert_non_null(strstr(text_read(&out), "<title>a&lt;b&gt;&amp;&quot;c&quot;.pkt</title>"));
    assert_non_null(strstr(text_read(&out), "SYN-RECEIVED → ESTABLISHED</text>"));
    assert_non_null(strstr(text_read(&out), "marker-end=\"url(#in)\""));
    assert_non_null(strstr(text_read(&out), "marker-end=\"url(#out)\""));
    assert_non_null(strstr(text_read(&out), ">4.9 s</text>"));
    assert_string_equal(text_read(&out) + out.length - 7, "</svg>\n");
    text_free(&out);
    made_trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_and_listeners_are_counted),
        cmocka_unit_test(a_segment_that_moves_twice_counts_its_ends_too),
        cmocka_unit_test(every_legal_change_is_drawn_once),
        cmocka_unit_test(counts_do_not_push_the_drawing_apart),
        cmocka_unit_test(what_was_never_taken_and_what_may_not_be_is_listed),
        cmocka_unit_test(a_ladder_as_svg_says_what_the_one_in_text_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
