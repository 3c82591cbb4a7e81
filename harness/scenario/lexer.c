/* The lexer: one pass, no allocation but for comments. Nothing here reports errors; a token that
 * makes no sense carries its complaint to the parser. */
#include "scenario/lexer.h"

#include <string.h>

#include "scenario/characters.h"

/* The byte `ahead` of the reading point; '\0' behind the end (the source itself holds none). */
static char ahead(const struct lexer *lexer, size_t distance)
{
    return distance < lexer->count - lexer->at ? lexer->source[lexer->at + distance] : '\0';
}

static void step_over_newline(struct lexer *lexer)
{
    lexer->at++;
    lexer->line++;
    lexer->line_start = lexer->at;
}

/* Moves to `end`, counting the lines on the way. */
static void move_to(struct lexer *lexer, size_t end)
{
    const char *const bytes = lexer->source;
    while (lexer->at < end) {
        const char *newline = memchr(bytes + lexer->at, '\n', end - lexer->at);
        if (newline == NULL) {
            lexer->at = end;
            return;
        }
        lexer->at = (size_t)(newline - bytes);
        step_over_newline(lexer);
    }
}

static size_t find_line_end(const struct lexer *lexer)
{
    const char *from = lexer->source + lexer->at;
    const char *newline = memchr(from, '\n', lexer->count - lexer->at);
    return newline == NULL ? lexer->count : (size_t)(newline - lexer->source);
}

/* Where `mark` (two characters) begins at or after the reading point + 2; count: nowhere. */
static size_t find_pair(const struct lexer *lexer, const char *mark)
{
    const char *const end = lexer->source + lexer->count;
    for (const char *from = lexer->source + lexer->at + 2; from < end;) {
        const char *found = memchr(from, mark[0], (size_t)(end - from));
        if (found == NULL || found + 1 == end) {
            break;
        }
        if (found[1] == mark[1]) {
            return (size_t)(found - lexer->source);
        }
        from = found + 1;
    }
    return lexer->count;
}

struct source_span lexer_here(const struct lexer *lexer)
{
    return (struct source_span){.offset = (uint32_t)lexer->at,
                                .line = lexer->line,
                                .column = (uint32_t)(lexer->at - lexer->line_start + 1)};
}

static void keep_comment(struct lexer *lexer, struct source_span span, bool is_block)
{
    void *items = lexer->comments;
    arena_grow(lexer->arena, &items, &lexer->comment_capacity, lexer->comment_count,
               sizeof *lexer->comments);
    lexer->comments = items;
    lexer->comments[lexer->comment_count++] =
        (struct script_comment){.span = span, .is_block = is_block};
}

/* Skips a comment at the reading point. False when it is not closed. */
static bool skip_comment(struct lexer *lexer)
{
    struct source_span span = lexer_here(lexer);
    const bool is_block = ahead(lexer, 1) == '*';
    size_t end = 0;
    if (is_block) {
        end = find_pair(lexer, "*/");
        if (end == lexer->count) {
            return false;
        }
        end += 2;
    } else {
        end = find_line_end(lexer);
    }
    move_to(lexer, end);
    span.length = (uint32_t)(end - span.offset);
    if (!is_block && lexer->source[end - 1] == '\r') {
        span.length--;
    }
    keep_comment(lexer, span, is_block);
    return true;
}

/* Skips white space and comments. False at a comment that is not closed. */
static bool skip_layout(struct lexer *lexer)
{
    for (;;) {
        const char c = ahead(lexer, 0);
        if (c == '\n') {
            step_over_newline(lexer);
        } else if (is_space(c)) {
            lexer->at++;
        } else if (c == '/' && (ahead(lexer, 1) == '/' || ahead(lexer, 1) == '*')) {
            if (!skip_comment(lexer)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

#define DIGITS_SAFE 15 /* so many fit in either base, and need no division to know it */

static int64_t read_number(const char *digits, size_t count, int base)
{
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        const int digit = hex_digit(digits[i]);
        if (i >= DIGITS_SAFE && number > (INT64_MAX - digit) / base) {
            return INT64_MAX;
        }
        number = number * base + digit;
    }
    return number;
}

static bool all_hex(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hex_digit(text[i]) < 0) {
            return false;
        }
    }
    return count > 0;
}

static bool all_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    return count > 0;
}

/* Decides what a run of letters and digits is. */
static void classify_word(struct token *token)
{
    const char *text = token->text;
    const size_t length = token->length;
    token->kind = TOKEN_WORD;
    if (all_digits(text, length)) {
        token->kind = TOKEN_INTEGER;
        token->integer = read_number(text, length, 10);
    } else if (length > 2 && text[0] == '0' && text[1] == 'x' && all_hex(text + 2, length - 2)) {
        token->kind = TOKEN_HEX;
        token->integer = read_number(text + 2, length - 2, 16);
    }
}

/* A word with a definition becomes what the definition says. */
static void replace_word(const struct lexer *lexer, struct token *token)
{
    for (size_t i = 0; i < lexer->definition_count; i++) {
        const struct parse_definition *definition = &lexer->definitions[i];
        if (strlen(definition->name) != token->length ||
            memcmp(definition->name, token->text, token->length) != 0) {
            continue;
        }
        token->is_replaced = true;
        token->text = definition->value;
        token->length = strlen(definition->value);
        const char mark = token->text[0];
        if ((mark == '"' || mark == '`') && token->length > 1 &&
            token->text[token->length - 1] == mark) {
            token->kind = mark == '"' ? TOKEN_STRING : TOKEN_COMMAND;
            token->text++;
            token->length -= 2;
        } else {
            classify_word(token);
        }
        return;
    }
}

static void complain(struct token *token, const char *complaint)
{
    token->kind = TOKEN_BROKEN;
    token->complaint = complaint;
}

/* A run of digits, letters and at most one decimal point: number or word. */
static void lex_word(struct lexer *lexer, struct token *token)
{
    const size_t start = lexer->at;
    while (is_word(ahead(lexer, 0))) {
        lexer->at++;
    }
    token->text = lexer->source + start;
    token->length = lexer->at - start;
    classify_word(token);
    if ((token->length == 0 || token->kind == TOKEN_INTEGER) && ahead(lexer, 0) == '.' &&
        is_digit(ahead(lexer, 1))) {
        lexer->at++;
        while (is_digit(ahead(lexer, 0))) {
            lexer->at++;
        }
        token->kind = TOKEN_DECIMAL;
        token->length = lexer->at - start;
    } else if (token->kind == TOKEN_WORD) {
        replace_word(lexer, token);
    }
}

/* Text between two equal marks on one line, where a backslash guards the next character. */
static void lex_string(struct lexer *lexer, struct token *token)
{
    size_t end = lexer->at + 1;
    while (end < lexer->count && lexer->source[end] != '"' && lexer->source[end] != '\n') {
        const bool is_guarded =
            lexer->source[end] == '\\' && end + 1 < lexer->count && lexer->source[end + 1] != '\n';
        end += is_guarded ? 2 : 1;
    }
    if (end >= lexer->count || lexer->source[end] == '\n') {
        complain(token, "this string is not closed before its line ends");
        lexer->at = end;
        return;
    }
    token->kind = TOKEN_STRING;
    token->text = lexer->source + lexer->at + 1;
    token->length = end - lexer->at - 1;
    lexer->at = end + 1;
}

/* A command may run over several lines. One that is not closed ends the reading: nobody can say where
 * the script goes on. */
static void lex_command(struct lexer *lexer, struct token *token)
{
    size_t end = lexer->at + 1;
    while (end < lexer->count && lexer->source[end] != '`') {
        end += lexer->source[end] == '\\' && end + 1 < lexer->count ? 2 : 1;
    }
    if (end >= lexer->count) {
        complain(token, "this command has no closing backtick");
        move_to(lexer, lexer->count);
        return;
    }
    token->kind = TOKEN_COMMAND;
    token->text = lexer->source + lexer->at + 1;
    token->length = end - lexer->at - 1;
    move_to(lexer, end + 1);
}

static void lex_code(struct lexer *lexer, struct token *token)
{
    const size_t end = find_pair(lexer, "}%");
    if (end == lexer->count) {
        complain(token, "this code has no closing }%");
        move_to(lexer, lexer->count);
        return;
    }
    token->kind = TOKEN_CODE;
    token->text = lexer->source + lexer->at + 2;
    token->length = end - lexer->at - 2;
    move_to(lexer, end + 2);
}

static void lex_option(struct lexer *lexer, struct token *token)
{
    lexer->at += 2;
    token->kind = TOKEN_OPTION;
    token->text = lexer->source + lexer->at;
    while (is_word(ahead(lexer, 0))) {
        lexer->at++;
    }
    token->length = (size_t)(lexer->source + lexer->at - token->text);
}

static void lex_symbol(struct lexer *lexer, struct token *token)
{
    const char c = ahead(lexer, 0);
    token->text = lexer->source + lexer->at++;
    token->length = 1;
    token->kind = TOKEN_SYMBOL;
    if (c < ' ' || c > '~') {
        complain(token, "a character that is no part of the language");
        while ((ahead(lexer, 0) & 0x80) != 0) {
            lexer->at++;
        }
    }
}

static void lex_visible(struct lexer *lexer, struct token *token)
{
    const char c = ahead(lexer, 0);
    const char next = ahead(lexer, 1);
    if (is_word(c) || (c == '.' && is_digit(next))) {
        lex_word(lexer, token);
    } else if (c == '"') {
        lex_string(lexer, token);
    } else if (c == '`') {
        lex_command(lexer, token);
    } else if (c == '%' && next == '{') {
        lex_code(lexer, token);
    } else if (c == '.' && next == '.' && ahead(lexer, 2) == '.') {
        token->kind = TOKEN_ELLIPSIS;
        token->text = lexer->source + lexer->at;
        token->length = 3;
        lexer->at += 3;
    } else if (c == '-' && next == '-' && is_word(ahead(lexer, 2))) {
        lex_option(lexer, token);
    } else {
        lex_symbol(lexer, token);
    }
}

void lexer_start(struct lexer *lexer, const char *source, size_t count, struct arena *arena)
{
    *lexer = (struct lexer){.source = source, .count = count, .line = 1, .arena = arena};
    if (count >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0) {
        lexer->at = lexer->line_start = 3; /* a byte order mark, which means nothing */
    }
}

void lexer_next(struct lexer *lexer, struct token *token)
{
    const bool is_closed = skip_layout(lexer);
    *token = (struct token){.kind = TOKEN_END, .text = "", .span = lexer_here(lexer)};
    token->is_first_on_line = lexer->last_token_line != lexer->line;
    if (!is_closed) {
        complain(token, "this comment is not closed");
        lexer->at += 2;
        token->span.length = 2;
        move_to(lexer, lexer->count);
        return;
    }
    if (lexer->at < lexer->count) {
        lex_visible(lexer, token);
        token->span.length = (uint32_t)(lexer->at - token->span.offset);
    }
    lexer->last_token_line = lexer->line;
}

static void lengthen(struct lexer *lexer, struct token *token, size_t end)
{
    if (token->is_replaced || end == lexer->at) {
        return;
    }
    lexer->at = end;
    token->length = (size_t)(lexer->source + end - token->text);
    token->span.length = (uint32_t)(end - token->span.offset);
}

void lexer_extend(struct lexer *lexer, struct token *token, const char *joints)
{
    size_t end = lexer->at;
    while (end < lexer->count) {
        const char joint = lexer->source[end];
        const char next = end + 1 < lexer->count ? lexer->source[end + 1] : '\0';
        if (!is_word(joint) && !(strchr(joints, joint) != NULL && is_word(next))) {
            break;
        }
        end++;
    }
    lengthen(lexer, token, end);
}

void lexer_extend_to_space(struct lexer *lexer, struct token *token)
{
    size_t end = lexer->at;
    while (end < lexer->count && !is_space(lexer->source[end])) {
        end++;
    }
    lengthen(lexer, token, end);
}

char lexer_peek(const struct lexer *lexer)
{
    return ahead(lexer, 0);
}

char lexer_peek_past_space(const struct lexer *lexer)
{
    size_t distance = 0;
    while (is_space(ahead(lexer, distance))) {
        distance++;
    }
    return ahead(lexer, distance);
}
