/* Inbound packets of a script as causes. Octets of payload are no causes: how many there are is. */
#include <string.h>

#include "causes/reader.h"
#include "scenario/traffic_class.h"
#include "trace/icmp_names.h"

static uint16_t window_of(struct reader *reader, size_t life, const struct scenario_tcp *tcp)
{
    uint16_t *const last = life == READER_NO_LIFE ? NULL : &reader->lives[life].peer_window;
    if (tcp->has_window) {
        if (last != NULL) {
            *last = (uint16_t)tcp->window;
        }
        return (uint16_t)tcp->window;
    }
    return (tcp->flags & TCP_FLAG_RST) != 0 ? 0 : last != NULL ? *last : UINT16_MAX;
}

static bool set_damage(struct reader *reader, const struct scenario_tcp *tcp,
                       struct cause_packet *out)
{
    static const struct {
        const char *name;
        uint8_t damage;
        int64_t least, most;
    } kinds[] = {{"checksum_xor", CAUSE_DAMAGE_CHECKSUM, 1, UINT8_MAX},
                 {"offset", CAUSE_DAMAGE_DATA_OFFSET, 0, 15},
                 {"reserved", CAUSE_DAMAGE_RESERVED, 0, 7},
                 {"cut", CAUSE_DAMAGE_LENGTH, 0, UINT8_MAX}};
    if (tcp->raw_count == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(tcp->raw[0].name, kinds[i].name) == 0 && tcp->raw[0].value >= kinds[i].least &&
            tcp->raw[0].value <= kinds[i].most) {
            out->damage = kinds[i].damage;
            out->damage_value = (uint8_t)tcp->raw[0].value;
            return tcp->raw_count == 1 ||
                   reader_refuse(reader, tcp->raw[1].span, "a packet has one damage in a cause");
        }
    }
    return reader_refuse(reader, tcp->raw[0].span, "no cause damages a packet so");
}

static bool set_tcp(struct reader *reader, size_t life, const struct scenario_packet *packet,
                    struct cause_packet *out)
{
    const struct scenario_tcp *const tcp = &packet->as.tcp;
    if (tcp->payload_bytes > CAUSE_PAYLOAD_MAX) {
        return reader_refuse(reader, tcp->sequence_span, "more than the %d octets of a cause",
                             CAUSE_PAYLOAD_MAX);
    }
    out->flags = tcp->flags;
    out->window = window_of(reader, life, tcp);
    out->urgent = (uint16_t)tcp->urgent;
    out->payload_bytes = (uint16_t)tcp->payload_bytes;
    out->has_text = tcp->payload_bytes > 0;
    out->ttl = packet->ip.has_ttl ? packet->ip.ttl : CAUSE_TTL_USUAL;
    out->traffic_class = scenario_traffic_class(&packet->ip);
    out->ack = (struct cause_number){SCENARIO_BASE_ABSOLUTE, 0};
    return reader_number(reader, life, &tcp->start, false, &out->seq) &&
           (!tcp->has_ack || reader_number(reader, life, &tcp->ack, true, &out->ack)) &&
           reader_options(reader, life, tcp, out) && set_damage(reader, tcp, out);
}

/* ---- ICMP ------------------------------------------------------------------------------------------ */

static bool icmp_number(const char *text, uint8_t *out)
{
    uint32_t number = 0;
    for (; *text >= '0' && *text <= '9' && number <= UINT8_MAX; text++) {
        number = number * 10 + (uint32_t)(*text - '0');
    }
    *out = (uint8_t)number;
    return *text == '\0' && number <= UINT8_MAX;
}

/* IPv4's numbers, by name or as they stand. With IPv6, numbers that stand for a name would be read as
 * those of IPv4. */
static bool icmp_kind_of(const struct scenario_icmp *icmp, uint8_t ip_version,
                         struct cause_icmp *out)
{
    const struct icmp_kind *const kind = icmp_kind_named(icmp->type, icmp->code);
    if (kind != NULL) {
        out->type = (uint8_t)kind->type4;
        out->code = (uint8_t)kind->code4;
        return kind->type4 != ICMP_NONE && (ip_version == 4 || kind->type6 != ICMP_NONE);
    }
    if (!icmp_number(icmp->type, &out->type) ||
        (icmp->code != NULL && !icmp_number(icmp->code, &out->code))) {
        return false;
    }
    const struct icmp_kind *const same = icmp_kind_numbered(4, out->type, out->code);
    return ip_version == 4 || same == NULL || same->type6 == ICMP_NONE;
}

bool reader_unreachable_code(struct reader *reader, const char *word, struct source_span span,
                             uint8_t *out)
{
    const struct icmp_kind *const kind = icmp_kind_named("unreachable", word);
    if (kind != NULL && kind->type4 != ICMP_NONE) {
        *out = (uint8_t)kind->code4;
        return true;
    }
    return (icmp_number(word, out) && *out < CAUSE_UNREACHABLE_CODES) ||
           reader_refuse(reader, span, "ICMP for IPv4 has no unreachable %s", word);
}

static bool set_icmp(struct reader *reader, size_t life, const struct scenario_packet *packet,
                     struct source_span span, struct cause_icmp *out)
{
    static const uint8_t known[] = {0, 3, 4, 5, 8, 11, 12, 13};
    const struct scenario_icmp *const icmp = &packet->as.icmp;
    if (!icmp_kind_of(icmp, reader->out->start.ip_version, out) ||
        memchr(known, out->type, sizeof known) == NULL || icmp->mtu > UINT16_MAX ||
        icmp->raw_count > 0 || icmp->quoted == NULL || strcmp(icmp->quoted, "tcp") != 0) {
        return reader_refuse(reader, span, "no cause says this ICMP message");
    }
    out->mtu = (uint16_t)icmp->mtu;
    const uint32_t quoted = icmp->has_quote ? icmp->quote_bytes : CAUSE_QUOTED_MIN;
    if (quoted < CAUSE_QUOTED_MIN || quoted > CAUSE_QUOTED_MAX) {
        return reader_refuse(reader, span, "a cause quotes %d to %d octets", CAUSE_QUOTED_MIN,
                             CAUSE_QUOTED_MAX);
    }
    out->quoted_bytes = (uint16_t)quoted;
    return reader_number(reader, life, &icmp->quoted_start, true, &out->quoted_seq);
}

/* ---- all ------------------------------------------------------------------------------------------- */

/* Is the label what a call's result named? In mode causes, also what one may name. */
static bool named_target(const struct reader *reader, const char *label, struct cause_target *out)
{
    uint8_t index;
    for (index = 0; index < CAUSE_NAMES; index++) {
        if (reader->names[index].word != NULL && strcmp(reader->names[index].word, label) == 0) {
            *out = (struct cause_target){CAUSE_NAME, index};
            return true;
        }
    }
    if (!cause_label_index(label, &index) || (label[0] == 'c' && !reader->is_causes)) {
        return false;
    }
    *out = (struct cause_target){label[0] == 'c' ? CAUSE_NAME : CAUSE_DESCRIPTOR, index};
    return true;
}

/* Whom it is from: a name or a descriptor by its label, else the life's ports. */
static bool set_target(struct reader *reader, size_t life, const struct scenario_packet *packet,
                       struct source_span span, struct cause_target *out)
{
    const char *const label = packet->connection;
    const bool is_lifes = label != NULL && life != READER_NO_LIFE &&
                          reader->lives[life].label != NULL &&
                          strcmp(reader->lives[life].label, label) == 0;
    if (label != NULL && (reader->is_causes || !is_lifes) && named_target(reader, label, out)) {
        return true;
    }
    if (reader->is_causes && packet->has_ports) { /* those on the wire */
        reader_keep_ports(reader, packet->destination_port, packet->source_port, span);
        return true;
    }
    if (life == READER_NO_LIFE) {
        return reader_refuse(reader, span, "@%s names no connection yet",
                             label == NULL ? "" : label);
    }
    if (reader->lives[life].target.kind != CAUSE_PAIR) {
        *out = reader->lives[life].target;
        return true;
    }
    if (packet->has_ports) {
        reader_keep_ports(reader, packet->destination_port, packet->source_port, span);
    } else {
        reader_keep_ports(reader, reader->lives[life].local, reader->lives[life].remote, span);
    }
    return true;
}

bool reader_inbound(struct reader *reader, const struct scenario_packet *packet, bool is_joined,
                    struct source_span span)
{
    const size_t life = reader_life_of_inbound(reader, packet);
    if (packet->encapsulation_count > 0 || packet->ip.has_flow_label ||
        packet->protocol == SCENARIO_UDP) {
        return reader_refuse(reader, span, "no cause says this packet");
    }
    if (packet->protocol == SCENARIO_ICMP) {
        struct cause_icmp icmp = {0};
        if (!set_icmp(reader, life, packet, span, &icmp)) {
            return false;
        }
        struct cause *const cause = reader_add(reader, CAUSE_ICMP);
        cause->as.icmp = icmp;
        return set_target(reader, life, packet, span, &cause->as.icmp.about);
    }
    struct cause_packet tcp = {.is_joined = is_joined};
    if (!set_tcp(reader, life, packet, &tcp)) {
        return false;
    }
    struct cause *const cause = reader_add(reader, CAUSE_PACKET);
    cause->as.packet = tcp;
    return set_target(reader, life, packet, span, &cause->as.packet.from);
}
