/* Ephemeral ports (RFC 6056) and initial sequence numbers (RFC 6528). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/isn.h"
#include "tests/support/one_host.h"

#define PORT_MIN 60000
#define RANGE    10

/* A host whose range has ten ports. */
static void open_small(struct one_host *one, uint8_t secret)
{
    one_prepare(one);
    one->config.port_min = PORT_MIN;
    one->config.port_max = PORT_MIN + RANGE - 1;
    one->config.secret[3] = secret;
    one->limits.connections = one->limits.paths = 40;
    one_start(one);
    one->local.port = 0;
}

/* Connects from an ephemeral port, and says which. */
static uint16_t connect_from(struct one_host *one)
{
    assert_int_equal(one_connect(one), TCP_OK);
    const uint16_t port = one_status(one).flow.local.port;
    assert_in_range(port, PORT_MIN, PORT_MIN + RANGE - 1);
    assert_null(tcp_host_check(one->host));
    return port;
}

static void every_free_port_is_reached_once(void **state)
{
    (void)state;
    for (uint8_t secret = 0; secret < 20; secret++) {
        struct one_host one;
        open_small(&one, secret);
        bool seen[RANGE] = {false};
        for (uint32_t i = 0; i < RANGE; i++) {
            const uint16_t port = connect_from(&one);
            assert_false(seen[port - PORT_MIN]);
            seen[port - PORT_MIN] = true;
        }
        assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
        assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
        assert_int_equal(one_abort(&one), TCP_OK); /* the last one: its port comes free */
        const uint16_t freed = one_status(&one).flow.local.port;
        assert_int_equal(connect_from(&one), freed);
        one_close(&one);
    }
}

/* A port is taken towards one destination; another may have it. */
static void another_destination_has_ports_of_its_own(void **state)
{
    (void)state;
    struct one_host one;
    open_small(&one, 0);
    for (uint32_t i = 0; i < RANGE; i++) {
        (void)connect_from(&one);
    }
    assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
    one.remote.port++;
    for (uint32_t i = 0; i < RANGE; i++) {
        (void)connect_from(&one);
    }
    assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
    one_close(&one);
}

/* RFC 6056 3.2: a service's port is not handed out, whatever the listener's address. */
static void a_listeners_port_is_never_chosen(void **state)
{
    (void)state;
    for (uint32_t is_wild = 0; is_wild < 2; is_wild++) {
        struct one_host one;
        open_small(&one, 5);
        struct tcp_endpoint local = one.local;
        if (is_wild) {
            memset(local.address.bytes, 0, sizeof local.address.bytes);
        }
        local.port = PORT_MIN + 4;
        assert_int_equal(tcp_host_listen(one.host, one.now, &local, 1, &one.listener), TCP_OK);
        for (uint32_t i = 0; i < RANGE - 1; i++) {
            assert_int_not_equal(connect_from(&one), PORT_MIN + 4);
        }
        assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
        one_close(&one);
    }
}

/* Takes a connection from an ephemeral port to TIME-WAIT. */
static uint16_t into_time_wait(struct one_host *one)
{
    const uint16_t port = connect_from(one);
    one->local.port = port;
    one_out(one, "S 0:0");
    one_in(one, "S. 0:0 ack 1");
    one_out(one, ". 1:1 ack 1");
    assert_int_equal(one_shut(one), TCP_OK);
    one_out(one, "F. 1:1 ack 1");
    one_in(one, "F. 1:1 ack 2");
    one_out(one, ". 2:2 ack 2");
    assert_int_equal(one_state(one), TCB_TIME_WAIT);
    assert_int_equal(tcp_host_release(one->host, one->now, one->connection), TCP_OK);
    one->local.port = 0;
    return port;
}

static void a_port_in_time_wait_is_never_chosen_until_it_ends(void **state)
{
    (void)state;
    struct one_host one;
    open_small(&one, 9);
    bool seen[RANGE] = {false};
    for (uint32_t i = 0; i < RANGE; i++) {
        const uint16_t port = into_time_wait(&one);
        assert_false(seen[port - PORT_MIN]);
        seen[port - PORT_MIN] = true;
    }
    assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
    one_wait(&one, 240000000 - 1);
    assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
    one_wait(&one, 1);
    (void)connect_from(&one);
    one_close(&one);
}

static void a_flow_that_is_taken_exists(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    assert_int_equal(one_connect(&one), TCP_OK);
    assert_int_equal(one_connect(&one), TCP_ERROR_EXISTS);
    one_close(&one);
    one_open(&one);
    one_reach(&one, TCB_TIME_WAIT);
    assert_int_equal(one_connect(&one), TCP_ERROR_EXISTS);
    one_wait(&one, 240000000);
    assert_int_equal(one_connect(&one), TCP_OK);
    one_close(&one);
}

static void two_secrets_give_different_orders(void **state)
{
    (void)state;
    uint16_t order[8][4];
    uint32_t differing = 0;
    for (uint8_t secret = 0; secret < 8; secret++) {
        struct one_host one;
        one_prepare(&one);
        one.config.secret[0] = secret;
        one_start(&one);
        one.local.port = 0;
        for (uint32_t i = 0; i < 4; i++) {
            assert_int_equal(one_connect(&one), TCP_OK);
            order[secret][i] = one_status(&one).flow.local.port;
        }
        one_close(&one);
        for (uint8_t before = 0; before < secret; before++) {
            differing += memcmp(order[secret], order[before], sizeof order[0]) != 0;
        }
    }
    assert_int_equal(differing, 8 * 7 / 2);
}

/* The range may change while the host runs. */
static void a_range_of_one_port_is_a_range(void **state)
{
    (void)state;
    struct one_host one;
    open_small(&one, 1);
    (void)connect_from(&one);
    struct tcp_config config = one.config;
    config.port_min = config.port_max = 65535;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_int_equal(one_connect(&one), TCP_OK);
    assert_int_equal(one_status(&one).flow.local.port, 65535);
    assert_int_equal(one_connect(&one), TCP_ERROR_NO_PORT);
    one_close(&one);
}

/* ---- initial sequence numbers ------------------------------------------------------------------- */

static uint32_t isn_at(struct one_host *one, uint64_t us)
{
    one->host->now = us;
    const struct tcp_flow flow = {.local = one->local, .remote = one->remote};
    return host_isn(one->host, &flow).raw;
}

static void open_with_generator(struct one_host *one, uint8_t secret)
{
    one_prepare(one);
    one->config.fixed_iss = 0;
    one->config.secret[7] = secret;
    one_start(one);
}

/* MUST-8: one number every four microseconds, wrapping after some 4.77 hours. */
static void the_isn_ticks_every_four_microseconds(void **state)
{
    (void)state;
    struct one_host one;
    open_with_generator(&one, 0);
    const uint32_t first = isn_at(&one, 4000);
    assert_int_equal(isn_at(&one, 4003), first);
    assert_int_equal(isn_at(&one, 4004), first + 1);
    assert_int_equal(isn_at(&one, 1004000), first + 250000);
    assert_int_equal(isn_at(&one, 4000 + (UINT64_C(4) << 32)), first);
    assert_int_equal(isn_at(&one, 3996 + (UINT64_C(4) << 32)), first - 1);
    one_close(&one);
}

static void the_isn_differs_by_flow_and_secret(void **state)
{
    (void)state;
    struct one_host one, other;
    open_with_generator(&one, 0);
    open_with_generator(&other, 1);
    const uint32_t first = isn_at(&one, 4000);
    assert_int_not_equal(isn_at(&other, 4000), first);
    one.remote.port++;
    assert_int_not_equal(isn_at(&one, 4000), first);
    one.remote.port--;
    one.local.address.bytes[3]++;
    assert_int_not_equal(isn_at(&one, 4000), first);
    one_close(&one);
    one_close(&other);
}

static void the_isn_can_be_fixed_and_changed(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.iss = UINT32_MAX;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    assert_int_equal(one.last.seq.raw, UINT32_MAX);
    struct tcp_config config = one.config;
    config.iss = 5;
    assert_int_equal(tcp_host_configure(one.host, one.now, &config), TCP_OK);
    assert_int_equal(one_status(&one).iss.raw, UINT32_MAX); /* for those opened afterwards */
    one.remote.port++;
    assert_int_equal(one_connect(&one), TCP_OK);
    assert_int_equal(one_status(&one).iss.raw, 5);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_free_port_is_reached_once),
        cmocka_unit_test(another_destination_has_ports_of_its_own),
        cmocka_unit_test(a_listeners_port_is_never_chosen),
        cmocka_unit_test(a_port_in_time_wait_is_never_chosen_until_it_ends),
        cmocka_unit_test(a_flow_that_is_taken_exists),
        cmocka_unit_test(two_secrets_give_different_orders),
        cmocka_unit_test(a_range_of_one_port_is_a_range),
        cmocka_unit_test(the_isn_ticks_every_four_microseconds),
        cmocka_unit_test(the_isn_differs_by_flow_and_secret),
        cmocka_unit_test(the_isn_can_be_fixed_and_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
