/* Causes act, the hosts answer, the oracles look; and everything can be taken back. */
#include "bench.h"

static void injected_segments_open_a_connection_and_carry_text(void **state)
{
    (void)state;
    for (int oracles = WORLD_ORACLES_NONE; oracles <= WORLD_ORACLES_ALL; oracles++) {
        struct bench bench;
        open_world(&bench, 1, (enum world_oracles)oracles);
        establish(&bench);
        assert_int_equal(status_of(&bench, 0).state, TCB_ESTABLISHED);
        packet(&bench, TCP_FLAG_ACK | TCP_FLAG_PSH, from(SCENARIO_BASE_RCV_NXT, 0),
               from(SCENARIO_BASE_SND_NXT, 0), 500);
        assert_int_equal(status_of(&bench, 0).readable_bytes, 500);
        call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_RECEIVE, .name = 1, .number = 1000});
        assert_int_equal(status_of(&bench, 0).readable_bytes, 0);
        world_finish(bench.world);
        expect_no_finding(&bench);
        close_world(&bench);
    }
}

static void damaged_packets_reach_no_connection(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    establish(&bench);
    for (uint8_t damage = CAUSE_DAMAGE_CHECKSUM; damage < CAUSE_DAMAGE_COUNT; damage++) {
        struct cause cause = {.kind = CAUSE_PACKET,
                              .as.packet = {.flags = TCP_FLAG_ACK | TCP_FLAG_FIN,
                                            .seq = from(SCENARIO_BASE_RCV_NXT, 0),
                                            .ack = from(SCENARIO_BASE_SND_NXT, 0),
                                            .damage = damage,
                                            .damage_value = 2}};
        assert_true(world_apply(bench.world, &cause));
        const bool is_harmless =
            damage == CAUSE_DAMAGE_RESERVED; /* MUST be ignored by a receiver */
        assert_int_equal(status_of(&bench, 0).state,
                         is_harmless ? TCB_CLOSE_WAIT : TCB_ESTABLISHED);
        if (is_harmless) {
            break;
        }
    }
    expect_no_finding(&bench);
    close_world(&bench);
}

static void joined_packets_are_answered_once(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    establish(&bench);
    const size_t before = packets_of(&bench, 0);
    for (int i = 0; i < 3; i++) {
        struct cause cause = {.kind = CAUSE_PACKET,
                              .as.packet = {.flags = TCP_FLAG_ACK,
                                            .is_joined = i < 2,
                                            .seq = from(SCENARIO_BASE_RCV_NXT, 0),
                                            .ack = from(SCENARIO_BASE_SND_NXT, 0),
                                            .window = 1000,
                                            .has_text = 1,
                                            .payload_bytes = 1460}};
        assert_true(world_apply(bench.world, &cause));
    }
    assert_int_equal(packets_of(&bench, 0) - before, 3 + 1);
    expect_no_finding(&bench);
    close_world(&bench);
}

static void a_snapshot_takes_everything_back(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    establish(&bench);
    assert_true(world_snapshot(bench.world, bench.snapshot));
    uint64_t hashes[3];
    for (int i = 0; i < 3; i++) {
        world_restore(bench.world, bench.snapshot);
        assert_int_equal(status_of(&bench, 0).state, TCB_ESTABLISHED);
        packet(&bench, TCP_FLAG_ACK | TCP_FLAG_FIN, from(SCENARIO_BASE_RCV_NXT, 0),
               from(SCENARIO_BASE_SND_NXT, 0), (uint16_t)(i == 1 ? 7 : 0));
        call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_CLOSE, .name = 1});
        assert_int_equal(status_of(&bench, 0).state, TCB_LAST_ACK);
        wait_for(&bench, 1000000);
        world_finish(bench.world);
        expect_no_finding(&bench);
        hashes[i] = world_hash(bench.world);
    }
    assert_true(hashes[0] == hashes[2]);
    assert_true(hashes[0] != hashes[1]);
    close_world(&bench);
}

/* b connects to a over the network, writes, and both close. */
static void two_hosts_exchange_octets_over_the_network(void **state)
{
    (void)state;
    for (int oracles = WORLD_ORACLES_NONE; oracles <= WORLD_ORACLES_ALL; oracles++) {
        struct bench bench;
        open_world(&bench, 2, (enum world_oracles)oracles);
        transfer(&bench, 10000);
        wait_for(&bench, 100000);
        assert_int_equal(status_of(&bench, 0).state, TCB_CLOSED);
        assert_int_equal(status_of(&bench, 1).state, TCB_TIME_WAIT);
        world_finish(bench.world);
        expect_no_finding(&bench);
        close_world(&bench);
    }
}

static void edits_change_what_the_network_does(void **state)
{
    (void)state;
    for (uint8_t kind = 0; kind < CAUSE_EDIT_COUNT; kind++) {
        struct bench bench;
        open_world(&bench, 2, WORLD_ORACLES_CHEAP);
        const struct cause edit = {
            .kind = CAUSE_EDIT,
            .host = 1,
            .as.edit = {
                .kind = kind, .value = 0x10, .place = 30, .packet = 3, .count = 2, .us = 300000}};
        struct cause normal = edit;
        cause_normalise(&normal, &(struct cause_start){.hosts = 2});
        assert_true(world_apply(bench.world, &normal));
        transfer(&bench, 10000);
        wait_for(&bench, 100000);
        world_finish(bench.world);
        expect_no_finding(&bench);
        assert_int_equal(status_of(&bench, 1).state, TCB_TIME_WAIT);
        size_t given = packets_of(&bench, 0);
        struct bench plain;
        open_world(&plain, 2, WORLD_ORACLES_CHEAP);
        transfer(&plain, 10000);
        wait_for(&plain, 100000);
        world_finish(plain.world);
        const bool changes = kind != CAUSE_EDIT_MARK;
        assert_true((world_hash(bench.world) != world_hash(plain.world)) == changes);
        assert_true(given >= packets_of(&plain, 0));
        close_world(&plain);
        close_world(&bench);
    }
}

static void sockets_block_and_go_on(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 2, WORLD_ORACLES_CHEAP);
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_SOCKET});
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_BIND});
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_LISTEN, .number = 4});
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_ACCEPT, .result = 1});
    call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_SOCKET});
    call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_CONNECT});
    call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_WRITE, .number = 50000});
    wait_for(&bench, 50000);
    for (int i = 0; i < 20; i++) {
        call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_READ, .name = 1, .number = 4000});
        wait_for(&bench, 1000000);
    }
    call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_CLOSE_SOCKET});
    wait_for(&bench, 1000000);
    assert_int_equal(status_of(&bench, 0).state, TCB_CLOSE_WAIT);
    world_finish(bench.world);
    expect_no_finding(&bench);
    close_world(&bench);
}

static void a_full_world_takes_no_more_causes(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    struct cause cause = {.kind = CAUSE_PACKET, .as.packet = {.flags = TCP_FLAG_SYN}};
    uint32_t applied = 0;
    while (world_apply(bench.world, &cause)) {
        applied++;
    }
    assert_true(world_is_full(bench.world));
    assert_int_equal(world_causes(bench.world), applied);
    close_world(&bench);
}

/* RFC 9293 3.10.1: the change is one from LISTEN, though what listened was no connection. */
static void a_listener_that_is_opened_actively_leaves_listen(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4});
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_ACTIVE});
    size_t at = 0;
    const struct trace_record *const change =
        trace_next(world_trace(bench.world, 0), TRACE_STATE, &at);
    assert_non_null(change);
    assert_int_equal(change->as.state.from, TCB_LISTEN);
    assert_int_equal(change->as.state.to, TCB_SYN_SENT);
    close_world(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(injected_segments_open_a_connection_and_carry_text),
        cmocka_unit_test(damaged_packets_reach_no_connection),
        cmocka_unit_test(joined_packets_are_answered_once),
        cmocka_unit_test(a_snapshot_takes_everything_back),
        cmocka_unit_test(two_hosts_exchange_octets_over_the_network),
        cmocka_unit_test(edits_change_what_the_network_does),
        cmocka_unit_test(sockets_block_and_go_on),
        cmocka_unit_test(a_full_world_takes_no_more_causes),
        cmocka_unit_test(a_listener_that_is_opened_actively_leaves_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
