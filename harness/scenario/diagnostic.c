/* Errors as text, and the nearest of known names. */
#include <string.h>

#include "scenario/parse.h"

/* What is shown of a long line: this many bytes, the caret among them. */
#define EXCERPT_BYTES_MAX 160
#define NAME_BYTES_MAX    48

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void add_visible(struct text *out, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        const bool is_control = (c < ' ' && c != '\t') || c == 0x7f;
        text_add(out, is_control ? "?" : bytes + i, 1);
    }
}

/* The part of the line around the span, and the caret under it. Tabs are kept in the caret's line, so
 * that it stands right however wide they are. */
static void add_excerpt(struct text *out, const struct source_span *span, const char *source,
                        size_t source_bytes)
{
    const size_t offset = min_size(span->offset, source_bytes);
    const size_t before = min_size(span->column > 0 ? span->column - 1 : 0, offset);
    const size_t start = offset - min_size(before, EXCERPT_BYTES_MAX / 2);
    const size_t limit = min_size(source_bytes - start, EXCERPT_BYTES_MAX);
    const char *newline = memchr(source + start, '\n', limit);
    size_t length = newline == NULL ? limit : (size_t)(newline - (source + start));
    if (length > 0 && source[start + length - 1] == '\r') {
        length--;
    }
    text_string(out, "    ");
    add_visible(out, source + start, length);
    text_string(out, "\n    ");
    for (size_t i = start; i < offset; i++) {
        const bool is_continuation = ((unsigned char)source[i] & 0xc0) == 0x80;
        if (!is_continuation) {
            text_string(out, source[i] == '\t' ? "\t" : " ");
        }
    }
    text_string(out, "^");
    const size_t line_end = start + length;
    const size_t room = line_end > offset ? line_end - offset : 0;
    for (size_t i = 1; i < min_size(span->length, room); i++) {
        text_string(out, "~");
    }
    text_string(out, "\n");
}

void diagnostic_render_at(const char *severity, const struct diagnostic *diagnostic,
                          const char *path, const char *source, size_t source_bytes,
                          struct text *out)
{
    text_format(out, "%s:%u:%u: %s: ", path, diagnostic->span.line, diagnostic->span.column,
                severity);
    add_visible(out, diagnostic->message, strlen(diagnostic->message));
    text_string(out, "\n");
    add_excerpt(out, &diagnostic->span, source, source_bytes);
    if (diagnostic->expected != NULL) {
        text_format(out, "    expected: %s\n", diagnostic->expected);
    }
    if (diagnostic->suggestion != NULL) {
        text_format(out, "    did you mean '%s'?\n", diagnostic->suggestion);
    }
}

void diagnostic_render(const struct diagnostic *diagnostic, const char *path, const char *source,
                       size_t source_bytes, struct text *out)
{
    diagnostic_render_at("error", diagnostic, path, source, source_bytes, out);
}

/* Edits (insert, delete, replace, swap two neighbours) between two short words. */
static size_t edits_between(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][NAME_BYTES_MAX + 1]; /* of the last three letters of `a`, taken in turn */
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        const size_t *above = rows[(i - 1) % 3];
        size_t *row = rows[i % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = min_size(replace, min_size(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = min_size(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

const char *diagnostic_nearest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    size_t best_edits = length / 3 + 1;
    const char *best = NULL;
    if (length > NAME_BYTES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t name_length = strlen(names[i]);
        if (name_length > NAME_BYTES_MAX) {
            continue;
        }
        const size_t edits = edits_between(word, length, names[i], name_length);
        if (edits < best_edits) {
            best_edits = edits;
            best = names[i];
        }
    }
    return best;
}
