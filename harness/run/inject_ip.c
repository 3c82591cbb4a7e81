/* IP headers as nobody should write them: fields of raw(...) that stand before TCP's. Of IPv4 the header's
 * checksum is made anew for each, so that the field itself is what is wrong. */
#include "run/inject_ip.h"

#include "run/runner.h"

#include <string.h>

#define IPV6_HEADER   TCP_WIRE_IPV6_HEADER_BYTES
#define IPV6_FRAGMENT 44

static void store_16(uint8_t *bytes, uint32_t number)
{
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

static uint32_t load_16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static bool is_ipv6(const struct run *run)
{
    return run->ip_version == 6;
}

/* RFC 791: over as many words as the header says it has, as far as the packet goes. */
static void sum_header(struct tcp_room *packet)
{
    const size_t said = (packet->bytes[0] & 15u) * 4u;
    const size_t count = said < packet->count ? said : packet->count;
    uint32_t sum = 0;
    store_16(packet->bytes + 10, 0);
    for (size_t at = 0; at + 1 < count; at += 2) {
        sum += load_16(packet->bytes + at);
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    store_16(packet->bytes + 10, ~sum & 0xffff);
}

/* Inserts a fragment header behind the fixed one, by moving that to the left. */
static uint8_t *insert_fragment_header(struct tcp_room *packet)
{
    packet->bytes -= INJECT_FRAGMENT_BYTES;
    packet->count += INJECT_FRAGMENT_BYTES;
    memmove(packet->bytes, packet->bytes + INJECT_FRAGMENT_BYTES, IPV6_HEADER);
    uint8_t *const header = packet->bytes + IPV6_HEADER;
    memset(header, 0, INJECT_FRAGMENT_BYTES);
    store_16(packet->bytes + 4, load_16(packet->bytes + 4) + INJECT_FRAGMENT_BYTES);
    header[0] = packet->bytes[6];
    packet->bytes[6] = IPV6_FRAGMENT;
    return header;
}

/* The offset in units of 8 octets, and the flags above it: 0x2000 is "more fragments" over both. */
static void set_fragment(struct run *run, uint32_t value, struct tcp_room *packet)
{
    if (is_ipv6(run)) {
        uint8_t *const header = insert_fragment_header(packet);
        store_16(header + 2, (value & 0x1fff) << 3 | (value >> 13 & 1));
        store_16(header + 6, 1); /* an identification */
    } else {
        store_16(packet->bytes + 6, value);
        sum_header(packet);
    }
}

bool inject_ip_field(struct run *run, const struct scenario_raw_field *field,
                     struct tcp_room *packet)
{
    const uint32_t value = (uint32_t)field->value;
    uint8_t *const ip = packet->bytes;
    const bool has_checksum = !is_ipv6(run);
    if (strcmp(field->name, "fragment") == 0) {
        set_fragment(run, value, packet);
        return true;
    }
    if (strcmp(field->name, "ip_version") == 0) {
        ip[0] = (uint8_t)(value << 4 | (ip[0] & 15u));
    } else if (strcmp(field->name, "ip_protocol") == 0) {
        ip[has_checksum ? 9 : 6] = (uint8_t)value;
    } else if (strcmp(field->name, "ip_length") == 0) { /* of IPv6: without the fixed header */
        store_16(ip + (has_checksum ? 2 : 4), value);
    } else if (!has_checksum) {
        return run_fail(run, RUN_SKIPPED, field->span, "IPv6 has no %s", field->name);
    } else if (strcmp(field->name, "ip_header_length") == 0) { /* in words of 32 bits */
        ip[0] = (uint8_t)((ip[0] & 0xf0u) | (value & 15));
    } else {
        store_16(ip + 10, value); /* ip_checksum */
        return true;
    }
    if (has_checksum) {
        sum_header(packet);
    }
    return true;
}
