/* Lines wait until it is known how far their comments have to go. */
#include "scenario/format_lines.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/format_atoms.h"
#include "scenario/format_statement.h"

#define GAP 2 /* between a line and its comment */

void lines_start(struct lines *lines, struct text *out)
{
    *lines = (struct lines){.out = out};
}

void lines_end(struct lines *lines)
{
    lines_flush(lines);
    text_free(&lines->texts);
    free(lines->waiting);
}

static size_t last_width(const char *text, size_t count)
{
    const char *newline = count == 0 ? NULL : memrchr(text, '\n', count);
    return newline == NULL ? atoms_width(text, count)
                           : atoms_width(newline + 1, (size_t)(text + count - newline - 1));
}

static size_t first_width(const char *text, size_t count)
{
    const char *newline = count == 0 ? NULL : memchr(text, '\n', count);
    return atoms_width(text, newline == NULL ? count : (size_t)(newline - text));
}

void lines_add(struct lines *lines, const char *text, size_t count)
{
    lines_flush(lines);
    text_add(lines->out, text, count);
    text_string(lines->out, "\n");
}

void lines_add_commented(struct lines *lines, const char *text, size_t count, const char *comment,
                         size_t comment_bytes, size_t author_column)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity * 2 + 16;
        struct waiting_line *more =
            realloc(lines->waiting, lines->capacity * sizeof *lines->waiting);
        if (more == NULL) {
            abort();
        }
        lines->waiting = more;
    }
    struct waiting_line *line = &lines->waiting[lines->count++];
    *line = (struct waiting_line){.text_start = lines->texts.length,
                                  .width = last_width(text, count),
                                  .comment_width = first_width(comment, comment_bytes),
                                  .author_column = author_column};
    text_add(&lines->texts, text, count);
    line->text_end = line->comment_start = lines->texts.length;
    text_add(&lines->texts, comment, comment_bytes);
    line->comment_end = lines->texts.length;
}

static size_t find_column(const struct lines *lines)
{
    size_t least = 0;
    size_t author = 0;
    size_t comment = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct waiting_line *line = &lines->waiting[i];
        const size_t behind = line->width == 0 ? 0 : line->width + GAP;
        least = behind > least ? behind : least;
        author = line->author_column > author ? line->author_column : author;
        comment = line->comment_width > comment ? line->comment_width : comment;
    }
    return author > least && author + comment <= FORMAT_WIDTH ? author : least;
}

void lines_flush(struct lines *lines)
{
    const size_t column = find_column(lines);
    for (size_t i = 0; i < lines->count; i++) {
        const struct waiting_line *line = &lines->waiting[i];
        text_add(lines->out, lines->texts.bytes + line->text_start,
                 line->text_end - line->text_start);
        for (size_t width = line->width; width < column; width++) {
            text_string(lines->out, " ");
        }
        text_add(lines->out, lines->texts.bytes + line->comment_start,
                 line->comment_end - line->comment_start);
        text_string(lines->out, "\n");
    }
    lines->count = 0;
    text_clear(&lines->texts);
}
