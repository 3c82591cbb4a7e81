/* What may be changed of a connection that is there: its MSS, its buffers, the user's patience; where
 * each range ends, and what stays as it was. And the numbers that the table of settings gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

#define SECOND            UINT64_C(1000000)
#define LONGEST           (UINT64_C(1) << 60)
#define SMALLEST_PEER_MSS 48 /* TCB_MSS_FLOOR */

static enum tcp_error set_mss(struct one_host *one, uint16_t mss)
{
    return tcp_host_set_mss(one->host, one->now, one->connection, mss);
}

static void an_mss_makes_later_segments_smaller_and_never_larger(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(one_status(&one).send_mss, ONE_MSS);
    assert_int_equal(set_mss(&one, ONE_MSS + 1), TCP_OK);
    assert_int_equal(one_status(&one).send_mss, ONE_MSS);
    assert_int_equal(set_mss(&one, 400), TCP_OK);
    assert_int_equal(one_status(&one).send_mss, 400);
    one_write(&one, 800);
    one_out(&one, ". 1:401 ack 1");
    one_out(&one, "P. 401:801 ack 1");
    assert_int_equal(set_mss(&one, 0), TCP_OK); /* no limit of the user's: what was learned stays */
    assert_int_equal(one_status(&one).send_mss, 400);
    one_close(&one);
}

static void an_mss_has_a_least_value(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(set_mss(&one, SMALLEST_PEER_MSS - 1), TCP_ERROR_ARGUMENT);
    assert_int_equal(one_status(&one).send_mss, ONE_MSS);
    assert_int_equal(set_mss(&one, SMALLEST_PEER_MSS), TCP_OK);
    assert_int_equal(one_status(&one).send_mss, SMALLEST_PEER_MSS);
    one_close(&one);
}

static enum tcp_error set_ds(struct one_host *one, tcp_handle connection, int ds_field)
{
    return tcp_host_set_ds_field(one->host, one->now, connection, ds_field);
}

static void a_ds_field_has_six_bits_and_counts_from_now_on(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(set_ds(&one, one.connection, 64), TCP_ERROR_ARGUMENT);
    assert_int_equal(one_status(&one).sent_ds, 0);
    assert_int_equal(set_ds(&one, one.connection, 63), TCP_OK);
    assert_int_equal(one_status(&one).sent_ds, 252);
    assert_int_equal(set_ds(&one, one.connection, 0), TCP_OK);
    assert_int_equal(one_status(&one).sent_ds, 0);
    assert_int_equal(set_ds(&one, TCP_HANDLE_NONE, 1), TCP_ERROR_NO_CONNECTION);
    struct tcp_config config = *tcp_host_config(one.host);
    config.ds_field = 7;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_int_equal(one_status(&one).sent_ds, 0); /* what was chosen stays, none too */
    assert_int_equal(set_ds(&one, one.connection, -1), TCP_OK);
    assert_int_equal(one_status(&one).sent_ds, 28);
    one_close(&one);
}

static enum tcp_error set_patience(struct one_host *one, uint64_t us)
{
    return tcp_host_set_user_timeout(one->host, one->now, one->connection, us);
}

static void patience_has_a_largest_value(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(set_patience(&one, LONGEST + 1), TCP_ERROR_ARGUMENT);
    assert_int_equal(set_patience(&one, LONGEST), TCP_OK);
    one_close(&one);
}

static void patience_that_is_set_again_counts_anew(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(set_patience(&one, 10 * SECOND), TCP_OK);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_pass(&one, 9 * SECOND);
    assert_int_equal(set_patience(&one, 10 * SECOND), TCP_OK);
    one_wait(&one, 10 * SECOND - 1);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

/* Nagle, the probe's octet and every other number: what the profile says, and which of them reach
 * connections that are there. */
static void the_profile_has_these_numbers_and_these_reach_later_connections_only(void **state)
{
    (void)state;
    static const char *const of_birth[] = {
        "mtu",
        "mtu_smallest",
        "receive_buffer_bytes",
        "send_buffer_bytes",
        "rto_initial_us",
        "user_timeout_us",
        "nagle",
        "ecn",
        "initial_window_segments",
        "congestion_control",
        "timestamps",
    };
    struct tcp_config config;
    uint64_t number = 1;
    size_t count = 0;
    assert_true(tcp_config_profile("rfc", &config));
    assert_int_equal(tcp_config_get(&config, "iss", &number), TCP_OK);
    assert_int_equal(number, 0);
    assert_int_equal(config.path_mtu_discovery, 1); /* it goes by 0 or not: 2 would do the same */
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    for (size_t i = 0; i < count; i++) {
        bool is_of_birth = false;
        for (size_t k = 0; k < sizeof of_birth / sizeof *of_birth; k++) {
            is_of_birth = is_of_birth || strcmp(of_birth[k], fields[i].name) == 0;
        }
        if (is_of_birth == fields[i].is_live) {
            fail_msg("%s is said to be %s", fields[i].name, fields[i].is_live ? "live" : "not");
        }
    }
}

static void no_two_events_have_a_bit_in_common(void **state)
{
    (void)state;
    static const uint32_t bits[] = {
        TCP_EVENT_CONNECTED,   TCP_EVENT_ACCEPTABLE, TCP_EVENT_READABLE,   TCP_EVENT_WRITABLE,
        TCP_EVENT_PEER_CLOSED, TCP_EVENT_ENDED,      TCP_EVENT_SOFT_ERROR, TCP_EVENT_URGENT,
    };
    uint32_t seen = 0;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        assert_int_not_equal(bits[i], 0);
        assert_int_equal(bits[i] & (bits[i] - 1), 0);
        assert_int_equal(seen & bits[i], 0);
        seen |= bits[i];
    }
}

static void a_buffer_that_is_not_named_stays(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:101 ack 1");
    const struct tcp_status before = one_status(&one);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.connection, 0, 5000), TCP_OK);
    assert_int_equal(one_status(&one).receive_buffer_bytes, before.receive_buffer_bytes);
    assert_int_equal(one_status(&one).send_buffer_bytes, 5000);
    one_read(&one, 100);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.connection, 0, 6000), TCP_OK);
    assert_int_equal(one_status(&one).receive_buffer_bytes, before.receive_buffer_bytes);
    one_close(&one);
}

static void a_listeners_buffer_that_is_not_named_stays(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.listener, 4000, 0), TCP_OK);
    assert_int_equal(tcp_host_set_buffers(one.host, one.now, one.listener, 0, 5000), TCP_OK);
    one_in(&one, "S 0:0 win 10000 mss 1000");
    one_out(&one, "S. 0:0 ack 1 win 4000");
    one_close(&one);
}

/* CLOSE in SYN-SENT ends a connection whose text was never sent: its path serves the next one, though
 * its user has not let go of the record yet. */
static void text_that_was_never_sent_holds_no_path(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.paths = 1;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_write(&one, 10);
    assert_int_equal(one_shut(&one), TCP_OK);
    assert_int_equal(one_state(&one), TCB_CLOSED);
    struct tcp_flow flow = {one.local, one.remote};
    flow.local.port = ONE_LOCAL_PORT + 1;
    tcp_handle other = TCP_HANDLE_NONE;
    assert_int_equal(tcp_host_connect(one.host, one.now, &flow, &other), TCP_OK);
    one_close(&one);
}

static void a_connection_may_have_a_controller_of_its_own(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    const uint32_t cwnd = one_status(&one).cwnd_bytes;
    assert_int_equal(one_status(&one).congestion_control, TCP_CONGESTION_RENO);
    assert_int_equal(tcp_host_set_congestion_control(one.host, one.now, one.connection,
                                                     (enum tcp_congestion_control)2),
                     TCP_ERROR_ARGUMENT);
    assert_int_equal(
        tcp_host_set_congestion_control(one.host, one.now, one.connection, TCP_CONGESTION_CUBIC),
        TCP_OK);
    assert_int_equal(one_status(&one).congestion_control, TCP_CONGESTION_CUBIC);
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd);
    assert_int_equal(
        tcp_host_set_congestion_control(one.host, one.now, TCP_HANDLE_NONE, TCP_CONGESTION_CUBIC),
        TCP_ERROR_NO_CONNECTION);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_mss_makes_later_segments_smaller_and_never_larger),
        cmocka_unit_test(an_mss_has_a_least_value),
        cmocka_unit_test(a_ds_field_has_six_bits_and_counts_from_now_on),
        cmocka_unit_test(patience_has_a_largest_value),
        cmocka_unit_test(patience_that_is_set_again_counts_anew),
        cmocka_unit_test(the_profile_has_these_numbers_and_these_reach_later_connections_only),
        cmocka_unit_test(no_two_events_have_a_bit_in_common),
        cmocka_unit_test(a_buffer_that_is_not_named_stays),
        cmocka_unit_test(a_listeners_buffer_that_is_not_named_stays),
        cmocka_unit_test(a_connection_may_have_a_controller_of_its_own),
        cmocka_unit_test(text_that_was_never_sent_holds_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
