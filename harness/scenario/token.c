/* Small questions to a token. */
#include <string.h>

#include "scenario/lexer.h"

bool token_is(const struct token *token, const char *text)
{
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_SYMBOL) &&
           strlen(text) == token->length && memcmp(text, token->text, token->length) == 0;
}

const char *token_copy(struct arena *arena, const struct token *token)
{
    return arena_copy_text(arena, token->text, token->length);
}
