/* The tree keeps every comment, and says where it belongs. */
#include "scenario/tree.h"
#include "support.h"

static const char script[] = "// head\n"
                             "\n"
                             "/* about\n   options */\n"
                             "--mode=strict // why\n"
                             "req MUST-5 SHLD-2\n"
                             "`init`\n"
                             "\n\n"
                             "// before\n"
                             "0 socket(..., /* kind */ SOCK_STREAM,\n"
                             "         0) = 3 // behind\n"
                             "// next\n"
                             "+0 close(3) = 0\n"
                             "`cleanup`\n"
                             "// tail\n";

static const struct script_tree *read_tree(void **state)
{
    const struct parse_result result = parse_any(state, script);
    assert_non_null(result.tree);
    return result.tree;
}

static void statements_stand_in_the_order_of_the_text(void **state)
{
    const struct script_tree *tree = read_tree(state);
    static const enum script_statement_kind kinds[] = {SCRIPT_OPTION, SCRIPT_NOTE,  SCRIPT_INIT,
                                                       SCRIPT_EVENT,  SCRIPT_EVENT, SCRIPT_CLEANUP};
    assert_int_equal(tree->statement_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(tree->statements[i].kind, kinds[i]);
    }
    assert_int_equal(tree->statements[1].count, 2);
    assert_int_equal(tree->statements[4].index, 1);
}

static void assert_comments(const struct script_statement *statement, size_t before, size_t inside,
                            size_t after)
{
    assert_int_equal(statement->comments_before, before);
    assert_int_equal(statement->comments_inside, inside);
    assert_int_equal(statement->comments_after, after);
}

static void every_comment_belongs_to_a_statement_or_the_tail(void **state)
{
    const struct script_tree *tree = read_tree(state);
    assert_int_equal(tree->comment_count, 8);
    assert_comments(&tree->statements[0], 2, 0, 1);
    assert_comments(&tree->statements[1], 0, 0, 0);
    assert_comments(&tree->statements[3], 1, 1, 1);
    assert_comments(&tree->statements[4], 1, 0, 0);
    assert_comments(&tree->statements[5], 0, 0, 0);
    assert_int_equal(tree->statements[3].first_comment, 3);
    assert_int_equal(tree->first_tail_comment, 7);
}

static void blank_lines_are_counted(void **state)
{
    const struct script_tree *tree = read_tree(state);
    assert_int_equal(tree->comments[0].blank_lines_before, 0);
    assert_int_equal(tree->comments[1].blank_lines_before, 1);
    assert_true(tree->comments[1].is_block);
    assert_int_equal(tree->statements[0].blank_lines_before, 0);
    assert_int_equal(tree->comments[3].blank_lines_before, 2);
    assert_int_equal(tree->statements[3].blank_lines_before, 0);
    assert_int_equal(tree->comments[7].blank_lines_before, 0);
}

static void a_comment_is_kept_as_written(void **state)
{
    const struct script_tree *tree = read_tree(state);
    const struct source_span *span = &tree->comments[4].span;
    assert_int_equal(span->length, 10);
    assert_memory_equal(script + span->offset, "/* kind */", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(statements_stand_in_the_order_of_the_text),
        LANGUAGE_TEST(every_comment_belongs_to_a_statement_or_the_tail),
        LANGUAGE_TEST(blank_lines_are_counted),
        LANGUAGE_TEST(a_comment_is_kept_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
