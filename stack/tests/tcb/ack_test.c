/* Fifth check of 3.10.7.4: both edges of the acceptable ACK, the window update, and what an
 * acknowledged FIN does in each state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static const enum tcb_state states[] = {TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2,
                                        TCB_CLOSE_WAIT,  TCB_CLOSING,    TCB_LAST_ACK,
                                        TCB_TIME_WAIT};
#define STATE_COUNT (sizeof states / sizeof *states)

static const uint32_t origins[] = {1000,           UINT32_MAX, UINT32_MAX - 1,
                                   UINT32_MAX - 5, 0x7fffffff, 0x7ffffffe};
#define ORIGIN_COUNT (sizeof origins / sizeof *origins)

static void reach(struct one_host *one, enum tcb_state state, uint32_t origin)
{
    one_prepare(one);
    one->iss = origin;
    one_start(one);
    one_reach(one, state);
}

/* A segment at RCV.NXT with `text` octets whose ACK lies `offset` from `base`. */
static void acknowledge(struct one_host *one, tcp_seqno base, int64_t offset, uint32_t text)
{
    char line[80];
    const uint32_t seq = one_status(one).rcv_nxt.raw - one->irs;
    const int64_t ack = (int64_t)(int32_t)(base.raw - one->iss) + offset;
    (void)snprintf(line, sizeof line, ". %u:%u ack %lld", seq, seq + text, (long long)ack);
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

static void an_ack_of_what_was_never_sent_is_answered_and_dropped(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        for (size_t j = 0; j < ORIGIN_COUNT; j++) {
            struct one_host one;
            reach(&one, states[i], origins[j]);
            const struct tcp_status before = one_status(&one);
            acknowledge(&one, before.snd_nxt, 1, 0);
            expect_ack(&one);
            acknowledge(&one, before.snd_nxt, 1, 10); /* the text goes with it */
            expect_ack(&one);
            acknowledge(&one, before.snd_nxt, INT64_C(0x7fffffff), 0);
            expect_ack(&one);
            const struct tcp_status after = one_status(&one);
            assert_int_equal(after.state, states[i]);
            assert_int_equal(after.snd_una.raw, before.snd_una.raw);
            assert_int_equal(after.rcv_nxt.raw, before.rcv_nxt.raw);
            one_close(&one);
        }
    }
}

/* MAY-12, RFC 5961 5.2: SND.UNA - MAX.SND.WND is the oldest that counts. */
static void an_ack_from_long_ago_is_answered_and_dropped(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        for (size_t j = 0; j < ORIGIN_COUNT; j++) {
            struct one_host one;
            reach(&one, states[i], origins[j]);
            const struct tcp_status before = one_status(&one);
            assert_int_equal(before.max_snd_wnd, ONE_WINDOW);
            acknowledge(&one, before.snd_una, -ONE_WINDOW - 1, 10);
            expect_ack(&one);
            assert_int_equal(one_step(&one).verdict, TCP_VERDICT_CHALLENGE);
            acknowledge(&one, before.snd_una, -INT64_C(0x7fffffff), 10);
            expect_ack(&one);
            assert_int_equal(one_status(&one).rcv_nxt.raw, before.rcv_nxt.raw);
            acknowledge(&one, before.snd_una, -ONE_WINDOW, 0);
            acknowledge(&one, before.snd_una, -1, 0);
            one_silent(&one);
            assert_int_equal(one_step(&one).verdict, TCP_VERDICT_ACCEPT);
            assert_int_equal(one_state(&one), states[i]);
            one_close(&one);
        }
    }
}

static void the_text_of_an_old_ack_is_taken(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, TCB_ESTABLISHED, 1000);
    acknowledge(&one, one_status(&one).snd_una, -ONE_WINDOW, 10);
    one_read(&one, 10);
    one_close(&one);
}

/* MAX.SND.WND never shrinks: an ACK that counted under the largest window counts still. */
static void the_largest_window_ever_bounds_old_acks(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, TCB_ESTABLISHED, 1000);
    one_in(&one, ". 1:1 ack 1 win 20000");
    one_in(&one, ". 1:1 ack 1 win 10");
    assert_int_equal(one_status(&one).snd_wnd, 10);
    assert_int_equal(one_status(&one).max_snd_wnd, 20000);
    one_in(&one, ". 1:1 ack -19999");
    one_silent(&one);
    one_in(&one, ". 1:1 ack -20000");
    one_out(&one, ". 1:1 ack 1");
    one_close(&one);
}

static void without_rfc_5961_any_old_ack_lets_text_in(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.rfc5961 = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:11 ack -100000");
    one_read(&one, 10);
    one_close(&one);
}

static void a_segment_without_ack_is_dropped_in_silence(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        struct one_host one;
        reach(&one, states[i], 1000);
        const struct tcp_status before = one_status(&one);
        const uint32_t seq = before.rcv_nxt.raw - one.irs;
        char line[40];
        (void)snprintf(line, sizeof line, "F %u:%u", seq, seq + 10);
        one_in(&one, line);
        one_silent(&one);
        assert_int_equal(one_step(&one).check, TCP_CHECK_ACK);
        assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DROP);
        assert_int_equal(one_state(&one), states[i]);
        assert_int_equal(one_status(&one).rcv_nxt.raw, before.rcv_nxt.raw);
        one_close(&one);
    }
}

static void each_octet_between_una_and_nxt_can_be_acknowledged(void **state)
{
    (void)state;
    for (size_t j = 0; j < ORIGIN_COUNT; j++) {
        struct one_host one;
        reach(&one, TCB_ESTABLISHED, origins[j]);
        one_write(&one, 10);
        one_out(&one, "P. 1:11 ack 1");
        for (uint32_t i = 1; i <= 10; i++) {
            acknowledge(&one, (tcp_seqno){one.iss + 1}, i, 0);
            assert_int_equal(one_status(&one).snd_una.raw, one.iss + 1 + i);
            assert_int_equal(one_status(&one).unacked_bytes, 10 - i);
            assert_int_equal(one_status(&one).send_room_bytes, 65535 - 10 + i);
        }
        one_silent(&one);
        one_close(&one);
    }
}

/* SND.UNA comes to the place where ISS stood once the connection has sent 2^32 octets. */
static void una_may_come_round_to_iss_again(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, TCB_ESTABLISHED, 1000);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_in(&one, ". 1:1 ack 11");
    /* As if ISS had been here: the same connection after 2^32 - 10 octets more. */
    one_force_iss(&one, 11);
    one_write(&one, 10);
    one_out(&one, "P. 11:21 ack 1");
    assert_int_equal(one_status(&one).unacked_bytes, 10);
    one_wait(&one, 1000000);
    one_out(&one, "P. 11:21 ack 1");
    one_in(&one, ". 1:1 ack 16");
    assert_int_equal(one_status(&one).unacked_bytes, 5);
    one_in(&one, ". 1:1 ack 21");
    assert_int_equal(one_status(&one).send_room_bytes, 65535);
    one_close(&one);
}

static void a_window_counts_if_its_segment_is_not_older(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, TCB_ESTABLISHED, 1000);
    one_write(&one, 20);
    one_out(&one, "P. 1:21 ack 1");
    one_in(&one, ". 1:11 ack 11 win 500");
    assert_int_equal(one_status(&one).snd_wnd, 500);
    assert_int_equal(one_status(&one).snd_wl1.raw, ONE_IRS + 1);
    assert_int_equal(one_status(&one).snd_wl2.raw, ONE_ISS + 11);
    one_in(&one, ". 11:11 ack 11 win 600"); /* a later SEQ, the same ACK */
    assert_int_equal(one_status(&one).snd_wnd, 600);
    one_in(&one, ". 11:11 ack 11 win 400"); /* both the same: a window may shrink */
    assert_int_equal(one_status(&one).snd_wnd, 400);
    one_in(&one, ". 11:11 ack 10 win 700"); /* an older ACK */
    assert_int_equal(one_status(&one).snd_wnd, 400);
    one_in(&one, ". 21:21 ack 10 win 700"); /* a later SEQ does not help it: SEG.ACK < SND.UNA */
    assert_int_equal(one_status(&one).snd_wnd, 400);
    one_in(&one, ". 11:11 ack 12 win 800");
    assert_int_equal(one_status(&one).snd_wnd, 800);
    one_in(&one, ". 12:12 ack 13 win 900");
    one_in(&one, ". 11:11 ack 14 win 100");          /* an older SEQ, though its ACK is new */
    assert_int_equal(one_status(&one).snd_wnd, 899); /* the right edge stays where it was */
    assert_int_equal(one_status(&one).snd_una.raw, ONE_ISS + 14);
    one_close(&one);
}

/* WL1 is the number after trimming. */
static void the_window_of_a_trimmed_segment_counts(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, TCB_ESTABLISHED, 1000);
    one_in(&one, "P. 1:11 ack 1 win 500");
    one_in(&one, "P. 1:21 ack 1 win 600");
    assert_int_equal(one_status(&one).snd_wnd, 600);
    assert_int_equal(one_status(&one).snd_wl1.raw, ONE_IRS + 11);
    one_close(&one);
}

static void fin_wait_1_waits_for_the_ack_of_its_fin(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    assert_int_equal(one_shut(&one), TCP_OK);
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_1); /* before the FIN leaves */
    one_out(&one, "FP. 1:11 ack 1");
    one_in(&one, ". 1:1 ack 11");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_1);
    one_in(&one, ". 1:1 ack 12");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_close(&one);
}

/* The state comes before the FIN: an ACK of all that was sent is no ACK of the FIN. */
static void an_ack_before_the_fin_was_sent_does_not_count_as_its_own(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 1 win 10");
    one_write(&one, 20);
    one_wait(&one, 200000); /* SWS avoidance holds so little back */
    one_out(&one, ". 1:11 ack 1");
    assert_int_equal(one_shut(&one), TCP_OK);
    one_silent(&one);
    one_in(&one, ". 1:1 ack 11 win 0");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_1);
    one_silent(&one);
    one_in(&one, ". 1:1 ack 11 win 100");
    one_out(&one, "FP. 11:21 ack 1");
    one_in(&one, ". 1:1 ack 22");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_close(&one);
}

static void closing_and_last_ack_wait_for_the_ack_of_the_fin(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_CLOSING);
    one_in(&one, ". 2:2 ack 1");
    assert_int_equal(one_state(&one), TCB_CLOSING);
    one_in(&one, ". 2:2 ack 2");
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_silent(&one);
    one_close(&one);
    one_open(&one);
    one_reach(&one, TCB_LAST_ACK);
    one_in(&one, ". 2:2 ack 1");
    assert_int_equal(one_state(&one), TCB_LAST_ACK);
    one_in(&one, ". 2:2 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    assert_int_equal(one_status(&one).ended, TCP_OK);
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DELETE);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_of_what_was_never_sent_is_answered_and_dropped),
        cmocka_unit_test(an_ack_from_long_ago_is_answered_and_dropped),
        cmocka_unit_test(the_text_of_an_old_ack_is_taken),
        cmocka_unit_test(the_largest_window_ever_bounds_old_acks),
        cmocka_unit_test(without_rfc_5961_any_old_ack_lets_text_in),
        cmocka_unit_test(a_segment_without_ack_is_dropped_in_silence),
        cmocka_unit_test(each_octet_between_una_and_nxt_can_be_acknowledged),
        cmocka_unit_test(una_may_come_round_to_iss_again),
        cmocka_unit_test(a_window_counts_if_its_segment_is_not_older),
        cmocka_unit_test(the_window_of_a_trimmed_segment_counts),
        cmocka_unit_test(fin_wait_1_waits_for_the_ack_of_its_fin),
        cmocka_unit_test(an_ack_before_the_fin_was_sent_does_not_count_as_its_own),
        cmocka_unit_test(closing_and_last_ack_wait_for_the_ack_of_the_fin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
