/* Diffs as `diff -u` writes them; `patch` understands them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/diff.h"

#define HEAD "--- x\n+++ x\n"

static void shows(const char *before, const char *after, const char *expected)
{
    struct arena *arena = arena_create();
    struct text a = TEXT_EMPTY, b = TEXT_EMPTY, out = TEXT_EMPTY;
    text_string(&a, before);
    text_string(&b, after);
    diff_unified("x", &a, &b, arena, &out);
    assert_string_equal(text_read(&out), expected);
    text_free(&a);
    text_free(&b);
    text_free(&out);
    arena_destroy(arena);
}

static void equal_texts_have_no_diff(void **state)
{
    (void)state;
    shows("", "", "");
    shows("a\nb\n", "a\nb\n", "");
}

static void a_changed_line_stands_among_three_others(void **state)
{
    (void)state;
    shows("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
          HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

static void changes_that_are_close_share_a_hunk(void **state)
{
    (void)state;
    shows("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
          HEAD "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    shows("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
          HEAD "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void whole_texts_come_and_go(void **state)
{
    (void)state;
    shows("", "a\n", HEAD "@@ -0,0 +1 @@\n+a\n");
    shows("a\nb\n", "", HEAD "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

static void an_end_without_newline_is_told(void **state)
{
    (void)state;
    shows("a", "a\n", HEAD "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

static void lines_added_and_taken_out_are_counted_apart(void **state)
{
    (void)state;
    shows("1\n2\n3\n", "1\n2\n2a\n2b\n3\n", HEAD "@@ -1,3 +1,5 @@\n 1\n 2\n+2a\n+2b\n 3\n");
    shows("1\n2\n3\n", "1\n3\n", HEAD "@@ -1,3 +1,2 @@\n 1\n-2\n 3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_no_diff),
        cmocka_unit_test(a_changed_line_stands_among_three_others),
        cmocka_unit_test(changes_that_are_close_share_a_hunk),
        cmocka_unit_test(whole_texts_come_and_go),
        cmocka_unit_test(an_end_without_newline_is_told),
        cmocka_unit_test(lines_added_and_taken_out_are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
