/* Runs that are held against oracles alone: whatever the script expects, they go on, the same packets
 * come and go, and what fires is what was asked for. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct run_outcome *run_by(void **state, const struct sut *sut, const char *oracles,
                                        const char *script)
{
    struct test_run *test = *state;
    test->options.oracles = oracles;
    return run_text(state, sut, script);
}

static size_t count_packets(const struct run_outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->trace->record_count; i++) {
        count += outcome->trace->records[i].kind == TRACE_PACKET;
    }
    return count;
}

static void wrong_expectations_of_every_kind_are_let_be(void **state)
{
    static const char *const lines[] = {
        "+0 > . 1:1(0) ack 77\n",
        "+0 > R 1:1(0)\n+0 > R 1:1(0)\n",
        "+0 write(4, ..., 100) = 99\n",
        "+0 read(4, ..., 100) = 5\n",
        "+0...1 read(4, ..., 100) = 5\n+3 write(4, ..., 100) = 100\n",
        "+0 write(4, ..., 100) = 100\n+0 quiet for 3s\n",
        "+0 assert state == CLOSED\n",
        "+0 one of { > R 1:1(0) } or { > F. 9:9(0) ack 9 }\n",
        "+0 < . 1:1(0) ack snd.nxt+1 win 65535\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct text script = TEXT_EMPTY;
        text_format(&script, "%s%s", HANDSHAKE, lines[i]);
        const struct run_outcome *outcome = run_by(state, &sut_core, NULL, text_read(&script));
        if (i + 1 < sizeof lines / sizeof *lines) {
            assert_int_equal(outcome->verdict, RUN_FAILED);
        }
        assert_passed(run_by(state, &sut_core, "all", text_read(&script)));
        text_free(&script);
    }
}

static void the_same_packets_come_and_go(void **state)
{
    static const char script[] = HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                           "+0 > P. 1:101(100) ack 1\n"
                                           "+.1 < . 1:1(0) ack 101 win 65535\n"
                                           "+0 quiet for 100s\n"
                                           "+0 close(4) = 0\n"
                                           "+0 > F. 101:101(0) ack 1\n"
                                           "+1.0 > F. 101:101(0) ack 1\n"
                                           "+0 < R. 1:1(0) ack 102\n";
    const struct run_outcome *outcome = run_by(state, &sut_core, NULL, script);
    assert_passed(outcome);
    const size_t count = count_packets(outcome);
    const uint64_t end = outcome->end.us;
    outcome = run_by(state, &sut_core, "all", script);
    assert_passed(outcome);
    assert_int_equal(count_packets(outcome), count);
    assert_int_equal(outcome->end.us, end);
}

static void a_syn_behind_what_was_not_expected_still_tells_its_number(void **state)
{
    /* The first statement takes nothing; without the number our ACK would be none of the stack's. */
    static const char script[] = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                                 "+0 bind(3, ..., ...) = 0\n"
                                 "+0 listen(3, 1) = 0\n"
                                 "+0 < . 5:5(0) ack 5 win 65535\n"
                                 "+0 < S 0:0(0) win 65535 <mss 1460>\n"
                                 "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
                                 "+.1 < . 1:1(0) ack 1 win 65535\n"
                                 "+0 accept(3, ..., ...) = 4\n"
                                 "+0 write(4, ..., 100) = 100\n";
    const struct run_outcome *outcome = run_by(state, &sut_core, "all", script);
    assert_passed(outcome);
    assert_int_equal(count_packets(outcome), 6);
}

static void only_the_oracles_that_were_asked_for_fail_a_run(void **state)
{
    fake_quirks.has_broken_invariant = true;
    assert_outcome(run_by(state, &fake_sut, "all", HANDSHAKE), RUN_FAILED, "finding: T00");
    assert_outcome(run_by(state, &fake_sut, "W05,T00", HANDSHAKE), RUN_FAILED, "finding: T00");
    assert_outcome(run_by(state, &fake_sut, "T00,W05", HANDSHAKE), RUN_FAILED, "finding: T00");
    assert_passed(run_by(state, &fake_sut, "W05,T01", HANDSHAKE));
}

static void what_a_script_gets_wrong_by_itself_still_ends_it(void **state)
{
    assert_outcome(run_by(state, &sut_core, "all", "0 listen(7) = 0\n"), RUN_INVALID, "arguments");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wrong_expectations_of_every_kind_are_let_be, run_text_setup,
                                        run_text_teardown),
        cmocka_unit_test_setup_teardown(the_same_packets_come_and_go, run_text_setup,
                                        run_text_teardown),
        cmocka_unit_test_setup_teardown(a_syn_behind_what_was_not_expected_still_tells_its_number,
                                        run_text_setup, run_text_teardown),
        cmocka_unit_test_setup_teardown(only_the_oracles_that_were_asked_for_fail_a_run,
                                        run_text_setup, run_text_teardown),
        cmocka_unit_test_setup_teardown(what_a_script_gets_wrong_by_itself_still_ends_it,
                                        run_text_setup, run_text_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
