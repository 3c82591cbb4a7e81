/* How runs end: verdicts, settings, oracles, and one whole report, word for word. */
#include "run_text.h"

#include "run/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void settings_of_the_command_line_win_over_the_scripts(void **state)
{
    static const char *const settings[] = {"iss=7"};
    struct test_run *test = *state;
    static const char script[] = "--set=fixed_iss=1\n--set=iss=4294967295\n" HANDSHAKE;
    const struct run_outcome *outcome = run_text(state, &sut_core, script);
    assert_passed(outcome);
    assert_int_equal(outcome->trace->incarnations[0].local_isn.raw, UINT32_MAX);
    test->options.settings = settings;
    test->options.setting_count = 1;
    outcome = run_text(state, &sut_core, script);
    assert_passed(outcome);
    assert_int_equal(outcome->trace->incarnations[0].local_isn.raw, 7);
}

static void settings_take_units_and_are_checked(void **state)
{
    assert_passed(run_text(state, &sut_core, "--set=msl_us=2min\n" HANDSHAKE));
    assert_outcome(run_text(state, &sut_core, "--set=msl_su=2min\n" HANDSHAKE), RUN_INVALID,
                   "did you mean msl_us?");
    assert_outcome(run_text(state, &sut_core, "--set=mtu=1500ms\n" HANDSHAKE), RUN_INVALID, "mtu");
    assert_outcome(run_text(state, &sut_core, "--set=mtu=1\n" HANDSHAKE), RUN_INVALID, "mtu");
    assert_outcome(run_text(state, &sut_core, "--set=mtu\n" HANDSHAKE), RUN_INVALID, "name=value");
    assert_outcome(run_text(state, &sut_core, "--profile=none\n" HANDSHAKE), RUN_INVALID,
                   "there is no profile none");
}

static void settings_change_while_running(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 set delayed_ack_us=50ms\n"
                                     "+.1 < P. 1:101(100) ack 1 win 65535\n"
                                     "+.05 > . 1:1(0) ack 101\n"));
}

static void ipv6_has_the_larger_mtu_so_that_segments_are_as_large(void **state)
{
    struct test_run *test = *state;
    static const char script[] = "--mtu=1000\n"
                                 "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                 "+0 bind(3, ..., ...) = 0\n"
                                 "+0 listen(3, 1) = 0\n"
                                 "+0 < S 0:0(0) win 65535 <mss 1460>\n"
                                 "+0 > S. 0:0(0) ack 1 <mss 960>\n";
    assert_passed(run_text(state, &sut_core, script));
    test->options.ip_version = 6;
    assert_passed(run_text(state, &sut_core, script));
}

static void an_mtu_that_ipv6_makes_too_large_is_refused(void **state)
{
    struct test_run *test = *state;
    static const char script[] = "--set=mtu=65535\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
    assert_passed(run_text(state, &sut_core, script));
    test->options.ip_version = 6;
    assert_outcome(run_text(state, &sut_core, script), RUN_INVALID,
                   "mtu must be 108 to 65535, and over IPv6 20 is added");
    assert_passed(
        run_text(state, &sut_core, "--mtu=65515\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"));
}

static void an_mtu_may_grow_while_running(void **state)
{
    struct test_run *test = *state;
    static const char script[] = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                 "+0 bind(3, ..., ...) = 0\n"
                                 "+0 listen(3, 1) = 0\n"
                                 "+0 set mtu=65515\n"
                                 "+0 < S 0:0(0) win 65535 <mss 65495>\n"
                                 "+0 > S. 0:0(0) ack 1 <...>\n"
                                 "+.1 < . 1:1(0) ack 1 win 65535\n"
                                 "+0 accept(3, ..., ...) = 4\n"
                                 "+0 write(4, ..., 65475) = 65475\n"
                                 "+0 > P. 1:65476(65475) ack 1\n";
    assert_passed(run_text(state, &sut_core, script));
    test->options.ip_version = 6;
    assert_passed(run_text(state, &sut_core, script));
}

static void what_the_system_lacks_skips_the_script(void **state)
{
    struct test_run *test = *state;
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "+0 assert state == ESTABLISHED\n"),
                   RUN_SKIPPED, "cannot tell the state");
    assert_outcome(run_text(state, &fake_sut, "--ip_version=ipv6\n" HANDSHAKE), RUN_SKIPPED,
                   "the script is for ipv6 only");
    test->options.ip_version = 6;
    assert_outcome(run_text(state, &fake_sut_ipv4, HANDSHAKE), RUN_SKIPPED, "has no IPv6");
}

static void a_system_that_does_not_start_is_broken(void **state)
{
    fake_quirks.fails_to_start = true;
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE), RUN_BROKEN,
                   "fake does not start: out of order");
}

static void an_oracle_fails_a_run_that_is_as_expected(void **state)
{
    fake_quirks.has_broken_invariant = true;
    const struct run_outcome *outcome = run_text(state, &fake_sut, HANDSHAKE);
    assert_outcome(outcome, RUN_FAILED, "finding: ");
    assert_non_null(strstr(text_read(&outcome->report), "rcv-nxt-moved-back"));
    assert_int_not_equal(outcome->finding_count, 0);
    assert_false(outcome->findings[0].is_declared);
}

static void a_declared_violation_passes_and_must_happen(void **state)
{
    fake_quirks.has_broken_invariant = true;
    struct text script = TEXT_EMPTY;
    const struct run_outcome *outcome = run_text(state, &fake_sut, HANDSHAKE);
    text_format(&script, "violates %s: \"on purpose\"\n%s", outcome->findings[0].oracle->id,
                HANDSHAKE);
    outcome = run_text(state, &fake_sut, text_read(&script));
    assert_passed(outcome);
    assert_true(outcome->findings[0].is_declared);
    fake_quirks.has_broken_invariant = false;
    assert_outcome(run_text(state, &fake_sut, text_read(&script)), RUN_FAILED,
                   "that oracle did not fire");
    text_free(&script);
}

static void a_bad_checksum_fails(void **state)
{
    fake_quirks.spoils_checksum = true;
    assert_int_equal(run_text(state, &fake_sut, HANDSHAKE)->verdict, RUN_FAILED);
}

static void an_expected_failure_is_one_of_the_named_system_only(void **state)
{
    fake_quirks.window = 1000;
    static const char script[] = "xfail(fake): \"a toy\"\n"
                                 "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                 "+0 bind(3, ..., ...) = 0\n"
                                 "+0 listen(3, 1) = 0\n"
                                 "+0 < S 0:0(0) win 65535 <mss 1460>\n"
                                 "+0 > S. 0:0(0) ack 1 win 65535 <mss 1460>\n";
    assert_outcome(run_text(state, &fake_sut, script), RUN_PASSED, "failed as expected: a toy");
    assert_outcome(run_text(state, &fake_sut_ipv4, script), RUN_FAILED, "another packet");
    fake_quirks.window = 0;
    assert_outcome(run_text(state, &fake_sut, script), RUN_FAILED, "expected to fail, and passed");
}

/* ---- the report ------------------------------------------------------------------------------------- */

/* All but the ladder, whose layout its own tests hold. */
static void a_report_says_all(void **state)
{
    struct test_run *test = *state;
    test->options.command = "finwait run --ip 4 test.pkt";
    const struct run_outcome *outcome = run_text(state, &sut_core,
                                                 HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                                           "+0 > P. 1:101(100) ack 2 win 1000\n");
    static const char before[] =
        "test.pkt:9:20: the stack sent another packet than expected: > P. 1:101(100) ack 1 win "
        "65535\n"
        "    9 | +0 > P. 1:101(100) ack 2 win 1000\n"
        "      |                    ^~~~~\n"
        "\n"
        "  field    script   stack\n"
        "  ack      2        1\n"
        "  win      1000     65535\n"
        "\n"
        "connection 8080 > 40000: ESTABLISHED\n"
        "  snd.una 1, snd.nxt 101, snd.wnd 65535, unsent 0, cwnd 14600\n"
        "  rcv.nxt 1, rcv.wnd 65535, readable 0\n"
        "  timers: retransmission at 1.1 s\n"
        "Last, data was handed over for sending in ESTABLISHED.\n"
        "\n";
    static const char after[] = "\nreplay: finwait run --ip 4 test.pkt\n";
    const struct text *report = &outcome->report;
    assert_true(report->length > sizeof before + sizeof after);
    char *head = strndup(report->bytes, sizeof before - 1);
    assert_string_equal(head, before);
    assert_string_equal(report->bytes + report->length - (sizeof after - 1), after);
    assert_non_null(strstr(report->bytes, "write(4, ..., 100) = 100"));
    assert_int_equal(outcome->line, 9);
    free(head);
}

static void expect_step(const struct tcp_step_record *step, const char *words)
{
    struct text out = TEXT_EMPTY;
    mismatch_step(step, &out);
    assert_string_equal(text_read(&out), words);
    text_free(&out);
}

static void the_last_step_is_told_in_a_sentence(void **state)
{
    (void)state;
    expect_step(&(struct tcp_step_record){.cause = TCP_CAUSE_SEGMENT,
                                          .before = TCB_ESTABLISHED,
                                          .after = TCB_ESTABLISHED,
                                          .verdict = TCP_VERDICT_ACCEPT,
                                          .reason = "every check passed"},
                "Last, a segment arrived in ESTABLISHED and passed every check.\n");
    expect_step(&(struct tcp_step_record){.cause = TCP_CAUSE_SEGMENT,
                                          .before = TCB_LAST_ACK,
                                          .after = TCB_CLOSED,
                                          .verdict = TCP_VERDICT_DELETE,
                                          .check = TCP_CHECK_RESET,
                                          .reason = "RST at RCV.NXT"},
                "Last, a segment arrived in LAST-ACK and ended the connection at the reset check "
                "(RST at RCV.NXT); the state became CLOSED.\n");
    expect_step(&(struct tcp_step_record){.cause = TCP_CAUSE_TIME_WAIT_TIMEOUT,
                                          .before = TCB_TIME_WAIT,
                                          .after = TCB_CLOSED},
                "Last, the TIME-WAIT timer ran out in TIME-WAIT; the state became CLOSED.\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(settings_of_the_command_line_win_over_the_scripts),
        TEST(settings_take_units_and_are_checked),
        TEST(settings_change_while_running),
        TEST(ipv6_has_the_larger_mtu_so_that_segments_are_as_large),
        TEST(an_mtu_that_ipv6_makes_too_large_is_refused),
        TEST(an_mtu_may_grow_while_running),
        TEST(what_the_system_lacks_skips_the_script),
        TEST(a_system_that_does_not_start_is_broken),
        TEST(an_oracle_fails_a_run_that_is_as_expected),
        TEST(a_declared_violation_passes_and_must_happen),
        TEST(a_bad_checksum_fails),
        TEST(an_expected_failure_is_one_of_the_named_system_only),
        TEST(a_report_says_all),
        TEST(the_last_step_is_told_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
