#include "packet_target.h"

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

int packet_target_run(const struct packet_target *target, const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    if (count < 2) {
        return 0;
    }
    const uint8_t control = input_u8(&input);
    const uint8_t choice = control >> 2;
    if (control & 2) {
        target->make(&input, choice);
        return 0;
    }
    if ((control & 1) == 0) {
        target->read(input.bytes, input.count, choice);
        return 0;
    }
    /* The copy ends where its memory ends, so that a sanitizer sees a read behind it. */
    static uint8_t memory[PACKET_BYTES_MAX];
    size_t taken = sizeof memory;
    const uint8_t *packet = input_take(&input, &taken);
    uint8_t *copy = memory + sizeof memory - taken;
    memcpy(copy, packet, taken);
    target->repair(copy, taken);
    target->read(copy, taken, choice);
    return 0;
}
