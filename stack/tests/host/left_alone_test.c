/* What lasts when its user has gone: an orphan in FIN-WAIT-2, and TIME-WAIT, which a SYN may reopen and an
 * old one gives back (RFC 9293 3.6.1, MAY-2); and what does not: text that was not read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

#define PATIENCE_US UINT64_C(60000000)
#define WAIT_US     UINT64_C(240000000)

static void an_orphan_is_given_up_after_its_patience(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.orphan_timeout_us = PATIENCE_US;
    one_start(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    one_wait(&one, 10 * PATIENCE_US); /* its user is there */
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    one_wait(&one, PATIENCE_US - 1);
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_wait(&one, 1);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_silent(&one);
    one_close(&one);
}

static void without_that_patience_an_orphan_waits_on(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    one_wait(&one, 1000 * PATIENCE_US);
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_close(&one);
}

static void a_patience_set_later_counts_from_then_on(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    one_wait(&one, 1000 * PATIENCE_US);
    struct tcp_config config = *tcp_host_config(one.host);
    config.orphan_timeout_us = PATIENCE_US;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_null(tcp_host_check(one.host));
    one_wait(&one, PATIENCE_US - 1);
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_wait(&one, 1);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_close(&one);
}

static void a_patience_taken_back_ends_nothing(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.user_timeout_always = 1;
    one_start(&one);
    one_listen(&one, 1);
    struct tcp_config config = *tcp_host_config(one.host);
    config.user_timeout_always = 0;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_null(tcp_host_check(one.host));
    assert_true(tcp_host_deadline(one.host).us == UINT64_MAX);
    one_close(&one);
}

/* A connection behind a listener in TIME-WAIT, its user gone, and a SYN above its numbers after a while. */
static void open_and_reopen_with(struct one_host *one, uint32_t may_fail, uint32_t receive_bytes)
{
    one_prepare(one);
    one->config.reopen_may_fail = may_fail;
    one_start(one);
    one_reach_passive(one, TCB_ESTABLISHED);
    assert_int_equal(one_accept(one), TCP_OK);
    assert_int_equal(one_shut(one), TCP_OK);
    one_out(one, "F. 1:1 ack 1");
    one_in(one, "F. 1:1 ack 2");
    one_out(one, ". 2:2 ack 2");
    assert_int_equal(one_state(one), TCB_TIME_WAIT);
    assert_int_equal(tcp_host_release(one->host, one->now, one->connection), TCP_OK);
    (void)one_events(one);
    struct tcp_config config = *tcp_host_config(one->host);
    config.iss = ONE_ISS + 100000;
    config.receive_buffer_bytes = receive_bytes;
    assert_int_equal(tcp_host_configure(one->host, one->now, &config), TCP_OK);
    one_wait(one, 1000000);
    one_in(one, "S 5000:5000 mss 1000");
    one_out(one, "S. 100000:100000 ack 5001");
}

static void open_and_reopen(struct one_host *one, uint32_t may_fail)
{
    open_and_reopen_with(one, may_fail, 65535);
}

static enum tcb_state state_of_flow(struct one_host *one)
{
    const struct tcp_flow flow = {.local = one->last.source, .remote = one->remote};
    struct tcp_status status;
    const tcp_handle found = tcp_host_find(one->host, &flow);
    return tcp_host_look(one->host, found, &status) == TCP_OK ? status.state : TCB_CLOSED;
}

static void an_old_syn_gives_time_wait_back(void **state)
{
    (void)state;
    struct one_host one;
    open_and_reopen(&one, 1);
    assert_int_equal(state_of_flow(&one), TCB_SYN_RECEIVED);
    one_in(&one, "R 5001:5001");
    assert_int_equal(state_of_flow(&one), TCB_TIME_WAIT);
    one_silent(&one);
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, ". 2:2 ack 2"); /* the old numbers, and 2MSL from here */
    one_wait(&one, WAIT_US - 1);
    assert_int_equal(state_of_flow(&one), TCB_TIME_WAIT);
    one_wait(&one, 1);
    assert_int_equal(state_of_flow(&one), TCB_CLOSED);
    one_close(&one);
}

/* SHLD-14: what it promised before, though the new incarnation's buffer is smaller. */
static void its_window_comes_back_with_it(void **state)
{
    (void)state;
    struct one_host one;
    open_and_reopen_with(&one, 1, 0);
    assert_int_equal(one.last.window, 0);
    one_in(&one, "R 5001:5001");
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, ". 2:2 ack 2");
    assert_int_equal(one.last.window, 65535); /* no less than before */
    one_close(&one);
}

static void without_that_the_record_returns_to_its_listener(void **state)
{
    (void)state;
    struct one_host one;
    open_and_reopen(&one, 0);
    one_in(&one, "R 5001:5001");
    assert_int_equal(state_of_flow(&one), TCB_CLOSED);
    one_silent(&one);
    one_close(&one);
}

/* TIME-WAIT lasts for minutes: it would keep the only room for text from the next connection. */
static void unread_text_takes_up_no_room_in_time_wait(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.streams = one.limits.paths = 1;
    one_start(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    one_in(&one, "PF. 1:11 ack 2");
    one_out(&one, ". 2:2 ack 12");
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    assert_int_equal(one_status(&one).readable_bytes, 10);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    assert_null(tcp_host_check(one.host));
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    size_t taken = 0;
    const struct tcp_room room = {one.room, 1};
    assert_int_equal(tcp_host_receive(one.host, one.now, one.connection, room, &taken),
                     TCP_ERROR_NO_CONNECTION);
    assert_int_equal(tcp_host_peek(one.host, one.connection, 0, room, &taken),
                     TCP_ERROR_NO_CONNECTION);
    one.local.port++;
    assert_int_equal(one_connect(&one), TCP_OK);
    one_out(&one, "S 0:0");
    one_write(&one, 10);
    assert_null(tcp_host_check(one.host));
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_orphan_is_given_up_after_its_patience),
        cmocka_unit_test(a_patience_set_later_counts_from_then_on),
        cmocka_unit_test(a_patience_taken_back_ends_nothing),
        cmocka_unit_test(without_that_patience_an_orphan_waits_on),
        cmocka_unit_test(an_old_syn_gives_time_wait_back),
        cmocka_unit_test(its_window_comes_back_with_it),
        cmocka_unit_test(without_that_the_record_returns_to_its_listener),
        cmocka_unit_test(unread_text_takes_up_no_room_in_time_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
