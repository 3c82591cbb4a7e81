/* Packets as canonical text. */
#include <inttypes.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/print.h"
#include "tcp/segment.h"

void scenario_print_number(struct text *out, const struct scenario_number *number)
{
    const char *base = scenario_base_name(number->base);
    if (base == NULL) {
        text_format(out, "%" PRId64 "%s", number->offset,
                    number->base == SCENARIO_BASE_ABSOLUTE ? "!" : "");
    } else if (number->offset == 0) {
        text_string(out, base);
    } else {
        text_format(out, "%s%+" PRId64, base, number->offset);
    }
}

void scenario_print_flags(struct text *out, uint16_t flags, int ace)
{
    const uint16_t ecn_bits = TCP_FLAG_ECE | TCP_FLAG_CWR | TCP_FLAG_AE;
    const uint16_t letters = ace < 0 ? flags : (uint16_t)(flags & ~ecn_bits);
    for (size_t i = 0; i < SCENARIO_FLAG_LETTER_COUNT; i++) {
        if ((letters & scenario_flag_letters[i].bit) != 0) {
            text_add(out, &scenario_flag_letters[i].letter, 1);
        }
    }
    if (ace >= 0) {
        text_format(out, (flags & TCP_FLAG_ACK) != 0 ? ".%d" : "%d", ace);
    } else if ((flags & TCP_FLAG_ACK) != 0) {
        text_string(out, ".");
    } else if (letters == 0) {
        text_string(out, "-");
    }
}

static void print_hex(struct text *out, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%02x", bytes[i]);
    }
}

static void print_sack(struct text *out, const struct scenario_option *option)
{
    for (size_t i = 0; i < option->sack_count; i++) {
        text_string(out, " ");
        scenario_print_number(out, &option->sack[i].left);
        text_string(out, ":");
        scenario_print_number(out, &option->sack[i].right);
    }
}

static void print_timestamp(struct text *out, const char *name, uint32_t value, bool is_any)
{
    if (is_any) {
        text_format(out, " %s ...", name);
    } else {
        text_format(out, " %s %" PRIu32, name, value);
    }
}

static void print_count(struct text *out, const char *name, int64_t count)
{
    if (count >= 0) {
        text_format(out, " %s %" PRId64, name, count);
    }
}

static void print_octets(struct text *out, const struct scenario_option *option)
{
    if (option->symbol != NULL || option->is_valid) {
        text_format(out, " %s", option->is_valid ? "valid" : option->symbol);
    } else if (option->byte_count > 0) {
        text_string(out, " ");
        print_hex(out, option->bytes, option->byte_count);
    }
}

static void print_accurate_ecn(struct text *out, const struct scenario_option *option)
{
    const bool is_e1b_first = option->ecn_e1b_first;
    print_count(out, is_e1b_first ? "e1b" : "e0b",
                is_e1b_first ? option->ecn_e1b : option->ecn_e0b);
    print_count(out, "ceb", option->ecn_ceb);
    print_count(out, is_e1b_first ? "e0b" : "e1b",
                is_e1b_first ? option->ecn_e0b : option->ecn_e1b);
}

static void print_option(struct text *out, const struct scenario_option *option)
{
    text_string(out, scenario_option_name(option->kind));
    switch (option->kind) {
    case SCENARIO_OPTION_NOP:
    case SCENARIO_OPTION_EOL:
    case SCENARIO_OPTION_SACK_PERMITTED:
        return;
    case SCENARIO_OPTION_MSS:
    case SCENARIO_OPTION_WINDOW_SCALE:
        if (option->symbol != NULL) {
            text_format(out, " %s", option->symbol);
        } else {
            text_format(out, " %" PRIu32, option->number);
        }
        return;
    case SCENARIO_OPTION_SACK:
        print_sack(out, option);
        return;
    case SCENARIO_OPTION_TIMESTAMPS:
        print_timestamp(out, "val", option->number, option->any_value);
        print_timestamp(out, "ecr", option->echo, option->any_echo);
        return;
    case SCENARIO_OPTION_FAST_OPEN:
    case SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL:
    case SCENARIO_OPTION_OCTETS:
    case SCENARIO_OPTION_MD5:
        print_octets(out, option);
        return;
    case SCENARIO_OPTION_ACCURATE_ECN:
        print_accurate_ecn(out, option);
        return;
    case SCENARIO_OPTION_RAW:
        text_format(out, "%u", option->raw_kind);
        print_octets(out, option);
        if (option->has_raw_length) {
            text_format(out, " length %u", option->raw_length);
        }
        return;
    }
}

void scenario_print_options(struct text *out, const struct scenario_option *options, size_t count,
                            bool any)
{
    text_string(out, any ? "<..." : "<");
    for (size_t i = 0; i < count; i++) {
        text_string(out, i == 0 ? "" : ",");
        print_option(out, &options[i]);
    }
    text_string(out, ">");
}

static void print_sequence(struct text *out, const struct scenario_tcp *tcp)
{
    if (tcp->any_sequence) {
        text_format(out, "...(%" PRIu32 ")", tcp->payload_bytes);
        return;
    }
    text_string(out, tcp->has_end ? "" : "seq ");
    scenario_print_number(out, &tcp->start);
    if (tcp->has_end) {
        text_string(out, ":");
        scenario_print_number(out, &tcp->end);
        text_format(out, "(%" PRIu32 ")", tcp->payload_bytes);
    } else if (tcp->payload_bytes > 0) {
        text_format(out, " (%" PRIu32 ")", tcp->payload_bytes);
    }
}

static void print_raw(struct text *out, const struct scenario_raw_field *raw, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_format(out, "%s%s=%" PRId64, i == 0 ? " raw(" : ", ", raw[i].name, raw[i].value);
    }
    text_string(out, count > 0 ? ")" : "");
}

static void print_tcp(struct text *out, const struct scenario_tcp *tcp)
{
    if (tcp->any_flags) {
        text_string(out, "...");
    } else {
        scenario_print_flags(out, tcp->flags, tcp->ace);
    }
    text_string(out, " ");
    print_sequence(out, tcp);
    if (tcp->has_ack) {
        text_string(out, " ack ");
        scenario_print_number(out, &tcp->ack);
    }
    if (tcp->has_window) {
        text_format(out, " win %" PRIu32, tcp->window);
    }
    if (tcp->has_urgent) {
        text_format(out, " urg %" PRIu32, tcp->urgent);
    }
    if (tcp->says_options) {
        text_string(out, " ");
        scenario_print_options(out, tcp->options, tcp->option_count, tcp->any_options);
    }
    if (tcp->text != NULL) {
        text_string(out, " ");
        scenario_print_string(out, (const char *)tcp->text, tcp->payload_bytes);
    }
    print_raw(out, tcp->raw, tcp->raw_count);
}

static void print_quoted(struct text *out, const struct scenario_icmp *icmp)
{
    if (icmp->quoted == NULL) {
        return;
    }
    if (strcmp(icmp->quoted, "tcp") != 0) {
        text_format(out, " [%s (%" PRIu32 ")]", icmp->quoted, icmp->quoted_bytes);
    } else {
        text_string(out, " [");
        scenario_print_number(out, &icmp->quoted_start);
        text_string(out, ":");
        scenario_print_number(out, &icmp->quoted_end);
        text_format(out, "(%" PRIu32 ")]", icmp->quoted_bytes);
    }
    if (icmp->has_quote) {
        text_format(out, " quote %" PRIu32, icmp->quote_bytes);
    }
}

static void print_icmp(struct text *out, const struct scenario_icmp *icmp)
{
    text_string(out, icmp->type);
    if (icmp->code != NULL) {
        text_format(out, " %s", icmp->code);
    }
    if (icmp->has_mtu) {
        text_format(out, " mtu %" PRIu32, icmp->mtu);
    }
    if (icmp->has_id) {
        text_format(out, " id %" PRIu32, icmp->id);
    }
    print_quoted(out, icmp);
    print_raw(out, icmp->raw, icmp->raw_count);
}

static void print_ip_info(struct text *out, const struct scenario_ip_info *ip)
{
    const char *separator = "[";
    const char *ecn = scenario_ecn_name(ip->ecn);
    if (ecn != NULL) {
        text_format(out, "%s%s", separator, ecn);
        separator = ", ";
    }
    if (ip->has_tos) {
        text_format(out, "%stos 0x%02x", separator, ip->tos);
        separator = ", ";
    }
    if (ip->has_flow_label) {
        text_format(out, "%sflowlabel 0x%05" PRIx32, separator, ip->flow_label);
        separator = ", ";
    }
    if (ip->has_ttl) {
        text_format(out, "%sttl %u", separator, ip->ttl);
        separator = ", ";
    }
    if (ip->option_bytes != 0) {
        text_format(out, "%soptions %u", separator, ip->option_bytes);
        separator = ", ";
    }
    if (ip->df != SCENARIO_DF_UNSAID) {
        text_format(out, "%s%s", separator, ip->df == SCENARIO_DF_SET ? "df" : "nodf");
        separator = ", ";
    }
    text_string(out, separator[0] == ',' ? "] " : "");
}

/* psp stands after the packet's IP information, the other headers before it. */
static void print_headers(struct text *out, const struct scenario_packet *packet, bool is_psp)
{
    for (size_t i = 0; i < packet->encapsulation_count; i++) {
        const struct scenario_encapsulation *header = &packet->encapsulations[i];
        if ((strcmp(header->kind, "psp") == 0) != is_psp) {
            continue;
        }
        if (is_psp) {
            text_format(out, "encap psp %s ", header->text);
            continue;
        }
        text_string(out, header->kind);
        if (header->text[0] != '\0') {
            text_string(out, " ");
            print_ip_info(out, &header->ip);
            text_string(out, header->text);
        }
        text_string(out, ": ");
    }
}

static void print_ports(struct text *out, const struct scenario_packet *packet)
{
    if (packet->has_ports) {
        text_format(out, "%u > %u ", packet->source_port, packet->destination_port);
    }
}

void scenario_print_packet(struct text *out, const struct scenario_packet *packet)
{
    text_string(out, packet->direction == SCENARIO_INBOUND ? "< " : "> ");
    if (packet->connection != NULL) {
        text_format(out, "@%s ", packet->connection);
    }
    if (packet->from != NULL) {
        text_format(out, "from %s ", packet->from);
    }
    if (packet->to != NULL) {
        text_format(out, "to %s ", packet->to);
    }
    print_headers(out, packet, false);
    print_ip_info(out, &packet->ip);
    print_headers(out, packet, true);
    switch (packet->protocol) {
    case SCENARIO_TCP:
        print_ports(out, packet);
        print_tcp(out, &packet->as.tcp);
        return;
    case SCENARIO_UDP:
        text_string(out, "udp ");
        print_ports(out, packet);
        text_format(out, "(%" PRIu32 ")", packet->as.udp.payload_bytes);
        return;
    case SCENARIO_ICMP:
        text_string(out, "icmp ");
        print_ports(out, packet);
        print_icmp(out, &packet->as.icmp);
        return;
    }
}
