/* Values: arguments and results of calls. */
#include <string.h>

#include "scenario/characters.h"
#include "scenario/parser.h"

static const char a_value[] = "a value: a number, word, \"string\", ..., [list] or {struct}";

static bool parse_children(struct parser *parser, struct scenario_value *out, const char *close,
                           unsigned depth)
{
    struct list children = {0};
    while (!parser_at(parser, close)) {
        struct scenario_value *child =
            list_add(parser->arena, &children, sizeof(struct scenario_value));
        if (!parse_value(parser, child, depth + 1)) {
            return false;
        }
        if (!parser_take(parser, ",")) {
            break;
        }
        if (parser_at(parser, close)) {
            return parser_unexpected(parser, a_value);
        }
    }
    if (!parser_at(parser, close)) {
        return parser_unexpected(parser, arena_format(parser->arena, "',' or '%s'", close));
    }
    parser_advance(parser);
    out->children = children.items;
    out->child_count = children.count;
    return true;
}

/* One escape at text[0] == '\\'. Returns how many characters it takes, 0 when it is none. */
static size_t unescape(const char *text, size_t length, char *out)
{
    static const char letters[] = "nrtabfve\\\"'0";
    static const char values[] = "\n\r\t\a\b\f\v\033\\\"'";
    if (length < 2) {
        return 0;
    }
    if (text[1] == 'x') {
        if (length < 4 || hex_digit(text[2]) < 0 || hex_digit(text[3]) < 0) {
            return 0;
        }
        *out = (char)(hex_digit(text[2]) * 16 + hex_digit(text[3]));
        return 4;
    }
    const char *letter = memchr(letters, text[1], sizeof letters - 1);
    if (letter == NULL) {
        return 0;
    }
    *out = values[letter - letters];
    return 2;
}

/* Octets that grow by doubling, so that a long row of short strings costs linear time. */
struct octets {
    char *bytes;
    size_t count;
    size_t capacity;
};

static void reserve(struct arena *arena, struct octets *octets, size_t more)
{
    if (octets->count + more <= octets->capacity) {
        return;
    }
    const size_t doubled = octets->capacity * 2;
    const size_t needed = octets->count + more;
    octets->capacity = doubled > needed ? doubled : needed;
    char *larger = arena_take(arena, octets->capacity);
    if (octets->count > 0) {
        memcpy(larger, octets->bytes, octets->count);
    }
    octets->bytes = larger;
}

static bool append_string(struct parser *parser, struct octets *octets)
{
    const struct token token = parser->token;
    reserve(parser->arena, octets, token.length + 1);
    for (size_t i = 0; i < token.length;) {
        char *const next = &octets->bytes[octets->count];
        size_t taken = 1;
        *next = token.text[i];
        if (token.text[i] == '\\') {
            taken = unescape(token.text + i, token.length - i, next);
        }
        if (taken == 0) {
            struct source_span span = token.span;
            if (!token.is_replaced) {
                span.offset += (uint32_t)i + 1;
                span.column += (uint32_t)i + 1;
                span.length = 2;
            }
            return parser_fail(parser, span, "an escape that is not known",
                               "\\n \\r \\t \\0 \\a \\b \\f \\v \\e \\\\ \\\" or \\xHH");
        }
        octets->count++;
        i += taken;
    }
    parser_advance(parser);
    return true;
}

bool parse_strings(struct parser *parser, const char **text, size_t *count)
{
    struct octets octets = {0};
    while (parser->token.kind == TOKEN_STRING) {
        if (!append_string(parser, &octets)) {
            return false;
        }
    }
    octets.bytes[octets.count] = '\0';
    *text = octets.bytes;
    *count = octets.count;
    return true;
}

static bool parse_string_value(struct parser *parser, struct scenario_value *out)
{
    out->kind = SCENARIO_VALUE_STRING;
    if (!parse_strings(parser, &out->text, &out->text_bytes)) {
        return false;
    }
    if (parser->token.kind == TOKEN_ELLIPSIS) {
        out->is_cut = true;
        parser_advance(parser);
    }
    return true;
}

static bool parse_integer_value(struct parser *parser, struct scenario_value *out)
{
    out->kind = SCENARIO_VALUE_INTEGER;
    const bool is_negative = parser_take(parser, "-");
    out->is_hex = parser->token.kind == TOKEN_HEX;
    if (!parser_integer(parser, "a number", INT64_MAX - 1, &out->integer)) {
        return false;
    }
    if (is_negative) {
        out->integer = -out->integer;
    }
    return true;
}

/* WORD, WORD(values), WORD = value, WORD(values) = value. */
static bool parse_word_value(struct parser *parser, struct scenario_value *out, unsigned depth)
{
    out->kind = SCENARIO_VALUE_WORD;
    out->text = token_copy(parser->arena, &parser->token);
    out->text_bytes = parser->token.length;
    parser_advance(parser);
    if (parser_take(parser, "(")) {
        out->kind = SCENARIO_VALUE_CALL;
        if (!parse_children(parser, out, ")", depth)) {
            return false;
        }
    }
    if (!parser_take(parser, "=")) {
        return true;
    }
    out->kind = SCENARIO_VALUE_FIELD;
    struct list children = {0};
    for (size_t i = 0; i < out->child_count; i++) {
        struct scenario_value *kept = list_add(parser->arena, &children, sizeof *kept);
        *kept = out->children[i];
    }
    struct scenario_value *value = list_add(parser->arena, &children, sizeof *value);
    if (!parse_value(parser, value, depth + 1)) {
        return false;
    }
    out->children = children.items;
    out->child_count = children.count;
    return true;
}

static bool parse_operand(struct parser *parser, struct scenario_value *out, unsigned depth)
{
    switch (parser->token.kind) {
    case TOKEN_ELLIPSIS:
        out->kind = SCENARIO_VALUE_ELLIPSIS;
        parser_advance(parser);
        return true;
    case TOKEN_INTEGER:
    case TOKEN_HEX:
        return parse_integer_value(parser, out);
    case TOKEN_WORD:
        return parse_word_value(parser, out, depth);
    case TOKEN_STRING:
        return parse_string_value(parser, out);
    case TOKEN_SYMBOL:
        if (parser_take(parser, "[")) {
            out->kind = SCENARIO_VALUE_LIST;
            return parse_children(parser, out, "]", depth);
        }
        if (parser_take(parser, "{")) {
            out->kind = SCENARIO_VALUE_STRUCT;
            return parse_children(parser, out, "}", depth);
        }
        if (parser_at(parser, "-")) {
            return parse_integer_value(parser, out);
        }
        break;
    case TOKEN_END:
    case TOKEN_DECIMAL:
    case TOKEN_COMMAND:
    case TOKEN_CODE:
    case TOKEN_OPTION:
    case TOKEN_BROKEN:
        break;
    }
    return parser_unexpected(parser, a_value);
}

/* a|b|c: the first operand moves into a list of its own. */
static bool parse_alternatives(struct parser *parser, struct scenario_value *out, unsigned depth)
{
    struct list children = {0};
    struct scenario_value *child = list_add(parser->arena, &children, sizeof *child);
    *child = *out;
    *out = (struct scenario_value){.kind = SCENARIO_VALUE_OR};
    while (parser_take(parser, "|")) {
        const struct source_span start = parser->token.span;
        child = list_add(parser->arena, &children, sizeof *child);
        if (!parse_operand(parser, child, depth + 1)) {
            return false;
        }
        child->span = parser_span(parser, start);
    }
    out->children = children.items;
    out->child_count = children.count;
    return true;
}

bool parse_value(struct parser *parser, struct scenario_value *out, unsigned depth)
{
    const struct source_span start = parser->token.span;
    if (depth > PARSE_DEPTH_MAX) {
        return parser_fail(parser, start, "values are nested too deeply", "at most 32 levels");
    }
    if (!parse_operand(parser, out, depth)) {
        return false;
    }
    out->span = parser_span(parser, start);
    if (parser_at(parser, "|") && !parse_alternatives(parser, out, depth)) {
        return false;
    }
    out->span = parser_span(parser, start);
    return true;
}
