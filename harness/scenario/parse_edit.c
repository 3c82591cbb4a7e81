/* What the network between two hosts does: `a>b #3 drop`, `b>a #0-4 delay 20ms`. */
#include "scenario/names.h"
#include "scenario/parser.h"

#define PACKET_MAX ((int64_t)UINT32_MAX)

bool parser_at_edit(const struct parser *parser)
{
    return parser->token.kind == TOKEN_WORD && lexer_peek(&parser->lexer) == '>';
}

static bool at_host(const struct parser *parser)
{
    return parser_at(parser, "a") || parser_at(parser, "b");
}

static bool parse_direction(struct parser *parser, struct scenario_edit *out)
{
    if (!at_host(parser)) {
        return parser_unexpected(parser, "a>b or b>a: the two hosts are a and b");
    }
    out->from = parser->token.text[0];
    parser_advance(parser);
    parser_advance(parser); /* > */
    if (!at_host(parser) || parser->token.text[0] == out->from) {
        return parser_unexpected(parser, out->from == 'a' ? "b" : "a");
    }
    parser_advance(parser);
    return true;
}

static bool parse_place(struct parser *parser, struct scenario_edit *out)
{
    int64_t number = 0;
    if (!parser_integer(parser, "which octet", UINT16_MAX, &number)) {
        return false;
    }
    out->place = (uint16_t)number;
    out->value = UINT8_MAX;
    if (parser_take(parser, "xor")) {
        if (!parser_integer(parser, "what it is exclusive-ored with", UINT8_MAX, &number)) {
            return false;
        }
        out->value = (uint8_t)number;
    }
    return true;
}

static bool parse_mtu(struct parser *parser, struct scenario_edit *out)
{
    int64_t number = 0;
    if (!parser_integer(parser, "an MTU", UINT16_MAX, &number)) {
        return false;
    }
    out->mtu = (uint16_t)number;
    out->is_silent = parser_take(parser, "silent");
    return true;
}

static bool parse_code(struct parser *parser, struct scenario_edit *out)
{
    const bool is_name = parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_INTEGER;
    if (!is_name || parser->token.is_first_on_line) {
        return parser_unexpected(parser, "a code such as host_unreachable");
    }
    out->code = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    return true;
}

static bool parse_what(struct parser *parser, struct scenario_edit *out)
{
    const char *names[SCENARIO_EDIT_COUNT];
    const struct token token = parser->token;
    size_t kind = SCENARIO_EDIT_COUNT;
    for (size_t i = 0; i < SCENARIO_EDIT_COUNT; i++) {
        names[i] = scenario_edit_name((enum scenario_edit_kind)i);
        kind = token_is(&token, names[i]) ? i : kind;
    }
    if (kind == SCENARIO_EDIT_COUNT) {
        return parser_unknown(parser, "edit", &token, names, SCENARIO_EDIT_COUNT);
    }
    out->kind = (enum scenario_edit_kind)kind;
    parser_advance(parser);
    switch (out->kind) {
    case SCENARIO_EDIT_DROP:
    case SCENARIO_EDIT_MARK:
        return true;
    case SCENARIO_EDIT_DELAY:
    case SCENARIO_EDIT_DUPLICATE:
    case SCENARIO_EDIT_PART:
        return parse_duration(parser, 1000000, &out->us);
    case SCENARIO_EDIT_CORRUPT:
        return parse_place(parser, out);
    case SCENARIO_EDIT_MTU:
        return parse_mtu(parser, out);
    case SCENARIO_EDIT_UNREACHABLE:
        return parse_code(parser, out);
    }
    return false;
}

bool parse_edit(struct parser *parser, struct scenario_event *event)
{
    struct scenario_edit *const out = &event->as.edit;
    event->kind = SCENARIO_EDIT;
    if (!parse_direction(parser, out) || !parser_expect(parser, "#") ||
        !parser_integer(parser, "a packet's number, from 0", PACKET_MAX, &out->first)) {
        return false;
    }
    out->last = out->first;
    const struct source_span start = parser->token.span;
    if (parser_take(parser, "-") &&
        !parser_integer(parser, "the last packet's number", 2 * PACKET_MAX, &out->last)) {
        return false;
    }
    if (out->last < out->first) {
        return parser_fail(parser, parser_span(parser, start),
                           "the last packet is before the first", NULL);
    }
    const struct source_span what = parser->token.span;
    if (!parse_what(parser, out)) {
        return false;
    }
    out->span = parser_span(parser, what);
    const bool lasts =
        out->kind == SCENARIO_EDIT_PART || (out->kind == SCENARIO_EDIT_MTU && !out->is_silent);
    return !lasts || out->last == out->first ||
           parser_fail(parser, out->span, "this begins with one packet, and goes on by itself",
                       "a>b #3");
}
