/* One walk over statements and comments in the order of the text, counting lines on the way. */
#include "scenario/tree_build.h"

#include <string.h>

static uint32_t last_line(const struct lexer *lexer, const struct source_span *span)
{
    const char *at = lexer->source + span->offset;
    const char *const end = at + span->length;
    uint32_t line = span->line;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        line++;
        at++;
    }
    return line;
}

static uint32_t blank_lines(uint32_t previous_line, uint32_t line)
{
    return line > previous_line + 1 ? line - previous_line - 1 : 0;
}

static uint32_t end_of(const struct source_span *span)
{
    return span->offset + span->length;
}

struct walk {
    const struct lexer *lexer;
    struct script_tree *tree;
    size_t comment; /* the next one */
    uint32_t line;  /* where the last thing ended */
};

static bool comment_is_before(const struct walk *walk, uint32_t offset)
{
    return walk->comment < walk->tree->comment_count &&
           walk->tree->comments[walk->comment].span.offset < offset;
}

static void take_comment(struct walk *walk, size_t *counter)
{
    struct script_comment *comment = &walk->tree->comments[walk->comment++];
    comment->blank_lines_before = blank_lines(walk->line, comment->span.line);
    walk->line = last_line(walk->lexer, &comment->span);
    (*counter)++;
}

/* `next` is the offset of the statement behind it. */
static void place(struct walk *walk, struct script_statement *statement, uint32_t next)
{
    statement->first_comment = walk->comment;
    while (comment_is_before(walk, statement->span.offset)) {
        take_comment(walk, &statement->comments_before);
    }
    statement->blank_lines_before = blank_lines(walk->line, statement->span.line);
    const uint32_t last = last_line(walk->lexer, &statement->span);
    while (comment_is_before(walk, end_of(&statement->span))) {
        take_comment(walk, &statement->comments_inside);
    }
    walk->line = last;
    while (walk->comment < walk->tree->comment_count &&
           walk->tree->comments[walk->comment].span.line == last && comment_is_before(walk, next)) {
        take_comment(walk, &statement->comments_after);
    }
}

struct script_tree *tree_build(const struct lexer *lexer, struct script_statement *statements,
                               size_t count)
{
    struct script_tree *tree = arena_take(lexer->arena, sizeof *tree);
    *tree = (struct script_tree){
        .statements = statements,
        .statement_count = count,
        .comments = lexer->comments == NULL ? arena_take(lexer->arena, 0) : lexer->comments,
        .comment_count = lexer->comment_count,
    };
    struct walk walk = {.lexer = lexer, .tree = tree};
    for (size_t i = 0; i < count; i++) {
        place(&walk, &statements[i], i + 1 < count ? statements[i + 1].span.offset : UINT32_MAX);
    }
    tree->first_tail_comment = walk.comment;
    for (size_t counter = 0; walk.comment < tree->comment_count;) {
        take_comment(&walk, &counter);
    }
    return tree;
}
