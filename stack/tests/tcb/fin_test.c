/* Eighth check of 3.10.7.4 and the closing of a connection: half-close, both at once, TIME-WAIT and its
 * reopening, a FIN beyond a hole, and what comes after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

#define TWO_MSL_US UINT64_C(240000000)

static void open_in(struct one_host *one, enum tcb_state state)
{
    one_open(one);
    one_reach(one, state);
}

static void a_fin_in_order_is_acknowledged_and_told_of(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    (void)one_events(&one);
    one_in(&one, "FP. 1:11 ack 1");
    assert_int_equal(one_events(&one), TCP_EVENT_PEER_CLOSED | TCP_EVENT_READABLE);
    assert_true(one_step(&one).fin_taken);
    one_out(&one, ". 1:1 ack 12"); /* at once */
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_read(&one, 10);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

static void data_still_flows_to_a_peer_that_has_closed(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_CLOSE_WAIT);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 2");
    one_in(&one, ". 2:2 ack 11");
    one_write(&one, 10);
    assert_int_equal(one_shut(&one), TCP_OK);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT); /* LAST-ACK once the FIN goes (3.10.4) */
    one_out(&one, "FP. 11:21 ack 2");
    assert_int_equal(one_state(&one), TCB_LAST_ACK);
    one_in(&one, ". 2:2 ack 22");
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_close(&one);
}

static void data_still_comes_after_our_own_fin(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        struct one_host one;
        open_in(&one, i == 0 ? TCB_FIN_WAIT_1 : TCB_FIN_WAIT_2);
        one_in(&one, i == 0 ? "P. 1:11 ack 1" : "P. 1:11 ack 2");
        one_wait(&one, 200000);
        one_out(&one, ". 2:2 ack 11");
        one_read(&one, 10);
        one_in(&one, "F. 11:21 ack 2");
        one_out(&one, ". 2:2 ack 22");
        assert_int_equal(one_state(&one), TCB_TIME_WAIT);
        one_read(&one, 10);
        assert_int_equal(one_read_error(&one), TCP_ERROR_END);
        one_close(&one);
    }
}

static void fin_wait_1_knows_three_ways_on(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_FIN_WAIT_1);
    one_in(&one, "F. 1:1 ack 1");
    one_out(&one, ". 2:2 ack 2");
    assert_int_equal(one_state(&one), TCB_CLOSING);
    one_close(&one);
    open_in(&one, TCB_FIN_WAIT_1);
    one_in(&one, "F. 1:1 ack 2"); /* Figure 5, note 2 */
    one_out(&one, ". 2:2 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_close(&one);
    open_in(&one, TCB_FIN_WAIT_1);
    one_in(&one, ". 1:1 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX); /* the RFC has no timeout here */
    one_close(&one);
}

static void a_fin_beyond_a_hole_is_held(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "F. 11:11 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_in(&one, "F. 11:11 ack 1"); /* again: again a duplicate ACK */
    one_out(&one, ". 1:1 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_in(&one, "P. 1:6 ack 1");
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 6");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_in(&one, "P. 6:11 ack 1");
    one_out(&one, ". 1:1 ack 12");
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_read(&one, 10);
    one_close(&one);
}

static void a_fin_with_text_beyond_a_hole_is_held(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_FIN_WAIT_2);
    one_in(&one, "FP. 6:11 ack 2");
    one_out(&one, ". 2:2 ack 1");
    one_silent(&one);
    one_in(&one, "P. 1:6 ack 2");
    one_out(&one, ". 2:2 ack 12");
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_read(&one, 10);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

static void nothing_behind_a_fin_is_ever_read(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "FP. 6:11 ack 1"); /* the FIN at 11 */
    one_in(&one, "P. 11:21 ack 1");
    one_in(&one, "FP. 6:16 ack 1"); /* another FIN elsewhere */
    one_in(&one, "P. 1:31 ack 1");
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    assert_int_equal(one_status(&one).rcv_nxt.raw, ONE_IRS + 12);
    one_in(&one, "P. 12:32 ack 1");
    one_in(&one, "F. 12:12 ack 1");
    assert_int_equal(one_status(&one).rcv_nxt.raw, ONE_IRS + 12);
    one_read(&one, 10);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

/* The text behind it is there already: the peer cannot mean both. */
static void a_fin_before_text_that_is_there_is_not_believed(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 11:21 ack 1");
    one_in(&one, "F. 11:11 ack 1");
    one_in(&one, "F. 6:11 ack 1");
    one_in(&one, "F. 6:15 ack 1");
    one_in(&one, "P. 1:11 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_read(&one, 20);
    one_in(&one, "F. 21:21 ack 1"); /* the true one */
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

/* EP-SEG-CWAIT-23 and its neighbours: it occupies a number, so it is answered, but nothing moves. */
static void a_second_fin_is_answered_and_changes_nothing(void **state)
{
    (void)state;
    static const enum tcb_state states[] = {TCB_CLOSE_WAIT, TCB_CLOSING, TCB_LAST_ACK,
                                            TCB_TIME_WAIT};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct one_host one;
        open_in(&one, states[i]);
        const struct tcp_status before = one_status(&one);
        const uint32_t nxt = before.snd_nxt.raw - ONE_ISS;
        one_in(&one, "F. 2:2 ack 1");
        one_out(&one, nxt == 1 ? ". 1:1 ack 2" : ". 2:2 ack 2");
        one_silent(&one);
        assert_int_equal(one_state(&one), states[i]);
        assert_int_equal(one_status(&one).rcv_nxt.raw, before.rcv_nxt.raw);
        one_close(&one);
    }
}

static void the_old_fin_again_is_acknowledged_again(void **state)
{
    (void)state;
    static const enum tcb_state states[] = {TCB_CLOSE_WAIT, TCB_CLOSING, TCB_LAST_ACK};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct one_host one;
        open_in(&one, states[i]);
        one_in(&one, "F. 1:1 ack 1");
        one_out(&one, states[i] == TCB_CLOSE_WAIT ? ". 1:1 ack 2" : ". 2:2 ack 2");
        one_silent(&one);
        assert_int_equal(one_state(&one), states[i]);
        one_close(&one);
    }
}

/* ---- TIME-WAIT ---------------------------------------------------------------------------------- */

static void time_wait_ends_after_two_msl(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_TIME_WAIT);
    assert_int_equal(one_status(&one).time_wait_at.us, ONE_START_US + TWO_MSL_US);
    assert_int_equal(tcp_host_deadline(one.host).us, ONE_START_US + TWO_MSL_US);
    one_wait(&one, TWO_MSL_US - 1);
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_wait(&one, 1);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_TIME_WAIT_TIMEOUT);
    one_silent(&one);
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, "R 2:2");
    one_close(&one);
}

static void the_fin_again_restarts_the_wait_and_nothing_else_does(void **state)
{
    (void)state;
    static const char *const junk[] = {". 2:2 ack 2",  ". 1:1 ack 2",  "P. 1:3 ack 2",
                                       "F. 2:2 ack 2", "F. 0:0 ack 2", "P. 5:9 ack 2",
                                       "S. 0:0 ack 2"};
    struct one_host one;
    open_in(&one, TCB_TIME_WAIT);
    one_wait(&one, 1000000);
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        one_in(&one, junk[i]);
        assert_int_equal(one_status(&one).time_wait_at.us, ONE_START_US + TWO_MSL_US);
    }
    const struct tcp_room room = {one.room, sizeof one.room};
    while (tcp_host_poll_segment(one.host, room, &one.last)) {
        assert_int_equal(one.last.flags, TCP_FLAG_ACK);
    }
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, ". 2:2 ack 2");
    one_silent(&one);
    assert_int_equal(one_status(&one).time_wait_at.us, ONE_START_US + 1000000 + TWO_MSL_US);
    one_wait(&one, 5);
    one_in(&one, "FP. -9:1 ack 1"); /* the whole last segment again */
    one_out(&one, ". 2:2 ack 2");
    assert_int_equal(one_status(&one).time_wait_at.us, ONE_START_US + 1000005 + TWO_MSL_US);
    one_close(&one);
}

/* A demonstration of what the wait is for; the last ACK leaves all the same. */
static void without_time_wait_the_connection_is_gone_at_once(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.time_wait = 0;
    one_start(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, ". 2:2 ack 2");
    one_wait(&one, 0);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_close(&one);
}

/* MAY-2: above every number of the old incarnation, and only for a listener that is there. */
static void passive_time_wait(struct one_host *one, uint64_t fixed_iss)
{
    one_prepare(one);
    one->config.fixed_iss = (uint32_t)fixed_iss;
    one_start(one);
    one_reach_passive(one, TCB_ESTABLISHED);
    assert_int_equal(one_accept(one), TCP_OK);
    assert_int_equal(one_shut(one), TCP_OK);
    one_out(one, "F. 1:1 ack 1");
    one_in(one, "F. 1:1 ack 2");
    one_out(one, ". 2:2 ack 2");
    assert_int_equal(tcp_host_release(one->host, one->now, one->connection), TCP_OK);
    (void)one_events(one);
}

static void a_syn_above_the_old_numbers_reopens(void **state)
{
    (void)state;
    struct one_host one;
    passive_time_wait(&one, 1);
    one_in(&one, "S 1:1"); /* the number of the old FIN */
    one_out(&one, ". 2:2 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_in(&one, "S 2:2 win 555 mss 777"); /* the first one above it */
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_REOPEN);
    one_out(&one, "S. 0:0 ack 3");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSED); /* the old handle is stale */
    const struct tcp_flow flow = {.local = one.local, .remote = one.remote};
    one.connection = tcp_host_find(one.host, &flow);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    one_in(&one, "P. 3:13 ack 1");
    assert_int_equal(one_status(&one).send_mss, 777);
    assert_int_equal(one_accept(&one), TCP_OK);
    assert_int_equal(one_status(&one).readable_bytes, 10);
    one_close(&one);
}

static void the_new_iss_lies_above_the_old_numbers(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 50; i++) { /* hashes of many flows */
        struct one_host one;
        one_prepare(&one);
        one.remote.port = (uint16_t)(one.remote.port + i);
        one.config.fixed_iss = 0;
        one_start(&one);
        one_listen(&one, 4);
        one_in(&one, "S 0:0");
        const struct tcp_flow flow = {.local = one.local, .remote = one.remote};
        one.connection = tcp_host_find(one.host, &flow);
        one.iss = one_status(&one).iss.raw;
        one_out(&one, "S. 0:0 ack 1");
        one_in(&one, ". 1:1 ack 1");
        assert_int_equal(one_accept(&one), TCP_OK);
        one_write(&one, 50000);
        assert_int_equal(one_shut(&one), TCP_OK);
        const struct tcp_room room = {one.room, sizeof one.room};
        for (uint32_t acked = 1; acked < 50002;) {
            while (tcp_host_poll_segment(one.host, room, &one.last)) {
                acked += tcp_segment_length(&one.last);
            }
            struct tcp_segment ack = one_segment(&one, ". 1:1 ack 1");
            ack.ack.raw = one.iss + acked;
            one_deliver(&one, &ack);
        }
        one_in(&one, "F. 1:1 ack 50002");
        one_out(&one, ". 50002:50002 ack 2");
        assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
        (void)one_events(&one);
        one_in(&one, "S 100:100");
        assert_true(tcp_host_poll_segment(one.host, room, &one.last));
        assert_int_equal(one.last.flags, TCP_FLAG_SYN | TCP_FLAG_ACK);
        assert_true((int32_t)(one.last.seq.raw - (one.iss + 50002)) > 0);
        one_close(&one);
    }
}

static void reopening_needs_a_listener_with_room_and_the_setting(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.reopen_time_wait = 0;
    one_start(&one);
    one_reach(&one, TCB_TIME_WAIT);
    one_in(&one, "S 2:2");
    one_out(&one, ". 2:2 ack 2");
    one_close(&one);

    passive_time_wait(&one, 1);
    assert_int_equal(tcp_host_close(one.host, one.now, one.listener), TCP_OK);
    one_in(&one, "S 2:2");
    one_out(&one, ". 2:2 ack 2"); /* RFC 5961 4.2 */
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fin_in_order_is_acknowledged_and_told_of),
        cmocka_unit_test(data_still_flows_to_a_peer_that_has_closed),
        cmocka_unit_test(data_still_comes_after_our_own_fin),
        cmocka_unit_test(fin_wait_1_knows_three_ways_on),
        cmocka_unit_test(a_fin_beyond_a_hole_is_held),
        cmocka_unit_test(a_fin_with_text_beyond_a_hole_is_held),
        cmocka_unit_test(nothing_behind_a_fin_is_ever_read),
        cmocka_unit_test(a_fin_before_text_that_is_there_is_not_believed),
        cmocka_unit_test(a_second_fin_is_answered_and_changes_nothing),
        cmocka_unit_test(the_old_fin_again_is_acknowledged_again),
        cmocka_unit_test(time_wait_ends_after_two_msl),
        cmocka_unit_test(the_fin_again_restarts_the_wait_and_nothing_else_does),
        cmocka_unit_test(without_time_wait_the_connection_is_gone_at_once),
        cmocka_unit_test(a_syn_above_the_old_numbers_reopens),
        cmocka_unit_test(the_new_iss_lies_above_the_old_numbers),
        cmocka_unit_test(reopening_needs_a_listener_with_room_and_the_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
