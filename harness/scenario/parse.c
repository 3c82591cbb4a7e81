/* The script as a whole: header, init command, events, cleanup command. A statement that is wrong is
 * given up and reading goes on at the next line that looks like one, so that all errors of a file
 * are found at once. */
#include "scenario/parse.h"

#include <string.h>

#include "scenario/option_names.h"
#include "scenario/parser.h"
#include "scenario/tree_build.h"

/* Spans count in 32 bits. */
#define SOURCE_BYTES_MAX ((size_t)1 << 31)

static void keep_statement(struct parser *parser, enum script_statement_kind kind, size_t index,
                           size_t count, struct source_span start)
{
    struct script_statement *kept = list_add(parser->arena, &parser->statements, sizeof *kept);
    *kept = (struct script_statement){
        .kind = kind, .index = index, .count = count, .span = parser_span(parser, start)};
}

/* ---- statements --------------------------------------------------------------------------------- */

/* `a:` before a statement names one of two hosts. */
static void parse_host(struct parser *parser, struct scenario_event *out)
{
    if (parser->token.kind == TOKEN_WORD && lexer_peek(&parser->lexer) == ':') {
        out->host = token_copy(parser->arena, &parser->token);
        parser_advance(parser);
        parser_advance(parser);
    }
}

/* Code keeps its inner layout, which may mean something; only spaces at its ends go. */
static void keep_text(struct parser *parser, struct scenario_event *out)
{
    const struct token *token = &parser->token;
    const char *text = token->text;
    size_t length = token->length;
    if (out->kind == SCENARIO_CODE) {
        while (length > 0 && (text[0] == ' ' || text[0] == '\t')) {
            text++;
            length--;
        }
        while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
            length--;
        }
    }
    out->as.text.bytes = arena_copy_text(parser->arena, text, length);
    out->as.text.count = length;
    parser_advance(parser);
}

static bool parse_action(struct parser *parser, struct scenario_event *out)
{
    switch (parser->token.kind) {
    case TOKEN_COMMAND:
    case TOKEN_CODE:
        out->kind = parser->token.kind == TOKEN_CODE ? SCENARIO_CODE : SCENARIO_COMMAND;
        keep_text(parser, out);
        return true;
    case TOKEN_WORD:
        if (parser_at_own_statement(parser)) {
            return parse_own_statement(parser, out);
        }
        out->kind = SCENARIO_CALL;
        out->as.call = arena_take(parser->arena, sizeof *out->as.call);
        return parse_call(parser, out->as.call);
    case TOKEN_SYMBOL:
        if (parser_at(parser, "<") || parser_at(parser, ">")) {
            out->kind = SCENARIO_PACKET;
            out->as.packet = arena_take(parser->arena, sizeof *out->as.packet);
            return parse_packet(parser, out->as.packet);
        }
        break;
    case TOKEN_END:
    case TOKEN_INTEGER:
    case TOKEN_HEX:
    case TOKEN_DECIMAL:
    case TOKEN_STRING:
    case TOKEN_ELLIPSIS:
    case TOKEN_OPTION:
    case TOKEN_BROKEN:
        break;
    }
    return parser_unexpected(parser, "a packet ('<' or '>'), a call, a `command`, %{ code }% or "
                                     "assert, set, quiet, wait, batch, in any order, one of");
}

/* Ranges and '*' are expectations, and only packets that leave are expected at an unknown time. */
static bool check_time(struct parser *parser, const struct scenario_event *event)
{
    const struct scenario_time *time = &event->time;
    const bool is_outbound =
        event->kind == SCENARIO_ANY_ORDER || event->kind == SCENARIO_ONE_OF ||
        (event->kind == SCENARIO_PACKET && event->as.packet->direction == SCENARIO_OUTBOUND);
    if (time->has_end && event->kind != SCENARIO_CALL) {
        return parser_fail(parser, time->span, "only a call can have an end time", NULL);
    }
    if (is_outbound || time->kind == SCENARIO_TIME_ABSOLUTE ||
        time->kind == SCENARIO_TIME_RELATIVE) {
        return true;
    }
    return parser_fail(parser, time->span,
                       time->kind == SCENARIO_TIME_ANY
                           ? "time * can only be used with outbound packets"
                           : "a time range can only be used with outbound packets",
                       NULL);
}

static bool at_start(const struct parser *parser)
{
    return parser_at(parser, "start") && lexer_peek(&parser->lexer) != '(';
}

static const char *const reserved_actions[] = {"at"};

static bool parse_event(struct parser *parser)
{
    const struct source_span start = parser->token.span;
    struct scenario_event event = {0};
    if (parser_at_own_statement(parser)) {
        /* Our own statements may go without a time: then they follow at once. */
        event.time = (struct scenario_time){.kind = SCENARIO_TIME_RELATIVE, .span = start};
        event.time.span.length = 0;
    } else if (!parse_time(parser, &event.time) || !parse_time_end(parser, &event.time)) {
        return false;
    }
    if (parser_reserved(parser, reserved_actions, 1)) {
        return false;
    }
    if (at_start(parser)) {
        return parser_fail(parser, parser->token.span,
                           "'start' has no time: it stands before the first event", NULL);
    }
    parse_host(parser, &event);
    if (!(parser_at_edit(parser) ? parse_edit(parser, &event) : parse_action(parser, &event)) ||
        !check_time(parser, &event)) {
        return false;
    }
    event.span = parser_span(parser, start);
    struct scenario_event *kept = list_add(parser->arena, &parser->events, sizeof *kept);
    *kept = event;
    keep_statement(parser, SCRIPT_EVENT, parser->events.count - 1, 1, start);
    return true;
}

/* A command without a time: before all events it is the init command, after them the cleanup. */
static bool parse_bare_command(struct parser *parser)
{
    const struct source_span start = parser->token.span;
    const bool is_init = parser->events.count == 0;
    const char **const slot = is_init ? &parser->init_command : &parser->cleanup_command;
    if (*slot != NULL) {
        return parser_fail(parser, start,
                           is_init ? "a second init command" : "a second cleanup command",
                           "a time before every other command");
    }
    *slot = token_copy(parser->arena, &parser->token);
    parser_advance(parser);
    keep_statement(parser, is_init ? SCRIPT_INIT : SCRIPT_CLEANUP, 0, 1, start);
    return true;
}

static bool parse_header_line(struct parser *parser)
{
    const struct source_span start = parser->token.span;
    if (parser->events.count > 0) {
        return parser_fail(parser, start, "this must stand before the first event", NULL);
    }
    if (parser->token.kind == TOKEN_OPTION) {
        if (!parse_option_line(parser)) {
            return false;
        }
        keep_statement(parser, SCRIPT_OPTION, parser->options.count - 1, 1, start);
        return true;
    }
    if (parser_at(parser, "start")) {
        if (!parse_start(parser)) {
            return false;
        }
        keep_statement(parser, SCRIPT_START, 0, 1, start);
        return true;
    }
    const size_t first = parser->notes.count;
    if (!parse_note(parser)) {
        return false;
    }
    keep_statement(parser, SCRIPT_NOTE, first, parser->notes.count - first, start);
    return true;
}

static bool at_header_line(const struct parser *parser)
{
    return parser->token.kind == TOKEN_OPTION ||
           ((parser_at_note(parser) || at_start(parser)) && lexer_peek(&parser->lexer) != ':');
}

/* Could a statement begin here? */
static bool at_statement(const struct parser *parser)
{
    return at_header_line(parser) || parser->token.kind == TOKEN_COMMAND ||
           parser_at_time(parser) || parser_at_own_statement(parser);
}

static const char *const reserved_statements[] = {"#", "at"};

static bool parse_statement(struct parser *parser)
{
    parser->statement_start = parser->token.span.offset;
    if (at_header_line(parser)) {
        return parse_header_line(parser);
    }
    if (parser->token.kind == TOKEN_COMMAND) {
        return parse_bare_command(parser);
    }
    if (parser->cleanup_command != NULL) {
        return parser_fail(parser, parser->token.span,
                           "nothing can follow the cleanup command, which has no time", NULL);
    }
    if (parser_reserved(parser, reserved_statements, 2)) {
        return false;
    }
    if (!parser->token.is_first_on_line && !at_statement(parser)) {
        return parser_unexpected(parser, "the end of the statement");
    }
    return parse_event(parser);
}

/* ---- recovery ------------------------------------------------------------------------------------ */

/* Goes to the next line that begins like a statement. A token that cannot be read on the way is an
 * error of its own, unless it is the one that was just reported. */
static void skip_statement(struct parser *parser, uint32_t failed_at)
{
    while (parser->token.kind != TOKEN_END && !parser->stopped) {
        const bool is_new = parser->token.span.offset > failed_at;
        if (is_new && parser->token.is_first_on_line && at_statement(parser)) {
            return;
        }
        parser_advance(parser);
        if (parser->token.kind == TOKEN_BROKEN) {
            parser_unexpected(parser, NULL);
        }
    }
}

static void parse_script(struct parser *parser)
{
    parser_advance(parser);
    while (parser->token.kind != TOKEN_END && !parser->stopped) {
        const uint32_t start = parser->token.span.offset;
        if (!parse_statement(parser)) {
            parser->in_group = false;
            skip_statement(parser, start);
        }
    }
}

/* ---- entry --------------------------------------------------------------------------------------- */

/* Faults of the file as a whole, which end everything. */
static bool check_source(struct parser *parser)
{
    const char *source = parser->lexer.source;
    const size_t count = parser->lexer.count;
    struct source_span span = {.line = 1, .column = 1};
    if (count > SOURCE_BYTES_MAX) {
        return parser_fail(parser, span, "a script of more than 2 GiB", NULL);
    }
    const char *zero = memchr(source, '\0', count);
    if (zero == NULL) {
        return true;
    }
    for (const char *c = source; c < zero; c++) {
        span.column++;
        if (*c == '\n') {
            span.line++;
            span.column = 1;
        }
    }
    span.offset = (uint32_t)(zero - source);
    span.length = 1;
    return parser_fail(parser, span, "a NUL byte: this is no script but a binary file", NULL);
}

static struct scenario *make_scenario(const struct parser *parser, const char *path)
{
    struct scenario *scenario = arena_take(parser->arena, sizeof *scenario);
    *scenario = (struct scenario){
        .path = arena_copy_text(parser->arena, path, strlen(path)),
        .source = parser->lexer.source,
        .source_bytes = parser->lexer.count,
        .options = parser->options.items,
        .option_count = parser->options.count,
        .notes = parser->notes.items,
        .note_count = parser->notes.count,
        .start = parser->start,
        .start_span = parser->start_span,
        .init_command = parser->init_command,
        .cleanup_command = parser->cleanup_command,
        .events = parser->events.items,
        .event_count = parser->events.count,
    };
    return scenario;
}

/* A list of causes may be empty: then nothing is done. */
static bool is_causes(const struct parser *parser)
{
    return option_is_said(parser->options.items, parser->options.count, "mode", "causes");
}

static void define_all(struct parser *parser, const struct parse_definition *definitions,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct parse_definition *kept = list_add(parser->arena, &parser->definitions, sizeof *kept);
        *kept = definitions[i];
    }
    parser->lexer.definitions = parser->definitions.items;
    parser->lexer.definition_count = parser->definitions.count;
}

void scenario_parse(const char *path, const char *bytes, size_t count,
                    const struct parse_definition *definitions, size_t definition_count,
                    struct arena *arena, struct parse_result *out)
{
    struct parser parser = {.arena = arena};
    const size_t kept = count > SOURCE_BYTES_MAX ? 0 : count;
    *out = (struct parse_result){0};
    lexer_start(&parser.lexer, arena_copy_text(arena, bytes, kept), count, arena);
    define_all(&parser, definitions, definition_count);
    if (check_source(&parser)) {
        parse_script(&parser);
        if (parser.events.count == 0 && parser.diagnostics.count == 0 && !is_causes(&parser)) {
            parser_fail(&parser, parser.token.span, "a script without events",
                        "a line such as '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3'");
        }
    }
    out->diagnostics = parser.diagnostics.items;
    out->diagnostic_count = parser.diagnostics.count;
    out->stopped_early = parser.stopped;
    if (parser.diagnostics.count == 0) {
        out->scenario = make_scenario(&parser, path);
        out->tree = tree_build(&parser.lexer, parser.statements.items, parser.statements.count);
    }
}
