/* CUBIC when it starts, when congestion comes, when the application is the limit, and where numbers end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/congestion/cubic_flow.h"

/* ---- slow start --------------------------------------------------------------------------------------- */

static void slow_start_lasts_while_the_window_is_no_more_than_ssthresh(void **state)
{
    (void)state;
    struct flow flow = fresh();
    flow.window.cwnd_bytes = 8000;
    flow.window.ssthresh_bytes = 10000;
    acknowledge(&flow, MSS, MSS);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.window.cwnd_bytes, 10000);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.window.cwnd_bytes, 11000);
    assert_int_equal(flow.cubic.stage, CUBIC_SLOW_START);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.stage, CUBIC_AVOIDANCE);
    assert_in_range(flow.window.cwnd_bytes, 11000, 11100);
}

static void after_congestion_there_is_no_slow_start(void **state)
{
    (void)state;
    struct flow flow = reduced_from(10);
    assert_int_equal(flow.window.cwnd_bytes, flow.window.ssthresh_bytes);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.stage, CUBIC_AVOIDANCE);
    assert_in_range(flow.window.cwnd_bytes, 7000, 7100);
}

static void below_ssthresh_slow_start_comes_first_even_then(void **state)
{
    (void)state;
    struct flow flow = fresh();
    flow.window.cwnd_bytes = 2000;
    cubic_reduce(&flow.cubic, &flow.window, MSS, 1000);
    assert_int_equal(flow.window.cwnd_bytes, 1000);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.window.cwnd_bytes, 2000);
    assert_int_equal(flow.cubic.stage, CUBIC_REDUCED);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.stage, CUBIC_AVOIDANCE);
}

static void a_first_stage_without_congestion_starts_at_the_plateau(void **state)
{
    (void)state;
    struct flow flow = fresh();
    flow.window.ssthresh_bytes = 9000;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.k_ms, 0);
    assert_int_equal(flow.cubic.w_max_bytes, 10000);
    assert_int_equal(flow.window.cwnd_bytes, 10100); /* as Reno: alpha is 1 without a cwnd_prior */
}

/* ---- congestion --------------------------------------------------------------------------------------- */

static void congestion_keeps_seven_tenths_of_the_flight(void **state)
{
    (void)state;
    struct flow flow = fresh();
    flow.window.cwnd_bytes = 20000;
    cubic_reduce(&flow.cubic, &flow.window, MSS, 9999); /* the flight, not cwnd */
    assert_int_equal(flow.window.ssthresh_bytes, 6999);
    assert_int_equal(flow.window.cwnd_bytes, 6999);
    assert_int_equal(flow.cubic.w_max_bytes, 20000);
    assert_int_equal(flow.cubic.prior_bytes, 20000);
}

static void a_reduction_ends_at_one_segment_and_ssthresh_at_two(void **state)
{
    (void)state;
    struct flow flow = fresh();
    cubic_reduce(&flow.cubic, &flow.window, MSS, 2856); /* 1999.2 */
    assert_int_equal(flow.window.cwnd_bytes, 1999);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    cubic_reduce(&flow.cubic, &flow.window, MSS, 2858);
    assert_int_equal(flow.window.cwnd_bytes, 2000);
    cubic_reduce(&flow.cubic, &flow.window, MSS, 2000);
    assert_int_equal(flow.window.cwnd_bytes, 1400);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    cubic_reduce(&flow.cubic, &flow.window, MSS, 1400);
    assert_int_equal(flow.window.cwnd_bytes, 1000);
}

static void a_window_below_the_last_plateau_gives_up_more(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    flow.window.cwnd_bytes = 100 * MSS;
    cubic_reduce(&flow.cubic, &flow.window, MSS, 100 * MSS);
    assert_int_equal(flow.cubic.w_max_bytes, 100 * MSS); /* equal: not below */
    flow.window.cwnd_bytes = 100 * MSS - 20;
    cubic_reduce(&flow.cubic, &flow.window, MSS, 100 * MSS);
    assert_int_equal(flow.cubic.w_max_bytes, 84983); /* (1 + beta) / 2 = 0.85 of it */
    assert_int_equal(flow.cubic.prior_bytes, 100 * MSS - 20);
}

static void a_timeout_leaves_the_loss_window_and_beta_of_the_flight(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    acknowledge(&flow, MSS, MSS);
    const uint32_t cwnd = flow.window.cwnd_bytes;
    cubic_timeout(&flow.cubic, &flow.window, MSS, 50000, true);
    assert_int_equal(flow.window.cwnd_bytes, MSS);
    assert_int_equal(flow.window.ssthresh_bytes, 35000);
    assert_int_equal(flow.cubic.prior_bytes, cwnd);
    cubic_timeout(&flow.cubic, &flow.window, MSS, 1000, false);
    assert_int_equal(flow.window.ssthresh_bytes, 35000);
    assert_int_equal(flow.cubic.prior_bytes, cwnd);
    cubic_timeout(&flow.cubic, &flow.window, MSS, 1000, true);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    assert_int_equal(flow.cubic.prior_bytes, 1000);
}

static void the_first_stage_after_a_timeout_starts_at_the_plateau(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    acknowledge(&flow, MSS, MSS);
    cubic_timeout(&flow.cubic, &flow.window, MSS, 10000, true);
    while (flow.window.cwnd_bytes <= flow.window.ssthresh_bytes) {
        acknowledge(&flow, MSS, MSS);
    }
    assert_int_equal(flow.window.cwnd_bytes, 8000);
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.w_max_bytes, 8000);
    assert_int_equal(flow.cubic.k_ms, 0);
    assert_int_equal(flow.cubic.estimate_q8 >> 8, 8000 + 125 * 9 / 17);
    assert_int_equal(flow.window.cwnd_bytes, 8066); /* W_est; W_cubic(0.1 s) is 8000.4 */
}

/* ---- limited by the application --------------------------------------------------------------------- */

static void a_window_that_is_not_full_does_not_grow(void **state)
{
    (void)state;
    struct flow flow = fresh();
    struct congestion_ack ack = {.now_us = flow.now_us,
                                 .mss = MSS,
                                 .octets = MSS,
                                 .flight_bytes = 9 * MSS,
                                 .srtt_us = flow.srtt_us};
    cubic_acknowledge(&flow.cubic, &flow.window, &ack);
    assert_int_equal(flow.window.cwnd_bytes, 10 * MSS);
    ack.flight_bytes = 9 * MSS + 1; /* no further segment fits */
    cubic_acknowledge(&flow.cubic, &flow.window, &ack);
    assert_int_equal(flow.window.cwnd_bytes, 11 * MSS);
}

static void acks_of_what_filled_the_window_count_and_no_others(void **state)
{
    (void)state;
    struct flow flow = fresh();
    cubic_note_flight(&flow.cubic, &flow.window, MSS, 10 * MSS, flow.now_us);
    struct congestion_ack ack = {
        .now_us = flow.now_us, .mss = MSS, .octets = 6 * MSS, .flight_bytes = 10 * MSS};
    cubic_acknowledge(&flow.cubic, &flow.window, &ack);
    assert_int_equal(flow.window.cwnd_bytes, 11 * MSS);
    assert_int_equal(flow.cubic.full_bytes, 4 * MSS);
    ack.flight_bytes = 6 * MSS;
    cubic_acknowledge(&flow.cubic, &flow.window, &ack); /* four of it, two later ones */
    assert_int_equal(flow.window.cwnd_bytes, 12 * MSS);
    cubic_acknowledge(&flow.cubic, &flow.window, &ack);
    assert_int_equal(flow.window.cwnd_bytes, 12 * MSS);
}

static void what_was_acknowledged_without_growth_does_not_count_later(void **state)
{
    (void)state;
    struct flow flow = fresh();
    cubic_note_flight(&flow.cubic, &flow.window, MSS, 10 * MSS, flow.now_us);
    cubic_note_flight(&flow.cubic, &flow.window, MSS, 3 * MSS, flow.now_us); /* after marked ACKs */
    assert_int_equal(flow.cubic.full_bytes, 3 * MSS);
}

static void days_of_silence_are_no_part_of_the_stage(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    acknowledge(&flow, MSS, 70 * MSS); /* all of it: nothing is in flight */
    flow.now_us += UINT64_C(30) * 86400 * S;
    cubic_note_flight(&flow.cubic, &flow.window, MSS, MSS, flow.now_us); /* not full yet */
    flow.now_us += 9 * S;
    cubic_note_flight(&flow.cubic, &flow.window, MSS, flow.window.cwnd_bytes, flow.now_us);
    flow.now_us += 100 * MS;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.elapsed_us, 100 * MS);
}

static void time_with_a_full_window_is_the_age_of_the_stage(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    acknowledge(&flow, MSS, MSS);
    flow.now_us += 300 * MS;
    acknowledge(&flow, MSS, MSS);
    flow.now_us += 50 * MS;
    cubic_note_flight(&flow.cubic, &flow.window, MSS, flow.window.cwnd_bytes, flow.now_us);
    flow.now_us += 50 * MS;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.elapsed_us, 400 * MS);
}

/* ---- at the ends of what can be counted -------------------------------------------------------------- */

static void a_round_trip_of_no_time_is_borne(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    flow.srtt_us = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        const uint32_t before = flow.window.cwnd_bytes;
        acknowledge(&flow, MSS, MSS);
        assert_true(flow.window.cwnd_bytes >= before);
    }
    assert_int_equal(flow.cubic.elapsed_us, 0);
}

static void no_window_grows_beyond_the_largest(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {28, 48, 1460, 65495};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct flow flow = fresh();
        flow.window.cwnd_bytes = CWND_MAX_BYTES;
        cubic_reduce(&flow.cubic, &flow.window, sizes[i], CWND_MAX_BYTES);
        assert_int_equal(flow.window.cwnd_bytes, 751619276);
        flow.srtt_us = UINT32_MAX;
        uint32_t before = flow.window.cwnd_bytes;
        for (uint32_t ack = 0; ack < 100000; ack++) {
            acknowledge(&flow, sizes[i], 65495);
            assert_true(flow.window.cwnd_bytes >= before);
            before = flow.window.cwnd_bytes;
            flow.now_us += 60 * S;
        }
        assert_true(flow.window.cwnd_bytes <= CWND_MAX_BYTES);
        assert_int_equal(flow.cubic.elapsed_us, UINT32_MAX);
        flow.window.cwnd_bytes = CWND_MAX_BYTES - 1;
        flow.cubic.estimate_q8 = ((uint64_t)CWND_MAX_BYTES << 8) - 1;
        acknowledge(&flow, sizes[i], UINT32_MAX);
        acknowledge(&flow, sizes[i], UINT32_MAX);
        assert_in_range(flow.window.cwnd_bytes, CWND_MAX_BYTES - 1, CWND_MAX_BYTES);
        assert_int_equal(flow.cubic.estimate_q8 >> 8, CWND_MAX_BYTES);
    }
}

/* Whatever comes, the arithmetic holds: a window falls only by congestion and stays below its bound. */
static void flights_of_two_to_the_31_overflow_nothing(void **state)
{
    (void)state;
    struct flow flow = fresh();
    flow.window.cwnd_bytes = UINT32_C(1) << 31;
    cubic_reduce(&flow.cubic, &flow.window, 65495, UINT32_MAX);
    assert_int_equal(flow.window.cwnd_bytes, 3006477106); /* 0.7 of it */
    flow.window.cwnd_bytes = UINT32_C(1) << 31;
    flow.cubic.w_max_bytes = UINT32_MAX;
    cubic_reduce(&flow.cubic, &flow.window, 65495, 1);
    assert_int_equal(flow.cubic.w_max_bytes, 1825361100); /* 0.85 */
    acknowledge(&flow, 65495, UINT32_C(1) << 31);
    assert_int_equal(flow.window.cwnd_bytes, 65495 + 65495); /* slow start: below ssthresh */
    flow.window.cwnd_bytes = flow.window.ssthresh_bytes;
    for (uint32_t i = 0; i < 40000; i++) {
        flow.now_us += 10 * S;
        acknowledge(&flow, 65495, UINT32_C(1) << 31);
        assert_true(flow.window.cwnd_bytes <= CWND_MAX_BYTES);
    }
    assert_int_equal(flow.window.cwnd_bytes, CWND_MAX_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_start_lasts_while_the_window_is_no_more_than_ssthresh),
        cmocka_unit_test(after_congestion_there_is_no_slow_start),
        cmocka_unit_test(below_ssthresh_slow_start_comes_first_even_then),
        cmocka_unit_test(a_first_stage_without_congestion_starts_at_the_plateau),
        cmocka_unit_test(congestion_keeps_seven_tenths_of_the_flight),
        cmocka_unit_test(a_reduction_ends_at_one_segment_and_ssthresh_at_two),
        cmocka_unit_test(a_window_below_the_last_plateau_gives_up_more),
        cmocka_unit_test(a_timeout_leaves_the_loss_window_and_beta_of_the_flight),
        cmocka_unit_test(the_first_stage_after_a_timeout_starts_at_the_plateau),
        cmocka_unit_test(a_window_that_is_not_full_does_not_grow),
        cmocka_unit_test(acks_of_what_filled_the_window_count_and_no_others),
        cmocka_unit_test(what_was_acknowledged_without_growth_does_not_count_later),
        cmocka_unit_test(days_of_silence_are_no_part_of_the_stage),
        cmocka_unit_test(time_with_a_full_window_is_the_age_of_the_stage),
        cmocka_unit_test(a_round_trip_of_no_time_is_borne),
        cmocka_unit_test(no_window_grows_beyond_the_largest),
        cmocka_unit_test(flights_of_two_to_the_31_overflow_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
