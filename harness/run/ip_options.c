/* `[options 8]`: IP options that nobody knows, between an injected packet's IP and TCP headers. */
#include "run/inject.h"
#include "run/inject_ip.h"
#include "run/runner.h"
#include "tcp/wire.h"

#include <string.h>

#define IPV4_UNKNOWN_OPTION      30 /* experimental (RFC 4727): not copied, class 0 */
#define IPV6_DESTINATION_OPTIONS 60
#define IPV6_UNKNOWN_OPTION      30 /* of the kind that is skipped (RFC 8200 4.2) */

static uint16_t load_16(const uint8_t *bytes)
{
    return (uint16_t)((uint32_t)bytes[0] << 8 | bytes[1]);
}

static void store_16(uint8_t *bytes, uint32_t number)
{
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

static void seal_ipv4(uint8_t *header, uint32_t header_bytes)
{
    uint32_t sum = 0;
    store_16(header + 10, 0);
    for (uint32_t at = 0; at < header_bytes; at += 2) {
        sum += load_16(header + at);
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    store_16(header + 10, ~sum);
}

static void write_ipv4(uint8_t *packet, uint32_t count)
{
    const uint32_t header_bytes = TCP_WIRE_IPV4_HEADER_BYTES + count;
    packet[TCP_WIRE_IPV4_HEADER_BYTES] = IPV4_UNKNOWN_OPTION;
    packet[TCP_WIRE_IPV4_HEADER_BYTES + 1] = (uint8_t)count;
    packet[0] = (uint8_t)(0x40 | header_bytes / 4);
    store_16(packet + 2, load_16(packet + 2) + count);
    seal_ipv4(packet, header_bytes);
}

static void write_ipv6(uint8_t *packet, uint32_t count)
{
    uint8_t *const header = packet + TCP_WIRE_IPV6_HEADER_BYTES;
    header[0] = packet[6];
    header[1] = (uint8_t)(count / 8 - 1);
    header[2] = IPV6_UNKNOWN_OPTION;
    header[3] = (uint8_t)(count - 4);
    packet[6] = IPV6_DESTINATION_OPTIONS;
    store_16(packet + 4, load_16(packet + 4) + count);
}

struct tcp_room inject_ip_options(struct run *run, struct tcp_room packet, uint32_t count)
{
    const bool is_ipv6 = packet.bytes[0] >> 4 == 6;
    const size_t header = is_ipv6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
    const size_t wider_count = packet.count + count;
    uint8_t *const room = arena_take(run->arena, INJECT_FRAGMENT_BYTES + wider_count);
    const struct tcp_room wider = {room + INJECT_FRAGMENT_BYTES, wider_count};
    memcpy(wider.bytes, packet.bytes, header);
    memset(wider.bytes + header, 0, count);
    memcpy(wider.bytes + header + count, packet.bytes + header, packet.count - header);
    (is_ipv6 ? write_ipv6 : write_ipv4)(wider.bytes, count);
    return wider;
}
