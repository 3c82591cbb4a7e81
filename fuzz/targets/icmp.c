/* ICMP error messages between octets and struct tcp_icmp, IPv4 and IPv6.
 *
 * Input: as packet_target.h has it. What is made is a message.
 *
 * Laws: what was read and written again around the same quotation reads the same; what is no such message
 * leaves nothing behind; a packet that was cut is truncated; one damaged octet of a message is noticed. */
#include <string.h>

#include "base/bytes.h"
#include "finding.h"
#include "input.h"
#include "packet_target.h"
#include "segment.h"
#include "target.h"
#include "tcp/icmp.h"
#include "wire/checksum.h"
#include "wire/ip.h"

#define CHECKSUM_OFFSET 2u
#define PROTOCOL_ICMP4  1u
#define PROTOCOL_ICMP6  58u
#define ROOM_BYTES      (PACKET_BYTES_MAX + 64u)

static bool icmp_same(const struct tcp_icmp *a, const struct tcp_icmp *b)
{
    return address_same(&a->source, &b->source) && address_same(&a->destination, &b->destination) &&
           a->type == b->type && a->code == b->code && a->mtu == b->mtu &&
           endpoint_same(&a->quoted_source, &b->quoted_source) &&
           endpoint_same(&a->quoted_destination, &b->quoted_destination) &&
           a->quoted_seq.raw == b->quoted_seq.raw &&
           a->quoted_header_bytes == b->quoted_header_bytes &&
           a->quoted_packet_bytes == b->quoted_packet_bytes;
}

static bool is_nothing(const struct tcp_icmp *icmp)
{
    static const struct tcp_icmp nothing;
    return icmp_same(icmp, &nothing);
}

/* A sound packet, spoiled in two ways. */
static void check_damage(const uint8_t *bytes, const struct ip_header *ip, uint8_t choice)
{
    struct tcp_icmp icmp;
    law(tcp_icmp_read(bytes, ip->packet_bytes - 1, &icmp) == TCP_WIRE_TRUNCATED, "icmp",
        "a packet that was cut is truncated");
    uint8_t damaged[ROOM_BYTES];
    memcpy(damaged, bytes, ip->packet_bytes);
    const size_t place = ip->header_bytes + choice % (ip->packet_bytes - ip->header_bytes);
    damaged[place] ^= (uint8_t)(1u << choice % 8);
    law(tcp_icmp_read(damaged, ip->packet_bytes, &icmp) == TCP_WIRE_BAD_CHECKSUM, "icmp",
        "a damaged octet is noticed (RFC 792, RFC 4443 2.3)");
}

static void read_packet(const uint8_t *bytes, size_t count, uint8_t choice)
{
    struct tcp_icmp icmp;
    memset(&icmp, 0, sizeof icmp);
    const enum tcp_wire_result result = tcp_icmp_read(bytes, count, &icmp);
    if (result != TCP_WIRE_OK) {
        law(is_nothing(&icmp), "icmp: what is no message leaves nothing behind",
            tcp_wire_result_name(result));
        return;
    }
    struct ip_header ip;
    law(ip_header_read(bytes, count, &ip) == TCP_WIRE_OK, "icmp", "a message is in an IP packet");
    const size_t before = ip.header_bytes + TCP_ICMP_HEADER_BYTES;
    law(before + icmp.quoted_header_bytes + TCP_ICMP_QUOTE_BYTES_MIN <= ip.packet_bytes, "icmp",
        "what is told of a quotation stands in the packet");
    if (ip.packet_bytes > PACKET_BYTES_MAX) {
        return;
    }
    uint8_t memory[ROOM_BYTES];
    const struct tcp_room room = tcp_icmp_write(&icmp, bytes + before, ip.packet_bytes - before,
                                                (struct tcp_room){memory, sizeof memory});
    struct tcp_icmp again;
    law(tcp_icmp_read(room.bytes, room.count, &again) == TCP_WIRE_OK && icmp_same(&icmp, &again),
        "icmp", "what was read and written again reads the same");
    check_damage(bytes, &ip, choice);
}

static void repair(uint8_t *packet, size_t count)
{
    struct tcp_address source, destination;
    const size_t at = repair_ip(packet, count, &source, &destination);
    if (at == 0 || count - at < TCP_ICMP_HEADER_BYTES) {
        return;
    }
    uint8_t *message = packet + at;
    (void)bytes_put16(message + CHECKSUM_OFFSET, 0);
    const uint64_t sum = source.version == 4 ? 0
                                             : checksum_pseudo_header(&source, &destination,
                                                                      PROTOCOL_ICMP6, count - at);
    (void)bytes_put16(message + CHECKSUM_OFFSET,
                      checksum_finish(checksum_add(sum, message, count - at)));
}

static void make_message(struct input *input, uint8_t choice)
{
    const uint8_t version = input_u8(input) & 1 ? 6 : 4;
    struct tcp_icmp icmp;
    memset(&icmp, 0, sizeof icmp);
    input_take_address(input, version, &icmp.source);
    input_take_address(input, version, &icmp.destination);
    icmp.type = input_u8(input);
    icmp.code = input_u8(input);
    icmp.mtu = input_u32(input);
    size_t count = PACKET_BYTES_MAX - TCP_WIRE_IPV6_HEADER_BYTES - TCP_ICMP_HEADER_BYTES;
    const uint8_t *quote = input_take(input, &count);
    uint8_t memory[PACKET_BYTES_MAX];
    const struct tcp_room packet =
        tcp_icmp_write(&icmp, quote, count, (struct tcp_room){memory, sizeof memory});
    struct ip_header ip;
    law(ip_header_read(packet.bytes, packet.count, &ip) == TCP_WIRE_OK &&
            ip.packet_bytes == packet.count &&
            ip.protocol == (version == 4 ? PROTOCOL_ICMP4 : PROTOCOL_ICMP6),
        "icmp", "what is written is an ICMP packet");
    struct tcp_icmp again;
    const enum tcp_wire_result result = tcp_icmp_read(packet.bytes, packet.count, &again);
    law(result != TCP_WIRE_BAD_CHECKSUM, "icmp", "what is written has its checksum");
    if (result == TCP_WIRE_OK) {
        law(again.type == icmp.type && again.code == icmp.code &&
                address_same(&again.source, &icmp.source) &&
                address_same(&again.destination, &icmp.destination),
            "icmp", "what is written reads the same");
    }
    read_packet(packet.bytes, packet.count, choice);
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static const struct packet_target target = {read_packet, repair, make_message};
    return packet_target_run(&target, bytes, count);
}
