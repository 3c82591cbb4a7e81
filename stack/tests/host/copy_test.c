/* tcp_host_copy(), memcpy() and tcp_host_same(): a host is a value, in every state that it can be in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/block.h"
#include "tests/random.h"
#include "tests/support/one_host.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN
#endif

/* Two hosts go through the same and must do the same, to the last octet. */
static void expect_same_effects(struct one_host *a, struct one_host *b)
{
    static uint8_t other_room[ONE_ROOM_BYTES];
    struct tcp_segment first, second;
    const struct tcp_room room_a = {a->room, sizeof a->room};
    const struct tcp_room room_b = {other_room, sizeof other_room};
    bool any = true;
    while (any) {
        any = tcp_host_poll_segment(a->host, room_a, &first);
        assert_int_equal(tcp_host_poll_segment(b->host, room_b, &second), any);
        if (!any) {
            break;
        }
        assert_int_equal(first.payload_bytes, second.payload_bytes);
        if (first.payload_bytes > 0) {
            assert_memory_equal(first.payload, second.payload, first.payload_bytes);
        }
        first.payload = second.payload = NULL;
        assert_memory_equal(&first, &second, sizeof first);
    }
    struct tcp_event event_a, event_b;
    memset(&event_a, 0, sizeof event_a);
    memset(&event_b, 0, sizeof event_b);
    while (tcp_host_poll_event(a->host, &event_a)) {
        assert_true(tcp_host_poll_event(b->host, &event_b));
        assert_int_equal(event_a.bits, event_b.bits);
        assert_int_equal(event_a.states, event_b.states);
        assert_int_equal(event_a.connection.slot, event_b.connection.slot);
    }
    assert_false(tcp_host_poll_event(b->host, &event_b));
    assert_int_equal(tcp_host_deadline(a->host).us, tcp_host_deadline(b->host).us);
    assert_true(tcp_host_same(a->host, b->host));
    assert_null(tcp_host_check(b->host));
}

static void go_on(struct one_host *one)
{
    one_wait(one, 70000);
    const struct tcp_status status = one_status(one);
    if (status.state >= TCB_ESTABLISHED) {
        struct tcp_segment segment = one_segment(one, "P. 0:50 ack 0");
        segment.seq = status.rcv_nxt;
        segment.ack = status.snd_nxt;
        one_deliver(one, &segment);
    }
    one_wait(one, 1000000);
    (void)one_read_error(one);
    (void)one_write_error(one);
    (void)one_shut(one);
    one_wait(one, 3000000);
}

/* A copy, and a copy by memcpy, of `one`; both go on as the original does. */
static void is_a_value(struct one_host *one)
{
    struct one_host copy, plain;
    one_copy(&copy, one);
    assert_true(tcp_host_same(one->host, copy.host));
    assert_null(tcp_host_check(copy.host));
    one_copy(&plain, one);
#ifndef HAS_ASAN /* the gaps are poisoned there: memcpy may not read them */
    memcpy(plain.block, one->block, one->block_bytes);
#endif
    assert_true(tcp_host_same(one->host, plain.host));
    go_on(one);
    go_on(&copy);
    go_on(&plain);
    struct one_host again;
    one_copy(&again, one);
    expect_same_effects(one, &copy);
    expect_same_effects(&again, &plain);
    one_close(&again);
    one_close(&copy);
    one_close(&plain);
}

static void every_state_can_be_copied_and_goes_on(void **state)
{
    (void)state;
    for (uint32_t to = TCB_SYN_SENT; to < TCB_STATE_COUNT; to++) {
        struct one_host one;
        one_open(&one);
        one_reach(&one, (enum tcb_state)to);
        is_a_value(&one);
        one_close(&one);
    }
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    is_a_value(&one);
    one_close(&one);
}

static void buffers_with_islands_and_wrapped_rings_are_copied(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.receive_buffer_bytes = one.config.receive_buffer_bytes = 100;
    one.limits.send_buffer_bytes = one.config.send_buffer_bytes = 100;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:71 ack 1");
    one_read(&one, 70);
    one_write(&one, 80);
    one_out(&one, "P. 1:81 ack 71 win 100");
    one_in(&one, "P. 71:91 ack 81");
    one_write(&one, 60);               /* around the end of the ring */
    one_in(&one, "P. 101:111 ack 81"); /* islands at both sides of it */
    one_in(&one, "P. 121:151 ack 81");
    assert_int_equal(one_status(&one).islands, 2);
    is_a_value(&one);
    one_close(&one);
}

static void what_waits_to_be_polled_is_copied(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 3);
    for (uint16_t i = 0; i < 3; i++) {
        one.remote.port = (uint16_t)(ONE_PEER_PORT + i);
        one_in(&one, "S 0:0");
        one_in(&one, ". 9:9 ack 77"); /* an answer in the ring */
    }
    is_a_value(&one);
    one_close(&one);
}

/* A copy does not cost what buffers could hold, and reads nothing that is not in use: a block with room
 * for gigabytes is copied in no time. */
static void a_copy_lands_in_any_block_that_is_large_enough(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    uint8_t *block = aligned_alloc(16, (one.block_bytes + 64) / 16 * 16);
    memset(block, 0xff, one.block_bytes);
    struct tcp_host *copy = tcp_host_copy(block + 32, one.block_bytes, one.host);
    assert_ptr_equal(copy, block + 32);
    assert_true(tcp_host_same(one.host, copy));
    assert_null(tcp_host_check(copy));
    free(block);
    one_close(&one);
}

static void hosts_that_differ_are_not_the_same(void **state)
{
    (void)state;
    struct one_host one, other;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    one_in(&one, "P. 1:11 ack 1");
    one_in(&one, "P. 21:31 ack 1");
    const uint32_t stream =
        host_path(one.host, host_tcb(one.host, one.connection.slot)->path)->stream;
    const size_t send =
        one.host->table_at[HOST_SEND_BYTES] + (size_t)stream * one.limits.send_buffer_bytes;
    const size_t receive =
        one.host->table_at[HOST_RECEIVE_BYTES] + (size_t)stream * one.limits.receive_buffer_bytes;
    const size_t places[] = {send, send + 9, receive, receive + 9, receive + 29};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        one_copy(&other, &one);
        ((uint8_t *)other.block)[places[i]] ^= 1;
        assert_false(tcp_host_same(one.host, other.host));
        one_close(&other);
    }
    one_copy(&other, &one);
    ((uint8_t *)other.block)[send + 10] ^= 1; /* behind what is in use: means nothing */
    ((uint8_t *)other.block)[receive + 30] ^= 1;
    assert_true(tcp_host_same(one.host, other.host));
    one_wait(&other, 1);
    assert_false(tcp_host_same(one.host, other.host)); /* even the time counts */
    one_wait(&one, 1);
    assert_true(tcp_host_same(one.host, other.host));
    one_close(&other);
    one_close(&one);
}

/* What a caller's structs have between their members stays outside. */
static void the_callers_padding_does_not_get_in(void **state)
{
    (void)state;
    struct one_host one, other;
    one_open(&one);
    one_open(&other);
    struct one_host *const hosts[] = {&one, &other};
    for (uint32_t i = 0; i < 2; i++) {
        struct tcp_flow flow;
        struct tcp_endpoint local;
        struct tcp_segment segment;
        memset(&flow, i == 0 ? 0 : 0xff, sizeof flow);
        memset(&local, i == 0 ? 0 : 0xff, sizeof local);
        memset(&segment, i == 0 ? 0 : 0xff, sizeof segment);
        const struct tcp_segment syn = one_segment(hosts[i], "S 0:0");
        local.address = syn.destination.address;
        local.port = 80;
        flow.local.address = flow.remote.address = syn.destination.address;
        flow.local.port = 1;
        flow.remote.port = 2;
        segment.source.address = syn.source.address;
        segment.source.port = 9;
        segment.destination.address = local.address;
        segment.destination.port = 80;
        segment.seq = segment.ack = syn.seq;
        segment.flags = TCP_FLAG_SYN;
        segment.window = 99;
        segment.urgent = segment.ttl = segment.traffic_class = segment.reserved = 0;
        memset(&segment.options, 0, sizeof segment.options);
        segment.payload = NULL;
        segment.payload_bytes = 0;
        tcp_handle handle;
        assert_int_equal(tcp_host_listen(hosts[i]->host, one.now, &local, 1, &handle), TCP_OK);
        assert_int_equal(tcp_host_connect(hosts[i]->host, one.now, &flow, &handle), TCP_OK);
        one_deliver(hosts[i], &segment);
        segment.destination.port = 81;
        one_deliver(hosts[i], &segment);
    }
    assert_true(tcp_host_same(one.host, other.host));
    one_close(&one);
    one_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_can_be_copied_and_goes_on),
        cmocka_unit_test(buffers_with_islands_and_wrapped_rings_are_copied),
        cmocka_unit_test(what_waits_to_be_polled_is_copied),
        cmocka_unit_test(a_copy_lands_in_any_block_that_is_large_enough),
        cmocka_unit_test(hosts_that_differ_are_not_the_same),
        cmocka_unit_test(the_callers_padding_does_not_get_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
