/* Tests of what the matrix tells besides requirements: decisions, and transitions as a drawing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "matrix/decisions.h"
#include "matrix/edges.h"
#include "matrix/requirement.h"

/* Decision 1 of corpus/requirements/decisions.tsv. */
static void levels_are_those_of_the_body(void **state)
{
    (void)state;
    static const struct {
        const char *id, *level;
    } rows[] = {{"MAY-5", "MAY"},       {"MAY-10", "MAY"},   {"MAY-11", "MAY"},
                {"SHLD-25", "SHOULD"},  {"MUST-46", "MUST"}, {"MUST-22", "MUST"},
                {"MUST-29", "MUST NOT"}};
    char text[1 << 16];
    FILE *file = fopen("corpus/requirements/rfc9293.tsv", "r");
    assert_non_null(file);
    const size_t count = fread(text, 1, sizeof text - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_true(count < sizeof text - 1);
    text[count] = '\0';
    struct arena *arena = arena_create();
    struct tsv requirements;
    struct requirement_list list = {0};
    tsv_read(text, arena, &requirements);
    assert_null(requirements_add(&list, &requirements, arena));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct requirement *row = requirement_find(&list, rows[i].id);
        assert_non_null(row);
        assert_string_equal(row->level, rows[i].level);
    }
    arena_destroy(arena);
}

static const char decision_table[] = "number\tquestion\tdecision\twhere\ttested_by\n"
                                     "1\tWhich?\tThis|that\ta.c\tcorpus/a.pkt\n"
                                     "2\tHow?\tSo\tb.c\tunit test so_it_is\n"
                                     "3\tWhen?\tlater\t\t\n";

static void a_decision_is_tested_once_its_script_has_passed(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct decision_list list = {0};
    decisions_read(&list, decision_table, arena);
    assert_int_equal(list.count, 3);
    assert_int_equal(decision_verdict_of(&list.items[0]), DECISION_NOT_RUN);
    assert_int_equal(decision_verdict_of(&list.items[1]), DECISION_BY_HAND);
    assert_int_equal(decision_verdict_of(&list.items[2]), DECISION_OPEN);
    decisions_note_run(&list, "corpus/not-a.pkt", true);
    decisions_note_run(&list, "xcorpus/a.pkt", true);
    assert_int_equal(decision_verdict_of(&list.items[0]), DECISION_NOT_RUN);
    decisions_note_run(&list, "/home/corpus/a.pkt", true);
    assert_int_equal(decision_verdict_of(&list.items[0]), DECISION_TESTED);
    decisions_note_run(&list, "corpus/a.pkt", false);
    assert_int_equal(decision_verdict_of(&list.items[0]), DECISION_FAILING);
    struct text words = TEXT_EMPTY;
    decisions_print_summary(&list, &words);
    assert_string_equal(text_read(&words), "decisions: 3, 1 failing, 1 by hand, 1 open\n"
                                           "decision 1 fails: corpus/a.pkt\n");
    text_clear(&words);
    decisions_print_markdown(&list, &words);
    assert_non_null(strstr(text_read(&words), "| This\\|that | a.c |"));
    text_free(&words);
    arena_destroy(arena);
}

static void a_drawing_has_every_count_and_says_why_there_is_none(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct tsv edges;
    tsv_read("id\tfrom\tevent\tto\tnever\n"
             "E1\tESTABLISHED\trcv valid RST\tCLOSED\tnot asked\n"
             "E2\tLISTEN\tCLOSE\tCLOSED\tnobody <closes>\n",
             arena, &edges);
    uint64_t taken[2] = {0};
    struct edge_counts counts = {.edges = taken};
    struct occurrence believed = {.event = MATRIX_SEGMENT,
                                  .before = TCB_ESTABLISHED,
                                  .after = TCB_CLOSED,
                                  .is_step = true,
                                  .check = TCP_CHECK_RESET};
    const struct occurrence_list list = {.items = &believed, .count = 1};
    edges_count(&counts, &edges, &list);
    struct text words = TEXT_EMPTY;
    edges_print_svg(&counts, &edges, 1, &words);
    assert_non_null(strstr(text_read(&words), ">LISTEN to CLOSED: CLOSE; nobody &lt;closes&gt;<"));
    assert_non_null(strstr(text_read(&words), ">ESTABLISHED to CLOSED: rcv valid RST<"));
    assert_null(strstr(text_read(&words), "not asked"));
    text_free(&words);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_those_of_the_body),
        cmocka_unit_test(a_decision_is_tested_once_its_script_has_passed),
        cmocka_unit_test(a_drawing_has_every_count_and_says_why_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
