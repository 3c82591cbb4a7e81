/* The timeout of RFC 6298, computed by hand beside each expectation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "recovery/rto.h"
#include "tests/random.h"

static struct tcp_config profile(void)
{
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    return config;
}

static void before_the_first_sample_it_is_the_initial_value(void **state)
{
    (void)state;
    struct tcp_config config = profile();
    const struct rto rto = {0};
    assert_int_equal(rto_timeout_us(&rto, &config), 1000000); /* 2.1 */
    config.rto_initial_us = 3000000;
    assert_int_equal(rto_timeout_us(&rto, &config), 3000000);
    config.rto_initial_us = 90000000; /* still bounded above */
    assert_int_equal(rto_timeout_us(&rto, &config), 60000000);
    config.rto_initial_us = 1000; /* the lower bound is for computed values */
    assert_int_equal(rto_timeout_us(&rto, &config), 1000);
}

static void the_first_sample_sets_both_estimates(void **state)
{
    (void)state;
    const struct tcp_config config = profile();
    struct rto rto = {0};
    rto_sample(&rto, 800000); /* 2.2 */
    assert_int_equal(rto.srtt_us, 800000);
    assert_int_equal(rto.rttvar_us, 400000);
    assert_int_equal(rto_timeout_us(&rto, &config), 2400000);
}

static void later_samples_use_the_old_srtt_for_the_variation(void **state)
{
    (void)state;
    const struct tcp_config config = profile();
    struct rto rto = {0};
    rto_sample(&rto, 800000);
    rto_sample(&rto, 1600000); /* RTTVAR = 3/4 * 400000 + 1/4 * 800000; SRTT = 7/8 and 1/8 */
    assert_int_equal(rto.rttvar_us, 500000);
    assert_int_equal(rto.srtt_us, 900000);
    assert_int_equal(rto_timeout_us(&rto, &config), 2900000);
    rto_sample(&rto, 100000); /* below: the error is an absolute value */
    assert_int_equal(rto.rttvar_us, 575000);
    assert_int_equal(rto.srtt_us, 800000);
}

static void one_of_many_samples_weighs_as_much_less(void **state)
{
    (void)state;
    struct rto one = {0}, many = {0};
    rto_sample_of_many(&one, 800000, 4); /* the first is all that is known */
    assert_int_equal(one.srtt_us, 800000);
    assert_int_equal(one.rttvar_us, 400000);
    rto_sample_of_many(&one, 1600000, 4); /* RTTVAR = 15/16 and 1/16, SRTT = 31/32 and 1/32 */
    assert_int_equal(one.rttvar_us, 425000);
    assert_int_equal(one.srtt_us, 825000);
    rto_sample(&many, 800000);
    rto_sample_of_many(&many, UINT64_MAX, UINT32_MAX); /* the largest numbers there are */
    assert_true(many.srtt_us >= 799999 && many.srtt_us <= 800001);
}

static void the_result_stays_within_the_bounds(void **state)
{
    (void)state;
    struct tcp_config config = profile();
    struct rto rto = {0};
    rto_sample(&rto, 300000); /* 900 ms: below one second (2.4) */
    assert_int_equal(rto_timeout_us(&rto, &config), 1000000);
    config.rto_min_us = 200000;
    assert_int_equal(rto_timeout_us(&rto, &config), 900000);
    config.rto_max_us = 500000; /* 2.5 */
    assert_int_equal(rto_timeout_us(&rto, &config), 500000);
}

static void a_variation_of_nothing_counts_as_one_tick(void **state)
{
    (void)state;
    struct tcp_config config = profile();
    config.rto_min_us = 1;
    struct rto rto = {0};
    rto_sample(&rto, 0);
    assert_int_equal(rto_timeout_us(&rto, &config), 1); /* G = 1 us */
    for (uint32_t i = 0; i < 200; i++) {
        rto_sample(&rto, 5000);
    }
    assert_in_range(rto.srtt_us, 4990, 5000);
    assert_true(rto_timeout_us(&rto, &config) > rto.srtt_us);
}

static void a_huge_sample_neither_wraps_nor_sticks(void **state)
{
    (void)state;
    const struct tcp_config config = profile();
    struct rto rto = {0};
    rto_sample(&rto, UINT64_MAX);
    assert_int_equal(rto.srtt_us, UINT32_C(0x80000000));
    assert_int_equal(rto.rttvar_us, UINT32_C(0x40000000));
    assert_int_equal(rto_timeout_us(&rto, &config), config.rto_max_us);
    rto_sample(&rto, UINT64_MAX);
    assert_int_equal(rto.srtt_us, UINT32_C(0x80000000));
    assert_int_equal(rto_timeout_us(&rto, &config), config.rto_max_us);
    for (uint32_t i = 0; i < 200; i++) {
        rto_sample(&rto, 1000);
    }
    assert_int_equal(rto_timeout_us(&rto, &config), config.rto_min_us);
}

/* The same with whole-number arithmetic in 64 bits: they may differ by rounding alone. */
static void it_follows_the_definition_over_random_samples(void **state)
{
    (void)state;
    struct random_source random = {88172645463325252u};
    struct rto rto = {0};
    int64_t srtt = 0, rttvar = 0; /* in 1/4096 us */
    for (uint32_t i = 0; i < 2000; i++) {
        const int64_t sample = random_below(&random, 3000000);
        rto_sample(&rto, (uint64_t)sample);
        if (i == 0) {
            srtt = sample * 4096;
            rttvar = srtt / 2;
        } else {
            const int64_t error =
                srtt > sample * 4096 ? srtt - sample * 4096 : sample * 4096 - srtt;
            rttvar += (error - rttvar) / 4;
            srtt += (sample * 4096 - srtt) / 8;
        }
        assert_in_range((int64_t)rto.srtt_us + 16 - srtt / 4096, 0, 32);
        assert_in_range((int64_t)rto.rttvar_us + 16 - rttvar / 4096, 0, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_sample_it_is_the_initial_value),
        cmocka_unit_test(the_first_sample_sets_both_estimates),
        cmocka_unit_test(later_samples_use_the_old_srtt_for_the_variation),
        cmocka_unit_test(one_of_many_samples_weighs_as_much_less),
        cmocka_unit_test(the_result_stays_within_the_bounds),
        cmocka_unit_test(a_variation_of_nothing_counts_as_one_tick),
        cmocka_unit_test(a_huge_sample_neither_wraps_nor_sticks),
        cmocka_unit_test(it_follows_the_definition_over_random_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
