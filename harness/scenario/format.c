/* The walk over statements and comments: what stands on which line. */
#include "scenario/format.h"

#include <string.h>

#include "scenario/characters.h"
#include "scenario/format_atoms.h"
#include "scenario/format_lines.h"
#include "scenario/format_statement.h"
#include "scenario/same.h"

struct writer {
    const struct scenario *scenario;
    const struct script_tree *tree;
    struct lines lines;
    struct text statement; /* room for one line */
    uint32_t header_line;  /* of the source: where the header statement ended that waits
                                         * in `statement` for others on its line; 0: none does */
    const struct script_comment *above; /* the comment at the end of the line before, or NULL */
};

static void flush_header(struct writer *writer)
{
    if (writer->header_line != 0) {
        lines_add(&writer->lines, text_read(&writer->statement), writer->statement.length);
        text_clear(&writer->statement);
        writer->header_line = 0;
    }
}

/* Any number of blank lines is one, and none at the beginning. */
static void add_blank_lines(struct writer *writer, uint32_t count)
{
    if (count > 0) {
        lines_flush(&writer->lines);
        text_string(writer->lines.out, writer->lines.out->length > 0 ? "\n" : "");
        writer->above = NULL;
    }
}

static const char *text_of(const struct writer *writer, const struct script_comment *comment)
{
    return writer->scenario->source + comment->span.offset;
}

static size_t length_of(const struct writer *writer, const struct script_comment *comment)
{
    return format_trimmed(text_of(writer, comment), comment->span.length);
}

/* Columns before a comment on its line, as the author has it. */
static size_t author_column(const struct writer *writer, const struct script_comment *comment)
{
    const size_t bytes = comment->span.column - 1;
    return atoms_width(text_of(writer, comment) - bytes, bytes);
}

/* Does it go on below the comment at the end of the line before? */
static bool is_continued(const struct writer *writer, const struct script_comment *comment)
{
    const struct script_comment *above = writer->above;
    return above != NULL && !above->is_block && !comment->is_block &&
           comment->span.line == above->span.line + 1 && above->span.column > 1 &&
           comment->span.column == above->span.column;
}

static void add_comment(struct writer *writer, const struct script_comment *comment)
{
    flush_header(writer);
    add_blank_lines(writer, comment->blank_lines_before);
    if (is_continued(writer, comment)) {
        lines_add_commented(&writer->lines, "", 0, text_of(writer, comment),
                            length_of(writer, comment), author_column(writer, comment));
        writer->above = comment;
        return;
    }
    struct text line = TEXT_EMPTY;
    format_comment(writer->scenario->source, comment, author_column(writer, comment), 0, &line);
    lines_add(&writer->lines, text_read(&line), line.length);
    text_free(&line);
    writer->above = NULL;
}

static bool is_header(const struct script_statement *statement)
{
    return statement->kind == SCRIPT_OPTION || statement->kind == SCRIPT_NOTE;
}

/* Does nothing but white space stand before it on its line? */
static bool begins_line(const struct writer *writer, const struct source_span *span)
{
    const char *source = writer->scenario->source;
    uint32_t at = span->offset;
    while (at > 0 && source[at - 1] != '\n' && is_space(source[at - 1])) {
        at--;
    }
    return at == 0 || source[at - 1] == '\n';
}

/* Comments behind a statement: the first decides about the column, more follow it. The author's
 * column tells nothing when the line is taken apart. */
static void add_commented(struct writer *writer, const struct script_statement *statement,
                          const struct script_comment *comments, size_t count)
{
    const bool keeps_line = is_header(statement) || begins_line(writer, &statement->span);
    struct text line = TEXT_EMPTY;
    for (size_t i = 0; i < count; i++) {
        text_string(&line, i == 0 ? "" : " ");
        text_add(&line, text_of(writer, &comments[i]), length_of(writer, &comments[i]));
    }
    lines_add_commented(&writer->lines, text_read(&writer->statement), writer->statement.length,
                        text_read(&line), line.length,
                        keeps_line ? author_column(writer, &comments[0]) : 0);
    text_free(&line);
    text_clear(&writer->statement);
    writer->header_line = 0;
    writer->above = &comments[count - 1];
}

static uint32_t last_line(const struct writer *writer, const struct source_span *span)
{
    uint32_t line = span->line;
    for (uint32_t i = 0; i < span->length; i++) {
        line += writer->scenario->source[span->offset + i] == '\n';
    }
    return line;
}

static void add_statement(struct writer *writer, const struct script_statement *statement)
{
    for (size_t i = 0; i < statement->comments_before; i++) {
        add_comment(writer, &writer->tree->comments[statement->first_comment + i]);
    }
    if (!is_header(statement) || writer->header_line != statement->span.line) {
        flush_header(writer);
    }
    add_blank_lines(writer, statement->blank_lines_before);
    text_string(&writer->statement, writer->header_line != 0 ? " " : "");
    format_statement(writer->scenario, writer->tree, statement, &writer->statement);
    writer->above = NULL;
    writer->header_line = last_line(writer, &statement->span);
    if (statement->comments_after > 0) {
        const size_t after =
            statement->first_comment + statement->comments_before + statement->comments_inside;
        add_commented(writer, statement, &writer->tree->comments[after], statement->comments_after);
    } else if (!is_header(statement)) {
        flush_header(writer);
    }
}

void scenario_format(const struct parse_result *script, struct text *out)
{
    struct writer writer = {.scenario = script->scenario, .tree = script->tree};
    lines_start(&writer.lines, out);
    for (size_t i = 0; i < writer.tree->statement_count; i++) {
        add_statement(&writer, &writer.tree->statements[i]);
    }
    for (size_t i = writer.tree->first_tail_comment; i < writer.tree->comment_count; i++) {
        add_comment(&writer, &writer.tree->comments[i]);
    }
    flush_header(&writer);
    lines_end(&writer.lines);
    text_free(&writer.statement);
}

/* ---- faithful? ------------------------------------------------------------------------------------ */

/* The next byte that is no white space, from *at on; '\0' at the end. */
static char next_visible(const char *text, size_t count, size_t *at)
{
    while (*at < count && is_space(text[*at])) {
        (*at)++;
    }
    return *at < count ? text[(*at)++] : '\0';
}

static bool same_comment(const char *a, const struct source_span *a_span, const char *b,
                         const struct source_span *b_span)
{
    size_t a_at = 0;
    size_t b_at = 0;
    for (;;) {
        const char mine = next_visible(a + a_span->offset, a_span->length, &a_at);
        if (mine != next_visible(b + b_span->offset, b_span->length, &b_at)) {
            return false;
        }
        if (mine == '\0') {
            return true;
        }
    }
}

bool scenario_format_is_faithful(const struct parse_result *script, const struct text *layout,
                                 struct arena *arena)
{
    struct parse_result again;
    scenario_parse(script->scenario->path, text_read(layout), layout->length, NULL, 0, arena,
                   &again);
    if (again.scenario == NULL || !scenario_same(script->scenario, again.scenario) ||
        script->tree->comment_count != again.tree->comment_count) {
        return false;
    }
    for (size_t i = 0; i < again.tree->comment_count; i++) {
        if (!same_comment(script->scenario->source, &script->tree->comments[i].span,
                          again.scenario->source, &again.tree->comments[i].span)) {
            return false;
        }
    }
    return true;
}
