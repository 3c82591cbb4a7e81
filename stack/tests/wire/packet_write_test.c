/* Packets as written: their exact bytes, where in the room they stand, and that reading gives back
 * what was written for thousands of segments over IPv4 and IPv6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/wire.h"
#include "tests/expect_assert.h"
#include "tests/random.h"

static struct tcp_segment plain_segment(void)
{
    return (struct tcp_segment){
        .source = {{{192, 168, 0, 1}, 4}, 8080},
        .destination = {{{192, 0, 2, 1}, 4}, 40000},
        .seq = {0xfffffffe},
        .ack = {1001},
        .flags = TCP_FLAG_PSH | TCP_FLAG_ACK,
        .window = 512,
        .ttl = 64,
        .traffic_class = 2,
    };
}

static void an_ipv4_packet_has_exactly_these_bytes(void **state)
{
    (void)state;
    uint8_t room[TCP_WIRE_HEADROOM + 3];
    struct tcp_segment segment = plain_segment();
    segment.reserved = 7; /* as received; emitted as zero */
    segment.payload = room + TCP_WIRE_HEADROOM;
    segment.payload_bytes = 3;
    memcpy(room + TCP_WIRE_HEADROOM, "abc", 3);
    const struct tcp_room packet = tcp_wire_write(&segment, (struct tcp_room){room, sizeof room});
    /* Identification 0 and DF (RFC 6864). The checksums were worked out apart from this code. */
    static const uint8_t wanted[43] = {
        0x45, 0x02, 0x00, 0x2b, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0xb8, 0x20, 192,  168,  0,
        1,    192,  0,    2,    1,    0x1f, 0x90, 0x9c, 0x40, 0xff, 0xff, 0xff, 0xfe, 0x00, 0x00,
        0x03, 0xe9, 0x50, 0x18, 0x02, 0x00, 0xa7, 0x03, 0x00, 0x00, 'a',  'b',  'c',
    };
    assert_int_equal(packet.count, sizeof wanted);
    assert_memory_equal(packet.bytes, wanted, sizeof wanted);
    assert_true(packet.bytes == room + TCP_WIRE_HEADROOM - 40);
}

static void an_ipv6_packet_has_exactly_these_bytes(void **state)
{
    (void)state;
    uint8_t room[TCP_WIRE_HEADROOM];
    struct tcp_segment segment = plain_segment();
    segment.source.address = (struct tcp_address){{0xfd, [15] = 1}, 6};
    segment.destination.address = (struct tcp_address){{0x20, 0x01, 0x0d, 0xb8, [15] = 1}, 6};
    segment.traffic_class = 0xab;
    segment.flags = TCP_FLAG_AE | TCP_FLAG_ACK;
    const struct tcp_room packet = tcp_wire_write(&segment, (struct tcp_room){room, sizeof room});
    static const uint8_t wanted[60] = {
        0x6a, 0xb0, 0x00,     0x00, 0x00, 20,   6,    64,   0xfd, [23] = 1, 0x20, 0x01,
        0x0d, 0xb8, [39] = 1, 0x1f, 0x90, 0x9c, 0x40, 0xff, 0xff, 0xff,     0xfe, 0x00,
        0x00, 0x03, 0xe9,     0x51, 0x10, 0x02, 0x00, 0xc2, 0x60, 0x00,     0x00,
    };
    assert_int_equal(packet.count, sizeof wanted);
    assert_memory_equal(packet.bytes, wanted, sizeof wanted);
    assert_true(packet.bytes + packet.count == room + TCP_WIRE_HEADROOM);
}

/* ---- reading gives back what was written -------------------------------------------------- */

static struct tcp_options random_options(struct random_source *source)
{
    struct tcp_options options = {0};
    const uint32_t bits = random_next(source);
    if (bits & 1) {
        options.has_mss = true;
        options.mss = (uint16_t)random_next(source);
    }
    if (bits & 2) {
        options.has_window_scale = true;
        options.window_scale = (uint8_t)random_next(source);
    }
    options.sack_permitted = bits & 4;
    if (bits & 8) {
        options.has_timestamps = true;
        options.timestamp_value = random_next(source);
        options.timestamp_echo = random_next(source);
    }
    const uint32_t wanted = random_below(source, TCP_SACK_BLOCKS_MAX + 1);
    while (options.sack_count < wanted) {
        struct tcp_options more = options;
        more.sack[more.sack_count].left.raw = random_next(source);
        more.sack[more.sack_count].right.raw = random_next(source);
        more.sack_count++;
        if (tcp_wire_options_bytes(&more) > TCP_OPTION_BYTES_MAX) {
            break;
        }
        options = more;
    }
    return options;
}

static struct tcp_endpoint random_endpoint(struct random_source *source, uint8_t version)
{
    struct tcp_endpoint endpoint = {.address = {.version = version}};
    random_fill(source, endpoint.address.bytes, version == 4 ? 4 : 16);
    endpoint.port = (uint16_t)random_next(source);
    return endpoint;
}

static struct tcp_segment random_segment(struct random_source *source)
{
    const uint8_t version = random_below(source, 2) == 0 ? 4 : 6;
    return (struct tcp_segment){
        .source = random_endpoint(source, version),
        .destination = random_endpoint(source, version),
        .seq = {random_next(source)},
        .ack = {random_next(source)},
        .flags = random_next(source) & 0x1ff,
        .window = (uint16_t)random_next(source),
        .urgent = (uint16_t)random_next(source),
        .ttl = (uint8_t)random_next(source),
        .traffic_class = (uint8_t)random_next(source),
        .options = random_options(source),
    };
}

static void expect_same(const struct tcp_segment *got, const struct tcp_segment *wanted)
{
    assert_int_equal(got->payload_bytes, wanted->payload_bytes);
    assert_memory_equal(got->payload, wanted->payload, wanted->payload_bytes);
    assert_memory_equal(&got->source, &wanted->source, sizeof wanted->source);
    assert_memory_equal(&got->destination, &wanted->destination, sizeof wanted->destination);
    assert_memory_equal(&got->options, &wanted->options, sizeof wanted->options);
    assert_int_equal(got->seq.raw, wanted->seq.raw);
    assert_int_equal(got->ack.raw, wanted->ack.raw);
    assert_int_equal(got->flags, wanted->flags);
    assert_int_equal(got->window, wanted->window);
    assert_int_equal(got->urgent, wanted->urgent);
    assert_int_equal(got->ttl, wanted->ttl);
    assert_int_equal(got->traffic_class, wanted->traffic_class);
    assert_int_equal(got->reserved, 0);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    struct random_source source = {0x3141592653589793u};
    for (int turn = 0; turn < 5000; turn++) {
        struct tcp_segment segment = random_segment(&source);
        segment.payload_bytes = turn % 4 == 0 ? 0 : random_below(&source, 1500);
        /* The payload may stand deeper in the room than the headroom asks for. */
        const uint32_t offset = TCP_WIRE_HEADROOM + random_below(&source, 40);
        const size_t count = offset + segment.payload_bytes;
        uint8_t *room = malloc(count);
        assert_non_null(room);
        memset(room, 0xee, count);
        random_fill(&source, room + offset, segment.payload_bytes);
        segment.payload = room + offset;
        const struct tcp_room packet = tcp_wire_write(&segment, (struct tcp_room){room, count});
        for (const uint8_t *at = room; at < packet.bytes; at++) {
            assert_int_equal(*at, 0xee);
        }
        struct tcp_segment got;
        struct tcp_wire_layout layout;
        assert_int_equal(tcp_wire_read(packet.bytes, packet.count, &got, &layout), TCP_WIRE_OK);
        expect_same(&got, &segment);
        assert_int_equal(layout.packet_bytes, packet.count);
        assert_int_equal(layout.options_bytes, tcp_wire_options_bytes(&segment.options));
        free(room);
    }
}

static void the_largest_packets_can_be_written(void **state)
{
    (void)state;
    enum { BYTES = TCP_WIRE_HEADROOM + 65535 };
    uint8_t *room = calloc(1, BYTES);
    assert_non_null(room);
    struct tcp_segment segment = plain_segment();
    segment.payload = room + TCP_WIRE_HEADROOM;
    segment.payload_bytes = 65535 - 40;
    const struct tcp_room whole = {room, BYTES};
    assert_int_equal(tcp_wire_write(&segment, whole).count, 65535);
    segment.payload_bytes++;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
    segment.source.address.version = 6;
    segment.destination.address.version = 6;
    segment.payload_bytes = 65535 - 20;
    assert_int_equal(tcp_wire_write(&segment, whole).count, 65535 + 40);
    segment.payload_bytes++;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
    free(room);
}

static void a_payload_outside_the_room_is_asserted(void **state)
{
    (void)state;
    uint8_t room[TCP_WIRE_HEADROOM + 8] = {0};
    struct tcp_segment segment = plain_segment();
    segment.payload_bytes = 8;
    segment.payload = room + TCP_WIRE_HEADROOM - 1;
    expect_assert_failure((void)tcp_wire_write(&segment, (struct tcp_room){room, sizeof room}));
    segment.payload = room + TCP_WIRE_HEADROOM + 1;
    expect_assert_failure((void)tcp_wire_write(&segment, (struct tcp_room){room, sizeof room}));
    segment.payload = NULL;
    expect_assert_failure((void)tcp_wire_write(&segment, (struct tcp_room){room, sizeof room}));
    segment.payload_bytes = 0;
    expect_assert_failure(
        (void)tcp_wire_write(&segment, (struct tcp_room){room, TCP_WIRE_HEADROOM - 1}));
}

static void what_no_header_can_hold_is_asserted(void **state)
{
    (void)state;
    uint8_t room[TCP_WIRE_HEADROOM] = {0};
    const struct tcp_room whole = {room, sizeof room};
    struct tcp_segment segment = plain_segment();
    segment.flags = 0x200;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
    segment = plain_segment();
    segment.options.has_timestamps = true;
    segment.options.sack_count = 4;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
    segment = plain_segment();
    segment.destination.address.version = 6;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
    segment.source.address.version = 0;
    segment.destination.address.version = 0;
    expect_assert_failure((void)tcp_wire_write(&segment, whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ipv4_packet_has_exactly_these_bytes),
        cmocka_unit_test(an_ipv6_packet_has_exactly_these_bytes),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(the_largest_packets_can_be_written),
        cmocka_unit_test(a_payload_outside_the_room_is_asserted),
        cmocka_unit_test(what_no_header_can_hold_is_asserted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
