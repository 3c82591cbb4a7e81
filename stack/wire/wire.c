/* Whole packets: IP around TCP, both ways; see tcp/wire.h. */
#include "tcp/wire.h"

#include "base/assert.h"
#include "wire/ip.h"
#include "wire/tcp.h"

_Static_assert(TCP_WIRE_IPV6_HEADER_BYTES + TCP_WIRE_TCP_HEADER_BYTES + TCP_OPTION_BYTES_MAX <=
                   TCP_WIRE_HEADROOM,
               "the headroom holds every header");

static struct tcp_wire_layout layout_of(const struct ip_header *ip,
                                        const struct tcp_segment *segment)
{
    const uint32_t payload_offset = ip->packet_bytes - segment->payload_bytes;
    const uint32_t options_offset = ip->header_bytes + TCP_WIRE_TCP_HEADER_BYTES;
    return (struct tcp_wire_layout){
        .tcp_offset = (uint16_t)ip->header_bytes,
        .options_offset = (uint16_t)options_offset,
        .options_bytes = (uint16_t)(payload_offset - options_offset),
        .payload_offset = (uint16_t)payload_offset,
        .packet_bytes = ip->packet_bytes,
    };
}

/* Did the reader come as far as the segment's fields? */
static bool fills_segment(enum tcp_wire_result result)
{
    return result == TCP_WIRE_OK || result == TCP_WIRE_BAD_CHECKSUM ||
           result == TCP_WIRE_BAD_OPTION;
}

enum tcp_wire_result tcp_wire_read(const uint8_t *bytes, size_t count, struct tcp_segment *out,
                                   struct tcp_wire_layout *layout)
{
    struct ip_header ip = {0};
    struct tcp_segment segment = {0};
    enum tcp_wire_result result = ip_header_read(bytes, count, &ip);
    if (result == TCP_WIRE_OK && ip.protocol != TCP_WIRE_PROTOCOL) {
        result = TCP_WIRE_NOT_TCP;
    }
    if (result == TCP_WIRE_OK) {
        segment.source.address = ip.source;
        segment.destination.address = ip.destination;
        segment.ttl = ip.ttl;
        segment.traffic_class = ip.traffic_class;
        segment.may_fragment = ip.may_fragment;
        segment.identification = ip.identification;
        result =
            tcp_header_read(bytes + ip.header_bytes, ip.packet_bytes - ip.header_bytes, &segment);
    }
    const bool is_filled = fills_segment(result);
    *out = is_filled ? segment : (struct tcp_segment){0};
    if (layout != NULL) {
        *layout = is_filled ? layout_of(&ip, &segment) : (struct tcp_wire_layout){0};
    }
    return result;
}

/* How far into the room the payload stands, or would stand. */
static size_t payload_offset(const struct tcp_segment *segment, struct tcp_room room)
{
    if (segment->payload_bytes == 0) {
        TCP_ASSERT(room.count >= TCP_WIRE_HEADROOM);
        return TCP_WIRE_HEADROOM;
    }
    /* Numbers, since pointers into different objects must not be compared. */
    const size_t offset = (size_t)((uintptr_t)segment->payload - (uintptr_t)room.bytes);
    TCP_ASSERT(offset >= TCP_WIRE_HEADROOM && offset <= room.count);
    TCP_ASSERT(segment->payload_bytes <= room.count - offset);
    return offset;
}

struct tcp_room tcp_wire_write(const struct tcp_segment *segment, struct tcp_room room)
{
    const uint32_t ip_bytes = ip_header_bytes(segment);
    const uint32_t tcp_bytes = tcp_header_bytes(segment);
    TCP_ASSERT(ip_bytes + tcp_bytes <= TCP_WIRE_HEADROOM);
    uint8_t *packet = room.bytes + payload_offset(segment, room) - tcp_bytes - ip_bytes;
    ip_header_write(segment, tcp_bytes + segment->payload_bytes, packet);
    tcp_header_write(segment, packet + ip_bytes);
    return (struct tcp_room){packet, (size_t)ip_bytes + tcp_bytes + segment->payload_bytes};
}

const char *tcp_wire_result_name(enum tcp_wire_result result)
{
    switch (result) {
    case TCP_WIRE_OK:
        return "ok";
    case TCP_WIRE_TRUNCATED:
        return "truncated";
    case TCP_WIRE_NOT_IP:
        return "not IP";
    case TCP_WIRE_BAD_IP_HEADER:
        return "bad IP header";
    case TCP_WIRE_FRAGMENT:
        return "fragment";
    case TCP_WIRE_NOT_TCP:
        return "not TCP";
    case TCP_WIRE_BAD_DATA_OFFSET:
        return "bad data offset";
    case TCP_WIRE_BAD_CHECKSUM:
        return "bad checksum";
    case TCP_WIRE_BAD_OPTION:
        return "bad option";
    case TCP_WIRE_NOT_ICMP:
        return "not an ICMP error";
    }
    return "unknown";
}
