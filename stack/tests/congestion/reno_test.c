/* Slow start and congestion avoidance (RFC 5681 3.1) and the initial window (RFC 6928). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "congestion/reno.h"

static struct reno fresh(uint32_t mss)
{
    struct reno reno;
    reno_init(&reno, mss, 10, false);
    return reno;
}

static void the_initial_window_is_that_of_rfc_6928(void **state)
{
    (void)state;
    /* min(10 * MSS, max(2 * MSS, 14600)) */
    assert_int_equal(fresh(48).cwnd_bytes, 480);
    assert_int_equal(fresh(536).cwnd_bytes, 5360);
    assert_int_equal(fresh(1459).cwnd_bytes, 14590);
    assert_int_equal(fresh(1460).cwnd_bytes, 14600);
    assert_int_equal(fresh(1461).cwnd_bytes, 14600);
    assert_int_equal(fresh(7300).cwnd_bytes, 14600);
    assert_int_equal(fresh(7301).cwnd_bytes, 14602);
    assert_int_equal(fresh(65495).cwnd_bytes, 130990);
}

static void it_can_be_set_to_one_segment(void **state)
{
    (void)state;
    struct reno reno;
    reno_init(&reno, 1000, 1, false);
    assert_int_equal(reno.cwnd_bytes, 1000);
    reno_init(&reno, 9000, 1, false);
    assert_int_equal(reno.cwnd_bytes, 9000); /* never below a segment */
}

static void after_a_lost_syn_it_is_one_segment(void **state)
{
    (void)state;
    struct reno reno;
    reno_init(&reno, 1460, 10, true);
    assert_int_equal(reno.cwnd_bytes, 1460);
}

static void ssthresh_begins_beyond_every_window(void **state)
{
    (void)state;
    assert_true(fresh(1460).ssthresh_bytes >= UINT32_C(0x3fffffff));
}

static void slow_start_grows_by_what_is_acknowledged_up_to_a_segment(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno_acknowledge(&reno, 1000, 1000);
    assert_int_equal(reno.cwnd_bytes, 11000);
    reno_acknowledge(&reno, 1000, 1); /* ACK division gains nothing */
    assert_int_equal(reno.cwnd_bytes, 11001);
    reno_acknowledge(&reno, 1000, 5000); /* nor does a stretch ACK: N is bounded */
    assert_int_equal(reno.cwnd_bytes, 12001);
}

static void avoidance_grows_by_a_segment_for_each_window(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno.ssthresh_bytes = reno.cwnd_bytes = 4000; /* equal: avoidance */
    for (uint32_t i = 0; i < 3; i++) {
        reno_acknowledge(&reno, 1000, 1000);
        assert_int_equal(reno.cwnd_bytes, 4000);
    }
    reno_acknowledge(&reno, 1000, 999);
    assert_int_equal(reno.cwnd_bytes, 4000);
    reno_acknowledge(&reno, 1000, 1);
    assert_int_equal(reno.cwnd_bytes, 5000);
    for (uint32_t i = 0; i < 5; i++) {
        reno_acknowledge(&reno, 1000, 1000);
    }
    assert_int_equal(reno.cwnd_bytes, 6000);
}

static void one_acknowledgment_gains_at_most_a_segment(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno.ssthresh_bytes = reno.cwnd_bytes = 2000;
    reno_acknowledge(&reno, 1000, 2000000);
    assert_int_equal(reno.cwnd_bytes, 3000);
}

static void slow_start_ends_at_ssthresh(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno.cwnd_bytes = 1000;
    reno.ssthresh_bytes = 3000;
    reno_acknowledge(&reno, 1000, 1000);
    reno_acknowledge(&reno, 1000, 1000);
    assert_int_equal(reno.cwnd_bytes, 3000);
    reno_acknowledge(&reno, 1000, 1000);
    assert_int_equal(reno.cwnd_bytes, 3000);
}

static void a_timeout_halves_the_flight_and_leaves_one_segment(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno.acked_bytes = 900;
    reno_timeout(&reno, 1000, 9000, true); /* the flight, not cwnd */
    assert_int_equal(reno.ssthresh_bytes, 4500);
    assert_int_equal(reno.cwnd_bytes, 1000);
    assert_int_equal(reno.acked_bytes, 0);
}

static void ssthresh_is_never_below_two_segments(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno_timeout(&reno, 1000, 1, true);
    assert_int_equal(reno.ssthresh_bytes, 2000);
    reno_timeout(&reno, 1000, 3999, true);
    assert_int_equal(reno.ssthresh_bytes, 2000);
    reno_timeout(&reno, 1000, 4002, true);
    assert_int_equal(reno.ssthresh_bytes, 2001);
}

static void a_second_timeout_of_a_segment_keeps_ssthresh(void **state)
{
    (void)state;
    struct reno reno = fresh(1000);
    reno_timeout(&reno, 1000, 9000, true);
    reno_timeout(&reno, 1000, 1000, false);
    assert_int_equal(reno.ssthresh_bytes, 4500);
    assert_int_equal(reno.cwnd_bytes, 1000);
}

static void the_window_stops_growing_before_it_wraps(void **state)
{
    (void)state;
    struct reno reno = fresh(65495);
    reno.cwnd_bytes = UINT32_C(0x3ffffff0);
    reno_acknowledge(&reno, 65495, 65495);
    assert_int_equal(reno.cwnd_bytes, UINT32_C(0x3fffffff));
    reno_acknowledge(&reno, 65495, UINT32_C(0x3fffffff));
    assert_int_equal(reno.cwnd_bytes, UINT32_C(0x3fffffff));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_initial_window_is_that_of_rfc_6928),
        cmocka_unit_test(it_can_be_set_to_one_segment),
        cmocka_unit_test(after_a_lost_syn_it_is_one_segment),
        cmocka_unit_test(ssthresh_begins_beyond_every_window),
        cmocka_unit_test(slow_start_grows_by_what_is_acknowledged_up_to_a_segment),
        cmocka_unit_test(avoidance_grows_by_a_segment_for_each_window),
        cmocka_unit_test(one_acknowledgment_gains_at_most_a_segment),
        cmocka_unit_test(slow_start_ends_at_ssthresh),
        cmocka_unit_test(a_timeout_halves_the_flight_and_leaves_one_segment),
        cmocka_unit_test(ssthresh_is_never_below_two_segments),
        cmocka_unit_test(a_second_timeout_of_a_segment_keeps_ssthresh),
        cmocka_unit_test(the_window_stops_growing_before_it_wraps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
