/* What lies between two hosts beside a wire: routers that know smaller links, or no way at all, a
 * network in two parts; and ICMP errors, theirs or made up. */
#include "bench.h"

#include "tcp/icmp.h"

/* Of the packets that a host got: the largest segment, and how many ICMP errors. */
struct given {
    uint32_t largest, icmp, icmp_mtu;
    uint8_t icmp_code;
};

static struct given given_to(struct bench *bench, enum cause_host host)
{
    const struct trace *const trace = world_trace(bench->world, host);
    const struct trace_record *record;
    struct given given = {0};
    for (size_t i = 0; (record = trace_next(trace, TRACE_PACKET, &i)) != NULL; i++) {
        const struct trace_packet *const packet = &record->as.packet;
        const uint32_t bytes =
            TCP_WIRE_IPV4_HEADER_BYTES + TCP_WIRE_TCP_HEADER_BYTES + packet->segment.payload_bytes;
        if (packet->direction == TRACE_TO_SUT && packet->is_icmp) {
            given.icmp++;
            given.icmp_mtu = packet->icmp.mtu;
            given.icmp_code = packet->icmp.code;
        } else if (packet->direction == TRACE_TO_SUT && bytes > given.largest) {
            given.largest = bytes;
        }
    }
    return given;
}

static void edit_b(struct bench *bench, struct cause_edit edit)
{
    const struct cause cause = {.kind = CAUSE_EDIT, .host = 1, .as.edit = edit};
    assert_true(world_apply(bench->world, &cause));
}

static void a_router_says_what_is_too_big_and_all_of_it_arrives(void **state)
{
    (void)state;
    for (int oracles = WORLD_ORACLES_CHEAP; oracles <= WORLD_ORACLES_ALL; oracles++) {
        struct bench bench;
        open_world(&bench, 2, (enum world_oracles)oracles);
        edit_b(&bench, (struct cause_edit){.kind = CAUSE_EDIT_MTU, .place = 600, .count = 1});
        transfer(&bench, 10000);
        wait_for(&bench, 100000);
        world_finish(bench.world);
        expect_no_finding(&bench);
        assert_int_equal(status_of(&bench, 1).state, TCB_TIME_WAIT);
        assert_int_equal(given_to(&bench, 0).largest, 600);
        assert_true(given_to(&bench, 1).icmp > 0);
        assert_int_equal(given_to(&bench, 1).icmp_mtu, 600);
        assert_int_equal(given_to(&bench, 1).icmp_code, TCP_ICMP4_FRAGMENTATION_NEEDED);
        close_world(&bench);
    }
}

static void a_silent_router_swallows_so_many_packets(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 2, WORLD_ORACLES_CHEAP);
    edit_b(&bench, (struct cause_edit){
                       .kind = CAUSE_EDIT_MTU, .value = 1, .place = 600, .packet = 0, .count = 6});
    transfer(&bench, 10000);
    world_finish(bench.world);
    expect_no_finding(&bench);
    assert_int_equal(given_to(&bench, 1).icmp, 0);
    assert_int_equal(world_edited(bench.world, CAUSE_EDIT_MTU), 4); /* SYN and ACK fit */
    assert_int_equal(given_to(&bench, 0).largest, 1500);
    close_world(&bench);
}

static void what_is_unreachable_is_lost_and_answered(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 2, WORLD_ORACLES_CHEAP);
    edit_b(&bench,
           (struct cause_edit){
               .kind = CAUSE_EDIT_UNREACHABLE, .value = TCP_ICMP4_PORT, .packet = 0, .count = 1});
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4});
    call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_OPEN_ACTIVE});
    assert_int_equal(status_of(&bench, 1).state, TCB_SYN_SENT);
    wait_for(&bench, 10001);
    assert_int_equal(given_to(&bench, 1).icmp_code, TCP_ICMP4_PORT);
    assert_int_equal(status_of(&bench, 1).state, TCB_CLOSED); /* refused: RFC 1122 4.2.3.9 */
    assert_int_equal(packets_of(&bench, 0), 0);
    close_world(&bench);
}

static void parted_hosts_meet_again(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 2, WORLD_ORACLES_CHEAP);
    edit_b(&bench,
           (struct cause_edit){.kind = CAUSE_EDIT_PART, .packet = 2, .count = 1, .us = 20000000});
    transfer(&bench, 10000);
    wait_for(&bench, 100000);
    world_finish(bench.world);
    expect_no_finding(&bench);
    assert_true(world_edited(bench.world, CAUSE_EDIT_PART) >= 7);
    assert_int_equal(status_of(&bench, 1).state, TCB_TIME_WAIT);
    close_world(&bench);
}

/* How many packets of a host's trace read as `wire`. */
static size_t given_as(struct bench *bench, enum cause_host host, enum tcp_wire_result wire)
{
    const struct trace *const trace = world_trace(bench->world, host);
    const struct trace_record *record;
    size_t count = 0;
    for (size_t i = 0; (record = trace_next(trace, TRACE_PACKET, &i)) != NULL; i++) {
        const struct trace_packet *const packet = &record->as.packet;
        count += packet->direction == TRACE_TO_SUT && packet->wire == wire ? 1 : 0;
    }
    return count;
}

/* Packets given to the host with both ECN bits set. */
static size_t marked(struct bench *bench, enum cause_host host)
{
    const struct trace *const trace = world_trace(bench->world, host);
    const struct trace_record *record;
    size_t count = 0;
    for (size_t i = 0; (record = trace_next(trace, TRACE_PACKET, &i)) != NULL; i++) {
        const struct trace_packet *const packet = &record->as.packet;
        count +=
            packet->direction == TRACE_TO_SUT && (packet->segment.traffic_class & 3) == 3 ? 1 : 0;
    }
    return count;
}

/* One bit of either word: half of the time the sum stays as it was, and no stack can tell. */
static void damage_that_the_sums_do_not_show_accuses_nobody(void **state)
{
    (void)state;
    size_t unseen = 0;
    for (uint16_t place = 40; place < 80; place = (uint16_t)(place + 4)) {
        struct bench bench;
        open_world(&bench, 2, WORLD_ORACLES_ALL);
        struct cause_edit edit = {
            .kind = CAUSE_EDIT_CORRUPT, .value = 1, .place = place, .packet = 2, .count = 1};
        edit_b(&bench, edit);
        edit.place = (uint16_t)(place + 2);
        edit_b(&bench, edit);
        transfer(&bench, 10000);
        wait_for(&bench, 100000);
        world_finish(bench.world);
        expect_no_finding(&bench);
        unseen += given_as(&bench, CAUSE_HOST_A, TCP_WIRE_BAD_CHECKSUM) == 0 ? 1 : 0;
        close_world(&bench);
    }
    assert_in_range(unseen, 1, 9);
}

/* A router that marks a damaged packet does not know that it is damaged. */
static void a_mark_mends_no_damage(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        for (int is_damaged = 0; is_damaged <= 1; is_damaged++) {
            struct bench bench;
            const struct cause_start start = {.hosts = 2, .ip_version = version, .delay_us = 10000};
            open_world_from(&bench, &start, WORLD_ORACLES_ALL);
            const struct cause_edit damage = {
                .kind = CAUSE_EDIT_CORRUPT, .value = 1, .place = 70, .packet = 2, .count = 1};
            const struct cause_edit mark = {.kind = CAUSE_EDIT_MARK, .packet = 2, .count = 1};
            if (is_damaged) {
                edit_b(&bench, damage);
            }
            edit_b(&bench, mark);
            transfer(&bench, 10000);
            world_finish(bench.world);
            expect_no_finding(&bench);
            assert_int_equal(given_as(&bench, CAUSE_HOST_A, TCP_WIRE_BAD_CHECKSUM), is_damaged);
            assert_int_equal(given_as(&bench, CAUSE_HOST_A, TCP_WIRE_BAD_IP_HEADER), 0);
            assert_int_equal(marked(&bench, CAUSE_HOST_A), 1);
            close_world(&bench);
        }
    }
}

/* A host that sleeps does late what was due, and then takes what has come meanwhile. */
static void a_host_that_slept_goes_on(void **state)
{
    (void)state;
    for (int oracles = WORLD_ORACLES_NONE; oracles <= WORLD_ORACLES_ALL; oracles++) {
        struct bench bench;
        open_world(&bench, 2, (enum world_oracles)oracles);
        const struct cause asleep = {
            .kind = CAUSE_WAIT, .host = 0, .as.wait = {CAUSE_WAIT_ASLEEP, 20000000}};
        call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4});
        call(&bench, 1, (struct cause_call){.kind = CAUSE_CALL_OPEN_ACTIVE});
        assert_true(world_apply(bench.world, &asleep));
        assert_int_equal(world_now(bench.world).us - world_start(bench.world).us, 20000000);
        assert_int_equal(status_of(&bench, 0).state, TCB_CLOSED); /* no SYN has met it yet */
        wait_for(&bench, 1);
        assert_int_equal(status_of(&bench, 0).state, TCB_SYN_RECEIVED);
        wait_for(&bench, 100000);
        assert_int_equal(status_of(&bench, 0).state, TCB_ESTABLISHED);
        assert_int_equal(status_of(&bench, 1).state, TCB_ESTABLISHED);
        world_finish(bench.world);
        expect_no_finding(&bench);
        close_world(&bench);
    }
}

/* A made-up error: what is outstanding is quoted, or something else. */
static void icmp(struct bench *bench, uint8_t code, struct cause_number seq)
{
    const struct cause cause = {.kind = CAUSE_ICMP,
                                .as.icmp = {.type = TCP_ICMP4_UNREACHABLE,
                                            .code = code,
                                            .mtu = 576,
                                            .quoted_seq = seq,
                                            .quoted_bytes = CAUSE_QUOTED_MIN}};
    assert_true(world_apply(bench->world, &cause));
}

static void made_up_icmp_reaches_the_connection_that_it_quotes(void **state)
{
    (void)state;
    struct bench bench;
    open_world(&bench, 1, WORLD_ORACLES_CHEAP);
    establish(&bench);
    call(&bench, 0, (struct cause_call){.kind = CAUSE_CALL_SEND, .name = 1, .number = 4000});
    icmp(&bench, TCP_ICMP4_PORT, from(SCENARIO_BASE_SND_UNA, 0));
    assert_int_equal(status_of(&bench, 0).soft_error, TCP_ERROR_REFUSED);
    assert_int_equal(status_of(&bench, 0).state, TCB_ESTABLISHED); /* RFC 5927 5.2 */
    const uint32_t mss = status_of(&bench, 0).send_mss;
    icmp(&bench, TCP_ICMP4_FRAGMENTATION_NEEDED, from(SCENARIO_BASE_SND_UNA, -1));
    assert_int_equal(status_of(&bench, 0).send_mss, mss);
    icmp(&bench, TCP_ICMP4_FRAGMENTATION_NEEDED, from(SCENARIO_BASE_SND_UNA, 0));
    assert_int_equal(status_of(&bench, 0).send_mss, 536);
    expect_no_finding(&bench);
    close_world(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_router_says_what_is_too_big_and_all_of_it_arrives),
        cmocka_unit_test(a_silent_router_swallows_so_many_packets),
        cmocka_unit_test(what_is_unreachable_is_lost_and_answered),
        cmocka_unit_test(parted_hosts_meet_again),
        cmocka_unit_test(damage_that_the_sums_do_not_show_accuses_nobody),
        cmocka_unit_test(a_mark_mends_no_damage),
        cmocka_unit_test(a_host_that_slept_goes_on),
        cmocka_unit_test(made_up_icmp_reaches_the_connection_that_it_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
