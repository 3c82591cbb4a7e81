/* A clock that is looked at late, after a machine slept: timers ran out more than once before anything could
 * leave. What was not sent did not occur (RFC 9293 3.8.3, 3.8.4, 3.8.6.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

#define IDLE_US     UINT64_C(7200000000)
#define INTERVAL_US UINT64_C(75000000)

static void open_before_a_shut_window(struct one_host *one)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
    one_in(one, ". 1:1 ack 1 win 0");
    one_write(one, 10);
    one_silent(one);
}

static void open_with_shortest_pauses(struct one_host *one)
{
    one_prepare(one);
    one->config.rto_min_us = 1;
    one->config.rto_max_us = 1;
    one->config.rto_initial_us = 1;
    one->config.persist_max_us = 1;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
}

static void sleep_for_a_year_in_few_steps(struct one_host *one)
{
    const uint64_t before = one_step(one).number;
    one_wait(one, UINT64_C(31536000000000));
    assert_in_range(one_step(one).number - before, 1, 4);
}

/* ---- what is sent again ---------------------------------------------------------------------------- */

/* Whoever looks at the clock late, after a machine slept, sends one repetition. Those before it did not occur,
 * and count neither for R1 and R2 (3.8.3) nor for the back-off (RFC 6298 5.5). */
static void repetitions_that_were_not_sent_do_not_count(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_wait(&one, UINT64_C(86400000000));
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    assert_int_equal(one_status(&one).retransmits, 1);
    for (uint64_t rto = 2000000; rto <= 8000000; rto *= 2) {
        one_out(&one, "P. 1:11 ack 1");
        one_silent(&one);
        assert_int_equal(one_status(&one).rto_us, rto);
        one_wait(&one, rto - 1);
        one_silent(&one);
        one_wait(&one, 1);
    }
    one_out(&one, "P. 1:11 ack 1");
    assert_int_equal(one_status(&one).retransmits, 4); /* more than R1: R2 was long ago */
    one_wait(&one, 15999999);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

static void a_syn_that_was_not_sent_again_does_not_count(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_wait(&one, UINT64_C(86400000000));
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    one_out(&one, "S 0:0");
    one_wait(&one, 1999999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, "S 0:0");
    one_in(&one, "S. 0:0 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_close(&one);
}

/* However short the RTO, and however long the sleep. */
static void repetitions_cost_few_steps(void **state)
{
    (void)state;
    struct one_host one;
    open_with_shortest_pauses(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    sleep_for_a_year_in_few_steps(&one);
    one_out(&one, "P. 1:11 ack 1");
    one_close(&one);
}

/* ---- probes of a shut window ----------------------------------------------------------------------- */

/* Whoever looks at the clock late, after a machine slept, sends one probe. It is the first: nobody could answer
 * those before it, so that neither the pauses (SHLD-30) nor the patience (MUST-37) count them. */
static void probes_of_a_shut_window_that_were_not_sent_do_not_count(void **state)
{
    (void)state;
    struct one_host one;
    open_before_a_shut_window(&one);
    one_wait(&one, UINT64_C(10000000000));
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    for (uint64_t pause = 2; pause <= 32; pause *= 2) {
        one_out(&one, ". 1:2 ack 1");
        one_silent(&one);
        one_wait(&one, pause * 1000000 - 1);
        one_silent(&one);
        one_wait(&one, 1);
    }
    one_out(&one, ". 1:2 ack 1");
    one_close(&one);
}

/* However short the pauses, and however long the sleep. */
static void probes_of_a_shut_window_cost_few_steps(void **state)
{
    (void)state;
    struct one_host one;
    open_with_shortest_pauses(&one);
    one_in(&one, ". 1:1 ack 1 win 0");
    one_write(&one, 10);
    sleep_for_a_year_in_few_steps(&one);
    one_out(&one, ". 1:2 ack 1");
    one_close(&one);
}

/* The user's patience, too, begins with a probe that somebody could answer. */
static void patience_waits_for_a_probe_that_was_sent(void **state)
{
    (void)state;
    struct one_host one;
    open_before_a_shut_window(&one);
    assert_int_equal(tcp_host_set_user_timeout(one.host, one.now, one.connection, 5000000), TCP_OK);
    one_wait(&one, UINT64_C(10000000000));
    assert_int_equal(one_state(&one), TCB_ESTABLISHED); /* MUST-37 */
    one_out(&one, ". 1:2 ack 1");
    one_wait(&one, 4999999);
    one_out(&one, ". 1:2 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

/* ---- keep-alive ------------------------------------------------------------------------------------ */

/* Whoever looks at the clock late, after a machine slept, sends one probe, and waits for its answer. */
static void a_probe_that_was_not_sent_is_not_unanswered(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, 3 * IDLE_US + 20);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED); /* MUST-29 */
    one_out(&one, ". 0:0 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_unanswered, 1);
    one_wait(&one, INTERVAL_US - 1);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 0:0 ack 1");
    one_close(&one);
}

/* MUST-26, where the clock was looked at late: what leaves or arrives before an owed probe takes its place. */
static void a_probe_that_was_not_sent_gives_way_to_text(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.keep_alive_octet = 1;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(tcp_host_set_keep_alive(one.host, one.now, one.connection, true), TCP_OK);
    one_wait(&one, 2 * IDLE_US);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_unanswered, 0);
    one_in(&one, ". 1:1 ack 11");
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_at.us, one.now.us + IDLE_US);
    one_close(&one);
}

static void a_probe_that_was_not_sent_gives_way_to_a_fin(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, 2 * IDLE_US);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_out(&one, "F. 1:1 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void a_probe_that_was_not_sent_is_needless_once_the_peer_speaks(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, 2 * IDLE_US);
    one_in(&one, ". 1:1 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_unanswered, 0);
    assert_int_equal(one_status(&one).keep_alive_at.us, one.now.us + IDLE_US);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repetitions_that_were_not_sent_do_not_count),
        cmocka_unit_test(a_syn_that_was_not_sent_again_does_not_count),
        cmocka_unit_test(repetitions_cost_few_steps),
        cmocka_unit_test(probes_of_a_shut_window_that_were_not_sent_do_not_count),
        cmocka_unit_test(probes_of_a_shut_window_cost_few_steps),
        cmocka_unit_test(patience_waits_for_a_probe_that_was_sent),
        cmocka_unit_test(a_probe_that_was_not_sent_is_not_unanswered),
        cmocka_unit_test(a_probe_that_was_not_sent_gives_way_to_text),
        cmocka_unit_test(a_probe_that_was_not_sent_gives_way_to_a_fin),
        cmocka_unit_test(a_probe_that_was_not_sent_is_needless_once_the_peer_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
