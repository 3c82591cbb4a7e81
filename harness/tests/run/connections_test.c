/* Script numbers and live numbers: initial sequence numbers, ports, labels, lives of one
 * four-tuple. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LISTENING                                                                                  \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                                \
    "+0 bind(3, ..., ...) = 0\n"                                                                   \
    "+0 listen(3, 5) = 0\n"

static const struct trace_packet *packet_at(const struct run_outcome *outcome, size_t number)
{
    size_t index = 0;
    const struct trace_record *record = trace_next(outcome->trace, TRACE_PACKET, &index);
    for (; record != NULL && number > 0; number--) {
        index++;
        record = trace_next(outcome->trace, TRACE_PACKET, &index);
    }
    assert_non_null(record);
    return &record->as.packet;
}

static void local_numbers_count_from_the_live_initial_number(void **state)
{
    const uint32_t starts[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffffff - 50};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        fake_quirks.iss = starts[i];
        const struct run_outcome *outcome = run_text(state, &fake_sut,
                                                     HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                                               "+0 > P. 1:101(100) ack 1\n"
                                                               "+.1 < . 1:1(0) ack 101 win 65535\n"
                                                               "+0 write(4, ..., 100) = 100\n"
                                                               "+0 > P. 101:201(100) ack 1\n");
        assert_passed(outcome);
        assert_int_equal(packet_at(outcome, 1)->segment.seq.raw, starts[i]);
        assert_int_equal(packet_at(outcome, 2)->segment.ack.raw, starts[i] + 1);
        assert_int_equal(packet_at(outcome, 4)->segment.ack.raw, starts[i] + 101);
    }
}

static void the_script_may_call_the_initial_number_as_it_likes(void **state)
{
    fake_quirks.iss = 77;
    assert_passed(run_text(state, &fake_sut,
                           LISTENING "+0 < S 4294967295:4294967295(0) win 65535 <mss 1460>\n"
                                     "+0 > S. 1000:1000(0) ack 0 <mss 1460>\n"
                                     "+.1 < . 0:0(0) ack 1001 win 65535\n"
                                     "+0 accept(3, ..., ...) = 4\n"
                                     "+0 < P. 0:10(10) ack 1001 win 65535\n"
                                     "+0 > . 1001:1001(0) ack 10\n"
                                     "+0 read(4, ..., 100) = 10\n"
                                     "+0 write(4, ..., 5) = 5\n"
                                     "+0 > P. 1001:1006(5) ack 10\n"));
}

static void absolute_numbers_are_those_of_the_wire(void **state)
{
    fake_quirks.iss = 5000;
    assert_passed(run_text(state, &fake_sut,
                           LISTENING "+0 < S 9!:9!(0) win 65535 <mss 1460>\n"
                                     "+0 > S. 5000!:5000!(0) ack 10! <mss 1460>\n"));
}

static void a_wrong_number_is_reported_as_the_script_counts(void **state)
{
    fake_quirks.iss = 5000;
    const struct run_outcome *outcome = run_text(state, &fake_sut,
                                                 HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                                           "+0 > P. 2:102(100) ack 1\n");
    assert_outcome(outcome, RUN_FAILED, "another packet than expected: > P. 1:101(100)");
    assert_non_null(strstr(text_read(&outcome->report), "seq      2        1\n"));
}

static void ports_of_the_script_are_used_for_what_the_peer_begins(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 LISTENING "+0 < 1234 > 8080 S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > 8080 > 1234 S. 0:0(0) ack 1 <mss 1460>\n"
                           "+.1 < 1234 > 8080 . 1:1(0) ack 1 win 65535\n");
    assert_passed(outcome);
    assert_int_equal(packet_at(outcome, 0)->segment.source.port, 1234);
    assert_outcome(run_text(state, &fake_sut,
                            LISTENING "+0 < 1234 > 8080 S 0:0(0) win 65535 <mss 1460>\n"
                                      "+0 > 8080 > 1235 S. 0:0(0) ack 1 <mss 1460>\n"),
                   RUN_FAILED, "another packet");
}

static void a_port_that_the_stack_chose_is_called_as_the_script_calls_it(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n"
                 "+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n"
                 "+0 > 7 > 80 S 0:0(0) <mss 1460>\n"
                 "+.1 < 80 > 7 S. 0:0(0) ack 1 win 65535 <mss 1460>\n"
                 "+0 > 7 > 80 . 1:1(0) ack 1\n");
    assert_passed(outcome);
    assert_int_equal(packet_at(outcome, 1)->segment.destination.port, 50001);
    assert_int_equal(packet_at(outcome, 1)->segment.source.port, 8080);
}

static void a_second_syn_with_another_number_begins_another_life(void **state)
{
    fake_quirks.iss = 100;
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 HANDSHAKE "+.1 < S 5000:5000(0) win 65535 <mss 1460>\n"
                           "+0 > S. 0:0(0) ack 5001 <mss 1460>\n"
                           "+.1 < . 5001:5001(0) ack 1 win 65535\n");
    assert_passed(outcome);
    assert_int_equal(outcome->trace->incarnation_count, 2);
    assert_int_equal(outcome->trace->incarnations[1].local_isn.raw, 64100);
    assert_int_equal(outcome->trace->incarnations[1].remote_isn.raw, 5000);
    assert_int_equal(packet_at(outcome, 0)->incarnation, 0);
    assert_int_equal(packet_at(outcome, 5)->incarnation, 1);
}

static void the_same_syn_again_is_the_same_life_until_it_draws_another_number(void **state)
{
    const struct run_outcome *outcome = run_text(state, &fake_sut,
                                                 HANDSHAKE "+.1 < S 0:0(0) win 65535 <mss 1460>\n"
                                                           "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
                                                           "+.1 < . 1:1(0) ack 1 win 65535\n");
    assert_passed(outcome);
    assert_int_equal(outcome->trace->incarnation_count, 2);
    assert_int_equal(packet_at(outcome, 3)->incarnation, 1);
    assert_int_equal(packet_at(outcome, 5)->segment.ack.raw, 64001);
}

static void a_label_picks_a_life_and_its_numbers(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 LISTENING "+0 < @old S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > @old S. 0:0(0) ack 1 <mss 1460>\n"
                           "+.1 < @old . 1:1(0) ack 1 win 65535\n"
                           "+.1 < @new S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > @new S. 0:0(0) ack 1 <mss 1460>\n"
                           "+.1 < @old . 1:1(0) ack 1 win 65535\n"
                           "+0 < @new . 1:1(0) ack 1 win 65535\n");
    assert_passed(outcome);
    assert_int_equal(packet_at(outcome, 5)->segment.ack.raw, 1);
    assert_int_equal(packet_at(outcome, 6)->segment.ack.raw, 64001);
    assert_string_equal(outcome->trace->incarnations[0].label, "old");
    assert_string_equal(outcome->trace->incarnations[1].label, "new");
}

static void a_label_that_no_syn_has_bound_is_an_error(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0 < @odl . 1:1(0) ack 1 win 65535\n");
    assert_outcome(outcome, RUN_INVALID, "@odl names no connection yet");
    assert_int_equal(outcome->line, 8);
    assert_int_equal(outcome->column, 6);
}

static void a_label_bound_by_an_outbound_syn_names_it(void **state)
{
    assert_passed(run_text(state, &fake_sut,
                           "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                           "+0 connect(3, ..., ...) = -1 EINPROGRESS (...)\n"
                           "+0 > @mine S 0:0(0) <mss 1460>\n"
                           "+.1 < @mine S. 0:0(0) ack 1 win 65535 <mss 1460>\n"
                           "+0 > @mine . 1:1(0) ack 1\n"));
}

static void ipv6_runs_use_ipv6_addresses(void **state)
{
    struct test_run *test = *state;
    test->options.ip_version = 6;
    const struct run_outcome *outcome = run_text(state, &fake_sut, HANDSHAKE);
    assert_passed(outcome);
    assert_int_equal(packet_at(outcome, 0)->bytes[0] >> 4, 6);
    assert_int_equal(outcome->trace->ip_version, 6);
}

/* Two connections; what is said of the first names it by what a call returned. */
#define SECOND                                                                                     \
    "+0 < 1000 > 8080 S 0:0(0) win 65535 <mss 1460>\n"                                             \
    "+0 > 8080 > 1000 S. 0:0(0) ack 1 <mss 1460>\n"                                                \
    "+.1 < 1000 > 8080 . 1:1(0) ack 1 win 65535\n"                                                 \
    "+0 accept(3, ..., ...) = 5\n"

static void what_a_call_returned_is_a_label_in_both_directions(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE SECOND "+0 < @fd4 P. 1:11(10) ack 1\n"
                                            "+0 write(4, ..., 5) = 5\n"
                                            "+0 > @fd4 P. 1:6(5) ack 11\n"
                                            "+0 assert @fd4 readable == 10, snd.nxt == 6\n"
                                            "+0 assert @fd5 readable == 0, snd.nxt == 1\n"));
    assert_outcome(run_text(state, &sut_core,
                            HANDSHAKE SECOND "+0 write(5, ..., 5) = 5\n"
                                             "+0 > @fd4 P. 1:6(5) ack 1\n"),
                   RUN_FAILED, "another packet than expected");
    assert_passed(run_text(state, &sut_core,
                           "0 tcp.open(passive, ..., ...) = server\n"
                           "+0 < S 0:0(0) win 65535 <mss 1460>\n"
                           "+0 > S. 0:0(0) ack 1 <mss 1460>\n"
                           "+.1 < . 1:1(0) ack 1\n"
                           "+0 tcp.accept(server) = c2\n"
                           "+0 tcp.send(c2, ..., 5) = 5\n"
                           "+0 > @c2 P. 1:6(5) ack 1\n"
                           "+0 assert @c2 unacked == 5\n"));
    assert_outcome(run_text(state, &sut_core, HANDSHAKE "+0 assert @fd5 readable == 0\n"),
                   RUN_INVALID, "@fd5 names no connection yet");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(local_numbers_count_from_the_live_initial_number),
        TEST(the_script_may_call_the_initial_number_as_it_likes),
        TEST(absolute_numbers_are_those_of_the_wire),
        TEST(a_wrong_number_is_reported_as_the_script_counts),
        TEST(ports_of_the_script_are_used_for_what_the_peer_begins),
        TEST(a_port_that_the_stack_chose_is_called_as_the_script_calls_it),
        TEST(a_second_syn_with_another_number_begins_another_life),
        TEST(the_same_syn_again_is_the_same_life_until_it_draws_another_number),
        TEST(a_label_picks_a_life_and_its_numbers),
        TEST(a_label_that_no_syn_has_bound_is_an_error),
        TEST(a_label_bound_by_an_outbound_syn_names_it),
        TEST(what_a_call_returned_is_a_label_in_both_directions),
        TEST(ipv6_runs_use_ipv6_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
