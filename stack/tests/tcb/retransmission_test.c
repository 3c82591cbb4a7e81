/* The retransmission timer: when it runs, what it sends, how it backs off, and when it gives up (RFC
 * 6298 5, RFC 9293 3.8.1 and 3.8.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void open_established(struct one_host *one)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
}

static void data_is_sent_again_after_the_rto_which_doubles(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    assert_int_equal(one_status(&one).retransmission_at.us, ONE_START_US + 1000000);
    one_wait(&one, 999999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, "P. 1:11 ack 1");
    one_silent(&one);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_RETRANSMISSION_TIMEOUT);
    for (uint64_t rto = 2000000; rto <= 32000000; rto *= 2) {
        assert_int_equal(one_status(&one).rto_us, rto);
        one_wait(&one, rto - 1);
        one_silent(&one);
        one_wait(&one, 1);
        one_out(&one, "P. 1:11 ack 1");
        one_silent(&one);
    }
    assert_int_equal(one_status(&one).rto_us, 60000000); /* the bound */
    assert_int_equal(one_status(&one).retransmits, 6);
    one_close(&one);
}

/* R2: 100 s after the octets left (SHLD-11); the retransmissions go on until then. */
static void data_that_is_never_acknowledged_ends_the_connection(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    const struct tcp_room room = {one.room, sizeof one.room};
    uint32_t sent = 0;
    for (uint32_t second = 1; second < 100; second++) {
        one_wait(&one, 1000000);
        while (tcp_host_poll_segment(one.host, room, &one.last)) {
            sent++;
        }
    }
    assert_int_equal(sent, 6); /* at 1, 3, 7, 15, 31, 63 */
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1000000);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_silent(&one);
    assert_int_equal(one_read_error(&one), TCP_ERROR_TIMEOUT);
    one_close(&one);
}

/* R2 is more than R1 = 3 repetitions (3.8.3): seconds alone do not end it when the RTO is long. */
static void a_long_rto_is_given_its_repetitions(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.rto_min_us = 30000000;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    static const uint32_t pauses[] = {30, 60, 60, 60};
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        one_wait(&one, pauses[i] * UINT64_C(1000000));
        one_out(&one, "P. 1:11 ack 1");
        one_silent(&one);
    }
    one_wait(&one, 59999999);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_silent(&one);
    one_close(&one);
}

static void each_acknowledgment_starts_both_clocks_anew(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, 900000);
    one_in(&one, ". 1:1 ack 2"); /* RFC 6298 5.3 */
    assert_int_equal(one_status(&one).retransmission_at.us, ONE_START_US + 1900000);
    one_in(&one, ". 1:1 ack 2"); /* a duplicate does not */
    one_in(&one, ". 1:1 ack 2 win 5000");
    one_wait(&one, 500000);
    one_in(&one, ". 1:1 ack 2 win 6000");
    assert_int_equal(one_status(&one).retransmission_at.us, ONE_START_US + 1900000);
    one_in(&one, ". 1:1 ack 11"); /* 5.2 */
    assert_int_equal(one_status(&one).retransmission_at.us, UINT64_MAX);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
    one_close(&one);
}

static void the_window_is_sent_again_from_its_front_in_slow_start(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 5000);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1001:2001 ack 1");
    one_out(&one, ". 2001:3001 ack 1");
    one_out(&one, ". 3001:4001 ack 1");
    one_out(&one, "P. 4001:5001 ack 1");
    one_silent(&one);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:1001 ack 1"); /* cwnd is one segment */
    one_silent(&one);
    assert_int_equal(one_status(&one).cwnd_bytes, 1000);
    assert_int_equal(one_status(&one).ssthresh_bytes, 2500);
    one_in(&one, ". 1:1 ack 1001");
    one_out(&one, ". 1001:2001 ack 1");
    one_out(&one, ". 2001:3001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 4001"); /* the others had arrived */
    one_out(&one, "P. 4001:5001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 5001");
    one_silent(&one);
    one_close(&one);
}

static void a_repeated_segment_may_have_another_size_and_carry_the_fin(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    assert_int_equal(tcp_host_set_nagle(one.host, one.now, one.connection, false), TCP_OK);
    one_write(&one, 10);
    one_out(&one, "P. 11:21 ack 1");
    assert_int_equal(one_shut(&one), TCP_OK);
    one_out(&one, "F. 21:21 ack 1");
    one_wait(&one, 1000000);
    one_out(&one, "FP. 1:21 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 16"); /* in the middle of it */
    one_wait(&one, 2000000);
    one_out(&one, "FP. 16:21 ack 1");
    one_in(&one, ". 1:1 ack 21");
    one_wait(&one, 4000000);
    one_out(&one, "F. 21:21 ack 1");
    one_close(&one);
}

static void a_fin_alone_is_sent_again_in_every_state_that_waits_for_its_ack(void **state)
{
    (void)state;
    static const struct {
        enum tcb_state state;
        const char *fin;
    } rows[] = {{TCB_FIN_WAIT_1, "F. 1:1 ack 1"},
                {TCB_CLOSING, "F. 1:1 ack 2"},
                {TCB_LAST_ACK, "F. 1:1 ack 2"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        one_open(&one);
        one_reach(&one, rows[i].state);
        one_wait(&one, 1000000);
        one_out(&one, rows[i].fin);
        one_wait(&one, 2000000);
        one_out(&one, rows[i].fin);
        one_silent(&one);
        one_lose(&one, 97000000);
        assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
        one_silent(&one);
        one_close(&one);
    }
}

/* Karn: no measurement from what was sent twice, and the backed-off RTO stays until there is one. */
static void a_repeated_segment_is_not_measured(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, 1000000);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, 100);
    one_in(&one, ". 1:1 ack 11");
    assert_int_equal(one_status(&one).rto_us, 2000000);
    assert_int_equal(one_status(&one).retransmits, 0);
    one_write(&one, 10);
    one_out(&one, "P. 11:21 ack 1");
    one_wait(&one, 800000);
    one_in(&one, ". 1:1 ack 21");
    /* The handshake took no time: SRTT 0, RTTVAR 0; then 1/8 and 1/4 of 800 ms. */
    assert_int_equal(one_status(&one).srtt_us, 100000);
    assert_int_equal(one_status(&one).rttvar_us, 200000);
    assert_int_equal(one_status(&one).rto_us, 1000000);
    one_close(&one);
}

static void the_first_measurement_is_that_of_the_syn(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_wait(&one, 400000);
    one_in(&one, "S. 0:0 ack 1");
    assert_int_equal(one_status(&one).srtt_us, 400000);
    assert_int_equal(one_status(&one).rttvar_us, 200000);
    assert_int_equal(one_status(&one).rto_us, 1200000);
    one_close(&one);
}

static void a_lost_syn_is_repeated_and_leaves_one_segment_and_three_seconds(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_wait(&one, 1000000);
    one_out(&one, "S 0:0 win 65535 mss 1460");
    one_wait(&one, 2000000);
    one_out(&one, "S 0:0");
    one_silent(&one);
    one_in(&one, "S. 0:0 ack 1 mss 1000");
    one_out(&one, ". 1:1 ack 1");
    const struct tcp_status status = one_status(&one);
    assert_int_equal(status.rto_us, 3000000);  /* RFC 6298 5.7 */
    assert_int_equal(status.cwnd_bytes, 1000); /* RFC 5681 3.1 */
    assert_int_equal(status.srtt_us, 0);       /* Karn */
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, 2999999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, "P. 1:11 ack 1");
    one_close(&one);
}

/* 5.7 is for an RTO below three seconds: it must not make a longer one shorter. */
static void a_longer_initial_rto_is_kept_after_a_lost_syn(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.rto_initial_us = 5000000;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_wait(&one, 5000000);
    one_out(&one, "S 0:0");
    one_in(&one, "S. 0:0 ack 1");
    assert_int_equal(one_status(&one).rto_us, 5000000);
    one_close(&one);
}

static void a_lost_syn_ack_is_repeated_likewise(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    one_wait(&one, 1000000);
    one_out(&one, "S. 0:0 ack 1 win 65535 mss 1460");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1");
    assert_int_equal(one_status(&one).rto_us, 3000000);
    assert_int_equal(one_status(&one).cwnd_bytes, 1000);
    one_close(&one);
}

/* MUST-23: at least three minutes. */
static void a_syn_that_is_never_answered_times_out(void **state)
{
    (void)state;
    for (uint32_t is_passive = 0; is_passive < 2; is_passive++) {
        struct one_host one;
        one_open(&one);
        if (is_passive) {
            one_reach_passive(&one, TCB_SYN_RECEIVED);
        } else {
            one_reach(&one, TCB_SYN_SENT);
        }
        one_lose(&one, 179999999);
        assert_int_not_equal(one_state(&one), TCB_CLOSED);
        one_wait(&one, 1);
        (void)one_events(&one);
        const struct tcp_room room = {one.room, sizeof one.room};
        assert_false(tcp_host_poll_segment(one.host, room, &one.last));
        if (is_passive) { /* back to LISTEN: the child is gone */
            struct tcp_status status;
            assert_int_equal(tcp_host_status(one.host, one.connection, &status),
                             TCP_ERROR_NO_CONNECTION);
        } else {
            assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
        }
        one_close(&one);
    }
}

static void r1_warns_the_user_once(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    (void)one_events(&one);
    one_lose(&one, 1000000);
    one_lose(&one, 2000000);
    assert_int_equal(one_events(&one) & TCP_EVENT_SOFT_ERROR, 0);
    one_lose(&one, 4000000); /* the third (SHLD-10) */
    assert_int_equal(one_events(&one) & TCP_EVENT_SOFT_ERROR, TCP_EVENT_SOFT_ERROR);
    one_lose(&one, 8000000);
    assert_int_equal(one_events(&one) & TCP_EVENT_SOFT_ERROR, 0);
    one_close(&one);
}

/* MUST-35, MUST-37: a peer that shrinks its window to nothing but answers is probed, not given up. */
static void a_window_shrunk_to_nothing_does_not_time_out(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 2000);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, "P. 1001:2001 ack 1");
    one_in(&one, ". 1:1 ack 1001 win 0"); /* the right edge goes left (SHLD-15) */
    const struct tcp_room room = {one.room, sizeof one.room};
    for (uint32_t second = 0; second < 1000; second++) {
        one_wait(&one, 1000000);
        while (tcp_host_poll_segment(one.host, room, &one.last)) {
            one_in(&one, ". 1:1 ack 1001 win 0");
        }
    }
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 1501 win 0"); /* still shut, though some of it was taken */
    one_silent(&one);
    assert_int_equal(one_status(&one).retransmission_at.us, UINT64_MAX);
    one_in(&one, ". 1:1 ack 1501 win 5000");
    one_out(&one, "P. 1501:2001 ack 1");
    one_in(&one, ". 1:1 ack 2001 win 5000");
    one_silent(&one);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_is_sent_again_after_the_rto_which_doubles),
        cmocka_unit_test(data_that_is_never_acknowledged_ends_the_connection),
        cmocka_unit_test(a_long_rto_is_given_its_repetitions),
        cmocka_unit_test(each_acknowledgment_starts_both_clocks_anew),
        cmocka_unit_test(the_window_is_sent_again_from_its_front_in_slow_start),
        cmocka_unit_test(a_repeated_segment_may_have_another_size_and_carry_the_fin),
        cmocka_unit_test(a_fin_alone_is_sent_again_in_every_state_that_waits_for_its_ack),
        cmocka_unit_test(a_repeated_segment_is_not_measured),
        cmocka_unit_test(the_first_measurement_is_that_of_the_syn),
        cmocka_unit_test(a_lost_syn_is_repeated_and_leaves_one_segment_and_three_seconds),
        cmocka_unit_test(a_longer_initial_rto_is_kept_after_a_lost_syn),
        cmocka_unit_test(a_lost_syn_ack_is_repeated_likewise),
        cmocka_unit_test(a_syn_that_is_never_answered_times_out),
        cmocka_unit_test(r1_warns_the_user_once),
        cmocka_unit_test(a_window_shrunk_to_nothing_does_not_time_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
