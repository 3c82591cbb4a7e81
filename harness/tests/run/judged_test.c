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

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_result_in_words_is_compared),
        TEST(an_error_without_a_result_is_refused),
        TEST(a_number_of_an_assertion_is_one_of_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
