/* How an error looks, whatever the file holds. */
#include "scenario/parse.h"
#include "support.h"

static void assert_rendered(void **state, const char *script, const char *expected)
{
    const struct parse_result result = parse_any(state, script);
    struct text text = TEXT_EMPTY;
    assert_int_equal(result.diagnostic_count, 1);
    diagnostic_render(&result.diagnostics[0], "a.pkt", script, strlen(script), &text);
    assert_string_equal(text_read(&text), expected);
    text_free(&text);
}

static void an_error_shows_line_caret_and_suggestion(void **state)
{
    assert_rendered(state, "0 close(3) = 0\n+0 < S 0:0(0) win 32792 <msss 1460>\n",
                    "a.pkt:2:26: error: unknown TCP option 'msss'\n"
                    "    +0 < S 0:0(0) win 32792 <msss 1460>\n"
                    "                             ^~~~\n"
                    "    did you mean 'mss'?\n");
}

static void an_error_shows_what_was_expected(void **state)
{
    assert_rendered(state, "+0 close(3)\r\n+0 close(4) = 0\r\n",
                    "a.pkt:1:12: error: the statement ends too early\n"
                    "    +0 close(3)\n"
                    "               ^\n"
                    "    expected: '=' and the call's result\n");
}

static void tabs_and_letters_of_several_bytes_keep_the_caret_in_place(void **state)
{
    assert_rendered(state, "+0\tf(\"\xc3\xa9\", ]) = 0",
                    "a.pkt:1:12: error: unexpected ']'\n"
                    "    +0\tf(\"\xc3\xa9\", ]) = 0\n"
                    "      \t       ^\n"
                    "    expected: a value: a number, word, \"string\", ..., [list] or {struct}\n");
}

static void control_characters_are_not_passed_on(void **state)
{
    assert_rendered(state, "+0 \x1b[31m f(1) = 0",
                    "a.pkt:1:4: error: a character that is no part of the language\n"
                    "    +0 ?[31m f(1) = 0\n"
                    "       ^\n");
}

static void of_a_long_line_only_a_part_is_shown(void **state)
{
    struct text script = TEXT_EMPTY;
    struct text shown = TEXT_EMPTY;
    text_string(&script, "+0 f(");
    for (int i = 0; i < 1000; i++) {
        text_string(&script, "12345678, ");
    }
    text_string(&script, "]) = 0");
    const struct parse_result result = parse_any(state, text_read(&script));
    assert_int_equal(result.diagnostic_count, 1);
    diagnostic_render(&result.diagnostics[0], "a.pkt", script.bytes, script.length, &shown);
    assert_true(shown.length < 500);
    assert_non_null(strstr(text_read(&shown), "12345678, ]) = 0\n"));
    text_free(&script);
    text_free(&shown);
}

static void a_span_outside_the_source_does_no_harm(void **state)
{
    (void)state;
    struct text shown = TEXT_EMPTY;
    const struct diagnostic wild = {
        .span = {.offset = 100, .length = 1000, .line = 7, .column = 500}, .message = "wild"};
    diagnostic_render(&wild, "a.pkt", "short", 5, &shown);
    assert_non_null(strstr(text_read(&shown), "a.pkt:7:500: error: wild\n"));
    text_clear(&shown);
    diagnostic_render_at("warning", &wild, "a.pkt", "", 0, &shown);
    assert_non_null(strstr(text_read(&shown), "warning: wild"));
    text_free(&shown);
}

static void the_nearest_name_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"wscale", "sackOK", "mss"};
    assert_string_equal(diagnostic_nearest("wscal", names, 3), "wscale");
    assert_string_equal(diagnostic_nearest("sackok", names, 3), "sackOK");
    assert_string_equal(diagnostic_nearest("mms", names, 3), "mss");
    assert_null(diagnostic_nearest("timestamps", names, 3));
    assert_null(diagnostic_nearest("", names, 3));
    assert_null(diagnostic_nearest("x", names, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANGUAGE_TEST(an_error_shows_line_caret_and_suggestion),
        LANGUAGE_TEST(an_error_shows_what_was_expected),
        LANGUAGE_TEST(tabs_and_letters_of_several_bytes_keep_the_caret_in_place),
        LANGUAGE_TEST(control_characters_are_not_passed_on),
        LANGUAGE_TEST(of_a_long_line_only_a_part_is_shown),
        LANGUAGE_TEST(a_span_outside_the_source_does_no_harm),
        LANGUAGE_TEST(the_nearest_name_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
