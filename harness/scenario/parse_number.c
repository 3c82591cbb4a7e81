/* Sequence numbers: relative to the initial one (1), on the wire (17!), relative to live state
 * (rcv.nxt+1); and ranges of them with their length. */
#include "scenario/names.h"
#include "scenario/parser.h"

#define NUMBER_MAX        ((int64_t)UINT32_MAX)
#define PAYLOAD_BYTES_MAX ((int64_t)1 << 30) /* an expected burst may be glued from many segments */

bool parser_at_number(const struct parser *parser)
{
    return parser->token.kind == TOKEN_INTEGER || parser_at(parser, "iss") ||
           parser_at(parser, "irs") || parser_at(parser, "snd") || parser_at(parser, "rcv");
}

static bool parse_plain(struct parser *parser, struct scenario_number *out)
{
    const bool is_absolute = lexer_peek(&parser->lexer) == '!';
    if (!parser_integer(parser, "a sequence number", NUMBER_MAX, &out->offset)) {
        return false;
    }
    out->base = is_absolute ? SCENARIO_BASE_ABSOLUTE : SCENARIO_BASE_SCRIPT;
    if (is_absolute) {
        parser_advance(parser);
    }
    return true;
}

static bool parse_base(struct parser *parser, struct scenario_number *out)
{
    lexer_extend(&parser->lexer, &parser->token, ".");
    const struct token token = parser->token;
    if (!scenario_base_find(token.text, token.length, &out->base)) {
        size_t count = 0;
        const char *const *names = scenario_base_names(&count);
        return parser_unknown(parser, "live number", &token, names, count);
    }
    const char sign = lexer_peek(&parser->lexer);
    parser_advance(parser);
    if (sign != '+' && sign != '-') {
        return true;
    }
    parser_advance(parser);
    if (!parser_integer(parser, "an offset", NUMBER_MAX, &out->offset)) {
        return false;
    }
    if (sign == '-') {
        out->offset = -out->offset;
    }
    return true;
}

bool parse_number(struct parser *parser, struct scenario_number *out)
{
    const struct source_span start = parser->token.span;
    if (!parser_at_number(parser)) {
        return parser_unexpected(parser, "a sequence number such as 1, 17! or rcv.nxt+1");
    }
    const bool is_plain = parser->token.kind == TOKEN_INTEGER;
    if (!(is_plain ? parse_plain(parser, out) : parse_base(parser, out))) {
        return false;
    }
    out->span = parser_span(parser, start);
    return true;
}

static bool parse_length(struct parser *parser, struct scenario_tcp *out)
{
    int64_t bytes = 0;
    if (!parser_expect(parser, "(") ||
        !parser_integer(parser, "a payload size", PAYLOAD_BYTES_MAX, &bytes) ||
        !parser_expect(parser, ")")) {
        return false;
    }
    out->payload_bytes = (uint32_t)bytes;
    return true;
}

/* "seq rcv.nxt+1 (10)" or "seq rcv.nxt+1": the end is left to the length. */
static bool parse_short_form(struct parser *parser, struct scenario_tcp *out)
{
    parser_advance(parser);
    if (!parse_number(parser, &out->start) ||
        (parser_at(parser, "(") && !parse_length(parser, out))) {
        return false;
    }
    out->end = out->start;
    out->end.offset += out->payload_bytes;
    return true;
}

static bool parse_range(struct parser *parser, struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    if (!parse_number(parser, &out->start) || !parser_expect(parser, ":") ||
        !parse_number(parser, &out->end) || !parse_length(parser, out)) {
        return false;
    }
    out->has_end = true;
    const uint32_t length = (uint32_t)(out->end.offset - out->start.offset);
    if (out->start.base != out->end.base) {
        return parser_fail(parser, out->end.span, "the two ends count from different numbers",
                           "the same base at both ends, or 'seq START (LENGTH)'");
    }
    if (length != out->payload_bytes) {
        return parser_fail(
            parser, parser_span(parser, start), "the numbers do not fit the length",
            arena_format(parser->arena, "(%u) after these two numbers", (unsigned)length));
    }
    return true;
}

bool parse_sequence(struct parser *parser, struct scenario_tcp *out)
{
    const struct source_span start = parser->token.span;
    bool is_good = false;
    if (parser->token.kind == TOKEN_ELLIPSIS) {
        parser_advance(parser);
        out->any_sequence = true;
        is_good = parse_length(parser, out);
    } else if (parser_at(parser, "seq")) {
        is_good = parse_short_form(parser, out);
    } else if (parser_at_number(parser)) {
        is_good = parse_range(parser, out);
    } else {
        return parser_unexpected(parser, "sequence numbers such as 1:1001(1000)");
    }
    out->sequence_span = parser_span(parser, start);
    return is_good;
}
