/* What stands before the first event: option lines, what a script says of itself, how it starts. */
#include <string.h>

#include "scenario/characters.h"
#include "scenario/option_names.h"
#include "scenario/parser.h"

/* The value runs to the next white space; quoted parts may hold some. */
static bool read_value(struct parser *parser, const char **out)
{
    struct lexer *lexer = &parser->lexer;
    const char *text = lexer->source + lexer->at;
    const size_t rest = lexer->count - lexer->at;
    size_t length = 0;
    char quote = '\0';
    while (length < rest && (quote != '\0' || !is_space(text[length]))) {
        const char c = text[length];
        if (c == '\n') {
            break;
        }
        if (quote == '\0' && (c == '"' || c == '`')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        }
        length++;
    }
    if (quote != '\0' || length == 0) {
        struct source_span here = lexer_here(lexer);
        here.length = (uint32_t)length;
        return parser_fail(parser, here,
                           quote != '\0' ? "a quotation mark is not closed" : "no value after '='",
                           NULL);
    }
    lexer->at += length;
    const bool is_quoted = length > 1 && text[0] == '"' && text[length - 1] == '"' &&
                           memchr(text + 1, '"', length - 2) == NULL;
    *out = is_quoted ? arena_copy_text(parser->arena, text + 1, length - 2)
                     : arena_copy_text(parser->arena, text, length);
    return true;
}

/* --define=SYM=value works from the next word on, unless the caller has defined SYM. */
static bool define(struct parser *parser, const struct scenario_option_line *line)
{
    const char *equals = strchr(line->value, '=');
    if (equals == NULL || equals == line->value) {
        return parser_fail(parser, line->span, "a definition without a name and a value",
                           "--define=NAME=value");
    }
    struct parse_definition *kept = list_add(parser->arena, &parser->definitions, sizeof *kept);
    *kept = (struct parse_definition){
        .name = arena_copy_text(parser->arena, line->value, (size_t)(equals - line->value)),
        .value = equals + 1,
    };
    parser->lexer.definitions = parser->definitions.items;
    parser->lexer.definition_count = parser->definitions.count;
    return true;
}

/* --values=SYM=a,b: a definition of the first of them; the runner takes the others in turn. */
static bool define_first(struct parser *parser, const struct scenario_option_line *line)
{
    const size_t head = strcspn(line->value, ",");
    const char *equals = memchr(line->value, '=', head);
    const char *at = equals == NULL ? "" : equals + 1;
    bool is_sound = equals != NULL && equals != line->value;
    for (; is_sound && *at != '\0';
         at += at[strcspn(at, ",")] == ',' ? strcspn(at, ",") + 1 : strcspn(at, ",")) {
        is_sound = *at != ',';
    }
    if (!is_sound || equals[1] == '\0' || at[-1] == ',') {
        return parser_fail(parser, line->span, "values without a name, or an empty one",
                           "--values=NAME=value,value");
    }
    struct scenario_option_line first = *line;
    first.value = arena_copy_text(parser->arena, line->value, head);
    return define(parser, &first);
}

bool parse_option_line(struct parser *parser)
{
    const struct token token = parser->token;
    struct scenario_option_line line = {.name = token_copy(parser->arena, &token), .value = ""};
    size_t name_count = 0;
    const char *const *names = option_names(&name_count);
    if (option_name_use(line.name) == OPTION_UNKNOWN) {
        return parser_unknown(parser, "option", &token, names, name_count);
    }
    line.span = token.span;
    if (lexer_peek(&parser->lexer) == '=') {
        parser->lexer.at++;
        if (!read_value(parser, &line.value)) {
            return false;
        }
        line.span.length = (uint32_t)(parser->lexer.at - token.span.offset);
    }
    if (strcmp(line.name, "define") == 0 && !define(parser, &line)) {
        return false;
    }
    if (strcmp(line.name, "values") == 0 && !define_first(parser, &line)) {
        return false;
    }
    parser_advance(parser);
    parser->previous_end = line.span.offset + line.span.length;
    struct scenario_option_line *kept = list_add(parser->arena, &parser->options, sizeof *kept);
    *kept = line;
    return true;
}

bool parser_at_note(const struct parser *parser)
{
    return parser_at(parser, "req") || parser_at(parser, "violates") || parser_at(parser, "xfail");
}

/* A name such as MUST-5, S04 or linux; 9293-U10 begins with a number. */
static bool parse_subject(struct parser *parser, struct scenario_note *note)
{
    const bool begins_with_number =
        parser->token.kind == TOKEN_INTEGER && lexer_peek(&parser->lexer) == '-';
    if (parser->token.kind != TOKEN_WORD && !begins_with_number) {
        return parser_unexpected(parser, "a name such as MUST-5, S04 or linux");
    }
    lexer_extend(&parser->lexer, &parser->token, "-.");
    note->subject = token_copy(parser->arena, &parser->token);
    note->span = parser->token.span;
    parser_advance(parser);
    return true;
}

static void keep_note(struct parser *parser, struct scenario_note note)
{
    struct scenario_note *kept = list_add(parser->arena, &parser->notes, sizeof *kept);
    *kept = note;
}

/* req MUST-5 SHLD-2, up to the end of the line. */
static bool parse_requirements(struct parser *parser)
{
    do {
        struct scenario_note note = {.kind = "req"};
        if (parser->token.is_first_on_line) {
            return parser_unexpected(parser, "an id such as MUST-5 on the line of req");
        }
        if (!parse_subject(parser, &note)) {
            return false;
        }
        keep_note(parser, note);
        parser_take(parser, ",");
    } while (!parser->token.is_first_on_line && parser->token.kind != TOKEN_END);
    return true;
}

/* : "reason", which may be left out. */
static bool parse_reason(struct parser *parser, struct scenario_note *note)
{
    size_t count = 0;
    if (!parser_take(parser, ":")) {
        return true;
    }
    if (parser->token.kind != TOKEN_STRING) {
        return parser_unexpected(parser, "a reason in quotation marks");
    }
    return parse_strings(parser, &note->reason, &count);
}

bool parse_note(struct parser *parser)
{
    const struct source_span start = parser->token.span;
    struct scenario_note note = {0};
    if (parser_take(parser, "req")) {
        return parse_requirements(parser);
    }
    const bool is_xfail = parser_at(parser, "xfail");
    note.kind = is_xfail ? "xfail" : "violates";
    parser_advance(parser);
    if (is_xfail && !parser_expect(parser, "(")) {
        return false;
    }
    if (!parse_subject(parser, &note) || (is_xfail && !parser_expect(parser, ")")) ||
        !parse_reason(parser, &note)) {
        return false;
    }
    note.span = parser_span(parser, start);
    keep_note(parser, note);
    return true;
}

bool parse_start(struct parser *parser)
{
    const struct source_span start = parser->token.span;
    parser_advance(parser);
    if (parser->start != NULL) {
        return parser_fail(parser, start, "a second start", NULL);
    }
    if (parser->token.kind != TOKEN_WORD || parser->token.is_first_on_line) {
        return parser_unexpected(parser, "a prologue's name such as established");
    }
    lexer_extend(&parser->lexer, &parser->token, "-");
    parser->start = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    parser->start_span = parser_span(parser, start);
    return true;
}
