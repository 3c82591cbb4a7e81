/* Times in front of statements, and durations. */
#include "scenario/parser.h"
#include "scenario/units.h"

static const char a_time[] = "a time such as 0, +0, +0.1, +0.1~+0.2 or *";

static bool at_seconds(const struct parser *parser)
{
    return parser->token.kind == TOKEN_INTEGER || parser->token.kind == TOKEN_DECIMAL;
}

bool parser_at_time(const struct parser *parser)
{
    return at_seconds(parser) || parser_at(parser, "+") || parser_at(parser, "*");
}

static bool parse_seconds(struct parser *parser, int64_t *us)
{
    if (!at_seconds(parser)) {
        return parser_unexpected(parser, "seconds such as 0, .1 or 2.5");
    }
    const struct token token = parser->token;
    const char *wrong = units_seconds(token.text, token.length, us);
    if (wrong != NULL) {
        return parser_fail(parser, token.span, wrong, NULL);
    }
    parser_advance(parser);
    return true;
}

static bool parse_range_end(struct parser *parser, struct scenario_time *out)
{
    const bool is_relative = out->kind == SCENARIO_TIME_RELATIVE;
    if (is_relative && !parser_expect(parser, "+")) {
        return false;
    }
    const struct source_span span = parser->token.span;
    if (!parse_seconds(parser, &out->to_us)) {
        return false;
    }
    if (out->to_us < out->from_us) {
        return parser_fail(parser, span, "a time range that ends before it begins", NULL);
    }
    out->kind = is_relative ? SCENARIO_TIME_RELATIVE_RANGE : SCENARIO_TIME_ABSOLUTE_RANGE;
    return true;
}

bool parse_time(struct parser *parser, struct scenario_time *out)
{
    const struct source_span start = parser->token.span;
    if (!parser_at_time(parser)) {
        return parser_unexpected(parser, a_time);
    }
    if (parser_take(parser, "*")) {
        out->kind = SCENARIO_TIME_ANY;
        out->span = parser_span(parser, start);
        return true;
    }
    out->kind = parser_take(parser, "+") ? SCENARIO_TIME_RELATIVE : SCENARIO_TIME_ABSOLUTE;
    if (!parse_seconds(parser, &out->from_us)) {
        return false;
    }
    out->to_us = out->from_us;
    if (parser_take(parser, "~") && !parse_range_end(parser, out)) {
        return false;
    }
    out->span = parser_span(parser, start);
    return true;
}

/* The end of a blocking call: `...0.2` counts from where the start counts from, `...+0.2` from the
 * start. */
bool parse_time_end(struct parser *parser, struct scenario_time *out)
{
    if (parser->token.kind != TOKEN_ELLIPSIS) {
        return true;
    }
    const struct source_span span = parser->token.span;
    parser_advance(parser);
    out->has_end = true;
    out->end_is_from_start = parser_take(parser, "+");
    if (!parse_seconds(parser, &out->end_us)) {
        return false;
    }
    if (out->kind != SCENARIO_TIME_ABSOLUTE && out->kind != SCENARIO_TIME_RELATIVE) {
        return parser_fail(parser, span, "only a single time can have an end", NULL);
    }
    if (!out->end_is_from_start && out->end_us < out->from_us) {
        return parser_fail(parser, parser_span(parser, span), "a call that ends before it begins",
                           NULL);
    }
    out->span = parser_span(parser, out->span);
    return true;
}

bool parse_duration(struct parser *parser, int64_t bare_us, int64_t *us)
{
    if (!at_seconds(parser) && parser->token.kind != TOKEN_WORD) {
        return parser_unexpected(parser, "a duration such as 60s, 200ms or 1.5");
    }
    lexer_extend(&parser->lexer, &parser->token, ".");
    const struct token token = parser->token;
    const char *wrong = units_duration(token.text, token.length, bare_us, us);
    if (wrong != NULL) {
        return parser_fail(parser, token.span, wrong, "a duration such as 60s, 200ms or 1.5");
    }
    parser_advance(parser);
    return true;
}
