/* Tests of the matrix: tables, tags that are earned and tags that are not, lost cover, edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "matrix/earned.h"
#include "matrix/edges.h"
#include "matrix/matrix.h"

static const char table[] =
    "id\tevent\tstate\tcondition\texpected_action\temits\tnext_state\treference\tnote\n"
    "EP-A\tSEGMENT ARRIVES\tESTABLISHED\t2nd: RST valid\tend\tnone\tCLOSED\t3.10.7.4\t\n"
    "EP-B\tCLOSE call\tESTABLISHED\tany\tFIN\tFIN\tFIN-WAIT-1\t3.10.4\t\n"
    "EP-C\tSEGMENT ARRIVES\tSYN-RECEIVED\t2nd: RST valid, passive open\t-\tnone\tLISTEN\t-\t\n"
    "EP-D\tICMP ARRIVES\tESTABLISHED\tsoft error (v4 3/0)\t-\tnone\tESTABLISHED\t-\t\n"
    "EP-E\tICMP ARRIVES\tESTABLISHED\tany, quoted SEQ outside\t-\tnone\tESTABLISHED\t-\t\n";
static const char tagged[] = "id\tsection\tlevel\tparaphrase\nMUST-5\t3.1\tMUST\tAccept it\n";
static const char companion[] = "id\trfc\tsection\tlevel\tparaphrase\n"
                                "3168-01\tRFC 3168\t6.1.1\tINFO\tAsk so\n";
static const char edge_table[] = "id\tfrom\tevent\tto\n"
                                 "E1\tESTABLISHED\trcv valid RST\tCLOSED\n"
                                 "E2\tSYN-RECEIVED\trcv valid RST, passive open\tLISTEN\n"
                                 "E3\tESTABLISHED\trcv in-window SYN\tCLOSED\n";

static const struct occurrence believed_reset = {
    .event = MATRIX_SEGMENT,
    .before = TCB_ESTABLISHED,
    .after = TCB_CLOSED,
    .is_step = true,
    .flags = TCP_FLAG_RST,
    .verdict = TCP_VERDICT_DELETE,
    .check = TCP_CHECK_RESET,
};

struct fixture {
    struct arena *arena;
    struct matrix matrix;
};

static void set_up(struct fixture *fixture, const char *covered)
{
    const char *tables[] = {table, tagged};
    fixture->arena = arena_create();
    assert_null(matrix_create(&fixture->matrix, tables, 2, NULL, covered, fixture->arena));
}

static void tear_down(struct fixture *fixture)
{
    matrix_free(&fixture->matrix);
    arena_destroy(fixture->arena);
}

static const char *judge(struct fixture *fixture, const char *id, struct occurrence occurrence)
{
    const struct occurrence_list list = {.items = &occurrence, .count = 1};
    const struct requirement *row = requirement_find(&fixture->matrix.requirements, id);
    assert_non_null(row);
    return earned_or_why_not(row, &list, fixture->arena);
}

static void a_table_keeps_empty_cells_and_lacks_none(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct tsv read;
    tsv_read("a\tb\tc\n1\t\t3\n\n4", arena, &read);
    assert_int_equal(read.row_count, 2);
    assert_string_equal(tsv_cell(&read, 0, "b"), "");
    assert_string_equal(tsv_cell(&read, 0, "c"), "3");
    assert_string_equal(tsv_cell(&read, 1, "a"), "4");
    assert_string_equal(tsv_cell(&read, 1, "c"), "");
    assert_string_equal(tsv_cell(&read, 1, "d"), "");
    arena_destroy(arena);
}

static void a_row_is_earned_by_its_event_state_check_and_end(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    struct occurrence other = believed_reset;
    assert_null(judge(&fixture, "EP-A", other));
    other.before = TCB_FIN_WAIT_1;
    assert_non_null(judge(&fixture, "EP-A", other));
    other = believed_reset;
    other.after = TCB_ESTABLISHED;
    assert_non_null(judge(&fixture, "EP-A", other));
    other = believed_reset;
    other.check = TCP_CHECK_SYN;
    assert_non_null(judge(&fixture, "EP-A", other));
    other = believed_reset;
    other.verdict = TCP_VERDICT_CHALLENGE;
    assert_non_null(judge(&fixture, "EP-A", other));
    other = believed_reset;
    other.event = MATRIX_CLOSE;
    assert_non_null(judge(&fixture, "EP-A", other));
    tear_down(&fixture);
}

static void a_child_that_ends_in_syn_received_returns_to_listen(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    struct occurrence child = believed_reset;
    child.before = TCB_SYN_RECEIVED;
    assert_non_null(judge(&fixture, "EP-C", child));
    child.is_passive = true;
    assert_null(judge(&fixture, "EP-C", child));
    tear_down(&fixture);
}

static void a_message_of_icmp_is_of_the_kind_that_its_row_says(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    struct occurrence message = {.event = MATRIX_ICMP,
                                 .before = TCB_ESTABLISHED,
                                 .after = TCB_ESTABLISHED,
                                 .is_step = true,
                                 .icmp = OCCURRENCE_ICMP_SOFT,
                                 .verdict = TCP_VERDICT_ACCEPT};
    assert_null(judge(&fixture, "EP-D", message));
    assert_non_null(judge(&fixture, "EP-E", message));
    message.icmp = OCCURRENCE_ICMP_HARD;
    assert_non_null(judge(&fixture, "EP-D", message));
    message.icmp = OCCURRENCE_ICMP_SOFT;
    message.check = TCP_CHECK_SEQUENCE;
    message.verdict = TCP_VERDICT_DROP;
    assert_non_null(judge(&fixture, "EP-D", message));
    assert_null(judge(&fixture, "EP-E", message));
    tear_down(&fixture);
}

static void add(struct fixture *fixture, const char *id, bool has_passed)
{
    struct scenario_note note = {.kind = "req", .subject = id};
    const struct scenario scenario = {.notes = &note, .note_count = 1};
    struct occurrence occurrence = believed_reset;
    const struct occurrence_list list = {.items = &occurrence, .count = 1};
    matrix_add(&fixture->matrix, "a.pkt", &scenario, has_passed, &list);
}

static void a_tag_that_is_not_earned_and_an_unknown_one_are_errors(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    add(&fixture, "EP-A", true);
    add(&fixture, "MUST-5", true);
    assert_int_equal(fixture.matrix.error_count, 0);
    add(&fixture, "EP-B", true);
    assert_int_equal(fixture.matrix.error_count, 1);
    add(&fixture, "MUST-6", true);
    assert_int_equal(fixture.matrix.error_count, 2);
    assert_int_equal(matrix_verdict_of(&fixture.matrix.entries[0]), MATRIX_COVERED);
    assert_int_equal(matrix_verdict_of(&fixture.matrix.entries[1]), MATRIX_FAILING);
    assert_int_equal(matrix_verdict_of(&fixture.matrix.entries[2]), MATRIX_UNCOVERED);
    assert_int_equal(matrix_verdict_of(&fixture.matrix.entries[5]), MATRIX_COVERED);
    tear_down(&fixture);
}

/* A part of the corpus covers little: hundreds of lines would hide what it does cover. */
static void of_many_that_are_lost_some_are_named_and_the_rest_counted(void **state)
{
    (void)state;
    struct text words = TEXT_EMPTY;
    struct text covered = TEXT_EMPTY;
    struct text summary = TEXT_EMPTY;
    text_string(&words, "id\tsection\tlevel\tparaphrase\n");
    text_string(&covered, "id\n");
    for (int i = 1; i <= 25; i++) {
        text_format(&words, "MUST-%d\t3.1\tMUST\tDo it\n", i);
        text_format(&covered, "MUST-%d\n", i);
    }
    const char *tables[] = {table, text_read(&words)};
    struct fixture fixture = {.arena = arena_create()};
    assert_null(
        matrix_create(&fixture.matrix, tables, 2, NULL, text_read(&covered), fixture.arena));
    matrix_print_summary(&fixture.matrix, &summary);
    assert_non_null(strstr(text_read(&summary), "lost its cover: MUST-20\n"
                                                "and 5 more: is this the whole corpus?\n"));
    assert_null(strstr(text_read(&summary), "cover: MUST-21\n"));
    text_free(&summary);
    text_free(&covered);
    text_free(&words);
    tear_down(&fixture);
}

static void what_was_covered_and_fails_is_lost(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, "id\nEP-A\n");
    assert_int_equal(matrix_lost(&fixture.matrix), 1);
    add(&fixture, "EP-A", true);
    assert_int_equal(matrix_lost(&fixture.matrix), 0);
    add(&fixture, "EP-A", false);
    assert_int_equal(matrix_lost(&fixture.matrix), 1);
    tear_down(&fixture);
}

static const char knock_outs[] = "id\tbreaks\tverdict\tby\n"
                                 "half-deaf\tW05 MUST-5  EP-A\tnoticed\tanother\n"
                                 "deaf\tMUST-5\tsurvived\t-\n";

static void a_requirement_tells_its_knock_outs_and_what_became_of_them(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    assert_null(matrix_add_knock_outs(&fixture.matrix, knock_outs));
    const struct matrix_entry *entry = matrix_find(&fixture.matrix, "MUST-5");
    assert_int_equal(entry->knock_out_count, 2);
    assert_int_equal(matrix_find(&fixture.matrix, "EP-A")->knock_out_count, 1);
    struct text words = TEXT_EMPTY;
    matrix_print_markdown(&fixture.matrix, "deaf", &words);
    assert_non_null(strstr(text_read(&words), "half-deaf (noticed by another); deaf (survived)"));
    assert_null(strstr(text_read(&words), "EP-A"));
    text_free(&words);
    tear_down(&fixture);
}

static void a_requirement_without_knock_out_is_listed_but_a_row_needs_none(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    struct text words = TEXT_EMPTY;
    matrix_print_summary(&fixture.matrix, &words);
    assert_non_null(strstr(text_read(&words), "0 of 1 requirements that scripts can show have a"));
    assert_non_null(strstr(text_read(&words), "no knock-out: MUST-5\n"));
    assert_null(strstr(text_read(&words), "no knock-out: EP-"));
    assert_null(matrix_add_knock_outs(&fixture.matrix, knock_outs));
    text_clear(&words);
    matrix_print_summary(&fixture.matrix, &words);
    assert_null(strstr(text_read(&words), "no knock-out"));
    text_free(&words);
    tear_down(&fixture);
}

static void a_knock_out_of_what_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    assert_null(matrix_add_knock_outs(&fixture.matrix, "id\tbreaks\na\tW05\n"));
    assert_non_null(matrix_add_knock_outs(&fixture.matrix, "id\tbreaks\na\tW055\n"));
    assert_non_null(matrix_add_knock_outs(&fixture.matrix, "id\tbreaks\na\tMUST-55\n"));
    tear_down(&fixture);
}

static void a_table_with_an_unknown_state_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct matrix matrix;
    const char *tables[] = {"id\tevent\tstate\nEP-A\tCLOSE call\tNOWHERE\n"};
    assert_non_null(matrix_create(&matrix, tables, 1, NULL, NULL, arena));
    matrix_free(&matrix);
    arena_destroy(arena);
}

static void edges_are_told_apart_by_the_check(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct tsv edges;
    tsv_read(edge_table, arena, &edges);
    uint64_t taken[3] = {0};
    struct edge_counts counts = {.edges = taken};
    struct occurrence items[] = {believed_reset, believed_reset};
    items[1].before = TCB_SYN_RECEIVED;
    items[1].is_passive = true;
    const struct occurrence_list list = {.items = items, .count = 2};
    edges_count(&counts, &edges, &list);
    assert_int_equal(taken[0], 1);
    assert_int_equal(taken[1], 1);
    assert_int_equal(taken[2], 0);
    assert_int_equal(counts.pairs[TCB_ESTABLISHED][TCB_CLOSED], 1);
    assert_int_equal(counts.pairs[TCB_SYN_RECEIVED][TCB_LISTEN], 1);
    assert_int_equal(counts.pairs[TCB_SYN_RECEIVED][TCB_CLOSED], 0);
    assert_int_equal(counts.heat[MATRIX_SEGMENT][TCB_ESTABLISHED], 1);
    arena_destroy(arena);
}

static void two_steps_of_one_segment_count_both_and_their_ends(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct tsv edges;
    tsv_read(edge_table, arena, &edges);
    uint64_t taken[3] = {0};
    struct edge_counts counts = {.edges = taken};
    struct occurrence item = believed_reset;
    item.before = TCB_SYN_SENT;
    item.after = TCB_CLOSE_WAIT;
    const struct occurrence_list list = {.items = &item, .count = 1};
    edges_count(&counts, &edges, &list);
    assert_int_equal(counts.pairs[TCB_SYN_SENT][TCB_CLOSE_WAIT], 1);
    assert_int_equal(counts.pairs[TCB_SYN_SENT][TCB_ESTABLISHED], 1);
    assert_int_equal(counts.pairs[TCB_ESTABLISHED][TCB_CLOSE_WAIT], 1);
    arena_destroy(arena);
}

static void what_is_wanted_may_be_narrowed(void **state)
{
    (void)state;
    struct fixture fixture;
    set_up(&fixture, NULL);
    static const struct {
        const char *only;
        bool has_a, has_b, has_must;
    } rows[] = {{"row", true, true, false},         {"3.10", true, true, false},
                {"3.10.4", false, true, false},     {"3.1", false, false, true},
                {"row,3.10.7", true, false, false}, {"open,EP-A", true, false, false},
                {"covered", false, false, false},   {"MUST,row", false, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text words = TEXT_EMPTY;
        matrix_print_text(&fixture.matrix, rows[i].only, &words);
        assert_int_equal(strstr(text_read(&words), "EP-A") != NULL, rows[i].has_a);
        assert_int_equal(strstr(text_read(&words), "EP-B") != NULL, rows[i].has_b);
        assert_int_equal(strstr(text_read(&words), "MUST-5") != NULL, rows[i].has_must);
        text_free(&words);
    }
    tear_down(&fixture);
}

static void a_row_of_another_rfc_names_it_beside_the_section(void **state)
{
    (void)state;
    const char *tables[] = {tagged, companion};
    struct matrix matrix;
    struct arena *arena = arena_create();
    assert_null(matrix_create(&matrix, tables, 2, NULL, NULL, arena));
    assert_string_equal(requirement_find(&matrix.requirements, "MUST-5")->section, "3.1");
    assert_string_equal(requirement_find(&matrix.requirements, "3168-01")->section,
                        "RFC 3168 6.1.1");
    matrix_free(&matrix);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_of_another_rfc_names_it_beside_the_section),
        cmocka_unit_test(a_table_keeps_empty_cells_and_lacks_none),
        cmocka_unit_test(a_row_is_earned_by_its_event_state_check_and_end),
        cmocka_unit_test(a_child_that_ends_in_syn_received_returns_to_listen),
        cmocka_unit_test(a_message_of_icmp_is_of_the_kind_that_its_row_says),
        cmocka_unit_test(a_tag_that_is_not_earned_and_an_unknown_one_are_errors),
        cmocka_unit_test(of_many_that_are_lost_some_are_named_and_the_rest_counted),
        cmocka_unit_test(what_was_covered_and_fails_is_lost),
        cmocka_unit_test(a_requirement_tells_its_knock_outs_and_what_became_of_them),
        cmocka_unit_test(a_requirement_without_knock_out_is_listed_but_a_row_needs_none),
        cmocka_unit_test(a_knock_out_of_what_is_not_there_is_an_error),
        cmocka_unit_test(a_table_with_an_unknown_state_is_refused),
        cmocka_unit_test(edges_are_told_apart_by_the_check),
        cmocka_unit_test(two_steps_of_one_segment_count_both_and_their_ends),
        cmocka_unit_test(what_is_wanted_may_be_narrowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
