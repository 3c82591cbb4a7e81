/* First check of 3.10.7.4, in each state that has a receive window, at both of its edges; and what is
 * trimmed off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static const enum tcb_state states[] = {
    TCB_SYN_RECEIVED, TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2,
    TCB_CLOSE_WAIT,   TCB_CLOSING,     TCB_LAST_ACK,   TCB_TIME_WAIT,
};
#define STATE_COUNT (sizeof states / sizeof *states)

/* Numbers around each place where a sequence number can wrap or change its sign. */
static const uint32_t origins[] = {5000, UINT32_MAX, UINT32_MAX - 1, UINT32_MAX - 100, 0x7fffffff};
#define ORIGIN_COUNT (sizeof origins / sizeof *origins)

struct place {
    struct one_host one;
    struct tcp_status status;
};

static void reach(struct place *place, enum tcb_state state, uint32_t origin, uint32_t window)
{
    one_prepare(&place->one);
    place->one.irs = origin;
    place->one.iss = origin + 77;
    place->one.config.receive_buffer_bytes = window;
    one_start(&place->one);
    one_reach(&place->one, state);
    place->status = one_status(&place->one);
}

/* A segment `offset` from RCV.NXT with the right ACK. */
static struct tcp_segment at(struct place *place, const char *flags, int64_t offset, uint32_t text)
{
    char line[80];
    const int64_t seq = (int64_t)(uint32_t)(place->status.rcv_nxt.raw - place->one.irs) + offset;
    (void)snprintf(line, sizeof line, "%s %lld:%lld%s", flags, (long long)seq,
                   (long long)(seq + text), strchr(flags, '.') == NULL ? "" : " ack 0");
    struct tcp_segment segment = one_segment(&place->one, line);
    segment.ack = place->status.snd_una; /* acknowledges nothing new */
    return segment;
}

/* The ACK that an unacceptable segment draws, and no second one. */
static void expect_ack(struct place *place)
{
    char line[80];
    const struct tcp_status status = one_status(&place->one);
    const uint32_t nxt = status.snd_nxt.raw - place->one.iss;
    (void)snprintf(line, sizeof line, ". %u:%u ack %u", nxt, nxt,
                   status.rcv_nxt.raw - place->one.irs);
    one_out(&place->one, line);
    one_silent(&place->one);
}

static void is_refused(struct place *place, const char *flags, int64_t offset, uint32_t text)
{
    const struct tcp_segment segment = at(place, flags, offset, text);
    const enum tcb_state before = one_state(&place->one);
    /* One before the window an empty segment goes on as far as its ACK: decision 41. */
    const bool goes_on = offset == -1 && tcp_segment_length(&segment) == 0 &&
                         tcp_segment_has(&segment, TCP_FLAG_ACK) && before != TCB_SYN_RECEIVED;
    one_deliver(&place->one, &segment);
    assert_int_equal(one_step(&place->one).check, goes_on ? TCP_CHECK_TEXT : TCP_CHECK_SEQUENCE);
    assert_int_equal(one_step(&place->one).verdict, TCP_VERDICT_ACK);
    assert_int_equal(one_status(&place->one).rcv_nxt.raw, place->status.rcv_nxt.raw);
    assert_int_equal(one_state(&place->one), before);
    expect_ack(place);
}

static void gets_past(struct place *place, const char *flags, int64_t offset, uint32_t text)
{
    const struct tcp_segment segment = at(place, flags, offset, text);
    one_deliver(&place->one, &segment);
    assert_int_not_equal(one_step(&place->one).check, TCP_CHECK_SEQUENCE);
}

static void segments_without_length_count_from_rcv_nxt_to_the_edge(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        for (size_t j = 0; j < ORIGIN_COUNT; j++) {
            struct place place;
            reach(&place, states[i], origins[j], 4000);
            const int64_t window = place.status.rcv_wnd;
            assert_in_range(window, 3999, 4000);
            is_refused(&place, ".", -1, 0);
            is_refused(&place, ".", window, 0);
            is_refused(&place, ".", -INT64_C(0x7fffffff), 0);
            is_refused(&place, ".", INT64_C(0x7fffffff), 0);
            if (states[i] != TCB_SYN_RECEIVED) { /* there the ACK would open the connection */
                gets_past(&place, ".", 0, 0);
                gets_past(&place, ".", window - 1, 0);
                one_silent(&place.one);
            }
            one_close(&place.one);
        }
    }
}

static void text_counts_when_any_of_it_is_inside(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        struct place place;
        reach(&place, states[i], UINT32_MAX - 50, 4000);
        const int64_t window = place.status.rcv_wnd;
        is_refused(&place, ".", -10, 10); /* its last octet is RCV.NXT - 1 */
        is_refused(&place, ".", window, 10);
        is_refused(&place, "F.", -1, 0);
        is_refused(&place, "F.", window, 0);
        one_close(&place.one);
        const struct {
            int64_t offset;
            uint32_t text;
        } rows[] = {{-10, 11}, {0, 1}, {window - 1, 1}, {window - 1, 100}, {-10, 4100}, {0, 5000}};
        for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
            reach(&place, states[i], UINT32_MAX - 50, 4000);
            gets_past(&place, ".", rows[row].offset, rows[row].text);
            one_close(&place.one);
        }
    }
}

static void a_refused_reset_is_dropped_in_silence(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        struct place place;
        reach(&place, states[i], 5000, 4000);
        const int64_t offsets[] = {-1, -4000, place.status.rcv_wnd, INT64_C(0x7fffffff)};
        for (size_t j = 0; j < 4; j++) {
            const struct tcp_segment segment = at(&place, "R.", offsets[j], 0);
            one_deliver(&place.one, &segment);
            one_silent(&place.one);
            assert_int_equal(one_state(&place.one), states[i]);
            assert_int_equal(one_step(&place.one).verdict, TCP_VERDICT_DROP);
        }
        one_close(&place.one);
    }
}

static void old_octets_are_cut_off_the_front(void **state)
{
    (void)state;
    for (size_t j = 0; j < ORIGIN_COUNT; j++) {
        struct one_host one;
        one_prepare(&one);
        one.irs = origins[j];
        one_start(&one);
        one_reach(&one, TCB_ESTABLISHED);
        one_in(&one, "P. 1:11 ack 1");
        one_in(&one, "P. 1:21 ack 1");
        one_out(&one, ". 1:1 ack 21");
        one_in(&one, "P. 11:21 ack 1"); /* all old: one ACK */
        one_out(&one, ". 1:1 ack 21");
        one_in(&one, "F. 1:21 ack 1"); /* only the FIN is new */
        one_out(&one, ". 1:1 ack 22");
        one_in(&one, "F. 1:21 ack 1"); /* nothing is */
        one_out(&one, ". 1:1 ack 22");
        one_silent(&one);
        one_read(&one, 20);
        assert_int_equal(one_read_error(&one), TCP_ERROR_END);
        one_close(&one);
    }
}

static void octets_beyond_the_window_are_cut_off_the_end_with_the_fin(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = 1000;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "F. 1:1102 ack 1");
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 1001 win 0");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_read(&one, 1000);
    one_out(&one, ". 1:1 ack 1001 win 1000");
    one_in(&one, "F. 1001:2001 ack 1"); /* the text fits exactly, the FIN does not */
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 2001 win 0");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_read(&one, 1000);
    one_out(&one, ". 1:1 ack 2001 win 1000");
    one_in(&one, "F. 2001:3000 ack 1"); /* now both do */
    one_out(&one, ". 1:1 ack 3001 win 0");
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_close(&one);
}

static void a_segment_over_the_whole_window_is_taken_for_its_middle(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = 100;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:51 ack 1");
    one_in(&one, "P. 1:301 ack 1");
    one_out(&one, ". 1:1 ack 101 win 0");
    one_read(&one, 100);
    one_close(&one);
}

/* ---- a window of zero --------------------------------------------------------------------------- */

static void shut(struct one_host *one)
{
    one_prepare(one);
    one->config.receive_buffer_bytes = 100;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
    one_write(one, 10);
    one_out(one, "P. 1:11 ack 1");
    one_in(one, "P. 1:101 ack 1");
    one_wait(one, 200000);
    one_out(one, ". 11:11 ack 101 win 0");
}

static void a_shut_window_takes_only_what_has_no_length_at_rcv_nxt(void **state)
{
    (void)state;
    struct one_host one;
    shut(&one);
    one_in(&one, ". 100:100 ack 1");
    one_out(&one, ". 11:11 ack 101");
    one_in(&one, ". 102:102 ack 1");
    one_out(&one, ". 11:11 ack 101");
    one_in(&one, ". 101:101 ack 1");
    one_silent(&one);
    one_in(&one, "F. 101:101 ack 1");
    one_out(&one, ". 11:11 ack 101 win 0");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_close(&one);
}

/* MUST-66. */
static void a_shut_window_still_lets_acks_and_windows_in(void **state)
{
    (void)state;
    struct one_host one;
    shut(&one);
    one_in(&one, "P. 101:151 ack 11 win 77"); /* its text is refused */
    one_out(&one, ". 11:11 ack 101 win 0");
    one_silent(&one);
    assert_int_equal(one_status(&one).snd_una.raw - ONE_ISS, 11);
    assert_int_equal(one_status(&one).snd_wnd, 77);
    assert_int_equal(one_status(&one).readable_bytes, 100);
    one_close(&one);
}

static void a_shut_window_still_lets_resets_in(void **state)
{
    (void)state;
    struct one_host one;
    shut(&one);
    one_in(&one, "R 100:100");
    one_in(&one, "R 102:102");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_in(&one, "R 101:101");
    one_silent(&one);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_RESET);
    one_close(&one);
    shut(&one);
    one_in(&one, "R. 101:111 ack 1"); /* SHLD-2: a reset with text */
    one_silent(&one);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_RESET);
    one_close(&one);
}

/* RFC 5681 4.2: no more than one ACK for one segment. */
static void a_probe_of_a_shut_window_with_a_bad_ack_draws_one_ack(void **state)
{
    (void)state;
    static const char *const lines[] = {"P. 101:102 ack 12", "P. 101:102 ack -20000", "P 101:102",
                                        "S. 101:101 ack 1", "P. 101:102 ack 1"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct one_host one;
        shut(&one);
        one_in(&one, lines[i]);
        one_out(&one, ". 11:11 ack 101 win 0");
        one_silent(&one);
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_without_length_count_from_rcv_nxt_to_the_edge),
        cmocka_unit_test(text_counts_when_any_of_it_is_inside),
        cmocka_unit_test(a_refused_reset_is_dropped_in_silence),
        cmocka_unit_test(old_octets_are_cut_off_the_front),
        cmocka_unit_test(octets_beyond_the_window_are_cut_off_the_end_with_the_fin),
        cmocka_unit_test(a_segment_over_the_whole_window_is_taken_for_its_middle),
        cmocka_unit_test(a_shut_window_takes_only_what_has_no_length_at_rcv_nxt),
        cmocka_unit_test(a_shut_window_still_lets_acks_and_windows_in),
        cmocka_unit_test(a_shut_window_still_lets_resets_in),
        cmocka_unit_test(a_probe_of_a_shut_window_with_a_bad_ack_draws_one_ack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
