/* The model behind W24: each rule of each controller, and that no sender that keeps the rules ever goes
 * beyond it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "congestion/congestion.h"
#include "oracle/congestion_model.h"

#define MSS 1000u
#define S   UINT64_C(1000000)

static struct congestion_model fresh(enum tcp_congestion_control control)
{
    struct congestion_model model;
    congestion_model_begin(&model, control, MSS, 10, false);
    return model;
}

static struct congestion_model avoiding(uint32_t flight)
{
    struct congestion_model model = fresh(TCP_CONGESTION_CUBIC);
    congestion_model_timeout(&model, flight);
    model.cwnd = model.ssthresh + 1;
    return model;
}

static void both_start_slowly_and_alike(void **state)
{
    (void)state;
    for (uint32_t control = 0; control < TCP_CONGESTION_CONTROLS; control++) {
        struct congestion_model model = fresh((enum tcp_congestion_control)control);
        assert_int_equal(model.cwnd, 10 * MSS);
        congestion_model_acknowledge(&model, 5 * MSS, S, 0);
        assert_int_equal(model.cwnd, 11 * MSS);
        congestion_model_acknowledge(&model, 100, S, 0);
        assert_int_equal(model.cwnd, 11 * MSS + 100);
        congestion_model_begin(&model, (enum tcp_congestion_control)control, MSS, 10, true);
        assert_int_equal(model.cwnd, MSS);
    }
}

static void a_mark_leaves_each_its_share_down_to_a_segment(void **state)
{
    (void)state;
    struct congestion_model reno = fresh(TCP_CONGESTION_RENO);
    struct congestion_model cubic = fresh(TCP_CONGESTION_CUBIC);
    congestion_model_mark(&reno);
    congestion_model_mark(&cubic);
    assert_int_equal(reno.cwnd, 5 * MSS);
    assert_int_equal(reno.ssthresh, 5 * MSS);
    assert_int_equal(cubic.cwnd, 7 * MSS);
    for (int i = 0; i < 10; i++) {
        congestion_model_mark(&reno);
        congestion_model_mark(&cubic);
    }
    assert_int_equal(reno.cwnd, MSS);
    assert_int_equal(reno.ssthresh, 2 * MSS);
    assert_int_equal(cubic.cwnd, MSS);
}

static void a_timeout_leaves_each_its_share(void **state)
{
    (void)state;
    struct congestion_model reno = fresh(TCP_CONGESTION_RENO);
    struct congestion_model cubic = fresh(TCP_CONGESTION_CUBIC);
    congestion_model_timeout(&reno, 10 * MSS);
    congestion_model_timeout(&cubic, 10 * MSS);
    congestion_model_timeout(&cubic, 20 * MSS); /* the second of a row */
    assert_int_equal(reno.ssthresh, 5 * MSS);
    assert_int_equal(cubic.ssthresh, 7 * MSS);
    assert_int_equal(reno.cwnd, MSS);
    assert_int_equal(cubic.cwnd, MSS);
    congestion_model_acknowledge(&cubic, MSS, S, 0);
    congestion_model_timeout(&cubic, 100);
    assert_int_equal(cubic.ssthresh, 2 * MSS);
}

static void an_echo_ends_a_row_of_timeouts_too(void **state)
{
    (void)state;
    for (uint32_t control = 0; control < TCP_CONGESTION_CONTROLS; control++) {
        struct congestion_model model = fresh((enum tcp_congestion_control)control);
        congestion_model_timeout(&model, 10 * MSS);
        congestion_model_acknowledge_echo(&model);
        assert_int_equal(model.cwnd, MSS);
        congestion_model_timeout(&model, MSS);
        assert_int_equal(model.ssthresh, 2 * MSS); /* RFC 5681 equation 4 */
    }
}

static void reno_adds_a_segment_for_each_window(void **state)
{
    (void)state;
    struct congestion_model model = fresh(TCP_CONGESTION_RENO);
    model.cwnd = model.ssthresh = 4 * MSS;
    congestion_model_acknowledge(&model, 4 * MSS - 1, S, 0);
    assert_int_equal(model.cwnd, 4 * MSS);
    congestion_model_acknowledge(&model, 1, S, 0);
    assert_int_equal(model.cwnd, 5 * MSS);
}

static void cubic_may_start_slowly_up_to_ssthresh_and_a_segment_beyond(void **state)
{
    (void)state;
    struct congestion_model model = fresh(TCP_CONGESTION_CUBIC);
    congestion_model_timeout(&model, 10 * MSS);
    model.cwnd = 7 * MSS;
    congestion_model_acknowledge(&model, MSS, S, 0);
    assert_int_equal(model.cwnd, 8 * MSS);
    congestion_model_acknowledge(&model, MSS, S, 0); /* avoidance: as Reno, 1/7 of a segment */
    assert_in_range(model.cwnd, 8 * MSS + 142, 8 * MSS + 144);
}

static void a_step_of_cubic_is_at_most_half_a_segment(void **state)
{
    (void)state;
    struct congestion_model model = avoiding(100 * MSS);
    congestion_model_acknowledge(&model, 1, S, CONGESTION_SRTT_UNKNOWN);
    const uint32_t before = model.cwnd;
    congestion_model_acknowledge(&model, 9 * MSS, 2 * S, CONGESTION_SRTT_UNKNOWN);
    assert_in_range(model.cwnd, before + MSS / 2 - 1, before + MSS / 2 + 1);
    congestion_model_acknowledge(&model, MSS / 2, 3 * S, 1000 * S);
    assert_in_range(model.cwnd, before + 3 * MSS / 4 - 1, before + 3 * MSS / 4 + 1);
}

static void the_curve_ends_what_cubic_may_add(void **state)
{
    (void)state;
    struct congestion_model model = avoiding(1000 * MSS);
    for (uint32_t i = 0; i < 100; i++) {
        congestion_model_acknowledge(&model, MSS, S, 1 * S);
    }
    /* 0.4 segments above the plateau after the next round trip */
    assert_in_range(model.cwnd, 701 * MSS + 400, 701 * MSS + 402);
    for (uint32_t i = 0; i < 100; i++) {
        congestion_model_acknowledge(&model, MSS, 2 * S, 1 * S);
    }
    assert_in_range(model.cwnd, 701 * MSS + 3200, 701 * MSS + 3202); /* 0.4 * 2^3 */
}

static uint32_t below(uint64_t *random, uint32_t bound)
{
    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*random >> 33) % bound;
}

/* A sender in the middle of anything: windows that are full or not, ACKs of any size, timeouts, marks, silence.
 * What the controllers of the stack allow is never more than what the model does. */
static void a_lawful_sender_stays_within_the_model(void **state)
{
    (void)state;
    uint32_t highest = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        uint64_t random = seed;
        const enum tcp_congestion_control control =
            seed % 4 == 0 ? TCP_CONGESTION_RENO : TCP_CONGESTION_CUBIC;
        struct congestion sender = {.control = control};
        struct congestion_model model;
        congestion_init(&sender, MSS, 10, false);
        congestion_model_begin(&model, control, MSS, 10, false);
        uint64_t now = S;
        const uint32_t srtt = 1 + below(&random, 1000000);
        for (uint32_t i = 0; i < 2000; i++) {
            const uint32_t cwnd = sender.window.cwnd_bytes;
            const bool is_full = below(&random, 4) != 0;
            const uint32_t flight = is_full ? cwnd : 1 + below(&random, cwnd);
            congestion_note_flight(&sender, MSS, flight, now);
            now += below(&random, 20) == 0 ? below(&random, 20000000) : below(&random, 100000);
            if (seed % 3 == 0 && below(&random, 100) == 0) {
                congestion_marked(&sender, MSS, cwnd);
                congestion_model_marked(&model, now);
            }
            if (below(&random, 300) == 0) {
                congestion_timeout(&sender, MSS, flight, !model.has_timed_out);
                congestion_model_timeout(&model, flight);
            } else if (seed % 3 == 1 && below(&random, 300) == 0) {
                congestion_marked(&sender, MSS, cwnd);
                congestion_model_marked(&model, now);
                congestion_model_mark(&model);
            } else {
                const uint32_t most = below(&random, 2) == 0 ? flight : MSS;
                const uint32_t octets = 1 + below(&random, most < flight ? most : flight);
                const struct congestion_ack ack = {.now_us = now,
                                                   .mss = MSS,
                                                   .octets = octets,
                                                   .flight_bytes = flight,
                                                   .srtt_us = srtt};
                congestion_acknowledge(&sender, &ack);
                congestion_model_acknowledge(&model, octets, now, srtt);
            }
            assert_true(sender.window.cwnd_bytes <= model.cwnd);
            highest = sender.window.cwnd_bytes > highest ? sender.window.cwnd_bytes : highest;
        }
    }
    assert_true(highest > 100 * MSS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_start_slowly_and_alike),
        cmocka_unit_test(a_mark_leaves_each_its_share_down_to_a_segment),
        cmocka_unit_test(a_timeout_leaves_each_its_share),
        cmocka_unit_test(an_echo_ends_a_row_of_timeouts_too),
        cmocka_unit_test(reno_adds_a_segment_for_each_window),
        cmocka_unit_test(cubic_may_start_slowly_up_to_ssthresh_and_a_segment_beyond),
        cmocka_unit_test(a_step_of_cubic_is_at_most_half_a_segment),
        cmocka_unit_test(the_curve_ends_what_cubic_may_add),
        cmocka_unit_test(a_lawful_sender_stays_within_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
