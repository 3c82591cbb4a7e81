/* Slow start and congestion avoidance (RFC 5681 3.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "congestion/reno.h"

struct flow {
    struct congestion_window window;
    struct reno reno;
};

static struct flow fresh(uint32_t mss)
{
    struct flow flow = {0};
    window_init(&flow.window, mss, 10, false);
    return flow;
}

static void slow_start_grows_by_what_is_acknowledged_up_to_a_segment(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
    assert_int_equal(flow.window.cwnd_bytes, 11000);
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1); /* ACK division gains nothing */
    assert_int_equal(flow.window.cwnd_bytes, 11001);
    reno_acknowledge(&flow.reno, &flow.window, 1000,
                     5000); /* nor does a stretch ACK: N is bounded */
    assert_int_equal(flow.window.cwnd_bytes, 12001);
}

static void avoidance_grows_by_a_segment_for_each_window(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    flow.window.ssthresh_bytes = flow.window.cwnd_bytes = 4000; /* equal: avoidance */
    for (uint32_t i = 0; i < 3; i++) {
        reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
        assert_int_equal(flow.window.cwnd_bytes, 4000);
    }
    reno_acknowledge(&flow.reno, &flow.window, 1000, 999);
    assert_int_equal(flow.window.cwnd_bytes, 4000);
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1);
    assert_int_equal(flow.window.cwnd_bytes, 5000);
    for (uint32_t i = 0; i < 5; i++) {
        reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
    }
    assert_int_equal(flow.window.cwnd_bytes, 6000);
}

static void one_acknowledgment_gains_at_most_a_segment(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    flow.window.ssthresh_bytes = flow.window.cwnd_bytes = 2000;
    reno_acknowledge(&flow.reno, &flow.window, 1000, 2000000);
    assert_int_equal(flow.window.cwnd_bytes, 3000);
}

static void slow_start_ends_at_ssthresh(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    flow.window.cwnd_bytes = 1000;
    flow.window.ssthresh_bytes = 3000;
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
    assert_int_equal(flow.window.cwnd_bytes, 3000);
    reno_acknowledge(&flow.reno, &flow.window, 1000, 1000);
    assert_int_equal(flow.window.cwnd_bytes, 3000);
}

static void a_timeout_halves_the_flight_and_leaves_one_segment(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    flow.reno.acked_bytes = 900;
    reno_timeout(&flow.reno, &flow.window, 1000, 9000, true); /* the flight, not cwnd */
    assert_int_equal(flow.window.ssthresh_bytes, 4500);
    assert_int_equal(flow.window.cwnd_bytes, 1000);
    assert_int_equal(flow.reno.acked_bytes, 0);
}

static void ssthresh_is_never_below_two_segments(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    reno_timeout(&flow.reno, &flow.window, 1000, 1, true);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    reno_timeout(&flow.reno, &flow.window, 1000, 3999, true);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    reno_timeout(&flow.reno, &flow.window, 1000, 4002, true);
    assert_int_equal(flow.window.ssthresh_bytes, 2001);
}

static void a_second_timeout_of_a_segment_keeps_ssthresh(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    reno_timeout(&flow.reno, &flow.window, 1000, 9000, true);
    reno_timeout(&flow.reno, &flow.window, 1000, 1000, false);
    assert_int_equal(flow.window.ssthresh_bytes, 4500);
    assert_int_equal(flow.window.cwnd_bytes, 1000);
}

static void congestion_without_a_timeout_leaves_half_the_flight(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    flow.reno.acked_bytes = 900;
    reno_reduce(&flow.reno, &flow.window, 1000, 9000);
    assert_int_equal(flow.window.ssthresh_bytes, 4500);
    assert_int_equal(flow.window.cwnd_bytes, 4500);
    assert_int_equal(flow.reno.acked_bytes, 0);
}

static void a_reduction_ends_at_one_segment_and_ssthresh_at_two(void **state)
{
    (void)state;
    struct flow flow = fresh(1000);
    reno_reduce(&flow.reno, &flow.window, 1000, 3998);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    assert_int_equal(flow.window.cwnd_bytes, 1999);
    reno_reduce(&flow.reno, &flow.window, 1000, 1);
    assert_int_equal(flow.window.ssthresh_bytes, 2000);
    assert_int_equal(flow.window.cwnd_bytes, 1000);
}

static void the_window_stops_growing_before_it_wraps(void **state)
{
    (void)state;
    struct flow flow = fresh(65495);
    flow.window.cwnd_bytes = UINT32_C(0x3ffffff0);
    reno_acknowledge(&flow.reno, &flow.window, 65495, 65495);
    assert_int_equal(flow.window.cwnd_bytes, UINT32_C(0x3fffffff));
    reno_acknowledge(&flow.reno, &flow.window, 65495, UINT32_C(0x3fffffff));
    assert_int_equal(flow.window.cwnd_bytes, UINT32_C(0x3fffffff));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_start_grows_by_what_is_acknowledged_up_to_a_segment),
        cmocka_unit_test(avoidance_grows_by_a_segment_for_each_window),
        cmocka_unit_test(one_acknowledgment_gains_at_most_a_segment),
        cmocka_unit_test(slow_start_ends_at_ssthresh),
        cmocka_unit_test(a_timeout_halves_the_flight_and_leaves_one_segment),
        cmocka_unit_test(ssthresh_is_never_below_two_segments),
        cmocka_unit_test(a_second_timeout_of_a_segment_keeps_ssthresh),
        cmocka_unit_test(congestion_without_a_timeout_leaves_half_the_flight),
        cmocka_unit_test(a_reduction_ends_at_one_segment_and_ssthresh_at_two),
        cmocka_unit_test(the_window_stops_growing_before_it_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
