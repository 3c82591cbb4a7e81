/* An ICMP packet of the script becomes octets: the segment that it quotes is written as the stack would
 * have sent it, cut as the script says, and packed into a message. */
#include "run/inject.h"
#include "run/runner.h"
#include "scenario/parse.h"
#include "tcp/icmp.h"
#include "trace/icmp_names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MTU_EXTRA_IPV6     20 /* as the setting `mtu` is meant: segments are as large as over IPv4 */
#define PROTOCOL_UDP       17
#define PROTOCOL_RAW       255
#define QUOTE_BYTES_UNSAID TCP_ICMP_QUOTE_BYTES_MIN

struct icmp_numbers {
    uint8_t type, code;
};

/* ---- which kind ----------------------------------------------------------------------------------- */

static bool is_number(const char *word)
{
    return word != NULL && word[0] >= '0' && word[0] <= '9';
}

static bool number(struct run *run, const struct scenario_icmp *icmp, const char *word,
                   uint8_t *out)
{
    char *end;
    const unsigned long value = word == NULL ? 0 : strtoul(word, &end, 0);
    if (word != NULL && (*end != '\0' || value > UINT8_MAX)) {
        return run_fail(run, RUN_INVALID, icmp->type_span, "%s is no number of an ICMP kind", word);
    }
    *out = (uint8_t)value;
    return true;
}

static bool fail_unknown(struct run *run, const struct scenario_icmp *icmp)
{
    size_t count;
    const struct icmp_kind *const kinds = icmp_kinds(&count);
    bool is_type = false;
    const char **const types = arena_take(run->arena, count * sizeof *types);
    const char **const codes = arena_take(run->arena, count * sizeof *codes);
    size_t code_count = 0;
    for (size_t i = 0; i < count; i++) {
        types[i] = kinds[i].type;
        if (strcmp(kinds[i].type, icmp->type) == 0) {
            is_type = true;
            codes[code_count] = kinds[i].code;
            code_count += kinds[i].code != NULL;
        }
    }
    const char *const wrong = is_type ? icmp->code : icmp->type;
    if (wrong == NULL) {
        return run_fail(run, RUN_INVALID, icmp->type_span, "icmp %s needs a code", icmp->type);
    }
    const char *const nearest = is_type ? diagnostic_nearest(wrong, codes, code_count)
                                        : diagnostic_nearest(wrong, types, count);
    return run_fail(run, RUN_INVALID, icmp->type_span, "there is no ICMP %s %s%s%s%s",
                    is_type ? "code" : "type", wrong, nearest == NULL ? "" : "; did you mean ",
                    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

static bool numbers_of(struct run *run, const struct scenario_icmp *icmp, struct icmp_numbers *out)
{
    if (is_number(icmp->type)) {
        return number(run, icmp, icmp->type, &out->type) &&
               number(run, icmp, icmp->code, &out->code);
    }
    const struct icmp_kind *const kind = icmp_kind_named(icmp->type, icmp->code);
    if (kind == NULL) {
        return fail_unknown(run, icmp);
    }
    const int16_t type = run->ip_version == 6 ? kind->type6 : kind->type4;
    if (type == ICMP_NONE) {
        return run_fail(run, RUN_SKIPPED, icmp->type_span, "ICMP for IPv%u has no %s %s",
                        run->ip_version, icmp->type, icmp->code == NULL ? "" : icmp->code);
    }
    out->type = (uint8_t)type;
    out->code = (uint8_t)(run->ip_version == 6 ? kind->code6 : kind->code4);
    return true;
}

bool inject_knows_icmp(struct run *run, const struct scenario_icmp *icmp)
{
    struct icmp_numbers numbers;
    return numbers_of(run, icmp, &numbers);
}

/* ---- what it quotes -------------------------------------------------------------------------------- */

static bool quoted_segment(struct run *run, const struct connection *connection,
                           const struct scenario_packet *packet, struct tcp_segment *out)
{
    const struct scenario_icmp *const icmp = &packet->as.icmp;
    *out = (struct tcp_segment){
        .source = connection->flow.local,
        .destination = connection->flow.remote,
        .flags = TCP_FLAG_ACK,
        .window = connection->peer_window,
        .ttl = 63,
        .payload_bytes = icmp->quoted_bytes,
    };
    if (packet->has_ports) { /* said as of a segment that arrives */
        out->source.port = packet->destination_port;
        out->destination.port = packet->source_port;
    }
    return strcmp(icmp->quoted, "tcp") != 0 ||
           numbers_live(run, connection, &icmp->quoted_start, NUMBER_LOCAL, &out->seq);
}

/* The packet that is quoted, whole. */
static struct tcp_room quoted_packet(struct run *run, const struct scenario_icmp *icmp,
                                     struct tcp_segment *segment)
{
    const size_t room_bytes = TCP_WIRE_HEADROOM + (size_t)segment->payload_bytes;
    const struct tcp_room room = {arena_take(run->arena, room_bytes), room_bytes};
    memset(room.bytes, 0, room_bytes);
    segment->payload = room.bytes + TCP_WIRE_HEADROOM;
    const struct tcp_room packet = tcp_wire_write(segment, room);
    const bool is_udp = strcmp(icmp->quoted, "udp") == 0;
    if (is_udp || strcmp(icmp->quoted, "raw") == 0) {
        packet.bytes[run->ip_version == 6 ? 6 : 9] = is_udp ? PROTOCOL_UDP : PROTOCOL_RAW;
    }
    return packet;
}

static size_t quote_bytes(const struct run *run, const struct scenario_icmp *icmp,
                          struct tcp_room packet)
{
    const size_t header =
        run->ip_version == 6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
    const size_t wanted = header + (icmp->has_quote ? icmp->quote_bytes : QUOTE_BYTES_UNSAID);
    return wanted < packet.count ? wanted : packet.count;
}

/* ---- the message ------------------------------------------------------------------------------------ */

static struct tcp_room write_message(struct run *run, const struct tcp_icmp *message,
                                     struct tcp_room quote)
{
    const size_t room_bytes = TCP_WIRE_HEADROOM + quote.count;
    const struct tcp_room room = {arena_take(run->arena, room_bytes), room_bytes};
    return tcp_icmp_write(message, quote.bytes, quote.count, room);
}

static bool set_raw(struct run *run, const struct scenario_icmp *icmp, struct tcp_room *packet)
{
    const size_t header =
        run->ip_version == 6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
    for (size_t i = 0; i < icmp->raw_count; i++) {
        const struct scenario_raw_field *const field = &icmp->raw[i];
        if (strcmp(field->name, "checksum") == 0) {
            packet->bytes[header + 2] = (uint8_t)(field->value >> 8);
            packet->bytes[header + 3] = (uint8_t)field->value;
        } else if (strcmp(field->name, "length") == 0) {
            const size_t length = (size_t)field->value;
            packet->count = length < packet->count ? length : packet->count;
        } else {
            return run_fail(run, RUN_SKIPPED, field->span, "raw field %s cannot run with ICMP",
                            field->name);
        }
    }
    return true;
}

static struct connection *connection_of_ports(struct run *run, const struct scenario_packet *packet)
{
    struct tcp_flow flow = {.local = {.address = run->local, .port = packet->destination_port},
                            .remote = {.address = run->remote, .port = packet->source_port}};
    return connections_of_flow(run, &flow);
}

/* Whose segment is quoted: the label's connection, the ports', or the latest. */
static struct connection *connection_of(struct run *run, const struct scenario_packet *packet,
                                        struct source_span span)
{
    struct connection *connection = connections_latest(run);
    if (packet->connection != NULL) {
        connection = targets_connection(run, packet->connection);
    } else if (packet->has_ports && connection_of_ports(run, packet) != NULL) {
        connection = connection_of_ports(run, packet);
    } else if (connection == NULL && run->connection_count > 0) {
        connection = run->connections[run->connection_count - 1];
    }
    if (connection == NULL) {
        (void)run_fail(run, RUN_INVALID, span,
                       "an ICMP message is about a connection, and there is none yet");
    }
    return connection;
}

bool inject_icmp(struct run *run, const struct scenario_event *event)
{
    const struct scenario_packet *const packet = event->as.packet;
    const struct scenario_icmp *const icmp = &packet->as.icmp;
    struct connection *const of_cause = connections_of_cause(run, packet);
    struct connection *const connection =
        of_cause != NULL ? of_cause : connection_of(run, packet, event->span);
    struct icmp_numbers numbers = {0};
    struct tcp_icmp message = {.source = run->remote, .destination = run->local};
    struct tcp_room quoted = {NULL, 0};
    if (connection == NULL || !numbers_of(run, icmp, &numbers) ||
        !inject_place(run, packet->from, packet->from_span, &message.source) ||
        !inject_place(run, packet->to, packet->to_span, &message.destination)) {
        return false;
    }
    message.type = numbers.type;
    message.code = numbers.code;
    message.mtu = icmp->has_mtu ? icmp->mtu : icmp->id;
    message.mtu += icmp->has_mtu && run->ip_version == 6 ? MTU_EXTRA_IPV6 : 0;
    if (icmp->quoted != NULL) {
        struct tcp_segment segment;
        if (!quoted_segment(run, connection, packet, &segment) ||
            !inject_fits(run, TCP_WIRE_TCP_HEADER_BYTES + (size_t)icmp->quoted_bytes,
                         icmp->quoted_span)) {
            return false;
        }
        quoted = quoted_packet(run, icmp, &segment);
        quoted.count = quote_bytes(run, icmp, quoted);
    }
    if (!inject_fits(run, TCP_ICMP_HEADER_BYTES + quoted.count, icmp->quoted_span)) {
        return false;
    }
    struct tcp_room bytes = write_message(run, &message, quoted);
    if (!set_raw(run, icmp, &bytes)) {
        return false;
    }
    return inject_bytes(run, event, connection, bytes);
}
