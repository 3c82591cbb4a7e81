/* What stands between a packet's direction and its protocol: IP fields in brackets, and headers around
 * the packet, which are checked for form and kept as text. */
#include <arpa/inet.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/parser.h"

#define IP_OPTION_BYTES_MAX 40

static const char *const info_names[] = {"noecn",     "ect0", "ect1", "ce",   "ect01",  "tos",
                                         "flowlabel", "ttl",  "df",   "nodf", "options"};

static bool parse_info_value(struct parser *parser, const char *what, int64_t max, int64_t *out)
{
    parser_advance(parser);
    return parser_integer(parser, what, max, out);
}

static bool parse_ecn(struct parser *parser, struct scenario_ip_info *out)
{
    for (int ecn = SCENARIO_ECN_NONE; ecn <= SCENARIO_ECN_ECT01; ecn++) {
        if (parser_take(parser, scenario_ecn_name((enum scenario_ecn)ecn))) {
            out->ecn = (enum scenario_ecn)ecn;
            return true;
        }
    }
    return parser_unknown(parser, "IP field", &parser->token, info_names,
                          sizeof info_names / sizeof info_names[0]);
}

static bool parse_option_bytes(struct parser *parser, struct scenario_ip_info *out)
{
    const struct source_span start = parser->token.span;
    int64_t value = 0;
    if (!parse_info_value(parser, "octets of IP options", IP_OPTION_BYTES_MAX, &value)) {
        return false;
    }
    if (value == 0 || value % 8 != 0) {
        return parser_fail(parser, parser_span(parser, start), "no length that both IPs have",
                           "8, 16, 24, 32 or 40 octets");
    }
    out->option_bytes = (uint8_t)value;
    return true;
}

static bool parse_info(struct parser *parser, struct scenario_ip_info *out)
{
    static const char *const reserved[] = {"hlim", "class", "dscp"};
    int64_t value = 0;
    if (parser_reserved(parser, reserved, sizeof reserved / sizeof reserved[0])) {
        return false;
    }
    if (parser_at(parser, "tos")) {
        out->has_tos = parse_info_value(parser, "tos", 0xff, &value);
        out->tos = (uint8_t)value;
        return out->has_tos;
    }
    if (parser_at(parser, "flowlabel")) {
        out->has_flow_label = parse_info_value(parser, "flowlabel", 0xfffff, &value);
        out->flow_label = (uint32_t)value;
        return out->has_flow_label;
    }
    if (parser_at(parser, "ttl")) {
        out->has_ttl = parse_info_value(parser, "ttl", 0xff, &value);
        out->ttl = (uint8_t)value;
        return out->has_ttl;
    }
    if (parser_at(parser, "options")) {
        return parse_option_bytes(parser, out);
    }
    if (parser_at(parser, "df") || parser_at(parser, "nodf")) {
        out->df = parser_at(parser, "df") ? SCENARIO_DF_SET : SCENARIO_DF_CLEAR;
        parser_advance(parser);
        return true;
    }
    return parse_ecn(parser, out);
}

bool parse_ip_info(struct parser *parser, struct scenario_ip_info *out)
{
    const struct source_span start = parser->token.span;
    const bool is_round = parser_at(parser, "(");
    if (!is_round && !parser_at(parser, "[")) {
        return true;
    }
    parser_advance(parser);
    do {
        if (!parse_info(parser, out)) {
            return false;
        }
    } while (parser_take(parser, ","));
    if (!parser_expect(parser, is_round ? ")" : "]")) {
        return false;
    }
    out->span = parser_span(parser, start);
    return true;
}

static void keep(struct parser *parser, struct list *list, struct scenario_encapsulation header)
{
    struct scenario_encapsulation *kept = list_add(parser->arena, list, sizeof *kept);
    *kept = header;
}

/* An address up to white space; the last one carries the ':' that ends the header. */
static bool parse_address(struct parser *parser, int family, bool is_last, const char **out)
{
    if (parser->token.kind == TOKEN_END || parser->token.kind == TOKEN_BROKEN) {
        return parser_unexpected(parser, "an IP address");
    }
    lexer_extend_to_space(&parser->lexer, &parser->token);
    struct token token = parser->token;
    if (is_last && token.length > 0 && token.text[token.length - 1] == ':') {
        token.length--;
    } else if (is_last) {
        return parser_fail(parser, token.span, "a header must end in ':'",
                           "ADDRESS > ADDRESS: and the packet inside");
    }
    const char *text = token_copy(parser->arena, &token);
    unsigned char bytes[16];
    if (inet_pton(family, text, bytes) != 1) {
        return parser_fail(parser, token.span, "not an address of this IP version", NULL);
    }
    parser_advance(parser);
    *out = text;
    return true;
}

static bool is_address_kind(const char *text)
{
    static const char *const kinds[] = {"multicast", "broadcast", "unspecified", "loopback",
                                        "other"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(text, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool parse_place(struct parser *parser, const char **out, struct source_span *span)
{
    parser_advance(parser);
    if (parser->token.kind == TOKEN_END || parser->token.kind == TOKEN_BROKEN) {
        return parser_unexpected(parser, "an IP address, or multicast, broadcast, unspecified, "
                                         "loopback or other");
    }
    lexer_extend_to_space(&parser->lexer, &parser->token);
    const char *const text = token_copy(parser->arena, &parser->token);
    unsigned char bytes[16];
    if (!is_address_kind(text) && inet_pton(AF_INET, text, bytes) != 1 &&
        inet_pton(AF_INET6, text, bytes) != 1) {
        return parser_fail(parser, parser->token.span, "neither an address nor a kind of one",
                           "multicast, broadcast, unspecified, loopback, other, or an address");
    }
    *span = parser->token.span;
    *out = text;
    parser_advance(parser);
    return true;
}

bool parse_places(struct parser *parser, struct scenario_packet *out)
{
    const bool is_from = parser_at(parser, "from");
    if ((is_from || parser_at(parser, "to")) && out->direction == SCENARIO_OUTBOUND) {
        return parser_fail(parser, parser->token.span,
                           "from and to can only be used with inbound packets", NULL);
    }
    if (is_from && !parse_place(parser, &out->from, &out->from_span)) {
        return false;
    }
    return !parser_at(parser, "to") || parse_place(parser, &out->to, &out->to_span);
}

static bool parse_ip_header(struct parser *parser, struct list *list)
{
    const struct source_span start = parser->token.span;
    const bool is_ipv4 = parser_at(parser, "ipv4");
    const int family = is_ipv4 ? AF_INET : AF_INET6;
    struct scenario_ip_info info = {0};
    const char *source = NULL;
    const char *destination = NULL;
    parser_advance(parser);
    if (!parse_ip_info(parser, &info) || !parse_address(parser, family, false, &source) ||
        !parser_expect(parser, ">") || !parse_address(parser, family, true, &destination)) {
        return false;
    }
    keep(parser, list,
         (struct scenario_encapsulation){
             .kind = is_ipv4 ? "ipv4" : "ipv6",
             .ip = info,
             .text = arena_format(parser->arena, "%s > %s", source, destination),
             .span = parser_span(parser, start)});
    return true;
}

/* How a header's fields are spelled, however the source spaces them: (label 0, [S], ttl=4). */
static bool space_in_header(char before, char next)
{
    return strchr("([=#", before) == NULL && strchr(")],=#", next) == NULL;
}

/* Tokens up to the ':' that ends the header. */
static bool parse_header_words(struct parser *parser, const char *kind, struct list *list)
{
    const struct source_span start = parser->token.span;
    char *text = arena_take(parser->arena, PARSE_HEADER_TEXT_MAX + 2);
    size_t length = 0;
    parser_advance(parser);
    while (!parser_at(parser, ":")) {
        const struct token token = parser->token;
        const bool is_fit = token.kind == TOKEN_WORD || token.kind == TOKEN_INTEGER ||
                            token.kind == TOKEN_HEX ||
                            (token.kind == TOKEN_SYMBOL && strchr("()[],=#", token.text[0]));
        if (!is_fit) {
            return parser_unexpected(parser, "fields of the header, then ':' and the packet");
        }
        if (length + token.length > PARSE_HEADER_TEXT_MAX) {
            return parser_fail(parser, token.span, "a header that is too long", NULL);
        }
        if (length > 0 && space_in_header(text[length - 1], token.text[0])) {
            text[length++] = ' ';
        }
        memcpy(text + length, token.text, token.length);
        length += token.length;
        parser_advance(parser);
    }
    parser_advance(parser);
    keep(parser, list,
         (struct scenario_encapsulation){
             .kind = kind, .text = text, .span = parser_span(parser, start)});
    return true;
}

bool parse_encapsulations(struct parser *parser, struct list *list)
{
    for (;;) {
        bool is_good = true;
        if (parser_at(parser, "ipv4") || parser_at(parser, "ipv6")) {
            is_good = parse_ip_header(parser, list);
        } else if (parser_at(parser, "gre") || parser_at(parser, "GREv0")) {
            is_good = parse_header_words(parser, "gre", list);
        } else if (parser_at(parser, "mpls")) {
            is_good = parse_header_words(parser, "mpls", list);
        } else {
            return true;
        }
        if (!is_good) {
            return false;
        }
    }
}

bool parse_psp(struct parser *parser, struct list *list)
{
    const struct source_span start = parser->token.span;
    int64_t spi = 0;
    if (!parser_take(parser, "encap")) {
        return true;
    }
    if (!parser_expect(parser, "psp") || !parser_expect(parser, "spi")) {
        return false;
    }
    if (!parser_integer(parser, "an SPI", (int64_t)UINT32_MAX, &spi)) {
        return false;
    }
    keep(parser, list,
         (struct scenario_encapsulation){
             .kind = "psp",
             .text = arena_format(parser->arena, "spi %lld", (long long)spi),
             .span = parser_span(parser, start)});
    return true;
}
