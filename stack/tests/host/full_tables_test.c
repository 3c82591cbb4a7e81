/* Every table can be full, and that is an ordinary answer: an error or a counted drop. Every counter of
 * struct tcp_counters is reached here, in text_test.c (islands, streams) too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/block.h"
#include "tests/support/one_host.h"

static struct tcp_counters counters(const struct one_host *one)
{
    return tcp_host_counters(one->host);
}

static void calls_find_no_record(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.connections = 1;
    one_start(&one);
    assert_int_equal(one_connect(&one), TCP_OK);
    one.remote.port++;
    one.connection = (tcp_handle){7, 7};
    assert_int_equal(one_connect(&one), TCP_ERROR_RESOURCES);
    assert_int_equal(one.connection.slot, 7); /* untouched */
    assert_int_equal(tcp_host_listen(one.host, one.now, &one.local, 1, &one.connection),
                     TCP_ERROR_RESOURCES);
    assert_int_equal(counters(&one).connections_full, 2);
    assert_null(tcp_host_check(one.host));
    one_close(&one);
}

static void a_syn_finds_no_record(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.connections = 2;
    one_start(&one);
    one_listen(&one, 8);
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one.remote.port++;
    one_in(&one, "S 0:0");
    one_silent(&one);
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DROP);
    assert_int_equal(counters(&one).connections_full, 1);
    one.remote.port--;
    one_in(&one, "R 1:1");
    one.remote.port++;
    one_in(&one, "S 0:0"); /* the peer tries again, and there is room */
    one_out(&one, "S. 0:0 ack 1");
    one_close(&one);
}

/* A child has no path until the handshake ends; without one its ACK is as good as lost. */
static void a_handshake_finds_no_path(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.paths = 1;
    one_start(&one);
    one_reach_passive(&one, TCB_ESTABLISHED);
    const tcp_handle first = one.connection;
    one.remote.port++;
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one_in(&one, ". 1:1 ack 1");
    one_silent(&one);
    assert_int_equal(counters(&one).paths_full, 1);
    struct tcp_flow flow = {.local = one.local, .remote = one.remote};
    one.connection = tcp_host_find(one.host, &flow);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    flow.remote.port++;
    tcp_handle third = TCP_HANDLE_NONE;
    flow.local.port = 9;
    assert_int_equal(tcp_host_connect(one.host, one.now, &flow, &third), TCP_ERROR_RESOURCES);
    assert_int_equal(third.generation, 0);
    assert_null(tcp_host_check(one.host));
    assert_int_equal(tcp_host_abort(one.host, one.now, first), TCP_OK);
    one.remote.port--;
    one_out(&one, "R 1:1");
    one.remote.port++;
    one_in(&one, ". 1:1 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_close(&one);
}

static void a_backlog_bounds_children_completed_or_not(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 2);
    for (uint16_t i = 0; i < 2; i++) {
        one.remote.port = (uint16_t)(ONE_PEER_PORT + i);
        one_in(&one, "S 0:0");
        one_out(&one, "S. 0:0 ack 1");
    }
    one_in(&one, ". 1:1 ack 1"); /* the second is completed */
    one.remote.port = ONE_PEER_PORT + 2;
    one_in(&one, "S 0:0");
    one_silent(&one);
    assert_int_equal(counters(&one).backlog_full, 1);
    struct tcp_status status;
    assert_int_equal(tcp_host_status(one.host, one.listener, &status), TCP_OK);
    assert_int_equal(status.backlog_used, 2);
    assert_int_equal(status.acceptable, 1);
    assert_int_equal(one_accept(&one), TCP_OK); /* makes room */
    assert_int_equal(one_accept(&one), TCP_ERROR_AGAIN);
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one_close(&one);
}

static void a_backlog_of_nothing_holds_one(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 0);
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one.remote.port++;
    one_in(&one, "S 0:0");
    one_silent(&one);
    assert_int_equal(counters(&one).backlog_full, 1);
    one_close(&one);
}

static void children_are_accepted_in_the_order_of_completion(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 8);
    for (uint16_t i = 0; i < 4; i++) {
        one.remote.port = (uint16_t)(ONE_PEER_PORT + i);
        one_in(&one, "S 0:0");
        one_out(&one, "S. 0:0 ack 1");
    }
    static const uint16_t order[] = {2, 0, 3, 1};
    for (size_t i = 0; i < 4; i++) {
        one.remote.port = (uint16_t)(ONE_PEER_PORT + order[i]);
        one_in(&one, ". 1:1 ack 1");
    }
    one.remote.port = ONE_PEER_PORT + 3; /* one in the middle is reset before */
    one_in(&one, "R 1:1");
    static const uint16_t expected[] = {2, 0, 1};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(one_accept(&one), TCP_OK);
        assert_int_equal(one_status(&one).flow.remote.port, ONE_PEER_PORT + expected[i]);
        assert_null(tcp_host_check(one.host));
    }
    assert_int_equal(one_accept(&one), TCP_ERROR_AGAIN);
    one_close(&one);
}

static void a_listener_that_closes_resets_its_children(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 8);
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one_in(&one, ". 1:1 ack 1");
    one.remote.port++;
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    assert_int_equal(tcp_host_close(one.host, one.now, one.listener), TCP_OK);
    one_out(&one, "R 1:1");
    one_out(&one, "R 1:1");
    one_silent(&one);
    assert_int_equal(tcp_host_release(one.host, one.now, one.listener), TCP_OK);
    (void)one_events(&one);
    for (uint32_t slot = 0; slot < one.limits.connections; slot++) {
        assert_int_equal(tcp_host_at_slot(one.host, slot).generation, 0);
    }
    one_close(&one);
}

static void the_ring_of_answers_drops_its_oldest(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.answers = 3;
    one_start(&one);
    one_in(&one, ". 0:0 ack 1");
    one_in(&one, ". 0:0 ack 2");
    one_in(&one, ". 0:0 ack 3");
    one_in(&one, ". 0:0 ack 4");
    one_in(&one, ". 0:0 ack 5");
    one_out(&one, "R 3:3");
    one_in(&one, ". 0:0 ack 6");
    one_out(&one, "R 4:4");
    one_out(&one, "R 5:5");
    one_out(&one, "R 6:6");
    one_silent(&one);
    assert_int_equal(counters(&one).answers_lost, 2);
    one_close(&one);
}

static void strangers_are_counted_and_not_answered(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    const struct tcp_address own = {.version = 4, .bytes = {192, 0, 2, 1}};
    const struct tcp_address second = {.version = 4, .bytes = {192, 0, 2, 77}};
    const struct tcp_address third = {.version = 4, .bytes = {192, 0, 2, 78}};
    assert_int_equal(tcp_host_add_address(one.host, &own), TCP_OK);
    assert_int_equal(tcp_host_add_address(one.host, &second), TCP_OK);
    assert_int_equal(tcp_host_add_address(one.host, &third), TCP_ERROR_RESOURCES);
    one.local.address.bytes[3] = 9;
    one_in(&one, "S 0:0");
    one_silent(&one);
    assert_int_equal(counters(&one).not_ours, 1);
    assert_int_equal(one_connect(&one), TCP_ERROR_LOCAL_UNFIT);
    one.local.address = own;
    static const uint8_t unfit[][4] = {
        {224, 0, 0, 1}, {239, 255, 255, 255}, {255, 255, 255, 255}, {0, 0, 0, 0}};
    for (uint32_t i = 0; i < 4; i++) { /* MUST-57 */
        memcpy(one.remote.address.bytes, unfit[i], 4);
        one_in(&one, "S 0:0");
        one_in(&one, ". 0:0 ack 1");
        one_silent(&one);
        assert_int_equal(counters(&one).unfit_source, 2 * (i + 1));
    }
    const uint8_t garbage[40] = {0x45};
    tcp_host_packet(one.host, one.now, garbage, sizeof garbage);
    tcp_host_packet(one.host, one.now, garbage, 0);
    one_silent(&one);
    assert_int_equal(counters(&one).wire_drops, 2);
    assert_int_equal(one_step(&one).check, TCP_CHECK_WIRE);
    one_close(&one);
}

static void addresses_of_a_group_are_nobodys_own(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    static const struct tcp_address unfit[] = {
        {.version = 4, .bytes = {224, 0, 0, 1}},
        {.version = 4, .bytes = {255, 255, 255, 255}},
        {.version = 6, .bytes = {0xff, 2}},
        {.version = 4},
        {.version = 6},
        {.version = 5, .bytes = {1, 2, 3, 4}},
        {.version = 0, .bytes = {1, 2, 3, 4}},
    };
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        assert_int_equal(tcp_host_add_address(one.host, &unfit[i]), TCP_ERROR_ARGUMENT);
        if (unfit[i].version == 4) { /* MUST-63 */
            one.local.address = unfit[i];
            one_in(&one, "S 0:0");
            one_silent(&one);
        }
    }
    one_close(&one);
}

static void counters_stay_at_their_end(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one.host->counters.wire_drops = UINT32_MAX - 1;
    for (uint32_t i = 0; i < 3; i++) {
        tcp_host_packet(one.host, one.now, one.room, 0);
    }
    assert_int_equal(counters(&one).wire_drops, UINT32_MAX);
    one_close(&one);
}

/* SEND finds no stream, and RECEIVE's edge stays where it was promised. */
static void a_second_connection_finds_no_stream(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.streams = 1;
    one_start(&one);
    one_reach_passive(&one, TCB_ESTABLISHED);
    assert_int_equal(one_accept(&one), TCP_OK);
    one_in(&one, "P. 1:11 ack 1"); /* takes the only one until it is read */
    const tcp_handle first = one.connection;
    one.remote.port++;
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1");
    one_in(&one, ". 1:1 ack 1");
    assert_int_equal(one_accept(&one), TCP_OK);
    assert_int_equal(one_write_error(&one), TCP_ERROR_RESOURCES);
    one_in(&one, "P. 1:11 ack 1");
    assert_int_equal(counters(&one).streams_full, 1);
    const tcp_handle second = one.connection;
    one.connection = first;
    one_read(&one, 10);
    one.connection = second;
    one.read = 0;
    one_in(&one, "P. 1:11 ack 1");
    one_read(&one, 10);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_find_no_record),
        cmocka_unit_test(a_syn_finds_no_record),
        cmocka_unit_test(a_handshake_finds_no_path),
        cmocka_unit_test(a_backlog_bounds_children_completed_or_not),
        cmocka_unit_test(a_backlog_of_nothing_holds_one),
        cmocka_unit_test(children_are_accepted_in_the_order_of_completion),
        cmocka_unit_test(a_listener_that_closes_resets_its_children),
        cmocka_unit_test(the_ring_of_answers_drops_its_oldest),
        cmocka_unit_test(strangers_are_counted_and_not_answered),
        cmocka_unit_test(addresses_of_a_group_are_nobodys_own),
        cmocka_unit_test(counters_stay_at_their_end),
        cmocka_unit_test(a_second_connection_finds_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
