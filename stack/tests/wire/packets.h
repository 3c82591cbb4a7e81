/* Small packets for the tests of reading, and a way to read them from memory of exactly their size,
 * so that a sanitizer sees the first byte read too many. Include after cmocka.h. */
#ifndef TESTS_WIRE_PACKETS_H
#define TESTS_WIRE_PACKETS_H

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "tcp/wire.h"
#include "wire/checksum.h"

/* SYN from 192.0.2.1:40000 to 192.168.0.1:8080, seq 1000, window 65535, MSS 1460; TTL 64. */
static const uint8_t ipv4_syn[44] = {
    0x45, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0x00, 0x00, 192,  0,    2,
    1,    192,  168,  0,    1,    0x9c, 0x40, 0x1f, 0x90, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x00,
    0x00, 0x00, 0x60, 0x02, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4,
};

enum { PACKET_BYTES_MAX = 4000 };

struct packet {
    uint8_t bytes[PACKET_BYTES_MAX];
    uint32_t count;
    uint32_t tcp_offset;
};

static inline struct tcp_address address_at(const uint8_t *bytes, uint8_t version)
{
    struct tcp_address address = {.version = version};
    memcpy(address.bytes, bytes, version == 4 ? 4 : 16);
    return address;
}

/* Puts every checksum right after a change. */
static inline void seal(struct packet *packet)
{
    uint8_t *bytes = packet->bytes;
    const uint8_t version = bytes[0] >> 4;
    if (version == 4) {
        bytes_put16(bytes + 10, 0);
        bytes_put16(bytes + 10, checksum_finish(checksum_add(0, bytes, (bytes[0] & 15u) * 4u)));
    }
    const struct tcp_address source = address_at(bytes + (version == 4 ? 12 : 8), version);
    const struct tcp_address destination = address_at(bytes + (version == 4 ? 16 : 24), version);
    uint8_t *tcp = bytes + packet->tcp_offset;
    if (packet->count >= packet->tcp_offset + 20) {
        bytes_put16(tcp + 16, 0);
        bytes_put16(tcp + 16, tcp_wire_checksum(&source, &destination, tcp,
                                                packet->count - packet->tcp_offset));
    }
}

static inline struct packet ipv4_packet(void)
{
    struct packet packet = {.count = sizeof ipv4_syn, .tcp_offset = 20};
    memcpy(packet.bytes, ipv4_syn, sizeof ipv4_syn);
    seal(&packet);
    return packet;
}

/* The same segment over IPv6, behind `count` bytes of extension headers that begin with type
 * `first` and end with 6. */
static inline struct packet ipv6_packet(uint8_t first, const uint8_t *extensions, uint32_t count)
{
    struct packet packet = {.count = 40 + count + 24, .tcp_offset = 40 + count};
    uint8_t *at = bytes_put32(packet.bytes, 0x60000000);
    at = bytes_put16(at, (uint16_t)(count + 24));
    at = bytes_put8(at, first);
    bytes_put8(at, 63);
    memcpy(packet.bytes + 8, (const uint8_t[]){0x20, 0x01, 0x0d, 0xb8}, 4);
    packet.bytes[23] = 1;
    packet.bytes[24] = 0xfd;
    packet.bytes[39] = 1;
    if (count > 0) {
        memcpy(packet.bytes + 40, extensions, count);
    }
    memcpy(packet.bytes + packet.tcp_offset, ipv4_syn + 20, 24);
    seal(&packet);
    return packet;
}

static inline enum tcp_wire_result read_bytes(const uint8_t *bytes, uint32_t count,
                                              struct tcp_segment *out,
                                              struct tcp_wire_layout *layout)
{
    uint8_t *copy = malloc(count > 0 ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    memset(out, 0xa5, sizeof *out);
    memset(layout, 0xa5, sizeof *layout);
    const enum tcp_wire_result result =
        tcp_wire_read(count > 0 ? copy : copy + 1, count, out, layout);
    if (out->payload != NULL) {
        assert_true(out->payload == copy + layout->payload_offset);
        out->payload = bytes + layout->payload_offset;
    }
    free(copy);
    return result;
}

static inline void expect_nothing(const struct tcp_segment *segment,
                                  const struct tcp_wire_layout *layout)
{
    const struct tcp_segment no_segment = {0};
    const struct tcp_wire_layout no_layout = {0};
    assert_memory_equal(segment, &no_segment, sizeof no_segment);
    assert_memory_equal(layout, &no_layout, sizeof no_layout);
}

static inline void expect_result(const struct packet *packet, enum tcp_wire_result wanted)
{
    struct tcp_segment segment;
    struct tcp_wire_layout layout;
    assert_string_equal(
        tcp_wire_result_name(read_bytes(packet->bytes, packet->count, &segment, &layout)),
        tcp_wire_result_name(wanted));
    if (wanted == TCP_WIRE_OK || wanted == TCP_WIRE_BAD_CHECKSUM || wanted == TCP_WIRE_BAD_OPTION) {
        assert_int_equal(segment.source.port, 40000);
        assert_int_equal(segment.destination.port, 8080);
        assert_int_equal(segment.seq.raw, 1000);
    } else {
        expect_nothing(&segment, &layout);
    }
}

#endif
