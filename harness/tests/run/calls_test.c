/* Calls of scripts: results, descriptors, blocking, and what is read and written. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void descriptors_are_names_bound_by_results(void **state)
{
    assert_passed(run_text(state, &fake_sut,
                           "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 77\n"
                           "+0 bind(77, {sa_family = AF_INET, sin_port = htons(80),\n"
                           "             sin_addr = inet_addr(\"192.168.0.1\")}, 16) = 0\n"
                           "+0 listen(77, 1) = 0\n"
                           "+0 < 1000 > 80 S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > 80 > 1000 S. 0:0(0) ack 1 <mss 1460>\n"
                           "+.1 < 1000 > 80 . 1:1(0) ack 1 win 65535\n"
                           "+0 accept(77, ..., ...) = 5\n"
                           "+0 write(5, ..., 10) = 10\n"
                           "+0 > 80 > 1000 P. 1:11(10) ack 1\n"));
}

static void another_result_fails(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0 write(4, ..., 10) = 11\n");
    assert_outcome(outcome, RUN_FAILED, "write() returned 10, not 11");
    assert_int_equal(outcome->line, 8);
    assert_int_equal(outcome->column, 24);
}

static void another_error_fails(void **state)
{
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                                      "+0 fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)\n"
                                      "+0 read(4, ..., 10) = -1 EPIPE (Broken pipe)\n"),
                   RUN_FAILED, "read() returned -1 EAGAIN, not -1 EPIPE");
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"
                                     "+0 read(4, ..., 10) = -1 EAGAIN (Try again)\n"
                                     "+0 read(4, ..., 10) = ...\n"));
}

static void a_call_that_blocks_without_saying_so_fails(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0 read(4, ..., 10) = 10\n");
    assert_outcome(outcome, RUN_FAILED, "read() would block");
    assert_int_equal(outcome->line, 8);
}

static void a_blocking_call_returns_exactly_when_it_says(void **state)
{
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0...+.3 read(4, ..., 100) = 50\n"
                                     "+.3 < P. 1:51(50) ack 1 win 65535\n"
                                     "+0 > . 1:1(0) ack 51\n"));
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0...+.3 read(4, ..., 100) = 50\n"
                                      "+.2 < P. 1:51(50) ack 1 win 65535\n"
                                      "+0 > . 1:1(0) ack 51\n"),
                   RUN_FAILED, "returned at 0.3 s, but the script expects it to block until 0.4 s");
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0...+.3 read(4, ..., 100) = 50\n"
                                      "+.4 < P. 1:51(50) ack 1 win 65535\n"
                                      "+0 > . 1:1(0) ack 51\n"),
                   RUN_FAILED, "should have returned at 0.4 s, but it still blocks");
}

static void a_call_that_still_blocks_at_the_end_gets_its_time(void **state)
{
    fake_quirks.ack_delay_us = 0;
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0...+7 read(4, ..., 100) = 50\n");
    assert_outcome(outcome, RUN_FAILED, "should have returned at 7.1 s");
    assert_int_equal(outcome->end.us, 1007100000);
}

static void several_calls_may_block_at_once(void **state)
{
    assert_passed(run_text(state, &fake_sut,
                           "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                           "+0 bind(3, ..., ...) = 0\n"
                           "+0 listen(3, 1) = 0\n"
                           "0.1...0.2 accept(3, ..., ...) = 4\n"
                           "0.1...0.3 read(3, ..., 100) = 50\n"
                           "0.1 < S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
                           "0.2 < . 1:1(0) ack 1 win 65535\n"
                           "0.3 < P. 1:51(50) ack 1 win 65535\n"
                           "+0 > . 1:1(0) ack 51\n"));
}

/* What goes wrong while the runner looks ahead for a missing packet is not what is reported. */
static void a_missing_packet_is_told_before_a_call_that_is_overdue_later(void **state)
{
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0...2 read(4, ..., 100) = 10\n"
                                      "+0 > . 1:1(0) ack 11\n"),
                   RUN_FAILED,
                   "the expected packet was not sent by 0.1 s, and nothing came by 2.1 s");
}

static void read_gives_what_the_peer_sent(void **state)
{
    static const char script[] = HANDSHAKE "+0 < P. 1:51(50) ack 1 win 65535\n"
                                           "+0 > . 1:1(0) ack 51\n"
                                           "+0 < P. 51:56(5) ack 1 win 65535 \"hello\"\n"
                                           "+0 > . 1:1(0) ack 56\n"
                                           "+0 read(4, ..., 20) = 20\n"
                                           "+0 read(4, ..., 100) = 35\n";
    assert_passed(run_text(state, &fake_sut, script));
    fake_quirks.spoils_read = true;
    const struct run_outcome *outcome = run_text(state, &fake_sut, script);
    assert_outcome(outcome, RUN_FAILED, "read() gave other octets than the peer sent");
    assert_non_null(strstr(text_read(&outcome->report), "octet 2"));
}

static void a_string_in_read_is_what_must_come(void **state)
{
    static const char script[] = HANDSHAKE "+0 < P. 1:6(5) ack 1 win 65535 \"hello\"\n"
                                           "+0 > . 1:1(0) ack 6\n";
    struct text text = TEXT_EMPTY;
    text_format(&text, "%s+0 read(4, \"hello\", 20) = 5\n", script);
    assert_passed(run_text(state, &fake_sut, text_read(&text)));
    text_clear(&text);
    text_format(&text, "%s+0 read(4, \"help!\", 20) = 5\n", script);
    assert_outcome(run_text(state, &fake_sut, text_read(&text)), RUN_FAILED, "other octets");
    text_free(&text);
}

static void what_is_sent_is_what_was_written(void **state)
{
    static const char script[] = HANDSHAKE "+0 write(4, ..., 50) = 50\n"
                                           "+0 > P. 1:51(50) ack 1\n"
                                           "+0 write(4, \"hello\", 5) = 5\n"
                                           "+0 > P. 51:56(5) ack 1 \"hello\"\n";
    assert_passed(run_text(state, &fake_sut, script));
    fake_quirks.spoils_sent = true;
    assert_int_equal(run_text(state, &fake_sut, script)->verdict, RUN_FAILED);
}

static void a_string_longer_than_said_and_shorter_than_counted_are_told_apart(void **state)
{
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "+0 write(4, \"hello\", 6) = 6\n"),
                   RUN_INVALID, "the string has 5 octets, but 6 are to be written");
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0 write(4, \"hello\", 4) = 4\n"
                                     "+0 > P. 1:5(4) ack 1 \"hell\"\n"));
}

static void what_cannot_run_yet_is_skipped_and_named(void **state)
{
    assert_outcome(run_text(state, &fake_sut, "0 tcp.open(active, ..., ...) = c1\n"), RUN_SKIPPED,
                   "fake has sockets only");
    assert_outcome(run_text(state, &fake_sut, "0 splice(4, 0, 5, 0, 10, 0) = 3\n"), RUN_SKIPPED,
                   "splice() cannot run yet");
    assert_outcome(run_text(state, &fake_sut, "0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n"),
                   RUN_SKIPPED, "SOCK_DGRAM cannot run yet");
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 setsockopt(4, SOL_SOCKET, SO_ZEROCOPY, [1], 4) = 0\n"),
                   RUN_SKIPPED, "SO_ZEROCOPY cannot run yet");
    assert_outcome(run_text(state, &fake_sut, "0 `ip link set dev tun0 down`\n"), RUN_SKIPPED,
                   "this command cannot run yet");
    assert_outcome(run_text(state, &fake_sut, "0 %{ print(1) }%\n"), RUN_SKIPPED,
                   "code in %{ }% cannot run yet");
    const struct run_outcome *outcome = run_text(state, &fake_sut, HANDSHAKE "+0 < udp (100)\n");
    assert_outcome(outcome, RUN_SKIPPED, "a UDP packet cannot run yet");
    assert_int_equal(outcome->line, 8);
    assert_int_equal(outcome->trace->record_count, 0);
}

static void arguments_are_counted_and_checked(void **state)
{
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "+0 close(4, 5) = 0\n"), RUN_INVALID,
                   "close() does not take 2 arguments");
    assert_outcome(run_text(state, &fake_sut, HANDSHAKE "+0 write(4, ..., -1) = 0\n"), RUN_INVALID,
                   "is no count of octets");
    assert_outcome(run_text(state, &fake_sut,
                            "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                            "+0 bind(3, {sa_family = AF_INET6, sin6_port = htons(80),\n"
                            "            sin6_addr = inet6_addr(\"::1\")}, 28) = 0\n"),
                   RUN_SKIPPED, "address family that is not of IPv4");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(descriptors_are_names_bound_by_results),
        TEST(another_result_fails),
        TEST(another_error_fails),
        TEST(a_call_that_blocks_without_saying_so_fails),
        TEST(a_blocking_call_returns_exactly_when_it_says),
        TEST(a_call_that_still_blocks_at_the_end_gets_its_time),
        TEST(several_calls_may_block_at_once),
        TEST(a_missing_packet_is_told_before_a_call_that_is_overdue_later),
        TEST(read_gives_what_the_peer_sent),
        TEST(a_string_in_read_is_what_must_come),
        TEST(what_is_sent_is_what_was_written),
        TEST(a_string_longer_than_said_and_shorter_than_counted_are_told_apart),
        TEST(what_cannot_run_yet_is_skipped_and_named),
        TEST(arguments_are_counted_and_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
