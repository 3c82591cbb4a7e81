/* Tokens and where they stand. */
#include "scenario/lexer.h"
#include "support.h"

static struct lexer start(void **state, const char *source)
{
    struct lexer lexer;
    lexer_start(&lexer, source, strlen(source), *state);
    return lexer;
}

static struct token next_token(struct lexer *lexer)
{
    struct token token;
    lexer_next(lexer, &token);
    return token;
}

static void assert_token(struct lexer *lexer, enum token_kind kind, const char *text)
{
    const struct token token = next_token(lexer);
    assert_int_equal(token.kind, kind);
    assert_int_equal(token.length, strlen(text));
    assert_memory_equal(token.text, text, token.length);
}

static void numbers_words_and_points_are_told_apart(void **state)
{
    struct lexer lexer = start(state, "1 0x1f .5 1.25 3021b9 0...0.2 F. 1:2(3) S0 0xg");
    assert_token(&lexer, TOKEN_INTEGER, "1");
    assert_token(&lexer, TOKEN_HEX, "0x1f");
    assert_token(&lexer, TOKEN_DECIMAL, ".5");
    assert_token(&lexer, TOKEN_DECIMAL, "1.25");
    assert_token(&lexer, TOKEN_WORD, "3021b9");
    assert_token(&lexer, TOKEN_INTEGER, "0");
    assert_token(&lexer, TOKEN_ELLIPSIS, "...");
    assert_token(&lexer, TOKEN_DECIMAL, "0.2");
    assert_token(&lexer, TOKEN_WORD, "F");
    assert_token(&lexer, TOKEN_SYMBOL, ".");
    assert_token(&lexer, TOKEN_INTEGER, "1");
    assert_token(&lexer, TOKEN_SYMBOL, ":");
    assert_token(&lexer, TOKEN_INTEGER, "2");
    assert_token(&lexer, TOKEN_SYMBOL, "(");
    assert_token(&lexer, TOKEN_INTEGER, "3");
    assert_token(&lexer, TOKEN_SYMBOL, ")");
    assert_token(&lexer, TOKEN_WORD, "S0");
    assert_token(&lexer, TOKEN_WORD, "0xg");
    assert_token(&lexer, TOKEN_END, "");
    assert_token(&lexer, TOKEN_END, "");
}

static void delimited_texts_come_without_their_delimiters(void **state)
{
    struct lexer lexer = start(state, "\"a\\\"b\" `c\nd` %{ e }% --name");
    assert_token(&lexer, TOKEN_STRING, "a\\\"b");
    assert_token(&lexer, TOKEN_COMMAND, "c\nd");
    assert_token(&lexer, TOKEN_CODE, " e ");
    assert_token(&lexer, TOKEN_OPTION, "name");
}

static void integers_saturate(void **state)
{
    struct lexer lexer =
        start(state, "9223372036854775806 9223372036854775808 0xffffffffffffffffff");
    assert_true(next_token(&lexer).integer == INT64_MAX - 1);
    assert_true(next_token(&lexer).integer == INT64_MAX);
    assert_true(next_token(&lexer).integer == INT64_MAX);
}

static void tokens_know_their_place(void **state)
{
    struct lexer lexer = start(state, "a\n  /* x\n y */ b // c\r\n\td");
    struct token token = next_token(&lexer);
    assert_true(token.is_first_on_line);
    assert_int_equal(token.span.line, 1);
    assert_int_equal(token.span.column, 1);
    token = next_token(&lexer);
    assert_int_equal(token.span.line, 3);
    assert_int_equal(token.span.column, 7);
    assert_int_equal(token.span.offset, 15);
    token = next_token(&lexer);
    assert_int_equal(token.span.line, 4);
    assert_int_equal(token.span.column, 2);
    assert_int_equal(lexer.comment_count, 2);
    assert_int_equal(lexer.comments[0].span.line, 2);
    assert_true(lexer.comments[0].is_block);
    assert_int_equal(lexer.comments[1].span.length, 4); /* the carriage return is no comment */
}

static void a_second_token_on_a_line_is_not_first(void **state)
{
    struct lexer lexer = start(state, "a b\nc");
    assert_true(next_token(&lexer).is_first_on_line);
    assert_false(next_token(&lexer).is_first_on_line);
    assert_true(next_token(&lexer).is_first_on_line);
}

static void defined_words_are_replaced_by_what_they_mean(void **state)
{
    static const struct parse_definition definitions[] = {
        {"N", "17"}, {"H", "0x10"}, {"S", "\"text\""}, {"C", "`run`"}, {"W", "other"}, {"E", ""}};
    struct lexer lexer = start(state, "N H S C W NN E x");
    lexer.definitions = definitions;
    lexer.definition_count = sizeof definitions / sizeof definitions[0];
    struct token token = next_token(&lexer);
    assert_int_equal(token.kind, TOKEN_INTEGER);
    assert_int_equal(token.integer, 17);
    assert_int_equal(token.span.length, 1);
    assert_int_equal(next_token(&lexer).integer, 16);
    assert_token(&lexer, TOKEN_STRING, "text");
    assert_token(&lexer, TOKEN_COMMAND, "run");
    assert_token(&lexer, TOKEN_WORD, "other");
    assert_token(&lexer, TOKEN_WORD, "NN");
    assert_token(&lexer, TOKEN_WORD, "");
    assert_token(&lexer, TOKEN_WORD, "x");
}

static void a_token_can_be_extended_over_joints(void **state)
{
    struct lexer lexer = start(state, "FIN-WAIT-1, rcv.nxt+1 1.5s.");
    struct token token = next_token(&lexer);
    lexer_extend(&lexer, &token, "-");
    assert_true(token_is(&token, "FIN-WAIT-1"));
    assert_int_equal(token.span.length, 10);
    assert_token(&lexer, TOKEN_SYMBOL, ",");
    token = next_token(&lexer);
    lexer_extend(&lexer, &token, ".");
    assert_true(token_is(&token, "rcv.nxt"));
    assert_token(&lexer, TOKEN_SYMBOL, "+");
    assert_token(&lexer, TOKEN_INTEGER, "1");
    token = next_token(&lexer);
    lexer_extend(&lexer, &token, ".");
    assert_int_equal(token.length, 4);
    assert_token(&lexer, TOKEN_SYMBOL, ".");
}

static void what_is_not_closed_is_broken(void **state)
{
    static const char *const sources[] = {"\"abc\nd", "\"abc\\", "`abc\\`", "%{ abc }",
                                          "/* abc *", "/*/",     "\x01",    "\xc3\xa9"};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct lexer lexer = start(state, sources[i]);
        const struct token token = next_token(&lexer);
        assert_int_equal(token.kind, TOKEN_BROKEN);
        assert_non_null(token.complaint);
    }
}

static void reading_goes_on_behind_an_open_string(void **state)
{
    struct lexer lexer = start(state, "\"abc\nd");
    assert_int_equal(next_token(&lexer).kind, TOKEN_BROKEN);
    assert_token(&lexer, TOKEN_WORD, "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(numbers_words_and_points_are_told_apart),
        LANGUAGE_TEST(delimited_texts_come_without_their_delimiters),
        LANGUAGE_TEST(integers_saturate),
        LANGUAGE_TEST(tokens_know_their_place),
        LANGUAGE_TEST(a_second_token_on_a_line_is_not_first),
        LANGUAGE_TEST(defined_words_are_replaced_by_what_they_mean),
        LANGUAGE_TEST(a_token_can_be_extended_over_joints),
        LANGUAGE_TEST(what_is_not_closed_is_broken),
        LANGUAGE_TEST(reading_goes_on_behind_an_open_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
