/* ICMP error messages; see tcp/icmp.h. */
#include "tcp/icmp.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "wire/checksum.h"
#include "wire/ip.h"

enum { PROTOCOL_ICMP4 = 1, PROTOCOL_ICMP6 = 58 };
enum { CHECKSUM_OFFSET = 2, MTU_OFFSET = 4 };

static uint8_t protocol_of(uint8_t ip_version)
{
    return ip_version == 4 ? PROTOCOL_ICMP4 : PROTOCOL_ICMP6;
}

/* RFC 792: over the message; RFC 4443 2.3: with the pseudo header before it. */
static uint16_t checksum(const struct tcp_address *source, const struct tcp_address *destination,
                         const uint8_t *message, size_t count)
{
    const uint64_t sum = source->version == 4
                             ? 0
                             : checksum_pseudo_header(source, destination, PROTOCOL_ICMP6, count);
    return checksum_finish(checksum_add(sum, message, count));
}

static bool quotes_packet(uint8_t ip_version, uint8_t type)
{
    if (ip_version == 4) {
        return type == TCP_ICMP4_UNREACHABLE || type == TCP_ICMP4_SOURCE_QUENCH ||
               type == TCP_ICMP4_TIME_EXCEEDED || type == TCP_ICMP4_PARAMETER_PROBLEM;
    }
    return type >= TCP_ICMP6_UNREACHABLE && type <= TCP_ICMP6_PARAMETER_PROBLEM;
}

static uint32_t next_hop_mtu(const uint8_t *message, const struct tcp_icmp *icmp)
{
    if (icmp->source.version == 4) {
        /* RFC 1191 4: the low half of what was the unused word. */
        return icmp->type == TCP_ICMP4_UNREACHABLE && icmp->code == TCP_ICMP4_FRAGMENTATION_NEEDED
                   ? bytes_get16(message + MTU_OFFSET + 2)
                   : 0;
    }
    return icmp->type == TCP_ICMP6_PACKET_TOO_BIG ? bytes_get32(message + MTU_OFFSET) : 0;
}

/* The packet behind the message's header: ours, as the reporter got it. */
static enum tcp_wire_result read_quote(const uint8_t *quote, size_t count, struct tcp_icmp *out)
{
    struct ip_header ip = {0};
    const enum tcp_wire_result result = ip_quote_read(quote, count, &ip);
    if (result != TCP_WIRE_OK) {
        return result;
    }
    if (ip.source.version != out->source.version || ip.protocol != TCP_WIRE_PROTOCOL) {
        return TCP_WIRE_NOT_TCP;
    }
    if (count - ip.header_bytes < TCP_ICMP_QUOTE_BYTES_MIN ||
        ip.packet_bytes - ip.header_bytes < TCP_WIRE_TCP_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const uint8_t *tcp = quote + ip.header_bytes;
    out->quoted_source.address = ip.source;
    out->quoted_source.port = bytes_get16(tcp);
    out->quoted_destination.address = ip.destination;
    out->quoted_destination.port = bytes_get16(tcp + 2);
    out->quoted_seq.raw = bytes_get32(tcp + 4);
    out->quoted_header_bytes = ip.header_bytes;
    out->quoted_packet_bytes = ip.packet_bytes;
    return TCP_WIRE_OK;
}

enum tcp_wire_result tcp_icmp_read(const uint8_t *bytes, size_t count, struct tcp_icmp *out)
{
    struct ip_header ip = {0};
    const enum tcp_wire_result result = ip_header_read(bytes, count, &ip);
    if (result != TCP_WIRE_OK) {
        return result == TCP_WIRE_NOT_TCP ? TCP_WIRE_NOT_ICMP : result;
    }
    if (ip.protocol != protocol_of(ip.source.version)) {
        return TCP_WIRE_NOT_ICMP;
    }
    const uint8_t *message = bytes + ip.header_bytes;
    const uint32_t message_bytes = ip.packet_bytes - ip.header_bytes;
    if (message_bytes < TCP_ICMP_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    if (checksum(&ip.source, &ip.destination, message, message_bytes) != 0) {
        return TCP_WIRE_BAD_CHECKSUM;
    }
    struct tcp_icmp icmp = {
        .source = ip.source,
        .destination = ip.destination,
        .type = message[0],
        .code = message[1],
    };
    if (!quotes_packet(ip.source.version, icmp.type)) {
        return TCP_WIRE_NOT_ICMP;
    }
    icmp.mtu = next_hop_mtu(message, &icmp);
    const enum tcp_wire_result quote =
        read_quote(message + TCP_ICMP_HEADER_BYTES, message_bytes - TCP_ICMP_HEADER_BYTES, &icmp);
    if (quote == TCP_WIRE_OK) {
        *out = icmp;
    }
    return quote;
}

struct tcp_room tcp_icmp_write(const struct tcp_icmp *icmp, const uint8_t *quote,
                               size_t quote_bytes, struct tcp_room room)
{
    const uint8_t version = icmp->source.version;
    const size_t ip_bytes = version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES : TCP_WIRE_IPV6_HEADER_BYTES;
    const size_t message_bytes = TCP_ICMP_HEADER_BYTES + quote_bytes;
    TCP_ASSERT(room.count >= ip_bytes && message_bytes <= room.count - ip_bytes);
    ip_plain_header_write(&icmp->source, &icmp->destination, protocol_of(version),
                          (uint32_t)message_bytes, room.bytes);
    uint8_t *message = room.bytes + ip_bytes;
    uint8_t *at = bytes_put8(message, icmp->type);
    at = bytes_put8(at, icmp->code);
    at = bytes_put16(at, 0);
    at = bytes_put32(at, version == 4 ? icmp->mtu & 0xffffu : icmp->mtu);
    if (quote_bytes > 0) { /* without a quotation there may be no pointer to it */
        memcpy(at, quote, quote_bytes);
    }
    bytes_put16(message + CHECKSUM_OFFSET,
                checksum(&icmp->source, &icmp->destination, message, message_bytes));
    return (struct tcp_room){room.bytes, ip_bytes + message_bytes};
}
