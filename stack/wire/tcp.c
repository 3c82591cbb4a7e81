/* The TCP header between bytes and struct tcp_segment; see wire/tcp.h. */
#include "wire/tcp.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "wire/options.h"

/* The data offset and the twelve bits behind it are one 16-bit field: four bits of offset, three
 * reserved, nine control bits. */
#define FLAGS_MASK     0x01ffu
#define RESERVED_SHIFT 9
#define RESERVED_MASK  0x7u

enum { CHECKSUM_OFFSET = 16 };

static enum tcp_wire_result check_options_and_sum(const uint8_t *tcp, uint32_t tcp_bytes,
                                                  uint32_t header_bytes, struct tcp_segment *out)
{
    const enum tcp_wire_result options = options_read(
        tcp + TCP_WIRE_TCP_HEADER_BYTES, header_bytes - TCP_WIRE_TCP_HEADER_BYTES, &out->options);
    /* RFC 9293 3.1, MUST-3. A segment that was damaged says nothing, not even of its options. */
    if (tcp_wire_checksum(&out->source.address, &out->destination.address, tcp, tcp_bytes) != 0) {
        return TCP_WIRE_BAD_CHECKSUM;
    }
    return options;
}

enum tcp_wire_result tcp_header_read(const uint8_t *tcp, uint32_t tcp_bytes,
                                     struct tcp_segment *out)
{
    if (tcp_bytes < TCP_WIRE_TCP_HEADER_BYTES) {
        return TCP_WIRE_TRUNCATED;
    }
    const uint32_t header_bytes = (tcp[12] >> 4) * 4u;
    if (header_bytes < TCP_WIRE_TCP_HEADER_BYTES || header_bytes > tcp_bytes) {
        return TCP_WIRE_BAD_DATA_OFFSET;
    }
    const uint16_t offset_and_flags = bytes_get16(tcp + 12);
    out->source.port = bytes_get16(tcp);
    out->destination.port = bytes_get16(tcp + 2);
    out->seq.raw = bytes_get32(tcp + 4);
    out->ack.raw = bytes_get32(tcp + 8);
    out->flags = offset_and_flags & FLAGS_MASK;
    out->reserved = (offset_and_flags >> RESERVED_SHIFT) & RESERVED_MASK;
    out->window = bytes_get16(tcp + 14);
    out->urgent = bytes_get16(tcp + 18);
    out->payload = tcp + header_bytes;
    out->payload_bytes = tcp_bytes - header_bytes;
    return check_options_and_sum(tcp, tcp_bytes, header_bytes, out);
}

uint32_t tcp_header_bytes(const struct tcp_segment *segment)
{
    return TCP_WIRE_TCP_HEADER_BYTES + tcp_wire_options_bytes(&segment->options);
}

void tcp_header_write(const struct tcp_segment *segment, uint8_t *to)
{
    const uint32_t header_bytes = tcp_header_bytes(segment);
    TCP_ASSERT((segment->flags & ~FLAGS_MASK) == 0);
    uint8_t *at = bytes_put16(to, segment->source.port);
    at = bytes_put16(at, segment->destination.port);
    at = bytes_put32(at, segment->seq.raw);
    at = bytes_put32(at, segment->ack.raw);
    at = bytes_put16(at, (uint16_t)((header_bytes / 4) << 12 | segment->flags));
    at = bytes_put16(at, segment->window);
    at = bytes_put16(at, 0);
    at = bytes_put16(at, segment->urgent);
    options_write(&segment->options, at);
    /* RFC 9293 3.1, MUST-2. */
    const uint16_t checksum =
        tcp_wire_checksum(&segment->source.address, &segment->destination.address, to,
                          header_bytes + segment->payload_bytes);
    bytes_put16(to + CHECKSUM_OFFSET, checksum);
}
