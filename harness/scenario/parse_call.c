/* System calls with their arguments, result, error and the words strace puts behind it. */
#include <string.h>

#include "scenario/parser.h"

#define NOTE_BYTES_MAX 200

/* The words between parentheses as they stand, with single spaces. They need not be tokens: error
 * texts hold apostrophes. */
static bool parse_note_text(struct parser *parser, const char **out)
{
    struct lexer *lexer = &parser->lexer;
    const struct source_span start = parser->token.span;
    const char *text = lexer->source + lexer->at;
    const size_t rest = lexer->count - lexer->at;
    const size_t limit = rest < NOTE_BYTES_MAX ? rest : NOTE_BYTES_MAX;
    size_t length = 0;
    while (length < limit && text[length] != ')' && text[length] != '\n') {
        length++;
    }
    if (length == limit || text[length] != ')') {
        return parser_fail(parser, start, "these words have no closing parenthesis", NULL);
    }
    char *note = arena_take(parser->arena, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        const bool is_space = text[i] == ' ' || text[i] == '\t' || text[i] == '\r';
        if (!is_space) {
            note[count++] = text[i];
        } else if (count > 0 && note[count - 1] != ' ') {
            note[count++] = ' ';
        }
    }
    if (count > 0 && note[count - 1] == ' ') {
        note[count - 1] = '\0';
    }
    lexer->at += length;
    parser_advance(parser); /* the ')' */
    parser_advance(parser);
    *out = note;
    return true;
}

/* Error names are the only capitalized words that can follow a result. */
static bool at_error_name(const struct parser *parser)
{
    static const char own[] = "TCP_ERROR_"; /* enum tcp_error, of RFC 9293's own calls */
    if (parser->token.kind == TOKEN_WORD && parser->token.length > sizeof own - 1 &&
        strncmp(parser->token.text, own, sizeof own - 1) == 0) {
        return true;
    }
    return parser->token.kind == TOKEN_WORD && parser->token.length > 1 &&
           parser->token.text[0] == 'E' && parser->token.text[1] >= 'A' &&
           parser->token.text[1] <= 'Z';
}

static bool parse_result(struct parser *parser, struct scenario_call *out)
{
    const struct source_span start = parser->token.span;
    if (!parse_value(parser, &out->result, 0)) {
        return false;
    }
    if (at_error_name(parser)) {
        out->error = token_copy(parser->arena, &parser->token);
        parser_advance(parser);
        if (parser_at(parser, "(") && !parse_note_text(parser, &out->error_text)) {
            return false;
        }
    }
    if (parser_at(parser, "(") && !parse_note_text(parser, &out->note)) {
        return false;
    }
    out->result_span = parser_span(parser, start);
    return true;
}

static bool parse_arguments(struct parser *parser, struct scenario_call *out)
{
    struct list arguments = {0};
    while (!parser_at(parser, ")")) {
        struct scenario_value *argument = list_add(parser->arena, &arguments, sizeof *argument);
        if (!parse_value(parser, argument, 0)) {
            return false;
        }
        if (!parser_take(parser, ",")) {
            break;
        }
        if (parser_at(parser, ")")) {
            return parser_unexpected(parser, "another argument");
        }
    }
    out->arguments = arguments.items;
    out->argument_count = arguments.count;
    if (!parser_take(parser, ")")) {
        return parser_unexpected(parser, "',' or ')'");
    }
    return true;
}

/* A word at the place of a call without its parenthesis: a statement that is misspelled? */
static bool no_call(struct parser *parser, const struct token *name)
{
    static const char *const statements[] = {"assert", "set", "quiet", "wait",
                                             "batch",  "in",  "one"};
    const size_t count = sizeof statements / sizeof statements[0];
    const char *word = token_copy(parser->arena, name);
    if (diagnostic_nearest(word, statements, count) == NULL) {
        return parser_unexpected(parser, "'('");
    }
    return parser_unknown(parser, "statement", name, statements, count);
}

bool parse_call(struct parser *parser, struct scenario_call *out)
{
    if (parser_at(parser, "tcp") || parser_at(parser, "socket")) { /* tcp.open(), socket.set() */
        lexer_extend(&parser->lexer, &parser->token, ".");
    }
    out->name = token_copy(parser->arena, &parser->token);
    out->name_span = parser->token.span;
    const struct token name = parser->token;
    parser_advance(parser);
    if (!parser_at(parser, "(")) {
        return no_call(parser, &name);
    }
    parser_advance(parser);
    if (!parse_arguments(parser, out)) {
        return false;
    }
    if (!parser_take(parser, "=")) {
        return parser_unexpected(parser, "'=' and the call's result");
    }
    return parse_result(parser, out);
}
