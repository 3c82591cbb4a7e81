/* Who may use a connection (RFC 9293 3.9.1, 3.10: "if the calling process does not have access"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void calls_by(struct one_host *one, uint32_t caller)
{
    struct tcp_config config = *tcp_host_config(one->host);
    config.caller = caller;
    assert_int_equal(tcp_host_configure(one->host, one->now, &config), TCP_OK);
}

/* A connection that user 7 has opened. */
static void open_by_seven(struct one_host *one)
{
    one_prepare(one);
    one->config.caller = 7;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
}

static enum tcp_error status_error(struct one_host *one)
{
    struct tcp_status status;
    return tcp_host_status(one->host, one->connection, &status);
}

static void a_stranger_may_call_nothing(void **state)
{
    (void)state;
    struct one_host one;
    open_by_seven(&one);
    calls_by(&one, 8);
    assert_int_equal(one_write_error(&one), TCP_ERROR_ACCESS);
    assert_int_equal(one_read_error(&one), TCP_ERROR_ACCESS);
    assert_int_equal(one_shut(&one), TCP_ERROR_ACCESS);
    assert_int_equal(one_abort(&one), TCP_ERROR_ACCESS);
    assert_int_equal(status_error(&one), TCP_ERROR_ACCESS);
    calls_by(&one, 7);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_silent(&one);
    one_close(&one);
}

static enum tcp_error peek_error(struct one_host *one)
{
    size_t taken = 0;
    const struct tcp_room room = {one->room, 1};
    return tcp_host_peek(one->host, one->connection, 0, room, &taken);
}

/* What else names a connection: every setting, a look ahead, a push. */
static void expect_settings(struct one_host *one, enum tcp_error error)
{
    struct tcp_host *host = one->host;
    const tcp_time now = one->now;
    const tcp_handle connection = one->connection;
    assert_int_equal(tcp_host_set_nagle(host, now, connection, false), error);
    assert_int_equal(tcp_host_set_keep_alive(host, now, connection, true), error);
    assert_int_equal(tcp_host_set_keep_alive_times(host, now, connection, 1, 1, 1), error);
    assert_int_equal(tcp_host_set_user_timeout(host, now, connection, 1), error);
    assert_int_equal(tcp_host_set_buffers(host, now, connection, 9999, 9999), error);
    assert_int_equal(tcp_host_set_mss(host, now, connection, 100), error);
    assert_int_equal(tcp_host_set_ds_field(host, now, connection, 9), error);
    assert_int_equal(tcp_host_set_congestion_control(host, now, connection, TCP_CONGESTION_CUBIC),
                     error);
    assert_int_equal(tcp_host_push(host, now, connection), error);
    assert_int_equal(peek_error(one), error);
}

static void a_stranger_may_set_nothing_and_look_at_nothing(void **state)
{
    (void)state;
    struct one_host one;
    open_by_seven(&one);
    one_in(&one, "P. 1:11 ack 1");
    const struct tcp_status before = one_status(&one);
    calls_by(&one, 8);
    expect_settings(&one, TCP_ERROR_ACCESS);
    assert_int_equal(tcp_host_take_soft_error(one.host, one.connection), TCP_ERROR_ACCESS);
    calls_by(&one, 7);
    const struct tcp_status after = one_status(&one);
    assert_int_equal(after.receive_buffer_bytes, before.receive_buffer_bytes);
    assert_int_equal(after.send_buffer_bytes, before.send_buffer_bytes);
    assert_int_equal(after.send_mss, before.send_mss);
    assert_int_equal(after.sent_ds, before.sent_ds);
    assert_int_equal(after.congestion_control, before.congestion_control);
    assert_int_equal(after.keep_alive_at.us, before.keep_alive_at.us);
    expect_settings(&one, TCP_OK);
    assert_int_equal(tcp_host_take_soft_error(one.host, one.connection), TCP_OK);
    one_close(&one);
}

static void a_listener_is_its_owners(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.caller = 7;
    one_start(&one);
    one.local.port = 8080;
    assert_int_equal(tcp_host_listen(one.host, one.now, &one.local, 1, &one.listener), TCP_OK);
    calls_by(&one, 8);
    assert_int_equal(tcp_host_set_backlog(one.host, one.now, one.listener, 9), TCP_ERROR_ACCESS);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.listener, 9, 9), TCP_ERROR_ACCESS);
    calls_by(&one, 7);
    assert_int_equal(tcp_host_set_backlog(one.host, one.now, one.listener, 9), TCP_OK);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.listener, 9, 9), TCP_OK);
    one_close(&one);
}

static void the_owner_and_the_privileged_may(void **state)
{
    (void)state;
    for (uint32_t caller = 0; caller <= 7; caller += 7) {
        struct one_host one;
        open_by_seven(&one);
        calls_by(&one, caller);
        one_write(&one, 10);
        one_out(&one, "P. 1:11 ack 1");
        assert_int_equal(status_error(&one), TCP_OK);
        assert_int_equal(one_abort(&one), TCP_OK);
        one_out(&one, "R 11:11");
        one_close(&one);
    }
}

static void what_is_shared_is_everybodys(void **state)
{
    (void)state;
    struct one_host one;
    open_by_seven(&one);
    assert_int_equal(tcp_host_share(one.host, one.connection), TCP_OK);
    calls_by(&one, 8);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_close(&one);
}

static void a_low_port_is_for_the_privileged(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.caller = 7;
    one_start(&one);
    struct tcp_endpoint local = one.local;
    tcp_handle listener;
    local.port = 1023;
    assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &listener), TCP_ERROR_ACCESS);
    local.port = 1024;
    assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &listener), TCP_OK);
    calls_by(&one, 0);
    local.port = 1023;
    assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &listener), TCP_OK);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_may_call_nothing),
        cmocka_unit_test(a_stranger_may_set_nothing_and_look_at_nothing),
        cmocka_unit_test(a_listener_is_its_owners),
        cmocka_unit_test(the_owner_and_the_privileged_may),
        cmocka_unit_test(what_is_shared_is_everybodys),
        cmocka_unit_test(a_low_port_is_for_the_privileged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
