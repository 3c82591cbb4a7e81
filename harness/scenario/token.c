/* Tokens outside the lexer. */
#include "scenario/lexer.h"

const char *token_copy(struct arena *arena, const struct token *token)
{
    return arena_copy_text(arena, token->text, token->length);
}
