/* What is known of paths: shared by address, bounded by a limit, forgotten in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/routes.h"
#include "tests/support/one_host.h"

#define MTU 600u

static struct host_route *routes_of(struct one_host *one)
{
    return host_table(one->host, HOST_ROUTES);
}

static struct tcp_endpoint peer(uint8_t last, uint16_t port)
{
    return (struct tcp_endpoint){.address = {.version = 4, .bytes = {10, 0, 0, last}},
                                 .port = port};
}

static void polls_nothing_more(struct one_host *one)
{
    static uint8_t room[2048];
    struct tcp_segment segment;
    while (tcp_host_poll_segment(one->host, (struct tcp_room){room, sizeof room}, &segment)) {
    }
}

/* An active open to a peer, whose SYN,ACK comes at once. */
static tcp_handle open_to(struct one_host *one, uint8_t last, uint16_t port)
{
    const struct tcp_flow flow = {{one->local.address, (uint16_t)(20000 + port)}, peer(last, port)};
    tcp_handle connection;
    assert_int_equal(tcp_host_connect(one->host, one->now, &flow, &connection), TCP_OK);
    polls_nothing_more(one);
    struct tcp_status status;
    assert_int_equal(tcp_host_look(one->host, connection, &status), TCP_OK);
    const struct tcp_segment syn_ack = {
        .source = flow.remote,
        .destination = flow.local,
        .seq = {7000},
        .ack = {status.iss.raw + 1},
        .flags = TCP_FLAG_SYN | TCP_FLAG_ACK,
        .window = 60000,
        .options = {.has_mss = true, .mss = 1000},
    };
    tcp_host_segment(one->host, one->now, &syn_ack);
    polls_nothing_more(one);
    assert_null(tcp_host_check(one->host));
    return connection;
}

static uint32_t mss_of(struct one_host *one, tcp_handle connection)
{
    struct tcp_status status;
    assert_int_equal(tcp_host_look(one->host, connection, &status), TCP_OK);
    assert_int_equal(status.state, TCB_ESTABLISHED);
    return status.send_mss;
}

/* A full segment leaves, and a router says that it was too big for `mtu`. */
static void learn(struct one_host *one, tcp_handle connection, uint32_t mtu)
{
    static const uint8_t text[1000];
    size_t taken;
    struct tcp_status status;
    assert_int_equal(tcp_host_send(one->host, one->now, connection, text, sizeof text, &taken),
                     TCP_OK);
    assert_int_equal(taken, sizeof text);
    polls_nothing_more(one);
    assert_int_equal(tcp_host_look(one->host, connection, &status), TCP_OK);
    const struct tcp_icmp icmp = {
        .source = status.flow.remote.address,
        .destination = status.flow.local.address,
        .type = TCP_ICMP4_UNREACHABLE,
        .code = TCP_ICMP4_FRAGMENTATION_NEEDED,
        .mtu = mtu,
        .quoted_source = status.flow.local,
        .quoted_destination = status.flow.remote,
        .quoted_seq = status.snd_una,
        .quoted_header_bytes = 20,
        .quoted_packet_bytes = 1040,
    };
    tcp_host_icmp(one->host, one->now, &icmp);
    polls_nothing_more(one);
    assert_null(tcp_host_check(one->host));
}

static void open_with(struct one_host *one, uint32_t path_mtus)
{
    one_prepare(one);
    one->limits.path_mtus = path_mtus;
    one_start(one);
}

static void what_one_learns_counts_for_its_address_alone(void **state)
{
    (void)state;
    struct one_host one;
    open_with(&one, 2);
    const tcp_handle first = open_to(&one, 1, 80);
    const tcp_handle same = open_to(&one, 1, 81);
    const tcp_handle other = open_to(&one, 2, 80);
    learn(&one, first, MTU);
    assert_int_equal(mss_of(&one, first), MTU - 40);
    assert_int_equal(mss_of(&one, same), MTU - 40);
    assert_int_equal(mss_of(&one, other), 1000);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 82)), MTU - 40);
    assert_int_equal(mss_of(&one, open_to(&one, 2, 82)), 1000);
    learn(&one, same, MTU - 100); /* less still, told by another one */
    assert_int_equal(mss_of(&one, first), MTU - 140);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 83)), MTU - 140);
    one_close(&one);
}

static void the_address_that_was_used_least_recently_gives_way(void **state)
{
    (void)state;
    struct one_host one;
    open_with(&one, 2);
    learn(&one, open_to(&one, 1, 80), MTU);
    learn(&one, open_to(&one, 2, 80), MTU);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 81)), MTU - 40); /* 2 is the older one now */
    assert_int_equal(tcp_host_counters(one.host).path_mtus_full, 0);
    learn(&one, open_to(&one, 3, 80), MTU);
    assert_int_equal(tcp_host_counters(one.host).path_mtus_full, 1);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 82)), MTU - 40);
    assert_int_equal(mss_of(&one, open_to(&one, 2, 82)), 1000);
    assert_int_equal(mss_of(&one, open_to(&one, 3, 82)), MTU - 40);
    one_close(&one);
}

static void after_ten_minutes_nothing_is_known(void **state)
{
    (void)state;
    struct one_host one;
    open_with(&one, 1);
    learn(&one, open_to(&one, 1, 80), MTU);
    const uint64_t ten_minutes = UINT64_C(600000000);
    one.now.us += ten_minutes - 1;
    tcp_host_tick(one.host, one.now);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 81)), MTU - 40);
    one.now.us += 1;
    tcp_host_tick(one.host, one.now);
    assert_int_equal(mss_of(&one, open_to(&one, 1, 82)), 1000);
    assert_int_equal(routes_of(&one)[0].mtu, 0);
    one_close(&one);
}

static void without_room_or_wish_nothing_is_shared(void **state)
{
    (void)state;
    for (uint32_t with_room = 0; with_room < 2; with_room++) {
        struct one_host one;
        one_prepare(&one);
        one.limits.path_mtus = with_room;
        one.config.path_mtu_shared = !with_room;
        one_start(&one);
        const tcp_handle same = open_to(&one, 1, 81);
        learn(&one, open_to(&one, 1, 80), MTU);
        assert_int_equal(mss_of(&one, same), 1000);
        assert_int_equal(mss_of(&one, open_to(&one, 1, 82)), 1000);
        one_close(&one);
    }
}

static void damages_are_named(void **state)
{
    (void)state;
    struct one_host one;
    open_with(&one, 2);
    learn(&one, open_to(&one, 1, 80), MTU);
    struct host_route *route = routes_of(&one);
    const struct host_route sound = *route;
    route->mtu = 0;
    assert_string_equal(tcp_host_check(one.host), "what is known of no path is zero");
    *route = sound;
    route->used = one.host->route_uses + 1;
    assert_string_equal(tcp_host_check(one.host),
                        "what is known of a path was used once, and not in the future");
    *route = sound;
    route[1] = sound;
    assert_string_equal(tcp_host_check(one.host), "each path is known once");
    memset(&route[1], 0, sizeof route[1]);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_learns_counts_for_its_address_alone),
        cmocka_unit_test(the_address_that_was_used_least_recently_gives_way),
        cmocka_unit_test(after_ten_minutes_nothing_is_known),
        cmocka_unit_test(without_room_or_wish_nothing_is_shared),
        cmocka_unit_test(damages_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
