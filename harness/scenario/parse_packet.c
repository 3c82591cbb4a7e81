/* Packets: direction, label, what IP says, and the protocol's part. */
#include <string.h>

#include "scenario/names.h"
#include "scenario/parser.h"
#include "tcp/segment.h"

#define UINT16_LIMIT      ((int64_t)UINT16_MAX)
#define INBOUND_BYTES_MAX 65495u /* 65535 less the two smallest headers: one packet must hold it */

static bool parse_label(struct parser *parser, struct scenario_packet *out)
{
    if (!parser_at(parser, "@")) {
        return true;
    }
    const struct source_span start = parser->token.span;
    parser_advance(parser);
    if (parser->token.kind != TOKEN_WORD) {
        return parser_unexpected(parser, "a connection's label such as @old");
    }
    out->connection = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    out->connection_span = parser_span(parser, start);
    return true;
}

/* "80 > 1234", if the current number is followed by a '>'. */
static bool parse_ports(struct parser *parser, struct scenario_packet *out)
{
    const struct source_span start = parser->token.span;
    int64_t source = 0;
    int64_t destination = 0;
    if (parser->token.kind != TOKEN_INTEGER || lexer_peek_past_space(&parser->lexer) != '>') {
        return true;
    }
    if (!parser_integer(parser, "a port", UINT16_LIMIT, &source) || !parser_expect(parser, ">") ||
        !parser_integer(parser, "a port", UINT16_LIMIT, &destination)) {
        return false;
    }
    out->has_ports = true;
    out->source_port = (uint16_t)source;
    out->destination_port = (uint16_t)destination;
    out->ports_span = parser_span(parser, start);
    return true;
}

static uint16_t find_flag(char letter)
{
    for (size_t i = 0; i < SCENARIO_FLAG_LETTER_COUNT; i++) {
        if (scenario_flag_letters[i].letter == letter) {
            return scenario_flag_letters[i].bit;
        }
    }
    return letter == '.' ? TCP_FLAG_ACK : 0;
}

static const char flag_words[] = "flags: F S R P E W A U, a digit 0-7 and . for ACK, or - for none";

static bool parse_flag_letters(struct parser *parser, struct scenario_tcp *out)
{
    const struct token token = parser->token;
    out->ace = -1;
    for (size_t i = 0; i < token.length; i++) {
        const char letter = token.text[i];
        const uint16_t bit = find_flag(letter);
        if (letter >= '0' && letter <= '7' && out->ace < 0) {
            out->ace = (int8_t)(letter - '0');
        } else if (bit == 0 || (out->flags & bit) != 0) {
            return parser_fail(parser, token.span,
                               bit != 0 ? "a flag that is said twice" : "these are no TCP flags",
                               flag_words);
        }
        out->flags |= bit;
    }
    const uint16_t ecn_bits = TCP_FLAG_ECE | TCP_FLAG_CWR | TCP_FLAG_AE;
    if (out->ace >= 0) {
        if ((out->flags & ecn_bits) != 0) {
            return parser_fail(parser, token.span, "E, W and A do not go with an ACE digit",
                               flag_words);
        }
        out->flags |=
            (uint16_t)((out->ace & 1 ? TCP_FLAG_ECE : 0u) | (out->ace & 2 ? TCP_FLAG_CWR : 0u) |
                       (out->ace & 4 ? TCP_FLAG_AE : 0u));
    }
    return true;
}

static bool parse_flags(struct parser *parser, enum scenario_direction direction,
                        struct scenario_tcp *out)
{
    const enum token_kind kind = parser->token.kind;
    if (kind == TOKEN_END || kind == TOKEN_BROKEN || kind == TOKEN_STRING) {
        return parser_unexpected(parser, flag_words);
    }
    lexer_extend_to_space(&parser->lexer, &parser->token);
    const struct token token = parser->token;
    out->flags_span = token.span;
    out->ace = -1;
    if (kind == TOKEN_ELLIPSIS && token.length == 3) {
        if (direction == SCENARIO_INBOUND) {
            return parser_fail(parser, token.span, "an inbound packet must say its flags",
                               flag_words);
        }
        out->any_flags = true;
    } else if (token.length != 1 || token.text[0] != '-') {
        if (!parse_flag_letters(parser, out)) {
            return false;
        }
    }
    parser_advance(parser);
    return true;
}

static bool parse_ack(struct parser *parser, struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    parser_advance(parser);
    out->has_ack = parse_number(parser, &out->ack);
    out->ack_span = parser_span(parser, start);
    return out->has_ack;
}

static bool parse_window(struct parser *parser, struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    int64_t window = 0;
    parser_advance(parser);
    out->has_window = parser_integer(parser, "a window", UINT16_LIMIT, &window);
    out->window = (uint32_t)window;
    out->window_span = parser_span(parser, start);
    return out->has_window;
}

static bool parse_urgent(struct parser *parser, struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    int64_t urgent = 0;
    parser_advance(parser);
    out->has_urgent = parser_integer(parser, "an urgent pointer", UINT16_LIMIT, &urgent);
    out->urgent = (uint32_t)urgent;
    out->urgent_span = parser_span(parser, start);
    return out->has_urgent;
}

/* ack, win and urg, each at most once. */
static bool parse_fields(struct parser *parser, struct scenario_tcp *out)
{
    for (;;) {
        if (!out->has_ack && parser_at(parser, "ack")) {
            if (!parse_ack(parser, out)) {
                return false;
            }
        } else if (!out->has_window && parser_at(parser, "win")) {
            if (!parse_window(parser, out)) {
                return false;
            }
        } else if (!out->has_urgent && parser_at(parser, "urg")) {
            if (!parse_urgent(parser, out)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

/* In a group another packet may follow: there an option list's '<' touches its first word. */
static bool at_options(const struct parser *parser)
{
    if (!parser_at(parser, "<")) {
        return false;
    }
    const char next = lexer_peek(&parser->lexer);
    return !parser->in_group || (next != ' ' && next != '\t' && next != '@');
}

static bool parse_text(struct parser *parser, struct scenario_tcp *out)
{
    if (parser->token.kind != TOKEN_STRING) {
        return true;
    }
    const struct source_span start = parser->token.span;
    const char *text = NULL;
    size_t count = 0;
    if (!parse_strings(parser, &text, &count)) {
        return false;
    }
    if (count != out->payload_bytes) {
        return parser_fail(parser, parser_span(parser, start),
                           "the text's length is not the packet's length",
                           arena_format(parser->arena, "%u octets, here are %zu",
                                        (unsigned)out->payload_bytes, count));
    }
    out->text = (const uint8_t *)text;
    return true;
}

static const char *const raw_names[] = {
    "checksum",    "checksum_xor",     "cut",       "offset",      "reserved",   "length",
    "ip_checksum", "ip_header_length", "ip_length", "ip_protocol", "ip_version", "fragment"};

static bool parse_raw_field(struct parser *parser, struct list *fields)
{
    const struct token name = parser->token;
    bool is_known = false;
    for (size_t i = 0; i < sizeof raw_names / sizeof raw_names[0]; i++) {
        is_known = is_known || token_is(&name, raw_names[i]);
    }
    if (!is_known) {
        return parser_unknown(parser, "raw field", &name, raw_names,
                              sizeof raw_names / sizeof raw_names[0]);
    }
    const struct scenario_raw_field *const before = fields->items;
    for (size_t i = 0; i < fields->count; i++) {
        if (token_is(&name, before[i].name)) {
            return parser_fail(parser, name.span, "a raw field that is said twice",
                               "each field once");
        }
    }
    parser_advance(parser);
    int64_t value = 0;
    if (!parser_expect(parser, "=") ||
        !parser_integer(parser, "a field's value", (int64_t)UINT32_MAX, &value)) {
        return false;
    }
    struct scenario_raw_field *field = list_add(parser->arena, fields, sizeof *field);
    *field = (struct scenario_raw_field){.name = token_copy(parser->arena, &name),
                                         .value = value,
                                         .span = parser_span(parser, name.span)};
    return true;
}

bool parse_raw(struct parser *parser, enum scenario_direction direction,
               struct scenario_raw_field **raw, size_t *count)
{
    struct list fields = {0};
    if (!parser_at(parser, "raw")) {
        return true;
    }
    if (direction == SCENARIO_OUTBOUND) {
        return parser_fail(parser, parser->token.span,
                           "raw() can only be used with inbound packets", NULL);
    }
    parser_advance(parser);
    if (!parser_expect(parser, "(")) {
        return false;
    }
    do {
        if (!parse_raw_field(parser, &fields)) {
            return false;
        }
    } while (parser_take(parser, ","));
    *raw = fields.items;
    *count = fields.count;
    return parser_expect(parser, ")");
}

/* A word that follows on the same line is a field misspelt or misplaced. */
static bool check_end(struct parser *parser, const struct scenario_tcp *tcp)
{
    static const char *const names[] = {"ack", "win", "urg"};
    const struct token token = parser->token;
    if (token.kind != TOKEN_WORD || token.is_first_on_line || parser_at_own_statement(parser)) {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (token_is(&token, names[i])) {
            return parser_unexpected(parser, tcp->says_options
                                                 ? "ack, win and urg before the options"
                                                 : "each field once");
        }
    }
    return parser_unknown(parser, "field", &token, names, sizeof names / sizeof names[0]);
}

bool parse_tcp(struct parser *parser, enum scenario_direction direction, struct scenario_tcp *out)
{
    if (!parse_flags(parser, direction, out) || !parse_sequence(parser, out)) {
        return false;
    }
    if (direction == SCENARIO_INBOUND && out->payload_bytes > INBOUND_BYTES_MAX) {
        return parser_fail(parser, out->sequence_span, "more than one packet can hold",
                           "at most 65495 octets in an inbound packet");
    }
    if (direction == SCENARIO_INBOUND && out->any_sequence) {
        return parser_fail(parser, out->sequence_span,
                           "an inbound packet must say its sequence number", NULL);
    }
    return parse_fields(parser, out) &&
           (!at_options(parser) || parse_tcp_options(parser, direction, out)) &&
           parse_text(parser, out) && parse_raw(parser, direction, &out->raw, &out->raw_count) &&
           check_end(parser, out);
}

static bool parse_udp(struct parser *parser, struct scenario_packet *out)
{
    int64_t bytes = 0;
    out->protocol = SCENARIO_UDP;
    parser_advance(parser);
    if (!parse_ports(parser, out) || !parser_expect(parser, "(") ||
        !parser_integer(parser, "a payload size", UINT16_LIMIT, &bytes)) {
        return false;
    }
    out->as.udp.payload_bytes = (uint32_t)bytes;
    return parser_expect(parser, ")");
}

/* An ICMP type may be a number too: only two of them with '>' between are ports. */
static bool parse_icmp_ports(struct parser *parser, struct scenario_packet *out)
{
    return parser->token.kind != TOKEN_INTEGER || lexer_peek_past_space(&parser->lexer) != '>' ||
           parse_ports(parser, out);
}

static bool parse_protocol(struct parser *parser, struct scenario_packet *out)
{
    if (parser_at(parser, "udp")) {
        return parse_udp(parser, out);
    }
    if (parser_at(parser, "icmp")) {
        out->protocol = SCENARIO_ICMP;
        parser_advance(parser);
        return parse_icmp_ports(parser, out) && parse_icmp(parser, &out->as.icmp) &&
               parse_raw(parser, out->direction, &out->as.icmp.raw, &out->as.icmp.raw_count);
    }
    static const char *const reserved[] = {"/"};
    if (parser_reserved(parser, reserved, 1)) {
        return false;
    }
    out->protocol = SCENARIO_TCP;
    return parse_ports(parser, out) && parse_tcp(parser, out->direction, &out->as.tcp);
}

bool parse_packet(struct parser *parser, struct scenario_packet *out)
{
    struct list encapsulations = {0};
    out->direction = parser_at(parser, "<") ? SCENARIO_INBOUND : SCENARIO_OUTBOUND;
    parser_advance(parser);
    if (!parse_label(parser, out) || !parse_places(parser, out) ||
        !parse_encapsulations(parser, &encapsulations) || !parse_ip_info(parser, &out->ip) ||
        !parse_psp(parser, &encapsulations)) {
        return false;
    }
    out->encapsulations = encapsulations.items;
    out->encapsulation_count = encapsulations.count;
    if (out->ip.option_bytes != 0 && out->direction == SCENARIO_OUTBOUND) {
        return parser_fail(parser, out->ip.span, "IP options can only be put into inbound packets",
                           NULL);
    }
    if (out->ip.ecn == SCENARIO_ECN_ECT01 && out->direction == SCENARIO_INBOUND) {
        return parser_fail(parser, out->ip.span, "ect01 can only be used with outbound packets",
                           "ect0 or ect1");
    }
    return parse_protocol(parser, out);
}
