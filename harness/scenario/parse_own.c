/* Statements that packetdrill does not have: assert, set, quiet, wait, batch, in any order, one of. */
#include <string.h>

#include "scenario/names.h"
#include "scenario/parser.h"
#include "scenario/units.h"

/* ---- assert ------------------------------------------------------------------------------------- */

/* Comparison signs are one or two characters that touch. */
static bool parse_compare(struct parser *parser, enum scenario_compare *out)
{
    const bool has_equals = lexer_peek(&parser->lexer) == '=';
    if (has_equals && parser_at(parser, "=")) {
        *out = SCENARIO_EQ;
    } else if (has_equals && parser_at(parser, "!")) {
        *out = SCENARIO_NE;
    } else if (parser_at(parser, "<")) {
        *out = has_equals ? SCENARIO_LE : SCENARIO_LT;
    } else if (parser_at(parser, ">")) {
        *out = has_equals ? SCENARIO_GE : SCENARIO_GT;
    } else {
        return parser_unexpected(parser, "== != < <= > or >=");
    }
    parser_advance(parser);
    if (has_equals) {
        parser_advance(parser);
    }
    return true;
}

/* A number, a duration with its unit (in microseconds), or a word such as TIME-WAIT. */
static bool parse_condition_value(struct parser *parser, struct scenario_condition *out)
{
    const struct source_span start = parser->token.span;
    const bool is_word = parser->token.kind == TOKEN_WORD;
    if (parser_at_number(parser) &&
        (parser->token.kind != TOKEN_INTEGER || parser->token.integer <= (int64_t)UINT32_MAX)) {
        if (!parse_number(parser, &out->number)) {
            return false;
        }
    } else if (parser->token.kind == TOKEN_INTEGER || parser->token.kind == TOKEN_HEX) {
        if (!parser_integer(parser, "a number", INT64_MAX - 1, &out->number.offset)) {
            return false;
        }
    } else if (parser->token.kind == TOKEN_DECIMAL ||
               (is_word && parser->token.text[0] >= '0' && parser->token.text[0] <= '9')) {
        if (!parse_duration(parser, 1, &out->number.offset)) {
            return false;
        }
    } else if (is_word) {
        lexer_extend(&parser->lexer, &parser->token, "-");
        out->word = token_copy(parser->arena, &parser->token);
        parser_advance(parser);
    } else {
        return parser_unexpected(parser, "a number, or a state such as TIME-WAIT");
    }
    out->value_span = parser_span(parser, start);
    out->number.span = out->value_span;
    return true;
}

static bool parse_condition(struct parser *parser, struct scenario_condition *out)
{
    const struct source_span start = parser->token.span;
    if (parser->token.kind != TOKEN_WORD) {
        return parser_unexpected(parser, "a field such as state, snd.una or cwnd");
    }
    lexer_extend(&parser->lexer, &parser->token, ".");
    out->field = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    if (!parse_compare(parser, &out->compare) || !parse_condition_value(parser, out)) {
        return false;
    }
    out->span = parser_span(parser, start);
    return true;
}

static bool parse_subject(struct parser *parser, struct scenario_assertion *out)
{
    out->descriptor = -1;
    if (parser_at(parser, "host")) {
        parser_advance(parser);
        out->is_host = true;
        return true;
    }
    if (parser_take(parser, "fd")) {
        return parser_integer(parser, "a descriptor", INT32_MAX, &out->descriptor);
    }
    if (parser_take(parser, "@")) {
        if (parser->token.kind != TOKEN_WORD) {
            return parser_unexpected(parser, "a connection's label such as @old");
        }
        out->connection = token_copy(parser->arena, &parser->token);
        parser_advance(parser);
    }
    return true;
}

static bool parse_assert(struct parser *parser, struct scenario_event *out)
{
    struct scenario_assertion *assertion = arena_take(parser->arena, sizeof *assertion);
    struct list conditions = {0};
    out->kind = SCENARIO_ASSERT;
    out->as.assertion = assertion;
    parser_advance(parser);
    if (!parse_subject(parser, assertion)) {
        return false;
    }
    do {
        struct scenario_condition *condition =
            list_add(parser->arena, &conditions, sizeof *condition);
        if (!parse_condition(parser, condition)) {
            return false;
        }
    } while (parser_take(parser, ","));
    assertion->conditions = conditions.items;
    assertion->condition_count = conditions.count;
    return true;
}

/* ---- set and quiet ------------------------------------------------------------------------------ */

static bool parse_setting(struct parser *parser, struct scenario_setting *out)
{
    const struct token name = parser->token;
    if (name.kind != TOKEN_WORD) {
        return parser_unexpected(parser, "a configuration field such as msl_us");
    }
    out->name = token_copy(parser->arena, &name);
    parser_advance(parser);
    if (!parser_expect(parser, "=")) {
        return false;
    }
    const enum token_kind kind = parser->token.kind;
    if (kind != TOKEN_WORD && kind != TOKEN_INTEGER && kind != TOKEN_HEX && kind != TOKEN_DECIMAL) {
        return parser_unexpected(parser, "a whole number, or 200ms for a field that ends in _us");
    }
    lexer_extend(&parser->lexer, &parser->token, ".");
    const struct token value = parser->token;
    const char *wrong =
        units_setting(name.text, name.length, value.text, value.length, &out->value);
    if (wrong != NULL) {
        return parser_fail(parser, value.span, wrong, NULL);
    }
    parser_advance(parser);
    out->span = parser_span(parser, name.span);
    return true;
}

static bool parse_set(struct parser *parser, struct scenario_event *out)
{
    struct list settings = {0};
    out->kind = SCENARIO_SET;
    parser_advance(parser);
    do {
        struct scenario_setting *setting = list_add(parser->arena, &settings, sizeof *setting);
        if (!parse_setting(parser, setting)) {
            return false;
        }
    } while (parser_take(parser, ","));
    out->as.settings.items = settings.items;
    out->as.settings.count = settings.count;
    return true;
}

static bool parse_quiet(struct parser *parser, struct scenario_event *out)
{
    out->kind = SCENARIO_QUIET;
    parser_advance(parser);
    return parser_expect(parser, "for") && parse_duration(parser, 1000000, &out->as.quiet_us);
}

/* ---- wait --------------------------------------------------------------------------------------- */

/* "deadline", "deadline-1us": the sign touches, since a time may begin with '+'. */
static bool parse_deadline(struct parser *parser, int64_t *us)
{
    if (!parser_at(parser, "deadline")) {
        return parser_unexpected(parser, "deadline");
    }
    const char sign = lexer_peek(&parser->lexer);
    parser_advance(parser);
    if (sign != '+' && sign != '-') {
        return true;
    }
    parser_advance(parser);
    const bool is_good = parse_duration(parser, 1000000, us);
    *us = sign == '-' ? -*us : *us;
    return is_good;
}

static bool parse_wait(struct parser *parser, struct scenario_event *out)
{
    out->kind = SCENARIO_WAIT;
    parser_advance(parser);
    if (parser_take(parser, "until")) {
        out->as.wait.is_until_deadline = true;
        return parse_deadline(parser, &out->as.wait.us);
    }
    out->as.wait.is_asleep = parser_take(parser, "asleep");
    if (!parser_take(parser, "for")) {
        return parser_unexpected(parser,
                                 out->as.wait.is_asleep ? "for" : "for 20s or until deadline");
    }
    return parse_duration(parser, 1000000, &out->as.wait.us);
}

/* ---- groups ------------------------------------------------------------------------------------- */

/* "{ packets }" of one direction; `direction` is '<' or '>'. */
static bool parse_packets(struct parser *parser, const char *direction, struct scenario_event *out)
{
    struct list items = {0};
    if (!parser_expect(parser, "{")) {
        return false;
    }
    while (!parser_take(parser, "}")) {
        if (!parser_at(parser, direction)) {
            return parser_unexpected(parser, direction[0] == '<'
                                                 ? "an inbound packet ('<') or '}'"
                                                 : "an outbound packet ('>') or '}'");
        }
        const struct source_span start = parser->token.span;
        struct scenario_event *item = list_add(parser->arena, &items, sizeof *item);
        item->kind = SCENARIO_PACKET;
        item->time = out->time;
        item->as.packet = arena_take(parser->arena, sizeof *item->as.packet);
        if (!parse_packet(parser, item->as.packet)) {
            return false;
        }
        item->span = parser_span(parser, start);
    }
    out->as.group.items = items.items;
    out->as.group.count = items.count;
    return true;
}

static bool parse_filled_group(struct parser *parser, const char *direction,
                               struct scenario_event *out)
{
    const struct source_span start = parser->token.span;
    parser->in_group = true;
    const bool is_good = parse_packets(parser, direction, out);
    parser->in_group = false;
    if (is_good && out->as.group.count == 0) {
        return parser_fail(parser, parser_span(parser, start), "an empty group", "a packet");
    }
    return is_good;
}

static bool parse_batch(struct parser *parser, struct scenario_event *out)
{
    out->kind = SCENARIO_BATCH;
    parser_advance(parser);
    return parse_filled_group(parser, "<", out);
}

static bool parse_any_order(struct parser *parser, struct scenario_event *out)
{
    out->kind = SCENARIO_ANY_ORDER;
    parser_advance(parser);
    return parser_expect(parser, "any") && parser_expect(parser, "order") &&
           parse_filled_group(parser, ">", out);
}

static bool parse_one_of(struct parser *parser, struct scenario_event *out)
{
    struct list items = {0};
    bool is_first = true;
    out->kind = SCENARIO_ONE_OF;
    parser_advance(parser);
    if (!parser_expect(parser, "of")) {
        return false;
    }
    do {
        const struct source_span start = parser->token.span;
        struct scenario_event *item = list_add(parser->arena, &items, sizeof *item);
        item->kind = SCENARIO_ALTERNATIVE;
        item->time = out->time;
        if (!is_first && parser_take(parser, "nothing")) {
            item->span = parser_span(parser, start);
            break;
        }
        if (!parse_filled_group(parser, ">", item)) {
            return false;
        }
        item->span = parser_span(parser, start);
        is_first = false;
    } while (parser_take(parser, "or"));
    out->as.group.items = items.items;
    out->as.group.count = items.count;
    return true;
}

/* ---- all of them -------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    bool (*parse)(struct parser *parser, struct scenario_event *out);
} own_statements[] = {
    {"assert", parse_assert}, {"set", parse_set},    {"quiet", parse_quiet}, {"batch", parse_batch},
    {"in", parse_any_order},  {"one", parse_one_of}, {"wait", parse_wait},
};
#define OWN_STATEMENT_COUNT (sizeof own_statements / sizeof own_statements[0])

bool parser_at_own_statement(const struct parser *parser)
{
    for (size_t i = 0; i < OWN_STATEMENT_COUNT; i++) {
        if (parser_at(parser, own_statements[i].word)) {
            return lexer_peek(&parser->lexer) != '(';
        }
    }
    return false;
}

bool parse_own_statement(struct parser *parser, struct scenario_event *out)
{
    for (size_t i = 0; i < OWN_STATEMENT_COUNT; i++) {
        if (parser_at(parser, own_statements[i].word)) {
            return own_statements[i].parse(parser, out);
        }
    }
    return parser_unexpected(parser, "a statement");
}
