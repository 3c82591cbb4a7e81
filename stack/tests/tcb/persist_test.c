/* Zero-window probes (RFC 9293 3.8.6.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

/* Ten octets wait before a window of nothing. */
static void shut_before(struct one_host *one, uint32_t octets)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
    one_in(one, ". 1:1 ack 1 win 0");
    if (octets > 0) {
        one_write(one, octets);
    }
    one_silent(one);
}

static void probes_begin_after_one_rto_and_back_off(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 10);
    assert_int_equal(one_status(&one).persist_at.us, ONE_START_US + 1000000); /* SHLD-29 */
    assert_int_equal(one_status(&one).retransmission_at.us, UINT64_MAX);
    const uint64_t pauses[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) { /* SHLD-30 */
        one_wait(&one, pauses[i] * 1000000 - 1);
        one_silent(&one);
        one_wait(&one, 1);
        one_out(&one, ". 1:2 ack 1"); /* the same octet each time */
        one_silent(&one);
        assert_int_equal(one_step(&one).cause, TCP_CAUSE_PERSIST_TIMEOUT);
        one_in(&one, ". 1:1 ack 1 win 0");
    }
    assert_int_equal(one_state(&one), TCB_ESTABLISHED); /* MUST-37 */
    one_close(&one);
}

static void an_accepted_octet_makes_way_for_the_next(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 3);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:2 ack 1");
    one_in(&one, ". 1:1 ack 2 win 0");
    one_silent(&one);
    one_wait(&one, 2000000);
    one_out(&one, ". 2:3 ack 1");
    one_in(&one, ". 1:1 ack 3 win 0");
    one_wait(&one, 4000000);
    one_out(&one, "P. 3:4 ack 1");
    one_in(&one, ". 1:1 ack 4 win 0");
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX); /* nothing is left to ask for */
    one_wait(&one, 1000000000);
    one_silent(&one);
    one_close(&one);
}

static void a_window_that_opens_gets_the_rest_at_once(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 10);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:2 ack 1");
    one_in(&one, ". 1:1 ack 2 win 100"); /* the octet was accepted */
    one_out(&one, "P. 2:11 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).persist_at.us, UINT64_MAX);
    one_in(&one, ". 1:1 ack 11 win 100");
    one_close(&one);
    shut_before(&one, 10);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:2 ack 1");
    one_in(&one, ". 1:1 ack 1 win 100"); /* it was refused: it goes again */
    one_out(&one, ". 1:2 ack 1");
    one_in(&one, ". 1:1 ack 2 win 100");
    one_out(&one, "P. 2:11 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void a_fin_is_a_probe_of_its_own(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 0);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_silent(&one);
    one_wait(&one, 1000000);
    one_out(&one, "F. 1:1 ack 1");
    one_in(&one, ". 1:1 ack 1 win 0");
    one_wait(&one, 2000000);
    one_out(&one, "F. 1:1 ack 1");
    one_in(&one, ". 1:1 ack 2 win 0");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
    one_close(&one);
}

static void a_fin_follows_the_last_octet_that_was_probed(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 1);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_wait(&one, 1000000);
    one_out(&one, "P. 1:2 ack 1");
    one_in(&one, ". 1:1 ack 2 win 0");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_1);
    one_wait(&one, 2000000);
    one_out(&one, "F. 2:2 ack 1");
    one_in(&one, ". 1:1 ack 2 win 1");
    one_out(&one, "F. 2:2 ack 1");
    one_in(&one, ". 1:1 ack 3 win 1");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_close(&one);
}

static void close_wait_probes_with_its_fin_on_the_way_to_last_ack(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_CLOSE_WAIT);
    one_in(&one, ". 2:2 ack 1 win 0");
    assert_int_equal(one_shut(&one), TCP_OK);
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_wait(&one, 1000000);
    one_out(&one, "F. 1:1 ack 2");
    assert_int_equal(one_state(&one), TCB_LAST_ACK);
    one_in(&one, ". 2:2 ack 2 win 0");
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_close(&one);
}

static void a_window_shut_in_the_syn_ack_is_probed(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_write(&one, 10);
    one_in(&one, "S. 0:0 ack 1 win 0");
    one_out(&one, ". 1:1 ack 1");
    one_silent(&one);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:2 ack 1");
    one_close(&one);
}

/* Karn: what is sent as a probe as well as before tells nothing of the round trip. */
static void a_probe_is_not_timed(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    const struct tcp_status before = one_status(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_in(&one, ". 1:1 ack 1 win 0");
    one_wait(&one, before.rto_us);
    one_out(&one, ". 1:2 ack 1");
    one_in(&one, ". 1:1 ack 11 win 100");
    assert_int_equal(one_status(&one).srtt_us, before.srtt_us);
    one_close(&one);
}

/* The peer still answers: how long its silence may last counts from the first probe on (MUST-37), not from
 * the text that it had a window for. */
static void patience_begins_with_the_first_probe(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(tcp_host_set_user_timeout(one.host, one.now, one.connection, 2900000), TCP_OK);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, 1000000);
    one_out(&one, "P. 1:11 ack 1");
    one_in(&one, ". 1:1 ack 1 win 0");
    one_wait(&one, 1999999);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    one_out(&one, ". 1:2 ack 1"); /* the first probe, and the patience begins */
    one_wait(&one, 2899999);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

/* The probe falls due and the window opens in one call. Nothing of the probe may be left over: it would
 * leave at the next time the window shuts, with a FIN that nobody asked for when nothing else waits. */
static void a_probe_that_is_no_longer_needed_is_forgotten(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 10);
    one_pass(&one, 1000001);
    one_in(&one, ". 1:1 ack 1 win 100");
    one_out(&one, "P. 1:11 ack 1");
    one_in(&one, ". 1:1 ack 11 win 0");
    one_silent(&one);
    one_wait(&one, 100000000);
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    assert_int_equal(one_status(&one).snd_nxt.raw, ONE_ISS + 11);
    one_write(&one, 5);
    one_silent(&one); /* a new wait begins */
    one_wait(&one, 999999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 11:12 ack 1");
    one_close(&one);
}

static void a_peer_that_answers_no_probe_is_given_up(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 10);
    const struct tcp_room room = {one.room, sizeof one.room};
    uint32_t probes = 0;
    uint32_t second = 0;
    for (; second < 200 && one_state(&one) == TCB_ESTABLISHED; second++) {
        one_wait(&one, 1000000);
        while (tcp_host_poll_segment(one.host, room, &one.last)) {
            probes++;
        }
    }
    assert_in_range(second, 100, 101); /* R2, from the first that was not answered */
    assert_in_range(probes, 6, 7);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

/* MUST-37: patience is for probes without an answer, however long the pause between two. */
static void a_short_user_timeout_does_not_count_the_pauses_between_probes(void **state)
{
    (void)state;
    struct one_host one;
    shut_before(&one, 10);
    assert_int_equal(tcp_host_set_user_timeout(one.host, one.now, one.connection, 20000000),
                     TCP_OK);
    const struct tcp_room room = {one.room, sizeof one.room};
    for (uint32_t second = 0; second < 600; second++) {
        one_wait(&one, 1000000);
        while (tcp_host_poll_segment(one.host, room, &one.last)) {
            one_in(&one, ". 1:1 ack 1 win 0");
        }
    }
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_close(&one);
}

/* Both windows are shut and both sides probe. An ACK that stood at SND.NXT, behind our own probe, would be
 * as unacceptable to the peer as the probe was, and both would answer each other for ever (A.2). */
static void both_sides_may_probe_at_once(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = 100;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:101 ack 1 win 0");
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 101 win 0");
    one_write(&one, 10);
    one_wait(&one, 1000000);
    one_out(&one, ". 1:2 ack 101");
    one_in(&one, ". 101:102 ack 1 win 0"); /* the peer's probe: refused */
    one_out(&one, ". 1:1 ack 101 win 0");
    one_silent(&one);
    one_in(&one, ". 101:101 ack 1 win 0"); /* the peer's answer to ours */
    one_silent(&one);
    one_in(&one, ". 101:101 ack 1 win 100");
    one_out(&one, ". 1:2 ack 101");
    one_in(&one, ". 101:101 ack 2 win 100");
    one_out(&one, "P. 2:11 ack 101");
    one_in(&one, ". 100:100 ack 2"); /* from here on ACKs stand at SND.NXT again */
    one_out(&one, ". 11:11 ack 101");
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probes_begin_after_one_rto_and_back_off),
        cmocka_unit_test(an_accepted_octet_makes_way_for_the_next),
        cmocka_unit_test(a_window_that_opens_gets_the_rest_at_once),
        cmocka_unit_test(a_fin_is_a_probe_of_its_own),
        cmocka_unit_test(a_fin_follows_the_last_octet_that_was_probed),
        cmocka_unit_test(close_wait_probes_with_its_fin_on_the_way_to_last_ack),
        cmocka_unit_test(a_window_shut_in_the_syn_ack_is_probed),
        cmocka_unit_test(a_probe_is_not_timed),
        cmocka_unit_test(patience_begins_with_the_first_probe),
        cmocka_unit_test(a_probe_that_is_no_longer_needed_is_forgotten),
        cmocka_unit_test(a_peer_that_answers_no_probe_is_given_up),
        cmocka_unit_test(both_sides_may_probe_at_once),
        cmocka_unit_test(a_short_user_timeout_does_not_count_the_pauses_between_probes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
