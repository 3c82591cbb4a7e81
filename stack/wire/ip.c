/* IPv4 and IPv6 headers; see ip.h. */
#include "wire/ip.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "wire/checksum.h"

#define IPV4_HEADER_BYTES_MAX     60
#define IPV4_DONT_FRAGMENT        0x4000u
#define IPV4_FRAGMENT_MASK        0x3fffu /* "more fragments" and the offset */
#define IP_PACKET_BYTES_MAX       65535u
#define IPV6_EXTENSION_UNIT_BYTES 8u

/* IPv6 next-header values (RFC 8200 4). */
enum {
    NEXT_HOP_BY_HOP = 0,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_DESTINATION_OPTIONS = 60,
};

_Static_assert(TCP_WIRE_IPV6_HEADER_BYTES + IP_EXTENSION_HEADERS_MAX * 256 * 8 + 60 <= UINT16_MAX,
               "offsets in struct tcp_wire_layout have 16 bits");

static struct tcp_address address_at(const uint8_t *bytes, uint8_t version)
{
    struct tcp_address address = {.version = version};
    memcpy(address.bytes, bytes, version == 4 ? 4 : 16);
    return address;
}

static enum tcp_wire_result read_ipv4(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const uint32_t header_bytes = (bytes[0] & 0x0fu) * 4u;
    const uint32_t packet_bytes = bytes_get16(bytes + 2);
    if (header_bytes < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_BAD_IP_HEADER;
    }
    if (packet_bytes < header_bytes || packet_bytes > count) {
        return TCP_WIRE_TRUNCATED;
    }
    if (checksum_finish(checksum_add(0, bytes, header_bytes)) != 0) {
        return TCP_WIRE_BAD_IP_HEADER;
    }
    if ((bytes_get16(bytes + 6) & IPV4_FRAGMENT_MASK) != 0) {
        return TCP_WIRE_FRAGMENT;
    }
    if (bytes[9] != TCP_WIRE_PROTOCOL) {
        return TCP_WIRE_NOT_TCP;
    }
    *out = (struct ip_header){
        .source = address_at(bytes + 12, 4),
        .destination = address_at(bytes + 16, 4),
        .ttl = bytes[8],
        .traffic_class = bytes[1],
        .header_bytes = header_bytes,
        .packet_bytes = packet_bytes,
    };
    return TCP_WIRE_OK;
}

static bool is_extension(uint8_t next)
{
    return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_FRAGMENT ||
           next == NEXT_DESTINATION_OPTIONS;
}

/* May the header of type `next` at `bytes` be skipped on the way to TCP? */
static enum tcp_wire_result extension_result(uint8_t next, bool is_first, const uint8_t *bytes)
{
    switch (next) {
    case NEXT_HOP_BY_HOP:
        /* RFC 8200 4.1: nowhere but directly behind the IPv6 header. */
        return is_first ? TCP_WIRE_OK : TCP_WIRE_NOT_TCP;
    case NEXT_DESTINATION_OPTIONS:
        return TCP_WIRE_OK;
    case NEXT_ROUTING:
        /* RFC 8200 4.4: with no segments left it is ignored, whatever its type. */
        return bytes[3] == 0 ? TCP_WIRE_OK : TCP_WIRE_NOT_TCP;
    case NEXT_FRAGMENT:
        return TCP_WIRE_FRAGMENT;
    default:
        return TCP_WIRE_NOT_TCP;
    }
}

/* Finds where TCP begins behind the extension headers, if it does. */
static enum tcp_wire_result skip_extensions(const uint8_t *bytes, uint32_t packet_bytes,
                                            uint32_t *header_bytes)
{
    uint8_t next = bytes[6];
    uint32_t at = TCP_WIRE_IPV6_HEADER_BYTES;
    for (uint32_t seen = 0; seen <= IP_EXTENSION_HEADERS_MAX; seen++) {
        if (next == TCP_WIRE_PROTOCOL) {
            *header_bytes = at;
            return TCP_WIRE_OK;
        }
        if (!is_extension(next)) {
            return TCP_WIRE_NOT_TCP;
        }
        if (packet_bytes - at < IPV6_EXTENSION_UNIT_BYTES) {
            return TCP_WIRE_TRUNCATED;
        }
        const enum tcp_wire_result result = extension_result(next, seen == 0, bytes + at);
        if (result != TCP_WIRE_OK) {
            return result;
        }
        const uint32_t extension_bytes = (bytes[at + 1] + 1u) * IPV6_EXTENSION_UNIT_BYTES;
        if (extension_bytes > packet_bytes - at) {
            return TCP_WIRE_TRUNCATED;
        }
        next = bytes[at];
        at += extension_bytes;
    }
    return TCP_WIRE_NOT_TCP;
}

static enum tcp_wire_result read_ipv6(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count < TCP_WIRE_IPV6_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const uint32_t packet_bytes = TCP_WIRE_IPV6_HEADER_BYTES + (uint32_t)bytes_get16(bytes + 4);
    if (packet_bytes > count) {
        return TCP_WIRE_TRUNCATED;
    }
    uint32_t header_bytes = 0;
    const enum tcp_wire_result result = skip_extensions(bytes, packet_bytes, &header_bytes);
    if (result != TCP_WIRE_OK) {
        return result;
    }
    *out = (struct ip_header){
        .source = address_at(bytes + 8, 6),
        .destination = address_at(bytes + 24, 6),
        .ttl = bytes[7],
        .traffic_class = (uint8_t)(bytes_get16(bytes) >> 4),
        .header_bytes = header_bytes,
        .packet_bytes = packet_bytes,
    };
    return TCP_WIRE_OK;
}

enum tcp_wire_result ip_header_read(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count == 0) {
        return TCP_WIRE_TRUNCATED;
    }
    switch (bytes[0] >> 4) {
    case 4:
        return read_ipv4(bytes, count, out);
    case 6:
        return read_ipv6(bytes, count, out);
    default:
        return TCP_WIRE_NOT_IP;
    }
}

uint32_t ip_header_bytes(const struct tcp_segment *segment)
{
    return segment->source.address.version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES
                                                : TCP_WIRE_IPV6_HEADER_BYTES;
}

static void write_ipv4(const struct tcp_segment *segment, uint32_t tcp_bytes, uint8_t *to)
{
    const uint32_t packet_bytes = TCP_WIRE_IPV4_HEADER_BYTES + tcp_bytes;
    TCP_ASSERT(packet_bytes <= IP_PACKET_BYTES_MAX);
    uint8_t *at = bytes_put8(to, 0x45);
    at = bytes_put8(at, segment->traffic_class);
    at = bytes_put16(at, (uint16_t)packet_bytes);
    /* RFC 6864 4.1: what is never fragmented needs no identification. */
    at = bytes_put16(at, 0);
    at = bytes_put16(at, IPV4_DONT_FRAGMENT);
    at = bytes_put8(at, segment->ttl);
    at = bytes_put8(at, TCP_WIRE_PROTOCOL);
    at = bytes_put16(at, 0);
    memcpy(at, segment->source.address.bytes, 4);
    memcpy(at + 4, segment->destination.address.bytes, 4);
    bytes_put16(to + 10, checksum_finish(checksum_add(0, to, TCP_WIRE_IPV4_HEADER_BYTES)));
}

static void write_ipv6(const struct tcp_segment *segment, uint32_t tcp_bytes, uint8_t *to)
{
    TCP_ASSERT(tcp_bytes <= IP_PACKET_BYTES_MAX);
    uint8_t *at = bytes_put32(to, (6u << 28) | ((uint32_t)segment->traffic_class << 20));
    at = bytes_put16(at, (uint16_t)tcp_bytes);
    at = bytes_put8(at, TCP_WIRE_PROTOCOL);
    at = bytes_put8(at, segment->ttl);
    memcpy(at, segment->source.address.bytes, 16);
    memcpy(at + 16, segment->destination.address.bytes, 16);
}

void ip_header_write(const struct tcp_segment *segment, uint32_t tcp_bytes, uint8_t *to)
{
    TCP_ASSERT(segment->source.address.version == segment->destination.address.version);
    if (segment->source.address.version == 4) {
        write_ipv4(segment, tcp_bytes, to);
    } else {
        TCP_ASSERT(segment->source.address.version == 6);
        write_ipv6(segment, tcp_bytes, to);
    }
}
