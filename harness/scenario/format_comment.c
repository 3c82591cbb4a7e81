/* Comments: their ends are trimmed, and the lines of a block move together. */
#include <string.h>

#include "scenario/characters.h"
#include "scenario/format_statement.h"

void format_indent(struct text *out, size_t column)
{
    for (size_t i = 0; i < column; i++) {
        text_string(out, " ");
    }
}

size_t format_trimmed(const char *text, size_t count)
{
    while (count > 0 && is_space(text[count - 1])) {
        count--;
    }
    return count;
}

void format_comment(const char *source, const struct script_comment *comment, size_t from,
                    size_t to, struct text *out)
{
    const char *line = source + comment->span.offset;
    const char *const end = line + comment->span.length;
    for (bool is_first = true; line < end; is_first = false) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *const line_end = newline == NULL ? end : newline;
        size_t blanks = 0;
        while (!is_first && line < line_end && *line == ' ') {
            blanks++;
            line++;
        }
        const size_t length = format_trimmed(line, (size_t)(line_end - line));
        if (!is_first && length > 0) {
            format_indent(out, blanks + to > from ? blanks + to - from : 0);
        }
        text_add(out, line, length);
        text_string(out, newline == NULL ? "" : "\n");
        line = newline == NULL ? end : newline + 1;
    }
}
