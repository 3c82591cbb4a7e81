/* Time is an argument: the order of deadlines and causes, and what tcp_host_deadline() promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/support/one_host.h"

static void deadlines_before_a_cause_fire_first_those_at_it_do_not(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:11 ack 1"); /* the delayed ACK falls due at 200 ms */
    one_pass(&one, 200000);
    one_in(&one, ". 11:11 ack 1"); /* a cause at this very instant */
    one_silent(&one);
    one_wait(&one, 0); /* the tick lets it fire */
    one_out(&one, ". 1:1 ack 11");
    one_in(&one, "P. 11:21 ack 1");
    one_pass(&one, 200001);
    one_in(&one, ". 21:21 ack 1"); /* an instant later: it has fired before */
    one_out(&one, ". 1:1 ack 21");
    one_silent(&one);
    one_close(&one);
}

/* What fires late fires as of its deadline, so the next one counts from there. */
static void a_late_tick_lets_everything_happen_in_its_time(void **state)
{
    (void)state;
    struct one_host late, punctual;
    one_open(&late);
    one_reach(&late, TCB_SYN_SENT);
    one_open(&punctual);
    one_reach(&punctual, TCB_SYN_SENT);
    for (uint32_t second = 1; second <= 40; second++) {
        one_wait(&punctual, 1000000);
    }
    one_wait(&late, 40000000);
    assert_int_equal(one_status(&late).retransmission_at.us,
                     one_status(&punctual).retransmission_at.us);
    assert_int_equal(one_status(&late).retransmission_at.us, ONE_START_US + 63000000);
    one_out(&late, "S 0:0"); /* owed once */
    one_silent(&late);
    one_close(&late);
    one_close(&punctual);
}

static void time_that_goes_back_stands_still(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_wait(&one, 1000);
    const tcp_time now = one.now;
    one.now.us -= 1000;
    one_in(&one, "P. 1:11 ack 1");
    assert_int_equal(tcp_host_time(one.host).us, now.us);
    assert_int_equal(one_status(&one).delayed_ack_at.us, now.us + 200000);
    one.now.us = 0;
    one_wait(&one, 0);
    assert_int_equal(tcp_host_time(one.host).us, now.us);
    one_silent(&one);
    one_close(&one);
}

static void a_tick_too_many_does_nothing(void **state)
{
    (void)state;
    for (uint32_t to = TCB_SYN_SENT; to < TCB_STATE_COUNT; to++) {
        struct one_host one, copy;
        one_open(&one);
        one_reach(&one, (enum tcb_state)to);
        one_copy(&copy, &one);
        for (uint32_t i = 0; i < 3; i++) {
            one_wait(&one, 0);
        }
        assert_true(tcp_host_same(one.host, copy.host));
        one_silent(&one);
        one_close(&copy);
        one_close(&one);
    }
}

/* Equal deadlines of two connections fire in the order in which they were armed. */
static void equal_deadlines_fire_in_the_order_of_arming(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    for (uint16_t i = 0; i < 5; i++) {
        one.local.port = (uint16_t)(ONE_LOCAL_PORT + i * 3 % 5);
        assert_int_equal(one_connect(&one), TCP_OK);
        one_out(&one, "S 0:0");
        one_silent(&one);
    }
    one_wait(&one, 1000000);
    for (uint16_t i = 0; i < 5; i++) {
        one_out(&one, "S 0:0");
        assert_int_equal(one.last.source.port, ONE_LOCAL_PORT + i * 3 % 5);
    }
    one_silent(&one);
    one_close(&one);
}

static void polling_is_no_step_and_takes_no_time(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 0:0 ack 1");
    const struct tcp_step_record before = one_step(&one);
    one_out(&one, ". 1:1 ack 1");
    (void)one_events(&one);
    const struct tcp_step_record after = one_step(&one);
    assert_int_equal(after.number, before.number);
    assert_int_equal(after.verdict, before.verdict);
    one_in(&one, ". 0:0 ack 1");
    assert_int_equal(one_step(&one).number, before.number + 1);
    one_close(&one);
}

/* ---- the promise of the deadline ---------------------------------------------------------------- */

static void drain(struct one_host *one)
{
    const struct tcp_room room = {one->room, sizeof one->room};
    while (tcp_host_poll_segment(one->host, room, &one->last)) {
    }
    (void)one_events(one);
    assert_null(tcp_host_check(one->host));
}

/* Some cause: a segment around the edges, or a call. */
static void something_happens(struct one_host *one, struct random_source *random)
{
    const struct tcp_status status = one_status(one);
    const uint32_t kind = random_below(random, 12);
    if (kind < 8) {
        static const char *const lines[] = {". 1:1 ack 1",    "P. 1:31 ack 1", "F. 1:1 ack 1",
                                            "P. 1:801 ack 1", "S. 0:0 ack 1",  "S 0:0",
                                            ". 1:1 ack 1",    "F. 1:11 ack 1"};
        struct tcp_segment segment = one_segment(one, lines[kind]);
        static const uint16_t windows[] = {0, 0, 1, 500, 10000};
        segment.window = windows[random_below(random, 5)];
        if (status.state > TCB_SYN_SENT) {
            segment.seq.raw = status.rcv_nxt.raw + random_below(random, 3) * 40 - 40;
            segment.ack.raw = status.snd_una.raw + random_below(random, status.unacked_bytes + 1);
        }
        one_deliver(one, &segment);
    } else if (kind < 10) {
        uint8_t bytes[1500] = {0};
        size_t taken = 0;
        (void)tcp_host_send(one->host, one->now, one->connection, bytes,
                            1 + random_below(random, 1500), &taken);
    } else if (kind == 10) {
        const struct tcp_room room = {one->room, 1 + random_below(random, 2000)};
        size_t taken = 0;
        (void)tcp_host_receive(one->host, one->now, one->connection, room, &taken);
    } else if (random_below(random, 10) == 0) {
        (void)one_shut(one);
    }
}

/* Nothing happens before the deadline; a tick there acts, or moves it later. */
static void keep_the_promise(struct one_host *one)
{
    tcp_host_tick(one->host, one->now);
    drain(one);
    const tcp_time deadline = tcp_host_deadline(one->host);
    if (deadline.us == UINT64_MAX) {
        return;
    }
    assert_true(deadline.us >= one->now.us);
    if (deadline.us > one->now.us + 1) {
        one->now.us = deadline.us - 1;
        const uint32_t number = one_step(one).number;
        tcp_host_tick(one->host, one->now);
        assert_int_equal(one_step(one).number, number);
        const struct tcp_room room = {one->room, sizeof one->room};
        assert_false(tcp_host_poll_segment(one->host, room, &one->last));
    }
    one->now = deadline;
    const uint32_t number = one_step(one).number;
    tcp_host_tick(one->host, one->now);
    assert_true(one_step(one).number != number || tcp_host_deadline(one->host).us > deadline.us);
    drain(one);
    const uint64_t next = tcp_host_deadline(one->host).us;
    assert_true(next > deadline.us); /* no timer fires twice at one instant */
}

static void the_deadline_keeps_its_promise_over_random_walks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct random_source random = {seed * 0x9e3779b97f4a7c15u};
        struct one_host one;
        one_prepare(&one);
        one.limits.connections = one.limits.paths = one.limits.streams = 4;
        one.limits.send_buffer_bytes = one.limits.receive_buffer_bytes = 4096;
        one.config.send_buffer_bytes = 4096;
        one.config.receive_buffer_bytes = 1000 + random_below(&random, 3000);
        one.iss = random_next(&random);
        one.irs = random_next(&random);
        one.config.nagle = random_below(&random, 2);
        one_start(&one);
        one_reach(&one, (enum tcb_state)(TCB_SYN_SENT + random_below(&random, 9)));
        for (uint32_t step = 0; step < 120; step++) {
            something_happens(&one, &random);
            if (random_below(&random, 3) != 0) { /* else: a batch */
                drain(&one);
                if (random_below(&random, 2) == 0) {
                    keep_the_promise(&one);
                }
            }
            one_pass(&one, random_below(&random, 300000));
        }
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines_before_a_cause_fire_first_those_at_it_do_not),
        cmocka_unit_test(a_late_tick_lets_everything_happen_in_its_time),
        cmocka_unit_test(time_that_goes_back_stands_still),
        cmocka_unit_test(a_tick_too_many_does_nothing),
        cmocka_unit_test(equal_deadlines_fire_in_the_order_of_arming),
        cmocka_unit_test(polling_is_no_step_and_takes_no_time),
        cmocka_unit_test(the_deadline_keeps_its_promise_over_random_walks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
