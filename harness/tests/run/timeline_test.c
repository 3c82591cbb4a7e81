/* When things happen: exact times, what is early, late, missing or too much, and the statements that
 * free or forbid something. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define WITH_DATA HANDSHAKE "+.1 < P. 1:101(100) ack 1 win 65535\n"

static void what_comes_at_its_exact_time_passes(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n");
    assert_passed(outcome);
    assert_int_equal(outcome->end.us, 1000000000 + 400000);
}

static void one_microsecond_early_fails(void **state)
{
    fake_quirks.ack_delay_us = 199999;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "the packet came 0.000001 s early");
}

static void one_microsecond_late_fails(void **state)
{
    fake_quirks.ack_delay_us = 200001;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "the packet came 0.000001 s late");
}

static void a_tolerance_forgives_that_much(void **state)
{
    struct test_run *test = *state;
    test->options.tolerance_us = 1000;
    fake_quirks.ack_delay_us = 201000;
    assert_passed(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n"));
    fake_quirks.ack_delay_us = 199000;
    assert_passed(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n"));
    fake_quirks.ack_delay_us = 201001;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "late");
}

static void a_range_holds_both_its_ends(void **state)
{
    fake_quirks.ack_delay_us = 100000;
    assert_passed(run_text(state, &fake_sut, WITH_DATA "+.1~+.2 > . 1:1(0) ack 101\n"));
    fake_quirks.ack_delay_us = 200000;
    assert_passed(run_text(state, &fake_sut, WITH_DATA "+.1~+.2 > . 1:1(0) ack 101\n"));
    fake_quirks.ack_delay_us = 99999;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "+.1~+.2 > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "0.000001 s early");
}

static void any_time_waits_as_long_as_something_can_happen(void **state)
{
    fake_quirks.ack_delay_us = 77000000;
    assert_passed(
        run_text(state, &fake_sut, WITH_DATA "* > . 1:1(0) ack 101\n+1 < . 101:101(0) ack 1\n"));
    fake_quirks.is_silent = true;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "* > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "nothing comes after it");
}

static void a_packet_that_never_comes_is_reported_as_missing(void **state)
{
    fake_quirks.is_silent = true;
    assert_outcome(run_text(state, &fake_sut, WITH_DATA "+0 > . 1:1(0) ack 101\n"), RUN_FAILED,
                   "was not sent by 0.2 s, and nothing comes after it");
}

static void a_packet_that_the_script_does_not_mention_fails_it(void **state)
{
    fake_quirks.extra_acks = 1;
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE), RUN_FAILED,
                   "the stack sent a packet at 0.1 s before this: > . 1:1(0) ack 1 win 65535");
    assert_outcome(run_text(state, &fake_sut,
                            "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                            "+0 bind(3, ..., ...) = 0\n"
                            "+0 listen(3, 1) = 0\n"
                            "+0 < S 0:0(0) win 65535 <mss 1460>\n"),
                   RUN_FAILED, "after the last statement: > S. 0:0(0)");
}

static void leftovers_are_a_warning_in_compat_mode(void **state)
{
    fake_quirks.extra_acks = 1;
    const struct run_outcome *outcome = run_text(state, &fake_sut, "--mode=compat\n" HANDSHAKE);
    assert_int_equal(outcome->verdict, RUN_PASSED);
    assert_non_null(strstr(text_read(&outcome->report), "warning"));
}

static void an_expected_packet_must_come_before_a_later_cause(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    assert_outcome(run_text(state, &fake_sut,
                            WITH_DATA "+.3 < . 101:101(0) ack 1 win 65535\n"
                                      "+0 > . 1:1(0) ack 101\n"),
                   RUN_FAILED, "the stack sent a packet at 0.4 s before this");
}

static void what_is_due_at_an_instant_comes_after_the_causes_of_that_instant(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    assert_passed(run_text(state, &fake_sut,
                           WITH_DATA "+.2 < P. 101:201(100) ack 1 win 65535\n"
                                     "+.2 > . 1:1(0) ack 201\n"));
}

static void quiet_holds_while_nothing_is_sent(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    assert_passed(
        run_text(state, &fake_sut, WITH_DATA "+0 quiet for 200ms\n+0 > . 1:1(0) ack 101\n"));
    assert_passed(run_text(state, &fake_sut, HANDSHAKE "+0 quiet for 1h\n"));
}

static void quiet_fails_when_something_is_sent(void **state)
{
    fake_quirks.ack_delay_us = 199999;
    assert_outcome(
        run_text(state, &fake_sut, WITH_DATA "+0 quiet for 200ms\n+0 > . 1:1(0) ack 101\n"),
        RUN_FAILED, "although this says that nothing is sent");
}

static void packets_in_any_order_may_come_in_each(void **state)
{
    fake_quirks.splits_writes = true;
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                     "+0 in any order {\n"
                                     "  > P. 51:101(50) ack 1\n"
                                     "  > . 1:51(50) ack 1\n"
                                     "}\n"));
}

static void packets_in_any_order_must_all_come(void **state)
{
    fake_quirks.splits_writes = true;
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                      "+0 in any order {\n"
                                      "  > P. 51:101(50) ack 1\n"
                                      "  > . 1:51(50) ack 1\n"
                                      "  > . 1:51(50) ack 1\n"
                                      "}\n"),
                   RUN_FAILED, "was not sent");
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                      "+0 in any order {\n"
                                      "  > P. 51:101(50) ack 1 win 17\n"
                                      "  > . 1:51(50) ack 1\n"
                                      "}\n"),
                   RUN_FAILED, "another packet than expected: > P. 51:101(50)");
}

static void a_group_has_one_time(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    assert_passed(
        run_text(state, &fake_sut, WITH_DATA "+.2 in any order { > . 1:1(0) ack 101 }\n"));
    assert_outcome(
        run_text(state, &fake_sut, WITH_DATA "+.1 in any order { > . 1:1(0) ack 101 }\n"),
        RUN_FAILED, "was not sent by 0.3 s; the next one comes at 0.4 s");
}

#define WRITTEN HANDSHAKE "+0 write(4, ..., 100) = 100\n"
#define WHOLE_OR_HALVES                                                                            \
    "+0 one of {\n"                                                                                \
    "  > P. 1:101(100) ack 1\n"                                                                    \
    "} or {\n"                                                                                     \
    "  > . 1:51(50) ack 1\n"                                                                       \
    "  > P. 51:101(50) ack 1\n"                                                                    \
    "}"

static void one_of_several_outcomes_is_enough(void **state)
{
    assert_passed(run_text(state, &fake_sut, WRITTEN WHOLE_OR_HALVES "\n"));
    fake_quirks.splits_writes = true;
    assert_passed(run_text(state, &fake_sut, WRITTEN WHOLE_OR_HALVES "\n"));
    fake_quirks.window = 5000;
    assert_passed(
        run_text(state, &fake_sut, WRITTEN WHOLE_OR_HALVES "\n+.1 < . 1:1(0) ack 101 win 65535\n"));
}

static void none_of_several_outcomes_fails(void **state)
{
    assert_outcome(run_text(state, &fake_sut,
                            WRITTEN "+0 one of { > P. 1:91(90) ack 1 }"
                                    " or { > P. 1:101(100) ack 1 win 7 }\n"),
                   RUN_FAILED, "another packet than expected: > P. 1:101(100)");
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "+.1 one of { > . 1:1(0) ack 1 }\n"),
                   RUN_FAILED, "was not sent");
}

static void nothing_is_an_outcome_where_the_script_says_so(void **state)
{
    static const char script[] = WITH_DATA "+0 one of { > . 1:1(0) ack 101 } or nothing\n";
    assert_passed(run_text(state, &fake_sut, script));
    fake_quirks.is_silent = true;
    assert_passed(run_text(state, &fake_sut, script));
}

/* The last line of the script fails where time has gone on beyond it. */
static void an_outcome_with_a_range_is_waited_for_no_longer_than_it_takes(void **state)
{
    static const char script[] = WITH_DATA "+0~+1 one of { > . 1:1(0) ack 101 } or nothing\n"
                                           "+0 < . 101:101(0) ack 1 win 65535\n";
    assert_passed(run_text(state, &fake_sut, script));
    fake_quirks.ack_delay_us = 200000;
    const struct run_outcome *outcome = run_text(state, &fake_sut, script);
    assert_passed(outcome);
    assert_int_equal(outcome->end.us, 1000400000);
    fake_quirks.is_silent = true; /* that nothing comes is known at the end */
    outcome = run_text(state, &fake_sut, script);
    assert_passed(outcome);
    assert_int_equal(outcome->end.us, 1001200000);
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                     "* one of { > P. 1:101(100) ack 1 }\n"
                                     "+.1 < . 1:1(0) ack 101 win 65535\n"));
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                     "* one of { > P. 1:101(100) ack 1 } or nothing\n"
                                     "+.1 < . 1:1(0) ack 101 win 65535\n"));
}

static void packets_of_one_outcome_may_come_one_by_one(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                     "+0~+9 one of {\n"
                                     "  > P. 1:101(100) ack 1\n"
                                     "  > P. 1:101(100) ack 1\n"
                                     "} or nothing\n"
                                     "+.1 < . 1:1(0) ack 101 win 65535\n"
                                     "+0 assert snd.una == 101\n"));
    assert_outcome(run_text(state, &sut_core,
                            HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                      "+0~+9 one of {\n"
                                      "  > P. 1:101(100) ack 1\n"
                                      "  > P. 1:102(101) ack 1\n"
                                      "}\n"),
                   RUN_FAILED, "another packet than expected: > P. 1:101(100)");
    assert_passed(run_text(state, &sut_core, /* the first that fits is enough */
                           HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                     "+0~+9 one of {\n"
                                     "  > P. 1:101(100) ack 1\n"
                                     "  > P. 1:101(100) ack 1\n"
                                     "} or {\n"
                                     "  > P. 1:101(100) ack 1\n"
                                     "}\n"
                                     "+.1 < . 1:1(0) ack 101 win 65535\n"));
}

static void what_is_no_outcome_ends_the_wait_for_nothing(void **state)
{
    fake_quirks.ack_delay_us = 200000;
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 WITH_DATA "+0~+1 one of { > . 1:1(0) ack 7 } or nothing\n"
                           "+0 > . 1:1(0) ack 101\n");
    assert_passed(outcome);
    assert_int_equal(outcome->end.us, 1000400000);
    assert_outcome(run_text(state, &fake_sut,
                            WITH_DATA "+.3~+1 one of { > . 1:1(0) ack 7 } or nothing\n"
                                      "+0 > . 1:1(0) ack 101\n"),
                   RUN_FAILED, "0.1 s early");
}

static void a_batch_is_drained_once(void **state)
{
    const struct run_outcome *outcome = run_text(state, &fake_sut,
                                                 HANDSHAKE "+0 batch {\n"
                                                           "  < P. 1:101(100) ack 1 win 65535\n"
                                                           "  < P. 101:201(100) ack 1 win 65535\n"
                                                           "}\n"
                                                           "+0 > . 1:1(0) ack 101\n"
                                                           "+0 > . 1:1(0) ack 201\n");
    assert_passed(outcome);
    size_t drains = 0;
    bool has_first = false;
    for (size_t i = 0; i < outcome->trace->record_count; i++) {
        const struct trace_record *record = &outcome->trace->records[i];
        has_first = has_first ||
                    (record->kind == TRACE_PACKET && record->as.packet.segment.payload_bytes > 0);
        drains += has_first && record->kind == TRACE_DRAIN;
    }
    assert_int_equal(drains, 1);
}

static void time_does_not_go_back(void **state)
{
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "0.05 < . 1:1(0) ack 1 win 65535\n"),
                   RUN_INVALID, "time goes back: 0.05 s, when it is 0.1 s already");
}

static void a_deadline_that_does_not_move_is_the_systems_fault(void **state)
{
    fake_quirks.hangs = true;
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE), RUN_FAILED, "L05 deadlines-move");
}

static void two_runs_give_the_same_trace(void **state)
{
    struct text first = TEXT_EMPTY, second = TEXT_EMPTY;
    fake_quirks.ack_delay_us = 200000;
    trace_print(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n")->trace, &first);
    trace_print(run_text(state, &fake_sut, WITH_DATA "+.2 > . 1:1(0) ack 101\n")->trace, &second);
    assert_string_equal(text_read(&first), text_read(&second));
    assert_true(first.length > 500);
    text_free(&first);
    text_free(&second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_comes_at_its_exact_time_passes),
        TEST(one_microsecond_early_fails),
        TEST(one_microsecond_late_fails),
        TEST(a_tolerance_forgives_that_much),
        TEST(a_range_holds_both_its_ends),
        TEST(any_time_waits_as_long_as_something_can_happen),
        TEST(a_packet_that_never_comes_is_reported_as_missing),
        TEST(a_packet_that_the_script_does_not_mention_fails_it),
        TEST(leftovers_are_a_warning_in_compat_mode),
        TEST(an_expected_packet_must_come_before_a_later_cause),
        TEST(what_is_due_at_an_instant_comes_after_the_causes_of_that_instant),
        TEST(quiet_holds_while_nothing_is_sent),
        TEST(quiet_fails_when_something_is_sent),
        TEST(packets_in_any_order_may_come_in_each),
        TEST(packets_in_any_order_must_all_come),
        TEST(a_group_has_one_time),
        TEST(one_of_several_outcomes_is_enough),
        TEST(none_of_several_outcomes_fails),
        TEST(nothing_is_an_outcome_where_the_script_says_so),
        TEST(an_outcome_with_a_range_is_waited_for_no_longer_than_it_takes),
        TEST(packets_of_one_outcome_may_come_one_by_one),
        TEST(what_is_no_outcome_ends_the_wait_for_nothing),
        TEST(a_batch_is_drained_once),
        TEST(time_does_not_go_back),
        TEST(a_deadline_that_does_not_move_is_the_systems_fault),
        TEST(two_runs_give_the_same_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
