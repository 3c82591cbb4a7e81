/* Any bytes, in every format, come out as that format allows. */
#include "report/escape.h"

#include "report/github.h"
#include "report/json.h"
#include "report/junit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(void (*escape)(struct text *, const char *), const char *words,
                   const char *expected)
{
    struct text out = TEXT_EMPTY;
    escape(&out, words);
    assert_string_equal(text_read(&out), expected);
    text_free(&out);
}

static void only_shortest_forms_of_real_characters_are_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *octets;
        size_t length;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"\x7f", 1},
        {"\x80", 0},
        {"\xc1\xbf", 0}, /* U+007F in two octets */
        {"\xc2\x80", 2},
        {"\xdf\xbf", 2},
        {"\xe0\x9f\xbf", 0}, /* U+07FF in three */
        {"\xe0\xa0\x80", 3},
        {"\xed\x9f\xbf", 3},
        {"\xed\xa0\x80", 0}, /* a surrogate */
        {"\xee\x80\x80", 3},
        {"\xf0\x8f\xbf\xbf", 0}, /* U+FFFF in four */
        {"\xf0\x90\x80\x80", 4},
        {"\xf4\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", 0},
        {"\xff", 0},
        {"\xe2\x82", 0}, /* cut off */
        {"\xc3", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(utf8_length(cases[i].octets), cases[i].length);
    }
}

static void each_format_hides_what_means_something_to_it(void **state)
{
    (void)state;
    expect(escape_json, "a\"\\\n\t\r\x1b\x7f\xff\xc3\xa9/",
           "\"a\\\"\\\\\\n\\t\\r\\u001b\\u007f\\\\xff\xc3\xa9/\"");
    expect(escape_xml_text, "<a href=\"b\">&]]>\n\t\r\x1b\xff\xef\xbf\xbf\xc3\xa9",
           "&lt;a href=&quot;b&quot;&gt;&amp;]]&gt;\n\t&#13;\\x1b\\xff\xef\xbf\xbd\xc3\xa9");
    expect(escape_xml_attribute, "a\n\tb\"", "a&#10;&#9;b&quot;");
    expect(escape_github_message, "100% of a:b,c\n\x1b", "100%25 of a:b,c%0A\\x1b");
    expect(escape_github_property, "100% of a:b,c\n", "100%25 of a%3Ab%2Cc%0A");
    expect(escape_yaml, "a: \"b\"", "\"a: \\\"b\\\"\"");
}

/* Every octet, and every one after the beginnings of longer characters, alone: what comes out is
 * UTF-8 without control characters. */
static void no_octet_gets_through_that_a_format_forbids(void **state)
{
    (void)state;
    static void (*const formats[])(struct text *, const char *) = {
        escape_json, escape_xml_text, escape_xml_attribute, escape_github_message, escape_yaml};
    static const char *const starts[] = {"", "\xc3", "\xe2\x82", "\xf0\x9f\x92", "\xed", "\xe0"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] * 6 * 255; i++) {
        const char octets[] = {(char)(i % 255 + 1), 'x', '\0'};
        struct text in = TEXT_EMPTY;
        struct text out = TEXT_EMPTY;
        text_string(&in, starts[i / 255 % 6]);
        text_string(&in, octets);
        formats[i / 255 / 6](&out, text_read(&in));
        for (const char *at = text_read(&out); *at != '\0';) {
            const size_t length = utf8_length(at);
            assert_true(length > 0);
            assert_true((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t');
            at += length;
        }
        assert_true(strstr(text_read(&out), "x") != NULL);
        text_free(&in);
        text_free(&out);
    }
}

static const struct report_result failed = {.name = "./a b/c.pkt",
                                            .ip_version = 6,
                                            .verdict = RUN_FAILED,
                                            .virtual_us = 5,
                                            .packets = 2,
                                            .line = 12,
                                            .column = 5,
                                            .summary = "1 < 2",
                                            .report = "a\nb"};

static void a_run_is_one_line_of_json(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    json_run(&out, &failed, "");
    json_summary(&out, &(struct report_counts){.of = {1, 2, 3, 4, 5}}, 3);
    assert_string_equal(
        text_read(&out),
        "{\"type\":\"run\",\"script\":\"./a b/c.pkt\",\"ip_version\":6,\"verdict\":\"failed\","
        "\"virtual_us\":5,\"packets\":2,\"line\":12,\"column\":5,\"summary\":\"1 < 2\","
        "\"report\":\"a\\nb\"}\n"
        "{\"type\":\"summary\",\"passed\":1,\"failed\":2,\"skipped\":3,\"invalid\":4,"
        "\"broken\":5,\"exit_code\":3}\n");
    text_free(&out);
}

static void junit_counts_invalid_and_broken_as_errors(void **state)
{
    (void)state;
    struct text cases = TEXT_EMPTY;
    struct text out = TEXT_EMPTY;
    junit_case(&cases, &failed);
    junit_file(&out, &cases, &(struct report_counts){.of = {1, 2, 3, 4, 5}});
    assert_string_equal(
        text_read(&out),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"finwait\" tests=\"15\" failures=\"2\" errors=\"9\" skipped=\"3\">\n"
        "  <testsuite name=\"finwait\" tests=\"15\" failures=\"2\" errors=\"9\" skipped=\"3\">\n"
        "    <testcase classname=\"a b\" name=\"c.pkt IPv6\" file=\"./a b/c.pkt\" line=\"12\">\n"
        "      <properties>\n"
        "        <property name=\"virtual_us\" value=\"5\"/>\n"
        "        <property name=\"packets\" value=\"2\"/>\n"
        "      </properties>\n"
        "      <failure type=\"failed\" message=\"1 &lt; 2\">a\nb</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
    text_free(&cases);
    text_free(&out);
}

static void only_what_did_not_pass_is_annotated(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    github_annotation(&out, &(struct report_result){.name = "a", .verdict = RUN_PASSED});
    github_annotation(&out, &(struct report_result){.name = "a", .verdict = RUN_SKIPPED});
    assert_int_equal(out.length, 0);
    github_annotation(&out, &failed);
    github_annotation(&out, &(struct report_result){
                                .name = "d.pkt", .verdict = RUN_BROKEN, .summary = "it crashed"});
    assert_string_equal(text_read(&out),
                        "::error file=./a b/c.pkt,line=12,col=5,title=failed over IPv6::1 < 2\n"
                        "::error file=d.pkt,title=broken::it crashed\n");
    text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_shortest_forms_of_real_characters_are_utf8),
        cmocka_unit_test(each_format_hides_what_means_something_to_it),
        cmocka_unit_test(no_octet_gets_through_that_a_format_forbids),
        cmocka_unit_test(a_run_is_one_line_of_json),
        cmocka_unit_test(junit_counts_invalid_and_broken_as_errors),
        cmocka_unit_test(only_what_did_not_pass_is_annotated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
