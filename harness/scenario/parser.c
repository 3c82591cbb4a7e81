/* The parser's common ground: the current token, errors, growing arrays. */
#include "scenario/parser.h"

#include <string.h>

#define LIST_CAPACITY_MIN 4
#define JOINED_NAMES_MAX  12

void *list_add(struct arena *arena, struct list *list, size_t item_bytes)
{
    if (list->capacity == 0) {
        list->items = arena_take(arena, LIST_CAPACITY_MIN * item_bytes);
        list->capacity = LIST_CAPACITY_MIN;
    }
    arena_grow(arena, &list->items, &list->capacity, list->count, item_bytes);
    return memset((char *)list->items + list->count++ * item_bytes, 0, item_bytes);
}

void parser_advance(struct parser *parser)
{
    parser->previous = parser->token.span;
    parser->previous_end = parser->token.span.offset + parser->token.span.length;
    lexer_next(&parser->lexer, &parser->token);
}

bool parser_at(const struct parser *parser, const char *text)
{
    return token_is(&parser->token, text);
}

bool parser_take(struct parser *parser, const char *text)
{
    if (!parser_at(parser, text)) {
        return false;
    }
    parser_advance(parser);
    return true;
}

bool parser_expect(struct parser *parser, const char *text)
{
    return parser_take(parser, text) ||
           parser_unexpected(parser, arena_format(parser->arena, "'%s'", text));
}

struct source_span parser_span(const struct parser *parser, struct source_span start)
{
    start.length = parser->previous_end - start.offset;
    return start;
}

static void report(struct parser *parser, struct diagnostic diagnostic)
{
    if (parser->stopped) {
        return;
    }
    struct diagnostic *kept = list_add(parser->arena, &parser->diagnostics, sizeof *kept);
    *kept = diagnostic;
    parser->stopped = parser->diagnostics.count == PARSE_DIAGNOSTICS_MAX;
}

bool parser_fail(struct parser *parser, struct source_span span, const char *message,
                 const char *expected)
{
    report(parser, (struct diagnostic){.span = span, .message = message, .expected = expected});
    return false;
}

/* How much of a token an error quotes. */
static int quoted_length(const struct token *token)
{
    return token->length > 40 ? 40 : (int)token->length;
}

static const char *describe(struct parser *parser)
{
    const struct token *token = &parser->token;
    switch (token->kind) {
    case TOKEN_END:
        return "the script ends too early";
    case TOKEN_BROKEN:
        return token->complaint;
    case TOKEN_STRING:
        return "unexpected string";
    case TOKEN_COMMAND:
        return "unexpected command";
    case TOKEN_CODE:
        return "unexpected code";
    case TOKEN_OPTION:
        return arena_format(parser->arena, "unexpected option '--%.*s'", quoted_length(token),
                            token->text);
    case TOKEN_INTEGER:
    case TOKEN_HEX:
    case TOKEN_DECIMAL:
    case TOKEN_WORD:
    case TOKEN_ELLIPSIS:
    case TOKEN_SYMBOL:
        break;
    }
    return arena_format(parser->arena, "unexpected '%.*s'", quoted_length(token), token->text);
}

/* Does the next statement stand where this one should go on? */
static bool ends_too_early(const struct parser *parser)
{
    return parser->token.is_first_on_line &&
           (parser_at_time(parser) || parser->token.kind == TOKEN_OPTION ||
            parser_at_own_statement(parser)) &&
           parser->token.span.offset != parser->statement_start &&
           parser->token.span.line > parser->previous.line;
}

/* Right behind the last token, where something is missing. */
static struct source_span behind_previous(const struct parser *parser)
{
    struct source_span behind = parser->previous;
    behind.offset += behind.length;
    behind.column += behind.length;
    behind.length = 0;
    return behind;
}

bool parser_unexpected(struct parser *parser, const char *expected)
{
    if (ends_too_early(parser)) {
        return parser_fail(parser, behind_previous(parser), "the statement ends too early",
                           expected);
    }
    if (parser->token.kind == TOKEN_END && parser->previous.length > 0 &&
        parser->token.span.line > parser->previous.line) {
        return parser_fail(parser, behind_previous(parser), describe(parser), expected);
    }
    const bool is_broken = parser->token.kind == TOKEN_BROKEN;
    return parser_fail(parser, parser->token.span, describe(parser), is_broken ? NULL : expected);
}

/* "one of a, b, c"; NULL when there are too many to read. */
static const char *join(struct parser *parser, const char *const *names, size_t count)
{
    const char *joined = "one of";
    if (count > JOINED_NAMES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        joined = arena_format(parser->arena, "%s%s %s", joined, i == 0 ? "" : ",", names[i]);
    }
    return joined;
}

bool parser_unknown(struct parser *parser, const char *what, const struct token *token,
                    const char *const *names, size_t count)
{
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_OPTION) {
        return parser_unexpected(parser, join(parser, names, count));
    }
    char *word = arena_copy_text(parser->arena, token->text, (size_t)quoted_length(token));
    const char *nearest = diagnostic_nearest(word, names, count);
    report(parser, (struct diagnostic){
                       .span = token->span,
                       .message = arena_format(parser->arena, "unknown %s '%s'", what, word),
                       .expected = nearest == NULL ? join(parser, names, count) : NULL,
                       .suggestion = nearest,
                   });
    return false;
}

bool parser_reserved(struct parser *parser, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parser_at(parser, words[i])) {
            parser_fail(
                parser, parser->token.span,
                arena_format(parser->arena, "'%s' is reserved: it cannot be read yet", words[i]),
                NULL);
            return true;
        }
    }
    return false;
}

bool parser_integer(struct parser *parser, const char *what, int64_t max, int64_t *out)
{
    const struct token token = parser->token;
    if (token.kind != TOKEN_INTEGER && token.kind != TOKEN_HEX) {
        return parser_unexpected(parser, what);
    }
    if (token.integer > max) {
        return parser_fail(parser, token.span,
                           arena_format(parser->arena, "%s is out of range", what),
                           arena_format(parser->arena, "0 to %lld", (long long)max));
    }
    parser_advance(parser);
    *out = token.integer;
    return true;
}
