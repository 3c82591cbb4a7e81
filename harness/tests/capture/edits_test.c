/* Changes by place: in any order, at one place, and of whole lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/edits.h"

#include <string.h>

static struct edits begin(const char *source)
{
    return (struct edits){
        .arena = arena_create(), .source = source, .count_of_source = strlen(source)};
}

static void gives(struct edits *edits, const char *expected)
{
    struct text out = TEXT_EMPTY;
    edits_apply(edits, &out);
    assert_string_equal(text_read(&out), expected);
    text_free(&out);
    arena_destroy(edits->arena);
}

static void nothing_changes_nothing(void **state)
{
    (void)state;
    struct edits edits = begin("");
    gives(&edits, "");
    edits = begin("one\ntwo");
    gives(&edits, "one\ntwo");
}

static void pieces_are_replaced_in_any_order(void **state)
{
    (void)state;
    struct edits edits = begin("one two three");
    edits_replace(&edits, 8, 5, "3");
    edits_replace(&edits, 0, 3, "1");
    edits_replace(&edits, 4, 3, "2");
    gives(&edits, "1 2 3");
}

static void lines_come_in_the_order_in_which_they_are_added(void **state)
{
    (void)state;
    struct edits edits = begin("one // why\ntwo");
    edits_add_line(&edits, 3, "1a");
    edits_add_line(&edits, 3, "1b");
    edits_add_line(&edits, 14, "2a");
    gives(&edits, "one // why\n1a\n1b\ntwo\n2a");
}

static void a_line_goes_with_its_only_piece(void **state)
{
    (void)state;
    struct edits edits = begin("one\n  two \nthree\n");
    edits_take_out(&edits, 6, 3);
    gives(&edits, "one\nthree\n");
    edits = begin("one\ntwo // why\nthree\n");
    edits_take_out(&edits, 4, 3);
    gives(&edits, "one\n // why\nthree\n");
}

static void lines_are_added_where_the_next_one_goes(void **state)
{
    (void)state;
    struct edits edits = begin("one\ntwo\nthree\nfour");
    edits_take_out(&edits, 4, 3);
    edits_add_line(&edits, 3, "1a");
    edits_take_out(&edits, 8, 5);
    gives(&edits, "one\n1a\nfour");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_nothing),
        cmocka_unit_test(pieces_are_replaced_in_any_order),
        cmocka_unit_test(lines_come_in_the_order_in_which_they_are_added),
        cmocka_unit_test(a_line_goes_with_its_only_piece),
        cmocka_unit_test(lines_are_added_where_the_next_one_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
