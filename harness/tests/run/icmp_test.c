/* ICMP messages of a script reach the stack, and assertions see what was told and counted. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A segment of 100 octets is on its way. */
#define IN_FLIGHT HANDSHAKE "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n"

struct row {
    const char *lines;
    enum run_verdict verdict;
    const char *words;
};

static void expect_rows(void **state, const struct row *rows, size_t count, uint8_t ip_version)
{
    ((struct test_run *)*state)->options.ip_version = ip_version;
    for (size_t i = 0; i < count; i++) {
        char script[1500];
        assert_in_range(snprintf(script, sizeof script, "%s%s\n", IN_FLIGHT, rows[i].lines), 1,
                        sizeof script - 1);
        const struct run_outcome *outcome = run_text(state, &sut_core, script);
        if (rows[i].verdict == RUN_PASSED) {
            assert_passed(outcome);
        } else {
            assert_outcome(outcome, rows[i].verdict, rows[i].words);
        }
    }
}

static void kinds_have_names_and_numbers(void **state)
{
    static const struct row either[] = {
        {"+0 < icmp unreachable host_unreachable [1:101(100)]\n"
         "assert event.soft_error == 1, soft.error == HOST-UNREACHABLE",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable host_unreachable [1:101(100)]\nassert event.soft_error == 0",
         RUN_FAILED, "event.soft_error is 1"},
        {"+0 < icmp unreachable host_unreachable [1:101(100)]\nassert soft.error == OK", RUN_FAILED,
         "soft.error is HOST-UNREACHABLE"},
        {"+0 < icmp unreachable [1:101(100)]", RUN_INVALID, "icmp unreachable needs a code"},
        {"+0 < icmp unreachabel host_unreachable", RUN_INVALID, "did you mean unreachable?"},
        {"+0 < icmp unreachable host_unreachabel", RUN_INVALID, "did you mean host_unreachable?"},
        {"+0 < icmp 300 1", RUN_INVALID, "300 is no number of an ICMP kind"},
        {"+0 < icmp 3x 1", RUN_INVALID, "3x is no number of an ICMP kind"},
        {"+0 < icmp echo_request id 7\nassert host wire_drops == 1", RUN_PASSED, NULL},
        {"+0 > icmp echo_reply", RUN_SKIPPED, "cannot run yet"},
    };
    static const struct row four[] = {
        {"+0 < icmp 3 0 [1:101(100)]\nassert soft_error == NET-UNREACHABLE", RUN_PASSED, NULL},
        {"+0 < icmp source_quench [1:101(100)]\nassert host icmp_drops == 1", RUN_PASSED, NULL},
    };
    static const struct row six[] = {
        {"+0 < icmp 1 0 [1:101(100)]\nassert soft_error == NET-UNREACHABLE", RUN_PASSED, NULL},
        {"+0 < icmp source_quench [1:101(100)]", RUN_SKIPPED, "IPv6 has no source_quench"},
    };
    expect_rows(state, either, sizeof either / sizeof either[0], 4);
    expect_rows(state, either, sizeof either / sizeof either[0], 6);
    expect_rows(state, four, sizeof four / sizeof four[0], 4);
    expect_rows(state, six, sizeof six / sizeof six[0], 6);
}

static void what_is_quoted_can_be_cut_spoilt_and_another_connections(void **state)
{
    static const struct row rows[] = {
        {"+0 < icmp unreachable host_unreachable [1:101(100)] quote 8\nassert event.soft_error == "
         "1",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable host_unreachable [1:101(100)] quote 7\n"
         "assert event.soft_error == 0, state == ESTABLISHED\nassert host wire_drops == 1",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable host_unreachable [1:101(100)] quote 5000\n"
         "assert event.soft_error == 1",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable host_unreachable [1:101(100)] raw(checksum=1)\n"
         "assert event.soft_error == 0\nassert host wire_drops == 1",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable host_unreachable [1:101(100)] raw(length=40)\n"
         "assert host wire_drops == 1",
         RUN_PASSED, NULL},
        {"+0 < icmp 40000 > 8081 unreachable host_unreachable [1:101(100)]\n"
         "assert event.soft_error == 0\nassert host icmp_drops == 1, wire_drops == 0",
         RUN_PASSED, NULL},
        {"+0 < icmp 40000 > 8080 unreachable host_unreachable [1:101(100)]\n"
         "assert event.soft_error == 1",
         RUN_PASSED, NULL},
        {"+0 < icmp unreachable port_unreachable [udp (100)]\nassert host wire_drops == 1",
         RUN_PASSED, NULL},
        {"+0 < from other icmp unreachable host_unreachable [1:101(100)]\n"
         "assert event.soft_error == 1",
         RUN_PASSED, NULL},
        {"+0 < to other icmp unreachable host_unreachable [1:101(100)]\n"
         "assert event.soft_error == 0\nassert host not_ours == 1",
         RUN_PASSED, NULL},
    };
    expect_rows(state, rows, sizeof rows / sizeof rows[0], 4);
    expect_rows(state, rows, sizeof rows / sizeof rows[0], 6);
}

static void no_message_is_larger_than_ip_can_say(void **state)
{
    static const struct row rows[] = {
        {"+0 < icmp unreachable port_unreachable [1:100001(100000)]", RUN_INVALID,
         "no IP packet holds that much"},
        {"+0 < icmp unreachable port_unreachable [udp (65535)]", RUN_INVALID,
         "no IP packet holds that much"},
        {"+0 < icmp unreachable port_unreachable [1:65496(65495)]", RUN_PASSED, NULL},
        {"+0 < icmp unreachable port_unreachable [1:65496(65495)] quote 70000", RUN_INVALID,
         "no IP packet holds that much"},
        {"+0 < icmp unreachable port_unreachable [1:65496(65495)] quote 65488", RUN_INVALID,
         "no IP packet holds that much"},
        {"+0 < icmp unreachable port_unreachable [1:65496(65495)] quote 65487", RUN_PASSED, NULL},
    };
    expect_rows(state, rows, sizeof rows / sizeof rows[0], 4);
    expect_rows(state, rows, sizeof rows / sizeof rows[0], 6);
}

static void how_it_ended_outlives_the_record(void **state)
{
    static const struct row rows[] = {
        {"assert ended != RESET, event.ended == 0", RUN_PASSED, NULL},
        {"assert ended == OK", RUN_FAILED, "ended is not yet"},
        {"+0 < R. 1:1(0) ack 101\nassert state == CLOSED, ended == RESET, event.ended == 1",
         RUN_PASSED, NULL},
        {"+0 < R. 1:1(0) ack 101\nassert ended == TIMEOUT", RUN_FAILED, "ended is RESET"},
        {"+0 < R. 1:1(0) ack 101\nassert ended == RESTE", RUN_INVALID, "there is no error RESTE"},
        {"assert ended == 3", RUN_INVALID, "with the name of an error"},
        {"+0 < F. 1:1(0) ack 101\n+0 > . 101:101(0) ack 2\nassert event.peer_closed == 1",
         RUN_PASSED, NULL},
        {"assert host wire_dropps == 0", RUN_INVALID,
         "the host counts no wire_dropps; did you mean wire.drops?"},
        {"assert host wire_drops == FOO", RUN_INVALID, "is compared with a number"},
        {"assert host wire_drops == 1", RUN_FAILED, "wire_drops is 0"},
    };
    expect_rows(state, rows, sizeof rows / sizeof rows[0], 4);
}

static void addresses_of_a_packet_can_be_others(void **state)
{
    static const struct row either[] = {
        {"+0 < from multicast . 1:1(0) ack 101\nassert host unfit_source == 1", RUN_PASSED, NULL},
        {"+0 < to multicast . 1:1(0) ack 101\nassert host not_ours == 1", RUN_PASSED, NULL},
        {"+0 < to other . 1:1(0) ack 101\nassert host not_ours == 1, unfit_source == 0", RUN_PASSED,
         NULL},
        {"+0 < from unspecified . 1:1(0) ack 101\nassert host unfit_source == 1", RUN_PASSED, NULL},
    };
    static const struct row four[] = {
        {"+0 < from 255.255.255.255 . 1:1(0) ack 101\nassert host unfit_source == 1", RUN_PASSED,
         NULL},
        {"+0 < to broadcast . 1:1(0) ack 101\nassert host not_ours == 1", RUN_PASSED, NULL},
        {"+0 < from 2001:db8::9 . 1:1(0) ack 101", RUN_SKIPPED, "is not of IPv4"},
    };
    static const struct row six[] = {
        {"+0 < to broadcast . 1:1(0) ack 101", RUN_SKIPPED, "IPv6 has no broadcast address"},
    };
    expect_rows(state, either, sizeof either / sizeof either[0], 4);
    expect_rows(state, either, sizeof either / sizeof either[0], 6);
    expect_rows(state, four, sizeof four / sizeof four[0], 4);
    expect_rows(state, six, sizeof six / sizeof six[0], 6);
}

static void dont_fragment_is_compared_over_ipv4(void **state)
{
    ((struct test_run *)*state)->options.ip_version = 4;
    static const char script[] = HANDSHAKE "+0 write(4, ..., 100) = 100\n";
    char text[1500];
    assert_in_range(snprintf(text, sizeof text, "%s+0 > [nodf] P. 1:101(100) ack 1\n", script), 1,
                    sizeof text - 1);
    assert_outcome(run_text(state, &sut_core, text), RUN_FAILED, "");
    assert_in_range(snprintf(text, sizeof text,
                             "--set=path_mtu_discovery=0\n%s+0 > [nodf] P. 1:101(100) ack 1\n",
                             script),
                    1, sizeof text - 1);
    assert_passed(run_text(state, &sut_core, text));
}

#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(kinds_have_names_and_numbers),
        RUN_TEST(what_is_quoted_can_be_cut_spoilt_and_another_connections),
        RUN_TEST(no_message_is_larger_than_ip_can_say),
        RUN_TEST(how_it_ended_outlives_the_record),
        RUN_TEST(addresses_of_a_packet_can_be_others),
        RUN_TEST(dont_fragment_is_compared_over_ipv4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
