/* Families of calls on our own stack: structures that make no sense are refused with their place, and
 * what was told is held against what the script says. That they work, corpus/sockets shows. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *call;
    enum run_verdict verdict;
    const char *report;
};

static void check(void **state, const struct row *rows, size_t count)
{
    char script[2000];
    for (size_t i = 0; i < count; i++) {
        assert_in_range(snprintf(script, sizeof script, "%s%s\n", HANDSHAKE, rows[i].call), 1,
                        sizeof script - 1);
        const struct run_outcome *outcome = run_text(state, &sut_core, script);
        if (rows[i].verdict == RUN_PASSED) {
            assert_passed(outcome);
        } else {
            assert_outcome(outcome, rows[i].verdict, rows[i].report);
        }
    }
}

#define CHECK(state, rows) check(state, rows, sizeof(rows) / sizeof(rows)[0])

static void structures_are_checked(void **state)
{
    static const struct row rows[] = {
        {"+0 readv(4, ..., 2) = 0", RUN_INVALID, "{octets, count} is expected here"},
        {"+0 readv(4, [{..., 5}, 5], 2) = 0", RUN_INVALID, "{octets, count} is expected here"},
        {"+0 readv(4, [{..., 5}], 2) = 0", RUN_INVALID, "the list has 1 entries, not 2"},
        {"+0 writev(4, [{..., -1}], 1) = 0", RUN_INVALID, "-1 is no count of octets"},
        {"+0 recvmsg(4, 7, 0) = 0", RUN_INVALID, "{msg_iov(...)=[...]} is expected here"},
        {"+0 sendmsg(4, {5}, 0) = 0", RUN_INVALID, "name=value is expected here"},
        {"+0 sendmsg(4, {msg_iov(1)=[{..., 10}], msg_iov(1)=[{..., 10}]}, 0) = 20", RUN_INVALID,
         "msg_iov is said twice"},
        {"+0 recv(4, ..., 5, MSG_ERRQUEUE) = 0", RUN_SKIPPED, "these flags (0x2000)"},
        {"+0 poll([4], 1, 0) = 0", RUN_INVALID, "{fd=..., events=...} is expected here"},
        {"+0 poll([{fd=4, events=0}], 2, 0) = 0", RUN_INVALID, "the list has 1 entries, not 2"},
        {"+0 setsockopt(4, SOL_SOCKET, SO_LINGER, 5, 8) = 0", RUN_INVALID,
         "{onoff=..., linger=...} is expected here"},
        {"+0 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO, {tv_sec=-5}, 8) = 0", RUN_INVALID,
         "this is no struct timeval"},
        {"+0 getsockopt(4, SOL_TCP, TCP_INFO, 5, [104]) = 0", RUN_INVALID,
         "{tcpi_...=...} is expected here"},
        {"+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_x=5}, [104]) = 0", RUN_SKIPPED,
         "tcpi_x is nothing that TCP_INFO tells here"},
    };
    CHECK(state, rows);
}

static void what_is_told_is_compared(void **state)
{
    static const struct row rows[] = {
        {"+0 poll([{fd=4, events=POLLOUT, revents=POLLOUT}], 1, 0) = 1", RUN_PASSED, NULL},
        {"+0 poll([{fd=4, events=POLLOUT, revents=POLLIN}], 1, 0) = 1", RUN_FAILED,
         "revents is POLLOUT"},
        {"+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_state=TCP_LISTEN}, [104]) = 0", RUN_FAILED,
         "tcpi_state is 1, not 10"},
        {"+0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, [8]) = 0", RUN_FAILED,
         "getsockopt() gave the value -1"},
        {"+0 ioctl(4, FIONREAD, [1]) = 0", RUN_FAILED, "ioctl() gave the value 0"},
        {"+0 epoll_create(1) = 9\n"
         "+0 epoll_ctl(9, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, fd=4}) = 0\n"
         "+0 epoll_wait(9, {events=EPOLLIN, fd=4}, 1, 0) = 1",
         RUN_FAILED, "events is EPOLLOUT"},
        {"+0 epoll_create(1) = 9\n"
         "+0 epoll_ctl(9, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, fd=4}) = 0\n"
         "+0 epoll_wait(9, {events=EPOLLOUT, fd=5}, 1, 0) = 1",
         RUN_FAILED, "the event is of 4, not 5"},
        {"+0 < P. 1:6(5) ack 1 \"hello\"\n+0 readv(4, [{\"he\", 2}, {\"LLO\", 9}], 2) = 5",
         RUN_FAILED, "readv() gave other octets than the peer sent"},
        {"+0 < P. 1:6(5) ack 1\n"
         "+0 recvmsg(4, {msg_iov(1)=[{..., 9}], msg_flags=MSG_TRUNC}, 0) = 5",
         RUN_FAILED, "recvmsg() gave the msg_flags 0"},
    };
    CHECK(state, rows);
}

static void the_calls_of_rfc_9293_are_checked(void **state)
{
    static const struct row rows[] = {
        {"+0 tcp.open(neither, ..., ...) = c1", RUN_INVALID, "active or passive is expected"},
        {"+0 tcp.open(passive, 80, ...) = 5", RUN_INVALID,
         "the result of tcp.open() is a name for the connection"},
        {"+0 tcp.open(passive, 99999, ...) = c1", RUN_INVALID, "this is no port"},
        {"+0 tcp.open(passive, 80, 90) = c1", RUN_SKIPPED, "with a remote socket cannot run yet"},
        {"+0 tcp.send(c1, ..., 5) = 5", RUN_INVALID, "this names no connection"},
        {"+0 tcp.open(passive, 8080, ...) = c1", RUN_FAILED,
         "tcp.open() failed: TCP_ERROR_PORT_TAKEN"},
        {"+0 tcp.open(passive, 80, ...) = c1\n+0 tcp.status(c1, {state=CLOSED}) = 0", RUN_FAILED,
         "state is LISTEN"},
        {"+0 tcp.open(passive, 80, ...) = c1\n+0 tcp.status(c1, 5) = 0", RUN_INVALID,
         "{field=value} is expected here"},
        {"+0 tcp.open(passive, 80, ...) = c1\n+0 tcp.close(c1) = -1 TCP_ERROR_CLOSING", RUN_FAILED,
         "tcp.close() returned 0, not -1 TCP_ERROR_CLOSING"},
        {"+0 tcp.open(passive, 80, ...) = c1\n+0 tcp.send(c1, ..., 5, LATER) = 5", RUN_INVALID,
         "PUSH, MORE or URGENT is expected"},
    };
    CHECK(state, rows);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(structures_are_checked),
        TEST(what_is_told_is_compared),
        TEST(the_calls_of_rfc_9293_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
