/* The wire model's parts: what arrived in order, what was written, which flow a packet is of. */
#include "build_trace.h"

#include "oracle/arrived.h"
#include "oracle/flow_table.h"
#include "oracle/inbound.h"
#include "oracle/written.h"

static tcp_seqno at(uint32_t number)
{
    return (tcp_seqno){number};
}

static void what_arrives_in_order_joins_what_is_there(void **state)
{
    (void)state;
    struct arrived arrived;
    arrived_start(&arrived, at(0xfffffff0u));
    arrived_add(&arrived, at(0xfffffff0u), 0x20);
    assert_int_equal(arrived.next.raw, 0x10);
    assert_int_equal(arrived.octets, 0x20);
    arrived_add(&arrived, at(0xfffffff0u), 0x20); /* again */
    arrived_add(&arrived, at(0x10), 0);
    assert_int_equal(arrived.octets, 0x20);
}

static void islands_join_their_neighbours_and_what_is_in_order(void **state)
{
    (void)state;
    struct arrived arrived;
    arrived_start(&arrived, at(100));
    arrived_add(&arrived, at(300), 50);
    arrived_add(&arrived, at(200), 50);
    arrived_add(&arrived, at(400), 50);
    assert_int_equal(arrived.island_count, 3);
    arrived_add(&arrived, at(250), 50); /* fills the gap between the first two */
    assert_int_equal(arrived.island_count, 2);
    assert_int_equal(arrived.islands[0].left.raw, 200);
    assert_int_equal(arrived.islands[0].right.raw, 350);
    arrived_add(&arrived, at(90), 110);
    assert_int_equal(arrived.next.raw, 350);
    assert_int_equal(arrived.octets, 250);
    arrived_add(&arrived, at(350), 500);
    assert_int_equal(arrived.next.raw, 850);
    assert_int_equal(arrived.island_count, 0);
}

static void too_many_islands_are_bridged_on_the_lax_side(void **state)
{
    (void)state;
    struct arrived arrived;
    arrived_start(&arrived, at(0));
    for (uint32_t i = 1; i <= ARRIVED_ISLANDS_MAX + 1; i++) {
        arrived_add(&arrived, at(i * 100), 10);
    }
    assert_int_equal(arrived.island_count, ARRIVED_ISLANDS_MAX);
    arrived_add(&arrived, at(50), 10);
    assert_int_equal(arrived.island_count, ARRIVED_ISLANDS_MAX);
    assert_int_equal(arrived.islands[0].left.raw, 50);
    assert_int_equal(arrived.islands[0].right.raw, 110);
}

static void what_no_window_reaches_is_not_noted(void **state)
{
    (void)state;
    struct arrived arrived;
    arrived_start(&arrived, at(0));
    arrived_add(&arrived, at(ARRIVED_AHEAD_MAX + 1), 10);
    assert_int_equal(arrived.island_count, 0);
    arrived_add(&arrived, at(ARRIVED_AHEAD_MAX), 10);
    assert_int_equal(arrived.island_count, 1);
}

static void writes_are_compared_across_their_borders(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct written written = {0};
    uint64_t where = 99;
    const uint8_t *text = (const uint8_t *)"abcdefgh";
    assert_int_equal(written_compare(&written, 0, text, 1, &where), WRITTEN_BEYOND);
    assert_int_equal(where, 0);
    written_begin(&written, arena, 1, text, 3);
    written_begin(&written, arena, 2, text + 3, 0);
    written_begin(&written, arena, 3, text + 3, 5);
    assert_int_equal(written_compare(&written, 1, text + 1, 7, &where), WRITTEN_SAME);
    assert_int_equal(written_compare(&written, 0, text, 8, &where), WRITTEN_SAME);
    assert_int_equal(written_compare(&written, 1, (const uint8_t *)"bcdX", 4, &where),
                     WRITTEN_OTHER);
    assert_int_equal(where, 4);
    assert_int_equal(written_compare(&written, 7, (const uint8_t *)"hi", 2, &where),
                     WRITTEN_BEYOND);
    assert_int_equal(where, 8);
    arena_destroy(arena);
}

static void a_short_write_lets_the_next_ones_close_up(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct written written = {0};
    uint64_t where = 0;
    written_begin(&written, arena, 1, (const uint8_t *)"abcd", 4);
    written_begin(&written, arena, 2, (const uint8_t *)"xyz", 3);
    written_end(&written, 1, 2);
    assert_int_equal(written.octets, 5);
    assert_int_equal(written.calls_open, 1);
    assert_int_equal(written_compare(&written, 0, (const uint8_t *)"abxyz", 5, &where),
                     WRITTEN_SAME);
    written_end(&written, 2, 3);
    written_end(&written, 7, 3); /* unknown */
    assert_int_equal(written.calls_open, 0);
    arena_destroy(arena);
}

static void reads_match_any_segment_that_carried_the_octet(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct inbound inbound = {0};
    const struct tcp_segment syn = {.seq = {0xffffffffu}, .flags = TCP_FLAG_SYN};
    inbound_start(&inbound, 0, &syn);
    inbound_add(&inbound, arena, &syn, true);
    const struct tcp_segment late = {
        .seq = {3}, .payload = (const uint8_t *)"defg", .payload_bytes = 4};
    const struct tcp_segment early = {
        .seq = {0}, .payload = (const uint8_t *)"abcXe", .payload_bytes = 5};
    inbound_add(&inbound, arena, &late, true);
    assert_int_equal(inbound.all.next.raw, 0);
    inbound_add(&inbound, arena, &early, true);
    assert_int_equal(inbound.all.next.raw, 7);
    assert_int_equal(inbound_matching(&inbound, 0, (const uint8_t *)"abcdefg", 7), 7);
    assert_int_equal(inbound_matching(&inbound, 0, (const uint8_t *)"abcXefg", 7), 7);
    assert_int_equal(inbound_matching(&inbound, 2, (const uint8_t *)"cdX", 3), 2);
    assert_int_equal(inbound_matching(&inbound, 6, (const uint8_t *)"gh", 2), 1);
    arena_destroy(arena);
}

static void an_ack_is_covered_from_the_syn_to_the_last_in_order(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct inbound inbound = {0};
    const struct tcp_segment syn = {.seq = {0xffffffffu}, .flags = TCP_FLAG_SYN};
    inbound_start(&inbound, 0, &syn);
    assert_false(inbound_covers(&inbound, at(0)));
    inbound_add(&inbound, arena, &syn, true);
    assert_true(inbound_covers(&inbound, at(0)));
    assert_false(inbound_covers(&inbound, at(0xffffffffu)));
    assert_false(inbound_covers(&inbound, at(1)));
    assert_false(inbound_ends_at(&inbound, 0));
    const struct tcp_segment fin = {.seq = {0}, .flags = TCP_FLAG_FIN};
    inbound_add(&inbound, arena, &fin, true);
    assert_true(inbound_covers(&inbound, at(1)));
    assert_true(inbound_ends_at(&inbound, 0));
    assert_false(inbound_ends_at(&inbound, 1));
    arena_destroy(arena);
}

static void a_thousand_flows_are_told_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const struct trace trace = {.arena = arena};
    struct flow_model *model = flow_model_create(&trace, NULL, trace.arena);
    const struct tcp_endpoint local = {.address = {.version = 6}, .port = 80};
    struct tcp_endpoint remote = {.address = {.version = 6}};
    assert_null(flow_table_find(model, &local, &remote));
    struct flow *flows[1000];
    for (uint16_t port = 0; port < 1000; port++) {
        remote.port = port;
        flows[port] = flow_table_add(model, &local, &remote);
    }
    for (uint16_t port = 0; port < 1000; port++) {
        remote.port = port;
        assert_ptr_equal(flow_table_find(model, &local, &remote), flows[port]);
        assert_ptr_equal(flow_table_add(model, &local, &remote), flows[port]);
    }
    remote.port = 1000;
    assert_null(flow_table_find(model, &local, &remote));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_arrives_in_order_joins_what_is_there),
        cmocka_unit_test(islands_join_their_neighbours_and_what_is_in_order),
        cmocka_unit_test(too_many_islands_are_bridged_on_the_lax_side),
        cmocka_unit_test(what_no_window_reaches_is_not_noted),
        cmocka_unit_test(writes_are_compared_across_their_borders),
        cmocka_unit_test(a_short_write_lets_the_next_ones_close_up),
        cmocka_unit_test(reads_match_any_segment_that_carried_the_octet),
        cmocka_unit_test(an_ack_is_covered_from_the_syn_to_the_last_in_order),
        cmocka_unit_test(a_thousand_flows_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
