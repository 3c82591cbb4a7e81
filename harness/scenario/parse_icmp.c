/* ICMP packets: type, code, and the packet that the message quotes. Types and codes stay words, since
 * their numbers differ between ICMP and ICMPv6. */
#include "scenario/parser.h"

static bool at_name(const struct parser *parser)
{
    return (parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_INTEGER) &&
           !parser->token.is_first_on_line;
}

static bool parse_name(struct parser *parser, const char **out)
{
    *out = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    return true;
}

/* [1:1001(1000)], [udp (N)] or [raw (N)]. */
static bool parse_quoted(struct parser *parser, struct scenario_icmp *out)
{
    parser_advance(parser);
    if (parser_at(parser, "udp") || parser_at(parser, "raw")) {
        int64_t bytes = 0;
        parse_name(parser, &out->quoted);
        if (!parser_expect(parser, "(") ||
            !parser_integer(parser, "a payload size", (int64_t)UINT16_MAX, &bytes) ||
            !parser_expect(parser, ")")) {
            return false;
        }
        out->quoted_bytes = (uint32_t)bytes;
        return parser_expect(parser, "]");
    }
    struct scenario_tcp quoted = {0};
    if (!parse_sequence(parser, &quoted)) {
        return false;
    }
    if (!quoted.has_end) {
        return parser_fail(parser, quoted.sequence_span, "the quoted packet must be said in full",
                           "[START:END(LENGTH)]");
    }
    out->quoted = "tcp";
    out->quoted_start = quoted.start;
    out->quoted_end = quoted.end;
    out->quoted_bytes = quoted.payload_bytes;
    return parser_expect(parser, "]");
}

static bool parse_icmp_field(struct parser *parser, const char *what, bool *has, uint32_t *out)
{
    int64_t value = 0;
    parser_advance(parser);
    *has = parser_integer(parser, what, (int64_t)UINT32_MAX, &value);
    *out = (uint32_t)value;
    return *has;
}

bool parse_icmp(struct parser *parser, struct scenario_icmp *out)
{
    if (!at_name(parser)) {
        return parser_unexpected(parser, "an ICMP type such as unreachable or echo_request");
    }
    out->type_span = parser->token.span;
    parse_name(parser, &out->type);
    const bool is_field = parser_at(parser, "mtu") || parser_at(parser, "id") ||
                          parser_at(parser, "raw") || parser_at_own_statement(parser);
    if (at_name(parser) && !is_field) {
        parse_name(parser, &out->code);
    }
    if (parser_at(parser, "mtu") && !parse_icmp_field(parser, "an MTU", &out->has_mtu, &out->mtu)) {
        return false;
    }
    if (parser_at(parser, "id") && !parse_icmp_field(parser, "an id", &out->has_id, &out->id)) {
        return false;
    }
    out->quoted_span = parser->token.span;
    if (parser_at(parser, "[") && !parse_quoted(parser, out)) {
        return false;
    }
    return out->quoted == NULL || !parser_at(parser, "quote") ||
           parse_icmp_field(parser, "octets that are quoted", &out->has_quote, &out->quote_bytes);
}
