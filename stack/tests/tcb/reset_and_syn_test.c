/* Second and fourth check of 3.10.7.4 with RFC 5961: which RST is believed, which is challenged, and
 * what a SYN does where none belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static const struct {
    enum tcb_state state;
    enum tcp_error told; /* the user, after an RST that is believed */
} rows[] = {
    {TCB_SYN_RECEIVED, TCP_ERROR_REFUSED},
    {TCB_ESTABLISHED, TCP_ERROR_RESET},
    {TCB_FIN_WAIT_1, TCP_ERROR_RESET},
    {TCB_FIN_WAIT_2, TCP_ERROR_RESET},
    {TCB_CLOSE_WAIT, TCP_ERROR_RESET},
    {TCB_CLOSING, TCP_OK},
    {TCB_LAST_ACK, TCP_OK},
    {TCB_TIME_WAIT, TCP_OK},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static void reach(struct one_host *one, enum tcb_state state, bool rfc5961)
{
    one_prepare(one);
    one->config.rfc5961 = rfc5961;
    one->config.reopen_time_wait = 0;
    one->irs = UINT32_MAX - 3;
    one_start(one);
    one_reach(one, state);
}

static void deliver(struct one_host *one, const char *flags, int64_t offset, uint32_t text)
{
    char line[80];
    const struct tcp_status status = one_status(one);
    const long long seq = (uint32_t)(status.rcv_nxt.raw - one->irs) + (long long)offset;
    (void)snprintf(line, sizeof line, "%s %lld:%lld", flags, seq, seq + text);
    one_in(one, line);
}

static void expect_ack(struct one_host *one)
{
    char line[80];
    const struct tcp_status status = one_status(one);
    const uint32_t nxt = status.snd_nxt.raw - one->iss;
    (void)snprintf(line, sizeof line, ". %u:%u ack %u", nxt, nxt, status.rcv_nxt.raw - one->irs);
    one_out(one, line);
    one_silent(one);
}

static void an_rst_at_rcv_nxt_is_believed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        for (uint32_t text = 0; text < 2; text++) { /* SHLD-2: it may carry text */
            struct one_host one;
            reach(&one, rows[i].state, true);
            deliver(&one, "R", 0, text * 10);
            one_silent(&one);
            const struct tcp_status status = one_status(&one);
            assert_int_equal(status.state, TCB_CLOSED);
            assert_int_equal(status.ended, rows[i].told);
            assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DELETE);
            assert_int_equal(one_events(&one) & TCP_EVENT_ENDED, TCP_EVENT_ENDED);
            assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
            one_close(&one);
        }
    }
}

static void another_rst_in_the_window_is_challenged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct one_host one;
        reach(&one, rows[i].state, true);
        const int64_t window = one_status(&one).rcv_wnd;
        deliver(&one, "R", 1, 0);
        expect_ack(&one);
        assert_int_equal(one_step(&one).verdict, TCP_VERDICT_CHALLENGE);
        deliver(&one, "R", window - 1, 0);
        expect_ack(&one);
        deliver(&one, "R", -1, 2); /* it begins before RCV.NXT and ends behind it */
        expect_ack(&one);
        assert_int_equal(one_state(&one), rows[i].state);
        deliver(&one, "R", -1, 0);
        deliver(&one, "R", window, 0);
        one_silent(&one);
        assert_int_equal(one_state(&one), rows[i].state);
        one_close(&one);
    }
}

static void without_rfc_5961_any_rst_in_the_window_is_believed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        for (uint32_t edge = 0; edge < 2; edge++) {
            struct one_host one;
            reach(&one, rows[i].state, false);
            const int64_t window = one_status(&one).rcv_wnd;
            deliver(&one, "R", -1, 0);
            deliver(&one, "R", window, 0);
            assert_int_equal(one_state(&one), rows[i].state);
            deliver(&one, "R", edge == 0 ? 1 : window - 1, 0);
            one_silent(&one);
            assert_int_equal(one_state(&one), TCB_CLOSED);
            one_close(&one);
        }
    }
}

/* MUST-11: the listener stays, its user hears nothing. */
static void a_child_in_syn_received_vanishes_at_an_rst_or_a_new_syn(void **state)
{
    (void)state;
    static const char *const lines[] = {"R 1:1", "R. 1:1 ack 1", "S 1:1", "S. 5:5 ack 1"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct one_host one;
        one_open(&one);
        one_reach_passive(&one, TCB_SYN_RECEIVED);
        (void)one_events(&one);
        one_in(&one, lines[i]);
        one_silent(&one);
        assert_int_equal(one_step(&one).after, TCB_LISTEN);
        (void)one_events(&one);
        struct tcp_status status;
        assert_int_equal(tcp_host_status(one.host, one.connection, &status),
                         TCP_ERROR_NO_CONNECTION);
        assert_int_equal(tcp_host_status(one.host, one.listener, &status), TCP_OK);
        assert_int_equal(status.state, TCB_LISTEN);
        assert_int_equal(status.backlog_used, 0);
        assert_int_equal(one_accept(&one), TCP_ERROR_AGAIN);
        one_close(&one);
    }
}

static void a_syn_anywhere_draws_one_challenge(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const int64_t offsets[] = {-1000, -1, 0, 1, 3000, 70000, INT64_C(0x7fffffff)};
        for (size_t j = 0; j < sizeof offsets / sizeof *offsets; j++) {
            struct one_host one;
            reach(&one, rows[i].state, true);
            if (rows[i].state == TCB_SYN_RECEIVED && offsets[j] == -1) {
                one_close(&one); /* the SYN at IRS: see handshake_test.c */
                continue;
            }
            deliver(&one, "S", offsets[j], 0);
            expect_ack(&one);
            deliver(&one, "FS", offsets[j], 100); /* text and FIN go with it */
            expect_ack(&one);
            assert_int_equal(one_state(&one), rows[i].state);
            assert_int_equal(one_status(&one).readable_bytes, 0);
            one_close(&one);
        }
    }
}

/* RFC 5961 4.2: irrespective of the sequence number, and nothing more of the segment counts. */
static void a_syn_before_the_window_takes_its_text_along(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "S. 0:100 ack 1"); /* the SYN,ACK again, with text this time */
    one_out(&one, ". 1:1 ack 1");
    one_silent(&one);
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_CHALLENGE);
    assert_int_equal(one_status(&one).readable_bytes, 0);
    one_close(&one);
}

static void without_rfc_5961_a_syn_in_the_window_resets(void **state)
{
    (void)state;
    for (size_t i = 1; i < ROW_COUNT; i++) {
        struct one_host one;
        reach(&one, rows[i].state, false);
        const uint32_t nxt = one_status(&one).snd_nxt.raw - one.iss;
        deliver(&one, "S", 10, 0);
        if (rows[i].state == TCB_TIME_WAIT) { /* no document wants a reset there */
            expect_ack(&one);
            one_close(&one);
            continue;
        }
        char line[40];
        (void)snprintf(line, sizeof line, "R %u:%u", nxt, nxt);
        one_out(&one, line);
        one_silent(&one);
        assert_int_equal(one_status(&one).ended, TCP_ERROR_RESET);
        one_close(&one);
    }
}

/* RFC 5961 Figure 9: the peer has forgotten everything; the challenge makes it reset us. */
static void a_restarted_peer_gets_through_after_the_challenge(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_ESTABLISHED);
    one_in(&one, "S 500:500");
    one_out(&one, ". 1:1 ack 1");
    one_in(&one, "R 1:1"); /* at our ACK field */
    one_silent(&one);
    (void)one_events(&one);
    one_in(&one, "S 500:500");
    one_out(&one, "S. 0:0 ack 501");
    one_silent(&one);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_rst_at_rcv_nxt_is_believed),
        cmocka_unit_test(another_rst_in_the_window_is_challenged),
        cmocka_unit_test(without_rfc_5961_any_rst_in_the_window_is_believed),
        cmocka_unit_test(a_child_in_syn_received_vanishes_at_an_rst_or_a_new_syn),
        cmocka_unit_test(a_syn_anywhere_draws_one_challenge),
        cmocka_unit_test(a_syn_before_the_window_takes_its_text_along),
        cmocka_unit_test(without_rfc_5961_a_syn_in_the_window_resets),
        cmocka_unit_test(a_restarted_peer_gets_through_after_the_challenge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
