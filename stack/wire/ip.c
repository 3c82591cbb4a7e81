/* IPv4 and IPv6 headers; see ip.h. */
#include "wire/ip.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "wire/checksum.h"

#define IPV4_HEADER_BYTES_MAX     60
#define IPV4_DONT_FRAGMENT        0x4000u
#define IPV4_FRAGMENT_MASK        0x3fffu /* "more fragments" and the offset */
#define IPV4_OFFSET_MASK          0x1fffu
#define IPV6_OFFSET_MASK          0xfff8u
#define IP_PACKET_BYTES_MAX       65535u
#define PLAIN_TTL                 64u
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

static struct ip_header ipv4_header_at(const uint8_t *bytes)
{
    return (struct ip_header){
        .source = address_at(bytes + 12, 4),
        .destination = address_at(bytes + 16, 4),
        .ttl = bytes[8],
        .traffic_class = bytes[1],
        .may_fragment = (bytes_get16(bytes + 6) & IPV4_DONT_FRAGMENT) == 0,
        .identification = bytes_get16(bytes + 4),
        .protocol = bytes[9],
        .header_bytes = (bytes[0] & 0x0fu) * 4u,
        .packet_bytes = bytes_get16(bytes + 2),
    };
}

static enum tcp_wire_result read_ipv4(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const struct ip_header header = ipv4_header_at(bytes);
    if (header.header_bytes < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_BAD_IP_HEADER;
    }
    if (header.packet_bytes < header.header_bytes || header.packet_bytes > count) {
        return TCP_WIRE_TRUNCATED;
    }
    if (checksum_finish(checksum_add(0, bytes, header.header_bytes)) != 0) {
        return TCP_WIRE_BAD_IP_HEADER;
    }
    if ((bytes_get16(bytes + 6) & IPV4_FRAGMENT_MASK) != 0) {
        return TCP_WIRE_FRAGMENT;
    }
    *out = header;
    return TCP_WIRE_OK;
}

static enum tcp_wire_result quoted_ipv4(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const struct ip_header header = ipv4_header_at(bytes);
    if (header.header_bytes < TCP_WIRE_IPV4_HEADER_BYTES) {
        return TCP_WIRE_BAD_IP_HEADER;
    }
    if (header.header_bytes > count || header.packet_bytes < header.header_bytes) {
        return TCP_WIRE_TRUNCATED;
    }
    if ((bytes_get16(bytes + 6) & IPV4_OFFSET_MASK) != 0) {
        return TCP_WIRE_FRAGMENT;
    }
    *out = header;
    return TCP_WIRE_OK;
}

static bool is_extension(uint8_t next)
{
    return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_FRAGMENT ||
           next == NEXT_DESTINATION_OPTIONS;
}

/* May the header of type `next` at `bytes` be skipped? */
static enum tcp_wire_result extension_result(uint8_t next, bool is_first, bool is_quoted,
                                             const uint8_t *bytes)
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
        return is_quoted && (bytes_get16(bytes + 2) & IPV6_OFFSET_MASK) == 0 ? TCP_WIRE_OK
                                                                             : TCP_WIRE_FRAGMENT;
    default:
        return TCP_WIRE_NOT_TCP;
    }
}

/* Octets of the extension header at `bytes`. The fragment header has no length field. */
static uint32_t extension_bytes(uint8_t next, const uint8_t *bytes)
{
    return next == NEXT_FRAGMENT ? IPV6_EXTENSION_UNIT_BYTES
                                 : (bytes[1] + 1u) * IPV6_EXTENSION_UNIT_BYTES;
}

/* Finds what stands behind the extension headers, and where. `count` octets are there. */
static enum tcp_wire_result skip_extensions(const uint8_t *bytes, uint32_t count, bool is_quoted,
                                            struct ip_header *out)
{
    uint8_t next = bytes[6];
    uint32_t at = TCP_WIRE_IPV6_HEADER_BYTES;
    for (uint32_t seen = 0; seen <= IP_EXTENSION_HEADERS_MAX; seen++) {
        if (!is_extension(next)) {
            out->protocol = next;
            out->header_bytes = at;
            return TCP_WIRE_OK;
        }
        if (count - at < IPV6_EXTENSION_UNIT_BYTES) {
            return TCP_WIRE_TRUNCATED;
        }
        const enum tcp_wire_result result =
            extension_result(next, seen == 0, is_quoted, bytes + at);
        if (result != TCP_WIRE_OK) {
            return result;
        }
        const uint32_t skipped = extension_bytes(next, bytes + at);
        if (skipped > count - at) {
            return TCP_WIRE_TRUNCATED;
        }
        next = bytes[at];
        at += skipped;
    }
    return TCP_WIRE_NOT_TCP;
}

static enum tcp_wire_result read_ipv6(const uint8_t *bytes, size_t count, bool is_quoted,
                                      struct ip_header *out)
{
    if (count < TCP_WIRE_IPV6_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    struct ip_header header = {
        .source = address_at(bytes + 8, 6),
        .destination = address_at(bytes + 24, 6),
        .ttl = bytes[7],
        .traffic_class = (uint8_t)(bytes_get16(bytes) >> 4),
        .packet_bytes = TCP_WIRE_IPV6_HEADER_BYTES + (uint32_t)bytes_get16(bytes + 4),
    };
    if (header.packet_bytes > count && !is_quoted) {
        return TCP_WIRE_TRUNCATED;
    }
    const uint32_t there = header.packet_bytes > count ? (uint32_t)count : header.packet_bytes;
    const enum tcp_wire_result result = skip_extensions(bytes, there, is_quoted, &header);
    if (result == TCP_WIRE_OK) {
        *out = header;
    }
    return result;
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
        return read_ipv6(bytes, count, false, out);
    default:
        return TCP_WIRE_NOT_IP;
    }
}

enum tcp_wire_result ip_quote_read(const uint8_t *bytes, size_t count, struct ip_header *out)
{
    if (count == 0) {
        return TCP_WIRE_TRUNCATED;
    }
    switch (bytes[0] >> 4) {
    case 4:
        return quoted_ipv4(bytes, count, out);
    case 6:
        return read_ipv6(bytes, count, true, out);
    default:
        return TCP_WIRE_NOT_IP;
    }
}

uint32_t ip_header_bytes(const struct tcp_segment *segment)
{
    return segment->source.address.version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES
                                                : TCP_WIRE_IPV6_HEADER_BYTES;
}

/* What an IP header says of its packet, when we write it. */
struct ip_heading {
    const struct tcp_address *source;
    const struct tcp_address *destination;
    uint8_t ttl;
    uint8_t traffic_class;
    uint8_t protocol;
    bool may_fragment;
    uint16_t identification;
};

static void write_ipv4(const struct ip_heading *heading, uint32_t payload_bytes, uint8_t *to)
{
    const uint32_t packet_bytes = TCP_WIRE_IPV4_HEADER_BYTES + payload_bytes;
    TCP_ASSERT(packet_bytes <= IP_PACKET_BYTES_MAX);
    uint8_t *at = bytes_put8(to, 0x45);
    at = bytes_put8(at, heading->traffic_class);
    at = bytes_put16(at, (uint16_t)packet_bytes);
    /* RFC 6864 4.1: what is never fragmented needs no identification. */
    at = bytes_put16(at, heading->may_fragment ? heading->identification : 0);
    at = bytes_put16(at, heading->may_fragment ? 0 : IPV4_DONT_FRAGMENT);
    at = bytes_put8(at, heading->ttl);
    at = bytes_put8(at, heading->protocol);
    at = bytes_put16(at, 0);
    memcpy(at, heading->source->bytes, 4);
    memcpy(at + 4, heading->destination->bytes, 4);
    bytes_put16(to + 10, checksum_finish(checksum_add(0, to, TCP_WIRE_IPV4_HEADER_BYTES)));
}

static void write_ipv6(const struct ip_heading *heading, uint32_t payload_bytes, uint8_t *to)
{
    TCP_ASSERT(payload_bytes <= IP_PACKET_BYTES_MAX);
    uint8_t *at = bytes_put32(to, (6u << 28) | ((uint32_t)heading->traffic_class << 20));
    at = bytes_put16(at, (uint16_t)payload_bytes);
    at = bytes_put8(at, heading->protocol);
    at = bytes_put8(at, heading->ttl);
    memcpy(at, heading->source->bytes, 16);
    memcpy(at + 16, heading->destination->bytes, 16);
}

static void write_header(const struct ip_heading *heading, uint32_t payload_bytes, uint8_t *to)
{
    TCP_ASSERT(heading->source->version == heading->destination->version);
    if (heading->source->version == 4) {
        write_ipv4(heading, payload_bytes, to);
    } else {
        TCP_ASSERT(heading->source->version == 6);
        write_ipv6(heading, payload_bytes, to);
    }
}

void ip_plain_header_write(const struct tcp_address *source, const struct tcp_address *destination,
                           uint8_t protocol, uint32_t payload_bytes, uint8_t *to)
{
    const struct ip_heading heading = {
        .source = source, .destination = destination, .ttl = PLAIN_TTL, .protocol = protocol};
    write_header(&heading, payload_bytes, to);
}

void ip_header_write(const struct tcp_segment *segment, uint32_t tcp_bytes, uint8_t *to)
{
    const struct ip_heading heading = {
        .source = &segment->source.address,
        .destination = &segment->destination.address,
        .ttl = segment->ttl,
        .traffic_class = segment->traffic_class,
        .protocol = TCP_WIRE_PROTOCOL,
        .may_fragment = segment->may_fragment,
        .identification = segment->identification,
    };
    write_header(&heading, tcp_bytes, to);
}
