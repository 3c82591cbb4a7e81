/* What the reports print, to the letter. */
#include "report/progress.h"
#include "report/table.h"
#include "report/tap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct report_result passed = {
    .name = "chapter/hello.pkt",
    .ip_version = 4,
    .virtual_us = 240300001,
    .packets = 7,
    .summary = "",
    .report = "",
};
static const struct report_result failed = {
    .name = "chapter/half #1.pkt",
    .ip_version = 6,
    .verdict = RUN_FAILED,
    .packets = 2,
    .line = 12,
    .column = 5,
    .summary = "got \"R\", expected nothing",
    .report = "  chapter/half #1.pkt:12:5: failed\n\n  ...\nlast line",
};
static const struct report_result skipped = {
    .name = "x.pkt",
    .ip_version = 4,
    .verdict = RUN_SKIPPED,
    .summary = "one of: cannot run yet",
    .report = "long words",
};

static void expect_text(struct text *out, const char *expected)
{
    assert_string_equal(text_read(out), expected);
    text_free(out);
}

static void rows_are_aligned_under_their_heading(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    const struct table_style style = {.name_columns = 19};
    table_heading(&out, &style);
    table_row(&out, &style, &passed);
    table_row(&out, &style, &failed);
    table_row(&out, &style, &skipped);
    expect_text(&out, "script               IP  verdict  virtual time  packets\n"
                      "chapter/hello.pkt     4  passed     240.300001        7\n"
                      "chapter/half #1.pkt   6  failed       0.000000        2\n"
                      "x.pkt                 4  skipped      0.000000        0"
                      "  (one of: cannot run yet)\n");
}

static void color_changes_nothing_but_color(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    table_row(&out, &(struct table_style){.has_color = true}, &passed);
    expect_text(&out, "chapter/hello.pkt   4  \033[32mpassed\033[0m     240.300001        7\n");
}

static void only_what_failed_has_a_report_below_its_row(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    table_report(&out, &passed);
    table_report(&out, &skipped);
    table_report(&out, &failed);
    expect_text(&out, "\n  chapter/half #1.pkt:12:5: failed\n\n  ...\nlast line\n\n");
}

static void the_summary_names_the_rare_verdicts_only_when_there_are_some(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    const struct table_style style = {0};
    table_summary(&out, &style, &(struct report_counts){.of = {42, 0, 1}});
    table_summary(&out, &style, &(struct report_counts){.of = {0, 1, 0, 2, 3}});
    expect_text(&out, "42 passed, 0 failed, 1 skipped\n"
                      "0 passed, 1 failed, 0 skipped, 2 invalid, 3 broken\n");
}

static void the_worst_verdict_decides_the_exit_code(void **state)
{
    (void)state;
    assert_int_equal(report_exit_code(&(struct report_counts){.of = {5, 0, 3}}), 0);
    assert_int_equal(report_exit_code(&(struct report_counts){.of = {5, 1, 3}}), 1);
    assert_int_equal(report_exit_code(&(struct report_counts){.of = {5, 1, 3, 1}}), 2);
    assert_int_equal(report_exit_code(&(struct report_counts){.of = {5, 1, 3, 1, 1}}), 3);
    assert_int_equal(report_exit_code(&(struct report_counts){.of = {0, 0, 3}}), 4);
    assert_int_equal(report_exit_code(&(struct report_counts){0}), 4);
}

static void tap_escapes_names_and_carries_reports_as_yaml(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    tap_heading(&out);
    tap_point(&out, 1, &passed);
    tap_point(&out, 2, &failed);
    tap_point(&out, 3, &skipped);
    tap_plan(&out, 3);
    expect_text(&out, "TAP version 13\n"
                      "ok 1 - chapter/hello.pkt IPv4\n"
                      "not ok 2 - chapter/half \\#1.pkt IPv6\n"
                      "  ---\n"
                      "  message: \"got \\\"R\\\", expected nothing\"\n"
                      "  severity: failed\n"
                      "  at:\n"
                      "    file: \"chapter/half #1.pkt\"\n"
                      "    line: 12\n"
                      "    column: 5\n"
                      "  report: |4\n"
                      "        chapter/half #1.pkt:12:5: failed\n"
                      "\n"
                      "        ...\n"
                      "      last line\n"
                      "  ...\n"
                      "ok 3 - x.pkt IPv4 # SKIP one of: cannot run yet\n"
                      "1..3\n");
}

static void an_empty_plan_says_that_nothing_ran(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    tap_plan(&out, 0);
    expect_text(&out, "1..0 # SKIP nothing ran\n");
}

static void progress_is_one_line_cut_to_the_terminal(void **state)
{
    (void)state;
    struct text out = TEXT_EMPTY;
    progress_line(&out, 3, 12, 1, "chapter/hello.pkt", 30);
    expect_text(&out, "\r[3/12] 1 not passed, chapter/h\033[K");
    progress_wipe(&out);
    expect_text(&out, "\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_aligned_under_their_heading),
        cmocka_unit_test(color_changes_nothing_but_color),
        cmocka_unit_test(only_what_failed_has_a_report_below_its_row),
        cmocka_unit_test(the_summary_names_the_rare_verdicts_only_when_there_are_some),
        cmocka_unit_test(the_worst_verdict_decides_the_exit_code),
        cmocka_unit_test(tap_escapes_names_and_carries_reports_as_yaml),
        cmocka_unit_test(an_empty_plan_says_that_nothing_ran),
        cmocka_unit_test(progress_is_one_line_cut_to_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
