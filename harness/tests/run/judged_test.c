/* What a script says is looked at: compared with what came, or refused by name. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Behind the handshake. */
struct row {
    const char *lines;
    enum run_verdict verdict;
    const char *words;
};

static void run_rows(void **state, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char script[2000];
        assert_in_range(snprintf(script, sizeof script, "%s%s\n", HANDSHAKE, rows[i].lines), 1,
                        sizeof script - 1);
        const struct run_outcome *outcome = run_text(state, &sut_core, script);
        if (rows[i].verdict == RUN_PASSED) {
            assert_passed(outcome);
        } else {
            assert_outcome(outcome, rows[i].verdict, rows[i].words);
        }
    }
}

#define RUN_ROWS(state, rows) run_rows(state, rows, sizeof rows / sizeof rows[0])

static void a_result_in_words_is_compared(void **state)
{
    static const struct row rows[] = {
        {"+0 fcntl(4, F_GETFL) = O_RDWR", RUN_PASSED, NULL},
        {"+0 fcntl(4, F_GETFL) = O_RDWR|O_NONBLOCK", RUN_FAILED, "fcntl() returned 2, not 2050"},
        {"+0 fcntl(4, F_GETFL) = [O_NONBLOCK]", RUN_FAILED, "fcntl() returned 2, not 2048"},
        {"+0 close(4) = OK", RUN_INVALID, "there is no word OK"},
        {"+0 write(4, ..., 100) = N", RUN_INVALID, "there is no word N"},
        {"+0...1 read(4, ..., 9) = N", RUN_INVALID, "there is no word N"},
    };
    RUN_ROWS(state, rows);
}

static void an_error_without_a_result_is_refused(void **state)
{
    static const struct row rows[] = {
        {"+0 read(4, ..., 9) = ... EAGAIN", RUN_INVALID, "EAGAIN stands behind -1 only"},
        {"+0 tcp.open(passive, 81, ...) = c TCP_ERROR_EXISTS", RUN_INVALID,
         "TCP_ERROR_EXISTS stands behind -1 only"},
        {"+0 tcp.open(passive, 81, ...) = c", RUN_PASSED, NULL},
    };
    RUN_ROWS(state, rows);
}

static void a_number_of_an_assertion_is_one_of_its_field(void **state)
{
    static const struct row rows[] = {
        {"+0 assert rcv.wnd == rcv.nxt", RUN_INVALID,
         "rcv.wnd is compared with a number from 0, not with a sequence number"},
        {"+0 write(4, ..., 5) = 5\n+0 > P. 1:6(5) ack 1\n+0 assert unacked.bytes == 5!",
         RUN_INVALID, "unacked.bytes is compared with a number from 0"},
        {"+0 assert cwnd < snd.nxt-1", RUN_INVALID, "cwnd is compared with a number from 0"},
        {"+0 assert snd.nxt == 4294967297", RUN_INVALID, "4294967297 is no sequence number"},
        {"+0 assert host wire_drops == snd.nxt", RUN_INVALID, "wire_drops is compared with a"},
        {"+0 assert event.readable == 0!", RUN_INVALID, "event.readable is compared with a"},
        {"+0 assert snd.nxt == 4294967295", RUN_FAILED, "snd.nxt is 1"},
        {"+0 assert snd.nxt == snd.una+0, rcv.nxt == irs+1, rto_us == 1s", RUN_PASSED, NULL},
    };
    RUN_ROWS(state, rows);
}

#define EPOLL_OUT                                                                                  \
    "+0 epoll_create(1) = 9\n"                                                                     \
    "+0 epoll_ctl(9, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, fd=4}) = 0\n"

static void members_of_structures_are_known(void **state)
{
    static const struct row rows[] = {
        {"+0 poll([{fd=4, events=POLLOUT, revent=POLLIN}], 1, 0) = 1", RUN_INVALID,
         "there is no member revent; did you mean revents?"},
        {EPOLL_OUT "+0 epoll_ctl(9, EPOLL_CTL_MOD, 4, {event=EPOLLIN}) = 0", RUN_INVALID,
         "there is no member event; did you mean events?"},
        {EPOLL_OUT "+0 epoll_wait(9, {event=EPOLLIN}, 1, 0) = 1", RUN_INVALID,
         "there is no member event; did you mean events?"},
        {EPOLL_OUT "+0 epoll_wait(9, [{events=EPOLLOUT, df=4}], 1, 0) = 1", RUN_INVALID,
         "there is no member df"},
        {"+0...1 recvmsg(4, {msg_iov(1)=[{..., 9}], msg_flag=MSG_TRUNC}, 0) = 5", RUN_INVALID,
         "there is no member msg_flag; did you mean msg_flags?"},
        {"+0 socket(..., SOCK_STREAM, 0) = 5\n"
         "+0 bind(5, {sa_family=AF_INET, sin_prot=htons(80)}, 16) = 0",
         RUN_INVALID, "there is no member sin_prot; did you mean sin_port?"},
        {"+0 socket(..., SOCK_STREAM, 0) = 5\n+0 bind(5, {80}, 16) = 0", RUN_INVALID,
         "name=value is expected here"},
        {"+0 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO, {tv_msec=5}, 16) = 0", RUN_INVALID,
         "sec or usec is expected here"},
        {"+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0", RUN_PASSED,
         NULL},
    };
    RUN_ROWS(state, rows);
}

static void others_know_more_members(void **state)
{
    ((struct test_run *)*state)->options.mode = RUN_COMPAT;
    assert_outcome(run_text(state, &sut_core,
                            HANDSHAKE "+0 poll([{fd=4, events=POLLOUT, xyzzy=1}], 1, 0) = 1\n"),
                   RUN_SKIPPED, "the member xyzzy is not known");
}

static void the_level_of_an_option_is_evaluated(void **state)
{
    static const struct row rows[] = {
        {"+0 setsockopt(4, SOL_SOKET, SO_REUSEADDR, [1], 4) = 0", RUN_INVALID,
         "there is no word SOL_SOKET; did you mean SOL_SOCKET?"},
        {"+0 getsockopt(4, SOL_SOKET, SO_REUSEADDR, [0], [4]) = 0", RUN_INVALID,
         "there is no word SOL_SOKET; did you mean SOL_SOCKET?"},
        {"+0 setsockopt(4, SOL_UDP, TCP_NODELAY, [1], 4) = 0", RUN_SKIPPED,
         "SOL_UDP cannot run yet"},
        {"+0 setsockopt(4, SOL_TCP, SO_REUSEADDR, [1], 4) = 0", RUN_PASSED, NULL},
    };
    RUN_ROWS(state, rows);
}

static void a_field_that_nobody_looks_at_is_skipped(void **state)
{
    static const struct row rows[] = {
        {"+0 write(4, ..., 5) = 5\n+0 > [flowlabel 0x12345] P. 1:6(5) ack 1", RUN_SKIPPED,
         "the flow label of a packet of the stack's cannot run yet"},
        {"+0 < . 1:1(0) ack 1 <md5 valid>", RUN_SKIPPED, "md5 valid cannot run yet"},
        {"+0 > . 1:1(0) ack 1 <md5 valid>", RUN_SKIPPED, "md5 valid cannot run yet"},
        {"+0 < [ttl 1] icmp source_quench [1:1(0)]", RUN_SKIPPED,
         "an ICMP packet with IP fields cannot run yet"},
        {"+0 < [tos 4] icmp source_quench [1:1(0)]", RUN_SKIPPED, "with IP fields"},
        {"+0 < [options 8] icmp source_quench [1:1(0)]", RUN_SKIPPED, "with IP fields"},
        {"+0 < icmp source_quench [1:1(0)]", RUN_PASSED, NULL},
    };
    RUN_ROWS(state, rows);
}

#define NEXT_PEER                                                                                  \
    "+0 < 1000 > 8080 S 0:0(0) win 65535 <mss 1460>\n"                                             \
    "+0 > 8080 > 1000 S. 0:0(0) ack 1 <mss 1460>\n"                                                \
    "+0 < 1000 > 8080 . 1:1(0) ack 1\n"

static void a_list_of_events_has_all(void **state)
{
    static const struct row rows[] = {
        {EPOLL_OUT "+0 epoll_wait(9, [{events=EPOLLOUT}], 8, 0) = 1", RUN_PASSED, NULL},
        {EPOLL_OUT NEXT_PEER "+0 epoll_ctl(9, EPOLL_CTL_ADD, 3, {events=EPOLLIN}) = 0\n"
                             "+0 epoll_wait(9, [{events=EPOLLOUT}], 8, 0) = 2",
         RUN_FAILED, "epoll_wait() told of 2 events, and the list has 1"},
        {EPOLL_OUT "+0 epoll_wait(9, [{}, {}], 8, 0) = 1", RUN_FAILED,
         "epoll_wait() told of 1 events, and the list has 2"},
    };
    RUN_ROWS(state, rows);
}

static void an_address_is_compared_or_refused(void **state)
{
    static const struct row rows[] = {
        {NEXT_PEER "+0 accept(3, {sa_family=AF_INET, sin_port=htons(1000),\n"
                   "  sin_addr=inet_addr(\"192.0.2.1\")}, [16]) = 5",
         RUN_PASSED, NULL},
        {NEXT_PEER "+0 accept(3, {sin_port=htons(1001)}, [16]) = 5", RUN_FAILED,
         "accept() gave another address than the script says, with port 1000"},
        {NEXT_PEER "+0 accept(3, {sin_addr=inet_addr(\"192.0.2.2\")}, [16]) = 5", RUN_FAILED,
         "accept() gave another address"},
        {NEXT_PEER "+0 accept(3, NULL, NULL) = 5", RUN_PASSED, NULL},
        {"+0 < P. 1:6(5) ack 1\n+0 recvfrom(4, ..., 9, 0, {sin_port=htons(7)}, [16]) = 5",
         RUN_SKIPPED, "an address of recvfrom() cannot run yet"},
        {"+0 sendto(4, ..., 9, 0, {sin_port=htons(7)}, 16) = 9", RUN_SKIPPED,
         "an address of sendto() cannot run yet"},
        {"+0 sendmsg(4, {msg_name(16)={sin_port=htons(7)}, msg_iov(1)=[{..., 9}]}, 0) = 9",
         RUN_SKIPPED, "an address in msg_name cannot run yet"},
        {"+0 < P. 1:6(5) ack 1\n+0 recvfrom(4, ..., 9, 0, ..., ...) = 5", RUN_PASSED, NULL},
    };
    RUN_ROWS(state, rows);
}

static void flags_of_a_send_may_be_none(void **state)
{
    static const struct row rows[] = {
        {"+0 tcp.open(active, ..., ...) = c\n+0 > S 0:0(0) <mss 1460>\n+0 < S. 9:9(0) ack 1\n"
         "+0 > . 1:1(0) ack 10\n+0 tcp.send(c, ..., 9, 0) = 9\n+0 > P. 1:10(9) ack 10",
         RUN_PASSED, NULL},
        {"+0 tcp.open(active, ..., ...) = c\n+0 > S 0:0(0) <mss 1460>\n+0 < S. 9:9(0) ack 1\n"
         "+0 > . 1:1(0) ack 10\n+0 tcp.send(c, ..., 9, 1) = 9",
         RUN_INVALID, "PUSH, MORE or URGENT is expected"},
    };
    RUN_ROWS(state, rows);
}

static void options_are_meant_or_skipped(void **state)
{
    static const char addresses[] = "--local_ip=192.168.9.1 --local_ip=fd00::9\n" HANDSHAKE;
    struct test_run *const test = *state;
    assert_outcome(run_text(state, &sut_core, "--udp_encapsulation=tcp\n" HANDSHAKE), RUN_SKIPPED,
                   "encapsulation in UDP cannot run yet");
    for (uint8_t version = 4; version <= 6; version += 2) {
        test->options.ip_version = version;
        const struct run_outcome *const outcome = run_text(state, &sut_core, addresses);
        assert_passed(outcome);
        size_t index = 0;
        const struct trace_record *const first = trace_next(outcome->trace, TRACE_PACKET, &index);
        const uint8_t *const local = first->as.packet.segment.destination.address.bytes;
        assert_int_equal(local[version == 4 ? 2 : 15], 9);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_result_in_words_is_compared),
        TEST(an_error_without_a_result_is_refused),
        TEST(a_number_of_an_assertion_is_one_of_its_field),
        TEST(members_of_structures_are_known),
        TEST(others_know_more_members),
        TEST(the_level_of_an_option_is_evaluated),
        TEST(a_field_that_nobody_looks_at_is_skipped),
        TEST(a_list_of_events_has_all),
        TEST(an_address_is_compared_or_refused),
        TEST(flags_of_a_send_may_be_none),
        TEST(options_are_meant_or_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
