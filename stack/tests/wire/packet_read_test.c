/* Whole packets: what is read from a sound one, every prefix of one, every flipped bit, and faults
 * of the TCP header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/wire/packets.h"

static void an_ipv4_segment_is_read(void **state)
{
    (void)state;
    const struct packet packet = ipv4_packet();
    struct tcp_segment segment;
    struct tcp_wire_layout layout;
    assert_int_equal(read_bytes(packet.bytes, packet.count, &segment, &layout), TCP_WIRE_OK);
    const struct tcp_address source = {{192, 0, 2, 1}, 4};
    const struct tcp_address destination = {{192, 168, 0, 1}, 4};
    assert_memory_equal(&segment.source.address, &source, sizeof source);
    assert_memory_equal(&segment.destination.address, &destination, sizeof destination);
    assert_int_equal(segment.source.port, 40000);
    assert_int_equal(segment.destination.port, 8080);
    assert_int_equal(segment.seq.raw, 1000);
    assert_int_equal(segment.ack.raw, 0);
    assert_int_equal(segment.flags, TCP_FLAG_SYN);
    assert_int_equal(segment.window, 65535);
    assert_int_equal(segment.ttl, 64);
    assert_true(segment.options.has_mss);
    assert_int_equal(segment.options.mss, 1460);
    assert_int_equal(segment.payload_bytes, 0);
    assert_int_equal(layout.tcp_offset, 20);
    assert_int_equal(layout.options_offset, 40);
    assert_int_equal(layout.options_bytes, 4);
    assert_int_equal(layout.payload_offset, 44);
    assert_int_equal(layout.packet_bytes, 44);
}

/* The words of the pseudo header and of the segment above add up to 3 aa39; with the carry brought
 * round that is aa3c, and its complement 55c3. */
static void the_checksum_is_the_one_worked_out_by_hand(void **state)
{
    (void)state;
    const struct packet packet = ipv4_packet();
    assert_int_equal(bytes_get16(packet.bytes + 36), 0x55c3);
}

static void an_ipv6_segment_is_read(void **state)
{
    (void)state;
    struct packet packet = ipv6_packet(6, NULL, 0);
    bytes_put32(packet.bytes, 0x6abfffff); /* traffic class ab, flow label fffff */
    struct tcp_segment segment;
    struct tcp_wire_layout layout;
    assert_int_equal(read_bytes(packet.bytes, packet.count, &segment, &layout), TCP_WIRE_OK);
    const struct tcp_address source = {{0x20, 1, 0xd, 0xb8, [15] = 1}, 6};
    const struct tcp_address destination = {{0xfd, [15] = 1}, 6};
    assert_memory_equal(&segment.source.address, &source, sizeof source);
    assert_memory_equal(&segment.destination.address, &destination, sizeof destination);
    assert_int_equal(segment.traffic_class, 0xab);
    assert_int_equal(segment.ttl, 63);
    assert_int_equal(segment.options.mss, 1460);
    assert_int_equal(layout.tcp_offset, 40);
    assert_int_equal(layout.payload_offset, 64);
}

static void every_prefix_is_truncated(void **state)
{
    (void)state;
    const uint8_t extensions[16] = {60, 0, [8] = 6};
    const struct packet packets[] = {ipv4_packet(), ipv6_packet(6, NULL, 0),
                                     ipv6_packet(0, extensions, sizeof extensions)};
    for (size_t index = 0; index < sizeof packets / sizeof packets[0]; index++) {
        for (uint32_t count = 0; count < packets[index].count; count++) {
            struct tcp_segment segment;
            struct tcp_wire_layout layout;
            assert_int_equal(read_bytes(packets[index].bytes, count, &segment, &layout),
                             TCP_WIRE_TRUNCATED);
            expect_nothing(&segment, &layout);
        }
        expect_result(&packets[index], TCP_WIRE_OK);
    }
}

/* The same prefixes, but with a length field that owns up to them. */
static void every_shortened_packet_is_refused(void **state)
{
    (void)state;
    for (uint32_t count = 0; count < 24; count++) {
        struct packet four = ipv4_packet();
        four.count = 20 + count;
        bytes_put16(four.bytes + 2, (uint16_t)four.count);
        seal(&four);
        expect_result(&four, count < 20 ? TCP_WIRE_TRUNCATED : TCP_WIRE_BAD_DATA_OFFSET);
        struct packet six = ipv6_packet(6, NULL, 0);
        six.count = 40 + count;
        bytes_put16(six.bytes + 4, (uint16_t)count);
        seal(&six);
        expect_result(&six, count < 20 ? TCP_WIRE_TRUNCATED : TCP_WIRE_BAD_DATA_OFFSET);
    }
}

static void padding_behind_the_packet_is_not_payload(void **state)
{
    (void)state;
    struct packet packets[] = {ipv4_packet(), ipv6_packet(6, NULL, 0)};
    for (size_t index = 0; index < 2; index++) {
        const uint32_t before = packets[index].count;
        packets[index].count += 9;
        struct tcp_segment segment;
        struct tcp_wire_layout layout;
        assert_int_equal(read_bytes(packets[index].bytes, packets[index].count, &segment, &layout),
                         TCP_WIRE_OK);
        assert_int_equal(segment.payload_bytes, 0);
        assert_int_equal(layout.packet_bytes, before);
    }
}

static void data_offsets_outside_the_segment_are_refused(void **state)
{
    (void)state;
    for (uint32_t words = 0; words < 16; words++) {
        struct packet packet = ipv4_packet();
        packet.bytes[32] = (uint8_t)(words << 4);
        seal(&packet);
        const bool is_inside = words == 5 || words == 6;
        expect_result(&packet, is_inside ? TCP_WIRE_OK : TCP_WIRE_BAD_DATA_OFFSET);
    }
}

static void any_flipped_bit_of_the_segment_is_seen(void **state)
{
    (void)state;
    const struct packet packets[] = {ipv4_packet(), ipv6_packet(6, NULL, 0)};
    for (size_t index = 0; index < 2; index++) {
        for (uint32_t bit = 0; bit < 24 * 8; bit++) {
            struct packet packet = packets[index];
            packet.bytes[packet.tcp_offset + bit / 8] ^= (uint8_t)(1u << (bit % 8));
            struct tcp_segment segment;
            struct tcp_wire_layout layout;
            const enum tcp_wire_result result =
                read_bytes(packet.bytes, packet.count, &segment, &layout);
            assert_true(result == TCP_WIRE_BAD_CHECKSUM || result == TCP_WIRE_BAD_DATA_OFFSET);
        }
    }
}

static void the_pseudo_header_is_covered(void **state)
{
    (void)state;
    struct packet packet = ipv6_packet(6, NULL, 0);
    packet.bytes[39] ^= 1;
    expect_result(&packet, TCP_WIRE_BAD_CHECKSUM);
    packet = ipv4_packet();
    packet.bytes[19] ^= 1; /* both checksums cover it; put the header's right by hand */
    bytes_put16(packet.bytes + 10, 0);
    bytes_put16(packet.bytes + 10, checksum_finish(checksum_add(0, packet.bytes, 20)));
    expect_result(&packet, TCP_WIRE_BAD_CHECKSUM);
}

static void a_bad_option_is_told_and_the_segment_filled(void **state)
{
    (void)state;
    struct packet packet = ipv4_packet();
    packet.bytes[41] = 0;
    expect_result(&packet, TCP_WIRE_BAD_CHECKSUM); /* damage comes first */
    seal(&packet);
    expect_result(&packet, TCP_WIRE_BAD_OPTION);
}

static void reserved_bits_and_all_nine_flags_are_read(void **state)
{
    (void)state;
    struct packet packet = ipv4_packet();
    packet.bytes[32] = 0x6f;
    packet.bytes[33] = 0xff;
    seal(&packet);
    struct tcp_segment segment;
    struct tcp_wire_layout layout;
    assert_int_equal(read_bytes(packet.bytes, packet.count, &segment, &layout), TCP_WIRE_OK);
    assert_int_equal(segment.flags, 0x1ff);
    assert_int_equal(segment.reserved, 7);
}

static void the_layout_need_not_be_asked_for(void **state)
{
    (void)state;
    const struct packet packet = ipv4_packet();
    struct tcp_segment segment;
    assert_int_equal(tcp_wire_read(packet.bytes, packet.count, &segment, NULL), TCP_WIRE_OK);
    assert_int_equal(tcp_wire_read(packet.bytes, 3, &segment, NULL), TCP_WIRE_TRUNCATED);
}

static void damaged_packets_never_lead_outside(void **state)
{
    (void)state;
    struct random_source source = {0x77777777deadbeefu};
    const uint8_t extensions[16] = {60, 0, [8] = 6};
    for (int turn = 0; turn < 20000; turn++) {
        struct packet packet = turn % 3 == 0   ? ipv4_packet()
                               : turn % 3 == 1 ? ipv6_packet(6, NULL, 0)
                                               : ipv6_packet(0, extensions, sizeof extensions);
        for (uint32_t change = random_below(&source, 4); change < 4; change++) {
            packet.bytes[random_below(&source, packet.count)] = (uint8_t)random_next(&source);
        }
        if (random_below(&source, 2) == 0 && (packet.bytes[0] == 0x45 || packet.bytes[0] == 0x60)) {
            seal(&packet);
        }
        struct tcp_segment segment;
        struct tcp_wire_layout layout;
        const uint32_t count = packet.count - random_below(&source, 2);
        if (read_bytes(packet.bytes, count, &segment, &layout) == TCP_WIRE_OK) {
            assert_true(layout.payload_offset + segment.payload_bytes <= count);
        }
    }
}

static void every_result_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int one = TCP_WIRE_OK; one <= TCP_WIRE_BAD_OPTION; one++) {
        assert_string_not_equal(tcp_wire_result_name((enum tcp_wire_result)one), "unknown");
        for (int other = TCP_WIRE_OK; other < one; other++) {
            assert_string_not_equal(tcp_wire_result_name((enum tcp_wire_result)one),
                                    tcp_wire_result_name((enum tcp_wire_result)other));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ipv4_segment_is_read),
        cmocka_unit_test(the_checksum_is_the_one_worked_out_by_hand),
        cmocka_unit_test(an_ipv6_segment_is_read),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(every_shortened_packet_is_refused),
        cmocka_unit_test(padding_behind_the_packet_is_not_payload),
        cmocka_unit_test(data_offsets_outside_the_segment_are_refused),
        cmocka_unit_test(any_flipped_bit_of_the_segment_is_seen),
        cmocka_unit_test(the_pseudo_header_is_covered),
        cmocka_unit_test(a_bad_option_is_told_and_the_segment_filled),
        cmocka_unit_test(reserved_bits_and_all_nine_flags_are_read),
        cmocka_unit_test(the_layout_need_not_be_asked_for),
        cmocka_unit_test(damaged_packets_never_lead_outside),
        cmocka_unit_test(every_result_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
