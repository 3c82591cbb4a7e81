/* IP headers with leniency, then TCP's. */
#include "capture/packet.h"

#include <string.h>

#include "capture/link.h"
#include "wire/options.h"
#include "wire/tcp.h"

#define IPV6_EXTENSIONS_MAX 8
#define IPV4_FRAGMENT_MASK  0x3fff
#define LARGE_PACKET_MAX    524288 /* of segmentation offload: as much as BIG TCP makes */

enum {
    NEXT_HOP_BY_HOP = 0,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_DESTINATION_OPTIONS = 60,
};

/* An IP packet being read: what was captured of it, and what was sent. */
struct reading {
    const uint8_t *bytes;
    size_t count, wire_count;
    size_t tcp_at;      /* where TCP begins */
    size_t ip_count;    /* the packet's length, as its header says */
    bool has_no_length; /* the header leaves it open */
    bool claims_too_much;
    struct tcp_address source, destination;
};

static unsigned word_at(const uint8_t *bytes)
{
    return (unsigned)(bytes[0] << 8 | bytes[1]);
}

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i + 1 < count; i += 2) {
        sum += word_at(bytes + i);
    }
    return sum;
}

static uint16_t fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

static struct tcp_address address_at(const uint8_t *bytes, uint8_t version)
{
    struct tcp_address address = {.version = version};
    memcpy(address.bytes, bytes, version == 4 ? 4 : 16);
    return address;
}

/* A length of 0 stands for one that the field cannot hold: segmentation offload. */
static void take_length(struct reading *reading, size_t said)
{
    reading->has_no_length = said == 0;
    reading->ip_count = said == 0 ? reading->wire_count : said;
    reading->claims_too_much = reading->ip_count > reading->wire_count;
}

static enum capture_kind read_ipv4(struct reading *reading)
{
    const uint8_t *bytes = reading->bytes;
    if (reading->count < TCP_WIRE_IPV4_HEADER_BYTES) {
        return CAPTURE_TOO_SHORT;
    }
    reading->tcp_at = (size_t)(bytes[0] & 15) * 4;
    if (bytes[9] != TCP_WIRE_PROTOCOL || reading->tcp_at < TCP_WIRE_IPV4_HEADER_BYTES) {
        return CAPTURE_OTHER;
    }
    if ((word_at(bytes + 6) & IPV4_FRAGMENT_MASK) != 0) {
        return CAPTURE_FRAGMENT;
    }
    take_length(reading, word_at(bytes + 2));
    reading->source = address_at(bytes + 12, 4);
    reading->destination = address_at(bytes + 16, 4);
    return CAPTURE_TCP;
}

static enum capture_kind read_ipv6(struct reading *reading)
{
    const uint8_t *bytes = reading->bytes;
    if (reading->count < TCP_WIRE_IPV6_HEADER_BYTES) {
        return CAPTURE_TOO_SHORT;
    }
    const unsigned said = word_at(bytes + 4);
    take_length(reading, said == 0 ? 0 : said + TCP_WIRE_IPV6_HEADER_BYTES);
    reading->source = address_at(bytes + 8, 6);
    reading->destination = address_at(bytes + 24, 6);
    uint8_t next = bytes[6];
    size_t at = TCP_WIRE_IPV6_HEADER_BYTES;
    for (int seen = 0; seen < IPV6_EXTENSIONS_MAX && next != TCP_WIRE_PROTOCOL; seen++) {
        if (next == NEXT_FRAGMENT) {
            return CAPTURE_FRAGMENT;
        }
        if (next != NEXT_HOP_BY_HOP && next != NEXT_ROUTING && next != NEXT_DESTINATION_OPTIONS) {
            return CAPTURE_OTHER;
        }
        if (at + 8 > reading->count) {
            return CAPTURE_TOO_SHORT;
        }
        next = bytes[at];
        at += ((size_t)bytes[at + 1] + 1) * 8;
    }
    reading->tcp_at = at;
    return next == TCP_WIRE_PROTOCOL ? CAPTURE_TCP : CAPTURE_OTHER;
}

/* The sum of the pseudo header alone is what a card is given to go on with. */
static bool is_pseudo_sum(const struct reading *reading, size_t tcp_count)
{
    const size_t address_count = reading->source.version == 4 ? 4 : 16;
    uint32_t sum = add_words(0, reading->source.bytes, address_count);
    sum = add_words(sum, reading->destination.bytes, address_count);
    sum += TCP_WIRE_PROTOCOL + (uint32_t)(tcp_count >> 16) + (uint32_t)(tcp_count & 0xffff);
    const unsigned field = word_at(reading->bytes + reading->tcp_at + 16);
    const uint16_t pseudo = fold(sum);
    /* With large segments some systems leave the length out, for the card to add. */
    const uint16_t without = fold(sum + 0xffff - (uint32_t)(tcp_count & 0xffff));
    return field == pseudo || field == without;
}

static enum capture_sum judge_sums(const struct reading *reading, bool is_whole)
{
    const uint8_t *tcp = reading->bytes + reading->tcp_at;
    const size_t tcp_count = reading->ip_count - reading->tcp_at;
    const bool is_ip_right = reading->source.version == 6 ||
                             fold(add_words(0, reading->bytes, reading->tcp_at)) == 0xffff;
    const bool is_ip_left_open = !is_ip_right && word_at(reading->bytes + 10) == 0;
    if (is_whole && is_ip_right &&
        tcp_wire_checksum(&reading->source, &reading->destination, tcp, tcp_count) == 0) {
        return CAPTURE_SUM_RIGHT;
    }
    if (reading->has_no_length || is_ip_left_open || is_pseudo_sum(reading, tcp_count)) {
        return CAPTURE_SUM_OFFLOADED;
    }
    return is_whole || !is_ip_right ? CAPTURE_SUM_WRONG : CAPTURE_SUM_UNKNOWN;
}

/* A header of which `count` octets are there: numbers, and the options as far as they go. An option that
 * the capture cut is no bad one. */
static void read_header(const uint8_t *tcp, uint32_t count, struct capture_packet *out)
{
    struct tcp_segment *segment = &out->segment;
    const uint32_t header_count = (tcp[12] >> 4) * 4u;
    uint8_t fixed[TCP_WIRE_TCP_HEADER_BYTES];
    memcpy(fixed, tcp, sizeof fixed);
    fixed[12] = (uint8_t)((fixed[12] & 15) | (TCP_WIRE_TCP_HEADER_BYTES / 4) << 4);
    (void)tcp_header_read(fixed, sizeof fixed, segment); /* the sum over this part means nothing */
    const enum tcp_wire_result options = options_read(
        tcp + TCP_WIRE_TCP_HEADER_BYTES, count - TCP_WIRE_TCP_HEADER_BYTES, &segment->options);
    out->wire = count == header_count ? options : TCP_WIRE_OK;
}

/* The header and the options; at least 20 octets of TCP are there, as many as IP says or fewer. */
static enum capture_kind read_tcp(const struct reading *reading, struct capture_packet *out)
{
    const uint8_t *tcp = reading->bytes + reading->tcp_at;
    const size_t there = reading->count - reading->tcp_at;
    const size_t tcp_count = reading->ip_count - reading->tcp_at;
    const uint32_t header_count = (tcp[12] >> 4) * 4u;
    struct tcp_segment *segment = &out->segment;
    segment->source = (struct tcp_endpoint){reading->source, (uint16_t)word_at(tcp)};
    segment->destination = (struct tcp_endpoint){reading->destination, (uint16_t)word_at(tcp + 2)};
    if (header_count < TCP_WIRE_TCP_HEADER_BYTES || header_count > tcp_count) {
        out->wire = TCP_WIRE_BAD_DATA_OFFSET;
        return CAPTURE_TCP;
    }
    if (header_count > there && (tcp[13] & TCP_FLAG_SYN) != 0) {
        return CAPTURE_TOO_SHORT;
    }
    read_header(tcp, header_count < there ? header_count : (uint32_t)there, out);
    out->options_are_cut = header_count > there;
    segment->payload = out->is_whole ? tcp + header_count : NULL;
    segment->payload_bytes = (uint32_t)(tcp_count - header_count);
    out->layout = (struct tcp_wire_layout){
        .tcp_offset = (uint16_t)reading->tcp_at,
        .options_offset = (uint16_t)(reading->tcp_at + TCP_WIRE_TCP_HEADER_BYTES),
        .options_bytes =
            (uint16_t)((header_count < there ? header_count : there) - TCP_WIRE_TCP_HEADER_BYTES),
        .payload_offset = (uint16_t)(reading->tcp_at + header_count),
        .packet_bytes = (uint32_t)reading->ip_count};
    return CAPTURE_TCP;
}

static enum capture_kind read_packet(struct reading *reading, struct capture_packet *out)
{
    const enum capture_kind ip =
        reading->bytes[0] >> 4 == 4 ? read_ipv4(reading) : read_ipv6(reading);
    if (ip != CAPTURE_TCP) {
        return ip;
    }
    if (reading->ip_count > LARGE_PACKET_MAX) {
        return CAPTURE_OTHER; /* no card makes such: the record's length is wrong */
    }
    if (!reading->claims_too_much && reading->count > reading->ip_count) {
        reading->count = reading->ip_count; /* padding of the link */
    }
    if (reading->tcp_at > reading->ip_count ||
        reading->ip_count - reading->tcp_at < TCP_WIRE_TCP_HEADER_BYTES) {
        return CAPTURE_OTHER; /* not even ports */
    }
    if (reading->tcp_at + TCP_WIRE_TCP_HEADER_BYTES > reading->count) {
        return CAPTURE_TOO_SHORT;
    }
    out->bytes = reading->bytes;
    out->count = reading->count;
    out->is_whole = reading->count == reading->ip_count;
    out->sum = judge_sums(reading, out->is_whole);
    const enum capture_kind kind = read_tcp(reading, out);
    if (kind == CAPTURE_TCP && reading->claims_too_much) {
        out->wire = TCP_WIRE_TRUNCATED;
    }
    if (kind == CAPTURE_TCP) {
        out->segment.ttl = reading->source.version == 4 ? out->bytes[8] : out->bytes[7];
        out->segment.traffic_class =
            reading->source.version == 4 ? out->bytes[1] : (uint8_t)(word_at(out->bytes) >> 4);
    }
    return kind;
}

void capture_packet_read(int link, const uint8_t *frame, size_t count, size_t wire_count,
                         struct capture_packet *out)
{
    *out = (struct capture_packet){.kind = CAPTURE_OTHER};
    size_t offset = 0;
    if (!capture_find_ip(link, frame, count, &offset)) {
        return;
    }
    struct reading reading = {.bytes = frame + offset,
                              .count = count - offset,
                              .wire_count = (wire_count < count ? count : wire_count) - offset};
    const enum capture_kind kind = read_packet(&reading, out);
    if (kind != CAPTURE_TCP) {
        *out = (struct capture_packet){0};
    }
    out->kind = kind;
}
