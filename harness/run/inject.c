/* A packet of the script becomes octets and goes to the system under test. Options are laid as the
 * script orders them, so they are written here; everything else is tcp_wire_write()'s. */
#include "run/inject.h"
#include "run/inject_ip.h"
#include "run/options_bytes.h"
#include "run/runner.h"
#include "run/witness.h"
#include "scenario/traffic_class.h"

#include <string.h>

/* A window that the script leaves out is the last one it gave. */
static uint16_t window_of(struct connection *connection, const struct scenario_tcp *tcp)
{
    if ((tcp->flags & TCP_FLAG_RST) != 0 && !tcp->has_window) {
        return 0;
    }
    if (tcp->has_window) {
        connection->peer_window = (uint16_t)tcp->window;
    }
    return connection->peer_window;
}

static bool live_segment(struct run *run, struct connection *connection,
                         const struct scenario_packet *packet, struct tcp_segment *out)
{
    const struct scenario_tcp *const tcp = &packet->as.tcp;
    *out = (struct tcp_segment){
        .source = connection->flow.remote,
        .destination = connection->flow.local,
        .flags = tcp->flags,
        .window = window_of(connection, tcp),
        .urgent = (uint16_t)tcp->urgent,
        .ttl = packet->ip.has_ttl ? packet->ip.ttl : 64,
        .may_fragment = packet->ip.df == SCENARIO_DF_CLEAR,
        .traffic_class = scenario_traffic_class(&packet->ip),
        .payload_bytes = tcp->payload_bytes,
    };
    if (!numbers_live(run, connection, &tcp->start, NUMBER_REMOTE, &out->seq) ||
        !inject_place(run, packet->from, packet->from_span, &out->source.address) ||
        !inject_place(run, packet->to, packet->to_span, &out->destination.address)) {
        return false;
    }
    return !tcp->has_ack || numbers_live(run, connection, &tcp->ack, NUMBER_LOCAL, &out->ack);
}

/* What the packet carries: the script's string, or what the peer's stream holds there. */
static void fill_payload(struct run *run, struct connection *connection,
                         const struct scenario_tcp *tcp, const struct tcp_segment *segment,
                         uint8_t *bytes)
{
    const tcp_seqno origin = connection->has_remote_isn ? connection->remote_isn : segment->seq;
    const uint32_t syn = tcp_segment_has(segment, TCP_FLAG_SYN) ? 1 : 0;
    const uint32_t offset = segment->seq.raw + syn - origin.raw - 1;
    if (tcp->text != NULL) {
        memcpy(bytes, tcp->text, tcp->payload_bytes);
        payload_overlay(run->arena, &connection->received, offset, tcp->text, tcp->payload_bytes);
    } else {
        payload_fill(&connection->received, offset, bytes, tcp->payload_bytes);
    }
}

/* Room for the largest packet that the script asks for; grows once or twice in a run. */
static void reserve(struct run *run, size_t bytes)
{
    if (run->inbound.count < bytes) {
        run->inbound.count = bytes + 2048;
        run->inbound.bytes = arena_take(run->arena, run->inbound.count);
    }
}

static void store_16(uint8_t *bytes, uint32_t number)
{
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

size_t inject_ip_bytes(const struct run *run)
{
    return run->ip_version == 6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
}

bool inject_fits(struct run *run, size_t count, struct source_span span)
{
    /* IPv4 counts its header (RFC 791 3.1), IPv6 does not (RFC 8200 3). */
    const size_t most = UINT16_MAX - (run->ip_version == 6 ? 0 : TCP_WIRE_IPV4_HEADER_BYTES);
    return count <= most || run_fail(run, RUN_INVALID, span, "no IP packet holds that much");
}

static void set_checksum(const struct tcp_segment *segment, uint8_t *tcp, struct tcp_room packet)
{
    const size_t count = (size_t)(packet.bytes + packet.count - tcp);
    store_16(tcp + 16, 0);
    store_16(tcp + 16, tcp_wire_checksum(&segment->source.address, &segment->destination.address,
                                         tcp, count));
}

/* Writes the packet with the options in front of the payload as if they were part of it, then moves
 * the border. */
static struct tcp_room write_packet(struct run *run, struct connection *connection,
                                    const struct scenario_tcp *tcp, struct tcp_segment *segment,
                                    const uint8_t *options, size_t option_bytes)
{
    reserve(run, TCP_WIRE_HEADROOM + option_bytes + tcp->payload_bytes);
    uint8_t *const payload = run->inbound.bytes + TCP_WIRE_HEADROOM;
    memcpy(payload, options, option_bytes);
    fill_payload(run, connection, tcp, segment, payload + option_bytes);
    segment->payload = payload;
    segment->payload_bytes = (uint32_t)(option_bytes + tcp->payload_bytes);
    struct tcp_room packet = tcp_wire_write(segment, run->inbound);
    if (option_bytes > 0) {
        uint8_t *const header = packet.bytes + inject_ip_bytes(run);
        header[12] = (uint8_t)((header[12] & 0x0f) | (5 + option_bytes / 4) << 4);
        set_checksum(segment, header, packet);
    }
    return packet;
}

/* ---- malformed input ----------------------------------------------------------------------------- */

/* `tcp`: the TCP header, which stays where it is while headers before it move. */
static bool set_raw_field(struct run *run, const struct scenario_raw_field *field,
                          const struct tcp_segment *segment, uint8_t *tcp, struct tcp_room *packet)
{
    const uint32_t value = (uint32_t)field->value;
    if (strcmp(field->name, "checksum") == 0) {
        store_16(tcp + 16, value);
    } else if (strcmp(field->name, "checksum_xor") == 0) {
        tcp[17] ^= (uint8_t)value;
    } else if (strcmp(field->name, "offset") == 0) {
        tcp[12] = (uint8_t)((tcp[12] & 0x0f) | (value & 15) << 4);
        set_checksum(segment, tcp, *packet);
    } else if (strcmp(field->name, "reserved") == 0) {
        tcp[12] = (uint8_t)((tcp[12] & 0xf1) | (value & 7) << 1);
        set_checksum(segment, tcp, *packet);
    } else {
        return inject_ip_field(run, field, packet);
    }
    return true;
}

/* How many octets a field leaves of the packet; SIZE_MAX: it shortens nothing. */
static size_t octets_left(const struct scenario_raw_field *field, const uint8_t *tcp,
                          struct tcp_room packet)
{
    if (strcmp(field->name, "length") == 0) {
        return (size_t)field->value;
    }
    const size_t before = (size_t)(tcp - packet.bytes);
    return strcmp(field->name, "cut") == 0 ? before + (size_t)field->value : SIZE_MAX;
}

/* Headers behind the first of IP and before TCP's. */
static size_t extension_bytes(const struct run *run, const struct scenario_packet *packet)
{
    size_t count = packet->ip.option_bytes;
    for (size_t i = 0; run->ip_version == 6 && i < packet->as.tcp.raw_count; i++) {
        if (strcmp(packet->as.tcp.raw[i].name, "fragment") == 0) {
            count += INJECT_FRAGMENT_BYTES;
        }
    }
    return count;
}

/* A packet is whole until every other field is set. */
static bool set_raw_fields(struct run *run, const struct scenario_packet *packet,
                           const struct tcp_segment *segment, struct tcp_room *bytes)
{
    const struct scenario_tcp *const said = &packet->as.tcp;
    uint8_t *const tcp = bytes->bytes + inject_ip_bytes(run) + packet->ip.option_bytes;
    if (packet->ip.has_flow_label && run->ip_version == 6) {
        bytes->bytes[1] = (uint8_t)((bytes->bytes[1] & 0xf0) | (packet->ip.flow_label >> 16 & 15));
        store_16(bytes->bytes + 2, packet->ip.flow_label);
    }
    for (size_t i = 0; i < said->raw_count; i++) {
        if (octets_left(&said->raw[i], tcp, *bytes) == SIZE_MAX &&
            !set_raw_field(run, &said->raw[i], segment, tcp, bytes)) {
            return false;
        }
    }
    for (size_t i = 0; i < said->raw_count; i++) {
        const size_t left = octets_left(&said->raw[i], tcp, *bytes);
        bytes->count = left < bytes->count ? left : bytes->count;
    }
    return true;
}

/* ---- addresses ------------------------------------------------------------------------------------ */

bool inject_place(struct run *run, const char *place, struct source_span span,
                  struct tcp_address *out)
{
    static const struct {
        const char *kind, *ipv4, *ipv6;
    } kinds[] = {
        {"multicast", "224.0.0.1", "ff02::1"},      {"broadcast", "255.255.255.255", NULL},
        {"unspecified", "0.0.0.0", "::"},           {"loopback", "127.0.0.1", "::1"},
        {"other", "198.51.100.7", "2001:db8::7:7"},
    };
    if (place == NULL) {
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(place, kinds[i].kind) != 0) {
            continue;
        }
        const char *const text = run->ip_version == 6 ? kinds[i].ipv6 : kinds[i].ipv4;
        if (text == NULL) {
            return run_fail(run, RUN_SKIPPED, span, "IPv6 has no %s address", place);
        }
        return argument_address(run, text, strlen(text), span, out);
    }
    return argument_address(run, place, strlen(place), span, out);
}

/* ---- the whole ------------------------------------------------------------------------------------ */

/* The packet as it reads; of ICMP no segment. */
static struct tcp_segment record_input(struct run *run, const struct scenario_event *event,
                                       const struct connection *connection, struct tcp_room packet)
{
    uint8_t *const bytes = arena_take(run->arena, packet.count);
    memcpy(bytes, packet.bytes, packet.count);
    /* A cause names a four-tuple. Which of its lives sent the packet nobody has said. */
    struct trace_packet entry = {.direction = TRACE_TO_SUT,
                                 .bytes = bytes,
                                 .count = packet.count,
                                 .incarnation = connection->index,
                                 .has_origin = run->mode == RUN_CAUSES,
                                 .origin_incarnation = TRACE_NO_EVENT};
    entry.wire = tcp_wire_read(bytes, packet.count, &entry.segment, &entry.layout);
    entry.is_icmp = entry.wire == TCP_WIRE_NOT_TCP &&
                    tcp_icmp_read(bytes, packet.count, &entry.icmp) == TCP_WIRE_OK;
    run_record(run, TRACE_PACKET, event)->as.packet = entry;
    return entry.is_icmp ? (struct tcp_segment){0} : entry.segment;
}

bool inject_bytes(struct run *run, const struct scenario_event *event,
                  struct connection *connection, struct tcp_room packet)
{
    const struct tcp_segment segment = record_input(run, event, connection, packet);
    struct encounter met;
    run->last_inbound = connection;
    witness_before(run, &segment, &met);
    run->sut->input(run->instance, run->now, packet.bytes, packet.count);
    return witness_after(run, &segment, &met);
}

bool inject_packet(struct run *run, const struct scenario_event *event)
{
    const struct scenario_packet *const packet = event->as.packet;
    if (packet->protocol == SCENARIO_ICMP) {
        return inject_icmp(run, event);
    }
    const struct scenario_tcp *const tcp = &packet->as.tcp;
    struct connection *const connection = connections_of_inbound(run, packet);
    struct tcp_segment segment;
    if (connection == NULL || !live_segment(run, connection, packet, &segment)) {
        return false;
    }
    uint8_t options[OPTIONS_BYTES_ROOM];
    size_t option_bytes;
    if (!options_bytes(run, connection, tcp, SCENARIO_INBOUND, options, NULL, &option_bytes)) {
        return false;
    }
    while (option_bytes % 4 != 0) {
        options[option_bytes++] = 0;
    }
    const size_t tcp_bytes = TCP_WIRE_TCP_HEADER_BYTES + option_bytes + tcp->payload_bytes;
    if (!inject_fits(run, extension_bytes(run, packet) + tcp_bytes, event->span)) {
        return false;
    }
    struct tcp_room bytes = write_packet(run, connection, tcp, &segment, options, option_bytes);
    if (packet->ip.option_bytes != 0) {
        bytes = inject_ip_options(run, bytes, packet->ip.option_bytes);
    }
    return set_raw_fields(run, packet, &segment, &bytes) &&
           inject_bytes(run, event, connection, bytes);
}
