/* Packets that are heard; see repair.h. */
#include "repair.h"

#include <string.h>

#include "base/bytes.h"
#include "tcp/wire.h"
#include "wire/checksum.h"

static bool is_extension(uint8_t next)
{
    return next == 0 || next == 43 || next == 44 ||
           next == 60; /* RFC 8200 4, as TCP may follow them */
}

static size_t repair_ipv6(uint8_t *packet, size_t count)
{
    (void)bytes_put16(packet + 4, (uint16_t)(count - TCP_WIRE_IPV6_HEADER_BYTES));
    size_t at = TCP_WIRE_IPV6_HEADER_BYTES;
    for (uint8_t next = packet[6]; is_extension(next) && at + 2 <= count;) {
        next = packet[at];
        at += 8u + 8u * packet[at + 1];
    }
    return at < count ? at : count;
}

size_t repair_ip(uint8_t *packet, size_t count, struct tcp_address *source,
                 struct tcp_address *destination)
{
    const uint8_t version = count > 0 ? packet[0] >> 4 : 0;
    if (version == 6 && count >= TCP_WIRE_IPV6_HEADER_BYTES) {
        *source = *destination = (struct tcp_address){.version = 6};
        memcpy(source->bytes, packet + 8, 16);
        memcpy(destination->bytes, packet + 24, 16);
        return repair_ipv6(packet, count);
    }
    const size_t header_bytes = version == 4 ? (packet[0] & 0x0fu) * 4u : 0;
    if (header_bytes < TCP_WIRE_IPV4_HEADER_BYTES || count < header_bytes) {
        return 0;
    }
    *source = *destination = (struct tcp_address){.version = 4};
    memcpy(source->bytes, packet + 12, 4);
    memcpy(destination->bytes, packet + 16, 4);
    (void)bytes_put16(packet + 2, (uint16_t)count);
    (void)bytes_put16(packet + 10, 0);
    (void)bytes_put16(packet + 10, checksum_finish(checksum_add(0, packet, header_bytes)));
    return header_bytes;
}
