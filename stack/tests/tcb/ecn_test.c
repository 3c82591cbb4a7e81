/* Explicit congestion notification: who may call text ECN-capable, and how long a reduction holds. The
 * rules one by one are scripts, in corpus/rfc3168. */
#include "tcb/ecn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/block.h"
#include "tests/support/one_host.h"

#define SECOND   UINT64_C(1000000)
#define ECN_BITS 3u
#define ECT_0    2u
#define CE       3u

/* A connection that asked, was answered, and has its handshake behind it. */
static void reach(struct one_host *one, uint32_t iss)
{
    one_prepare(one);
    one->iss = iss;
    one->config.ecn = 2;
    one_start(one);
    assert_int_equal(one_connect(one), TCP_OK);
    one_out(one, "SEW 0:0 mss 1460");
    one_in(one, "SE. 0:0 ack 1 mss 1000");
    one_out(one, ". 1:1 ack 1");
    assert_true(one_status(one).ecn);
}

static void arrive_marked(struct one_host *one, const char *line)
{
    struct tcp_segment segment = one_segment(one, line);
    segment.traffic_class = CE;
    one_deliver(one, &segment);
}

static void text_is_ecn_capable_if_both_agreed_and_neither_ever_sent_a_plain_syn(void **state)
{
    (void)state;
    for (uint8_t told = 0; told < 1u << 5; told++) {
        const struct tcb tcb = {.ecn = told};
        const uint8_t without_setup = told & (uint8_t)~TCB_ECN_SETUP;
        assert_int_equal(tcb_ecn_is_on(&tcb), without_setup == (TCB_ECN_SENT | TCB_ECN_CAME));
    }
}

static void every_reduction_reaches_up_to_cwr_across_the_wrap(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, UINT32_C(0) - 1500);
    one_write(&one, 2000); /* the second segment crosses zero */
    one_out(&one, ". 1:1001 ack 1");
    assert_int_equal(one.last.traffic_class & ECN_BITS, ECT_0);
    one_out(&one, "P. 1001:2001 ack 1");
    assert_int_equal(one_status(&one).cwnd_bytes, 10000);
    one_in(&one, "E. 1:1 ack 1001");
    one_in(&one, "E. 1:1 ack 2001");
    assert_int_equal(one_status(&one).cwnd_bytes, 5000);
    one_write(&one, 2000);
    one_out(&one, "W. 2001:3001 ack 1");
    one_out(&one, "P. 3001:4001 ack 1");
    one_in(&one, "E. 1:1 ack 2001"); /* not beyond CWR */
    assert_int_equal(one_status(&one).cwnd_bytes, 5000);
    one_in(&one, "E. 1:1 ack 2002"); /* one octet beyond */
    assert_int_equal(one_status(&one).cwnd_bytes, 2500);
    one_close(&one);
}

static void an_old_ack_tells_nothing(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, ONE_ISS);
    one_write(&one, 1000);
    one_out(&one, "P. 1:1001 ack 1");
    one_in(&one, ". 1:1 ack 1001");
    const uint32_t cwnd = one_status(&one).cwnd_bytes;
    one_in(&one, "E. 1:1 ack 1000");
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd);
    one_in(&one, "E. 1:1 ack 1002"); /* nor one of what was never sent */
    one_out(&one, ". 1001:1001 ack 1");
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd);
    one_in(&one, "E. 1:1 ack 1001");
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd / 2);
    one_close(&one);
}

static void halving_ends_at_one_segment_and_then_the_timer_counts(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.initial_window_segments = 1;
    one.config.ecn = 2;
    one_start(&one);
    assert_int_equal(one_connect(&one), TCP_OK);
    one_out(&one, "SEW 0:0");
    one_in(&one, "SE. 0:0 ack 1 mss 1000");
    one_out(&one, ". 1:1 ack 1");
    one_write(&one, 1000);
    one_out(&one, "P. 1:1001 ack 1");
    one_in(&one, ". 1:1 ack 1001");
    assert_int_equal(one_status(&one).cwnd_bytes, 2000);
    one_in(&one, "E. 1:1 ack 1001");
    assert_int_equal(one_status(&one).cwnd_bytes, 1000);
    one_write(&one, 1000);
    one_out(&one, "WP. 1001:2001 ack 1");
    one_in(&one, "E. 1:1 ack 2001");
    assert_int_equal(one_status(&one).cwnd_bytes, 1000);
    one_write(&one, 1000);
    one_silent(&one);
    one_wait(&one, SECOND - 1);
    one_silent(&one);
    one_wait(&one, 1);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_ECN_TIMEOUT);
    one_out(&one, "WP. 2001:3001 ack 1");
    one_close(&one);
}

static void marks_are_echoed_while_nothing_else_is_sent(void **state)
{
    (void)state;
    struct one_host one;
    reach(&one, ONE_ISS);
    arrive_marked(&one, "P. 1:101 ack 1");
    assert_true(one_status(&one).ecn_echo);
    one_wait(&one, SECOND);
    one_out(&one, "E. 1:1 ack 101");
    one_in(&one, "P. 101:201 ack 1");
    one_wait(&one, SECOND);
    one_out(&one, "E. 1:1 ack 201");
    one_in(&one, "WP. 201:301 ack 1");
    one_wait(&one, SECOND);
    one_out(&one, ". 1:1 ack 301");
    one_close(&one);
}

static void settings_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    config.ecn = config.ecn_fallback = 2;
    assert_null(tcp_config_check(&config));
    config.ecn = 3;
    assert_non_null(tcp_config_check(&config));
    config.ecn = 2;
    config.ecn_fallback = 3;
    assert_non_null(tcp_config_check(&config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_ecn_capable_if_both_agreed_and_neither_ever_sent_a_plain_syn),
        cmocka_unit_test(every_reduction_reaches_up_to_cwr_across_the_wrap),
        cmocka_unit_test(an_old_ack_tells_nothing),
        cmocka_unit_test(halving_ends_at_one_segment_and_then_the_timer_counts),
        cmocka_unit_test(marks_are_echoed_while_nothing_else_is_sent),
        cmocka_unit_test(settings_that_mean_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
