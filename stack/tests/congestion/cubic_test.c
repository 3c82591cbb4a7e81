/* CUBIC against the formulas of RFC 9438, computed in floating point as the RFC has them: in segments
 * and seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "tests/congestion/cubic_flow.h"

/* ---- the cube root ------------------------------------------------------------------------------- */

static void cube_roots_are_exact_on_both_sides_of_every_cube(void **state)
{
    (void)state;
    assert_int_equal(cubic_root(0), 0);
    for (uint64_t root = 1; root <= 2642245; root += root < 3000 ? 1 : 997) {
        const uint64_t cube = root * root * root;
        assert_int_equal(cubic_root(cube), root);
        assert_int_equal(cubic_root(cube - 1), root - 1);
        assert_int_equal(cubic_root(cube + 1), root);
    }
    assert_int_equal(cubic_root(UINT64_C(2642245) * 2642245 * 2642245), 2642245);
    assert_int_equal(cubic_root(UINT64_MAX), 2642245);
}

/* ---- K and the curve ------------------------------------------------------------------------------ */

static void k_is_the_cube_root_of_what_is_missing(void **state)
{
    (void)state;
    /* floor(1000 * cbrt((W_max - cwnd) / mss / 0.4)), exactly */
    static const struct {
        uint32_t w_max, cwnd, mss, k_ms;
    } rows[] = {
        {100000, 70000, 1000, 4217},
        {100000, 99999, 1000, 135},
        {100000, 100000, 1000, 0},
        {100000, 100001, 1000, 0},
        {14600, 10220, 1460, 1957},
        {1460000, 1022000, 1460, 9085},
        {UINT32_C(0x3fffffff), 48, 48, 382413},
        {UINT32_C(0x3fffffff), 28, 28, 457678},
        {UINT32_C(0x3fffffff), 65495, 65495, 34477},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct flow flow = fresh();
        flow.window.cwnd_bytes = flow.window.ssthresh_bytes = rows[i].cwnd;
        flow.cubic.stage = CUBIC_REDUCED;
        flow.cubic.w_max_bytes = rows[i].w_max;
        acknowledge(&flow, rows[i].mss, 1);
        assert_int_equal(flow.cubic.k_ms, rows[i].k_ms);
    }
}

/* The window in segments, by the letter of 4.2 to 4.5. */
struct reference {
    double cwnd, w_max, k, estimate, prior;
    double mss, rtt, began;
};

static double curve(const struct reference *reference, double t)
{
    return 0.4 * pow(t - reference->k, 3) + reference->w_max;
}

static struct reference reference_of(const struct flow *flow, double w_max, double prior)
{
    struct reference reference = {.cwnd = flow->window.cwnd_bytes / (double)MSS,
                                  .w_max = w_max,
                                  .prior = prior,
                                  .rtt = flow->srtt_us / 1e6,
                                  .began = (double)flow->now_us / 1e6};
    reference.estimate = reference.cwnd;
    reference.k = cbrt((w_max - reference.cwnd) / 0.4);
    return reference;
}

static void reference_acknowledge(struct reference *reference, double now, double segments)
{
    const double t = now - reference->began;
    const double alpha = reference->estimate >= reference->prior ? 1 : 3 * 0.3 / 1.7;
    reference->estimate += alpha * segments / reference->cwnd;
    if (curve(reference, t) < reference->estimate) {
        reference->cwnd = fmax(reference->cwnd, reference->estimate);
        return;
    }
    const double target =
        fmax(reference->cwnd, fmin(curve(reference, t + reference->rtt), 1.5 * reference->cwnd));
    reference->cwnd += (target - reference->cwnd) / reference->cwnd * fmin(segments, 1);
}

/* Round trips of evenly spaced ACKs, each of so many octets; after each ACK both agree. Returns how often
 * the estimate was above the curve. */
static uint32_t run_beside(struct flow *flow, struct reference *reference, uint32_t octets,
                           uint32_t round_trips, double tolerance)
{
    uint32_t friendly = 0;
    for (uint32_t trip = 0; trip < round_trips; trip++) {
        const uint32_t acks = flow->window.cwnd_bytes / octets;
        for (uint32_t i = 0; i < acks; i++) {
            acknowledge(flow, MSS, octets);
            const double now = (double)flow->now_us / 1e6;
            reference_acknowledge(reference, now, octets / (double)MSS);
            friendly += curve(reference, now - reference->began) < reference->estimate;
            assert_true(fabs(flow->window.cwnd_bytes / (double)MSS - reference->cwnd) < tolerance);
            flow->now_us += flow->srtt_us / acks;
        }
    }
    return friendly;
}

static void the_window_follows_the_curve_through_both_regions(void **state)
{
    (void)state;
    struct flow flow = reduced_from(400);
    assert_int_equal(flow.window.cwnd_bytes, 280 * MSS);
    struct reference reference = reference_of(&flow, 400, 400);
    const uint32_t friendly = run_beside(&flow, &reference, MSS, 60, 0.2); /* K is 6.7 s */
    assert_true(flow.window.cwnd_bytes > 390 * MSS && flow.window.cwnd_bytes < 401 * MSS);
    (void)run_beside(&flow, &reference, MSS, 80, 0.5);
    assert_true(flow.window.cwnd_bytes >
                530 * MSS);          /* convex: 400 + 0.4 * 7.3^3 less a round trip */
    assert_in_range(friendly, 1, 3); /* at t = 0 the curve has not begun to rise */
}

static void with_short_round_trips_the_window_follows_reno(void **state)
{
    (void)state;
    struct flow flow = reduced_from(20);
    flow.srtt_us = 10000;
    struct reference reference = reference_of(&flow, 20, 20);
    const uint32_t friendly = run_beside(&flow, &reference, MSS, 100, 0.05);
    assert_true(friendly > 500);
    assert_true(flow.window.cwnd_bytes > 20 * MSS); /* alpha is 1 from cwnd_prior on */
}

static void a_stretched_ack_moves_the_curve_by_one_step(void **state)
{
    (void)state;
    struct flow flow = reduced_from(400);
    struct reference reference = reference_of(&flow, 400, 400);
    (void)run_beside(&flow, &reference, 2 * MSS, 60, 0.2);
}

static void ack_division_gains_nothing(void **state)
{
    (void)state;
    struct flow whole = reduced_from(400);
    acknowledge(&whole, MSS, MSS);
    whole.now_us += 1 * S;
    struct flow divided = whole;
    for (uint32_t i = 0; i < 280; i++) {
        acknowledge(&whole, MSS, MSS);
        for (uint32_t part = 0; part < 10; part++) {
            acknowledge(&divided, MSS, MSS / 10);
        }
        whole.now_us += 300;
        divided.now_us += 300;
    }
    assert_true(divided.window.cwnd_bytes <= whole.window.cwnd_bytes + 10);
    assert_true(divided.window.cwnd_bytes + 300 >= whole.window.cwnd_bytes);
    assert_true(whole.window.cwnd_bytes > 280 * MSS + 5000);
}

static void the_first_step_of_a_stage_is_that_of_the_formula(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100); /* W_max 100, cwnd 70, K = 4.217 s */
    flow.srtt_us = 1 * S;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.k_ms, 4217);
    assert_int_equal(flow.cubic.elapsed_us, 0);
    assert_int_equal(flow.window.cwnd_bytes, 70007); /* W_est: the curve is at 70000 */
    flow.now_us += 100 * MS;
    acknowledge(&flow, MSS, MSS);
    /* W_cubic(1.1) = 100 - 0.4 * 3.117^3 = 87.886; a step of 17.879 / 70.007 segments */
    assert_int_equal(flow.window.cwnd_bytes, 70262);
}

static void the_target_is_at_most_half_a_window_more(void **state)
{
    (void)state;
    struct flow flow = reduced_from(10); /* cwnd 7 */
    acknowledge(&flow, MSS, MSS);
    const uint32_t before = flow.window.cwnd_bytes;
    flow.now_us += 100 * S; /* the curve is far above */
    acknowledge(&flow, MSS, MSS);
    assert_in_range(flow.window.cwnd_bytes - before, MSS / 2 - 1, MSS / 2);
}

static void the_target_is_never_below_the_window(void **state)
{
    (void)state;
    struct flow flow = reduced_from(100);
    acknowledge(&flow, MSS, MSS);
    flow.window.cwnd_bytes = 99 * MSS; /* above the curve, which is above W_est */
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.window.cwnd_bytes, 99 * MSS);
}

static void the_window_is_not_lowered_to_the_estimate(void **state)
{
    (void)state;
    struct flow flow = reduced_from(20);
    acknowledge(&flow, MSS, MSS);
    flow.window.cwnd_bytes = 19 * MSS;
    flow.cubic.estimate_q8 = (uint64_t)18 * MSS << 8; /* W_cubic(0) is 14 */
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.window.cwnd_bytes, 19 * MSS);
}

/* ---- the Reno-friendly region ------------------------------------------------------------------------ */

static void the_estimate_grows_by_nine_seventeenths_up_to_the_old_window(void **state)
{
    (void)state;
    struct flow flow = reduced_from(10);
    acknowledge(&flow, MSS, MSS); /* 1000 * 1000 / 7000 * 9 / 17, in 256ths */
    assert_int_equal(flow.cubic.estimate_q8, (7000u << 8) + 19361);
    flow.cubic.estimate_q8 = (10000u << 8) - 1;
    flow.window.cwnd_bytes = 8000;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.estimate_q8, (10000u << 8) - 1 + 16941);
}

static void the_estimate_grows_as_reno_from_the_old_window_on(void **state)
{
    (void)state;
    struct flow flow = reduced_from(10);
    acknowledge(&flow, MSS, MSS);
    flow.cubic.estimate_q8 = 10000u << 8;
    flow.window.cwnd_bytes = 8000;
    acknowledge(&flow, MSS, MSS);
    assert_int_equal(flow.cubic.estimate_q8, (10000u << 8) + 32000);
    assert_int_equal(flow.window.cwnd_bytes, 10125); /* it is above the curve */
}

static void one_ack_adds_at_most_a_segment_to_the_estimate(void **state)
{
    (void)state;
    struct flow flow = reduced_from(10);
    flow.cubic.prior_bytes = 0;
    acknowledge(&flow, MSS, 1000 * MSS);
    assert_int_equal(flow.cubic.estimate_q8, 8000u << 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cube_roots_are_exact_on_both_sides_of_every_cube),
        cmocka_unit_test(k_is_the_cube_root_of_what_is_missing),
        cmocka_unit_test(the_window_follows_the_curve_through_both_regions),
        cmocka_unit_test(with_short_round_trips_the_window_follows_reno),
        cmocka_unit_test(a_stretched_ack_moves_the_curve_by_one_step),
        cmocka_unit_test(ack_division_gains_nothing),
        cmocka_unit_test(the_first_step_of_a_stage_is_that_of_the_formula),
        cmocka_unit_test(the_target_is_at_most_half_a_window_more),
        cmocka_unit_test(the_target_is_never_below_the_window),
        cmocka_unit_test(the_window_is_not_lowered_to_the_estimate),
        cmocka_unit_test(the_estimate_grows_by_nine_seventeenths_up_to_the_old_window),
        cmocka_unit_test(the_estimate_grows_as_reno_from_the_old_window_on),
        cmocka_unit_test(one_ack_adds_at_most_a_segment_to_the_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
