/* Bytes -> tokens, one at a time. The lexer keeps line numbers as it goes, collects comments for the
 * tree, and replaces words that have a definition. A token is found by longest match, as in
 * packetdrill: digits and letters that touch are one word. */
#ifndef FINWAIT_SCENARIO_LEXER_H
#define FINWAIT_SCENARIO_LEXER_H

#include <string.h>

#include "base/arena.h"
#include "scenario/parse.h"

enum token_kind {
    TOKEN_END,
    TOKEN_INTEGER,  /* 17 */
    TOKEN_HEX,      /* 0x1f */
    TOKEN_DECIMAL,  /* 0.5 .5 */
    TOKEN_WORD,     /* letters, digits and underscores, not all of them digits */
    TOKEN_STRING,   /* between quotation marks; the text is raw */
    TOKEN_COMMAND,  /* between backticks */
    TOKEN_CODE,     /* between %{ and }% */
    TOKEN_ELLIPSIS, /* ... */
    TOKEN_OPTION,   /* --name; the text is the name */
    TOKEN_SYMBOL,   /* one character of punctuation, which is the text */
    TOKEN_BROKEN,   /* the lexer has a complaint, in `complaint` */
};

struct token {
    enum token_kind kind;
    bool is_first_on_line;
    bool is_replaced; /* by a definition: the span is that of the word in the script */
    struct source_span span;
    const char *text; /* without delimiters; in the source or in a definition */
    size_t length;
    int64_t integer;       /* INTEGER, HEX; INT64_MAX when it is larger */
    const char *complaint; /* BROKEN */
};

struct lexer {
    const char *source;
    size_t count;
    size_t at;
    uint32_t line;
    size_t line_start;
    uint32_t last_token_line; /* where the previous token ended */
    const struct parse_definition *definitions;
    size_t definition_count;
    struct arena *arena;
    struct script_comment *comments;
    size_t comment_count, comment_capacity;
};

void lexer_start(struct lexer *lexer, const char *source, size_t count, struct arena *arena);

/* The next token, written in place: copying one costs as much as reading it. After TOKEN_END it is
 * TOKEN_END for ever; every other call moves forward. */
void lexer_next(struct lexer *lexer, struct token *token);

/* Lengthens the token that was read last over words that touch it, each behind one of the
 * characters in `joints`: with "-" FIN becomes FIN-WAIT-1, and with "." rcv becomes rcv.nxt. */
void lexer_extend(struct lexer *lexer, struct token *token, const char *joints);

/* Lengthens it to the next white space or the end. */
void lexer_extend_to_space(struct lexer *lexer, struct token *token);

/* The byte that comes next, or the first that is not a space or end of line; '\0' at the end. */
char lexer_peek(const struct lexer *lexer);
char lexer_peek_past_space(const struct lexer *lexer);

/* Where the next byte stands, as an empty span. */
struct source_span lexer_here(const struct lexer *lexer);

/* Is the token this word or this symbol? Here because it is asked a dozen times a token, and mostly
 * the first character answers it. */
static inline bool token_is(const struct token *token, const char *text)
{
    return token->length > 0 && token->text[0] == text[0] &&
           (token->kind == TOKEN_WORD || token->kind == TOKEN_SYMBOL) &&
           strncmp(token->text, text, token->length) == 0 && text[token->length] == '\0';
}

/* A copy of the token's text in the arena. */
const char *token_copy(struct arena *arena, const struct token *token);

#endif
