/* Whole packets between octets and segments, IPv4 and IPv6.
 *
 * Input: as packet_target.h has it. What is made is a segment.
 *
 * Laws: what was read and written again reads the same; what is no segment leaves nothing behind; a
 * packet that was cut is truncated; one damaged octet of TCP is always noticed. */
#include <string.h>

#include "base/bytes.h"
#include "finding.h"
#include "input.h"
#include "packet_target.h"
#include "segment.h"
#include "target.h"
#include "tcp/wire.h"

static bool is_nothing(const struct tcp_segment *segment, const struct tcp_wire_layout *layout)
{
    static const struct tcp_segment nothing;
    return segment_same(segment, &nothing) && segment->payload == NULL && segment->reserved == 0 &&
           layout->tcp_offset == 0 && layout->payload_offset == 0 && layout->packet_bytes == 0;
}

static void check_layout(const uint8_t *bytes, size_t count, const struct tcp_segment *segment,
                         const struct tcp_wire_layout *layout)
{
    law(layout->packet_bytes <= count, "wire", "a packet ends within its octets");
    law(layout->options_offset == layout->tcp_offset + TCP_WIRE_TCP_HEADER_BYTES &&
            layout->payload_offset == layout->options_offset + layout->options_bytes &&
            layout->packet_bytes == layout->payload_offset + segment->payload_bytes,
        "wire", "headers, options and payload lie one behind the other");
    law(segment->payload == bytes + layout->payload_offset, "wire",
        "the payload is where the layout says");
}

/* Writes a segment and reads it again. */
static void check_round(const struct tcp_segment *segment)
{
    static uint8_t memory[TCP_WIRE_HEADROOM + 65536];
    const struct tcp_room room = {memory, sizeof memory};
    if (tcp_wire_options_bytes(&segment->options) > TCP_OPTION_BYTES_MAX) {
        return; /* a dense list of options, which padding makes too long */
    }
    struct tcp_segment out = *segment;
    if (segment->payload_bytes > 0) {
        memcpy(memory + TCP_WIRE_HEADROOM, segment->payload, segment->payload_bytes);
        out.payload = memory + TCP_WIRE_HEADROOM;
    }
    const struct tcp_room packet = tcp_wire_write(&out, room);
    struct tcp_segment again;
    const enum tcp_wire_result result = tcp_wire_read(packet.bytes, packet.count, &again, NULL);
    law(result == TCP_WIRE_OK, "wire: what is written can be read", tcp_wire_result_name(result));
    law(segment_same(&out, &again), "wire", "reading gives what was written");
    law(again.reserved == 0, "wire", "reserved bits are sent as zero");
}

/* A sound packet, spoiled in two ways. */
static void check_damage(const uint8_t *bytes, const struct tcp_wire_layout *layout, uint8_t choice)
{
    struct tcp_segment segment;
    const size_t count = layout->packet_bytes;
    law(tcp_wire_read(bytes, count - 1, &segment, NULL) == TCP_WIRE_TRUNCATED, "wire",
        "a packet that was cut is truncated");
    uint8_t damaged[PACKET_BYTES_MAX];
    if (count > sizeof damaged) {
        return;
    }
    memcpy(damaged, bytes, count);
    const size_t place = layout->tcp_offset + choice % (count - layout->tcp_offset);
    damaged[place] ^= (uint8_t)(1u << choice % 8);
    law(tcp_wire_read(damaged, count, &segment, NULL) != TCP_WIRE_OK, "wire",
        "a damaged octet is noticed (MUST-3)");
}

static void read_packet(const uint8_t *bytes, size_t count, uint8_t choice)
{
    struct tcp_segment segment;
    struct tcp_wire_layout layout;
    const enum tcp_wire_result result = tcp_wire_read(bytes, count, &segment, &layout);
    if (result == TCP_WIRE_OK) {
        check_layout(bytes, count, &segment, &layout);
        check_round(&segment);
        check_damage(bytes, &layout, choice);
    } else if (result == TCP_WIRE_BAD_CHECKSUM || result == TCP_WIRE_BAD_OPTION) {
        check_layout(bytes, count, &segment, &layout);
    } else {
        law(is_nothing(&segment, &layout), "wire: what is no segment leaves nothing behind",
            tcp_wire_result_name(result));
    }
}

static void repair(uint8_t *packet, size_t count)
{
    struct tcp_address source, destination;
    const size_t tcp = repair_ip(packet, count, &source, &destination);
    if (tcp != 0 && count >= tcp + TCP_WIRE_TCP_HEADER_BYTES) {
        (void)bytes_put16(packet + tcp + 16, 0);
        (void)bytes_put16(packet + tcp + 16,
                          tcp_wire_checksum(&source, &destination, packet + tcp, count - tcp));
    }
}

static void take_endpoint(struct input *input, uint8_t version, struct tcp_endpoint *out)
{
    input_take_address(input, version, &out->address);
    out->port = input_u16(input);
}

static void make_segment(struct input *input, uint8_t choice)
{
    (void)choice;
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    const uint8_t version = input_u8(input) & 1 ? 6 : 4;
    take_endpoint(input, version, &segment.source);
    take_endpoint(input, version, &segment.destination);
    segment.seq.raw = input_u32(input);
    segment.ack.raw = input_u32(input);
    segment.flags = input_u16(input) & 0x1ff;
    segment.window = input_u16(input);
    segment.urgent = input_u16(input);
    segment.ttl = input_u8(input);
    segment.traffic_class = input_u8(input);
    input_take_options(input, &segment.options);
    size_t count = 65535 - TCP_WIRE_HEADROOM;
    segment.payload = input_take(input, &count);
    segment.payload_bytes = (uint32_t)count;
    check_round(&segment);
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static const struct packet_target target = {read_packet, repair, make_segment};
    return packet_target_run(&target, bytes, count);
}
