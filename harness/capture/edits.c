/* A list, sorted when it is applied. */
#include "capture/edits.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void edits_replace(struct edits *edits, size_t offset, size_t length, const char *words)
{
    void *items = edits->items;
    arena_grow(edits->arena, &items, &edits->capacity, edits->count, sizeof *edits->items);
    edits->items = items;
    edits->items[edits->count] =
        (struct edit){.offset = offset, .length = length, .words = words, .order = edits->count};
    edits->count++;
}

static size_t end_of_line(const struct edits *edits, size_t at)
{
    const char *end = memchr(edits->source + at, '\n', edits->count_of_source - at);
    return end == NULL ? edits->count_of_source : (size_t)(end - edits->source);
}

void edits_add_line(struct edits *edits, size_t end, const char *line)
{
    edits_replace(edits, end_of_line(edits, end), 0, arena_format(edits->arena, "\n%s", line));
}

static bool is_blank(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
            return false;
        }
    }
    return true;
}

void edits_take_out(struct edits *edits, size_t offset, size_t length)
{
    size_t start = offset;
    while (start > 0 && edits->source[start - 1] != '\n') {
        start--;
    }
    const size_t end = end_of_line(edits, offset + length);
    const bool is_alone = is_blank(edits->source + start, offset - start) &&
                          is_blank(edits->source + offset + length, end - offset - length);
    if (is_alone &&
        start > 0) { /* with the end of the line before, so that lines can be added there */
        edits_replace(edits, start - 1, end - start + 1, "");
    } else {
        edits_replace(edits, offset, length, "");
    }
}

static int by_place(const void *left, const void *right)
{
    const struct edit *a = left;
    const struct edit *b = right;
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    if ((a->length == 0) != (b->length == 0)) { /* what is added comes before what goes */
        return a->length == 0 ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

void edits_apply(const struct edits *edits, struct text *out)
{
    size_t at = 0;
    if (edits->count > 0) {
        qsort(edits->items, edits->count, sizeof *edits->items, by_place);
    }
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->items[i];
        assert(edit->offset >= at && edit->offset + edit->length <= edits->count_of_source);
        text_add(out, edits->source + at, edit->offset - at);
        text_string(out, edit->words);
        at = edit->offset + edit->length;
    }
    text_add(out, edits->source + at, edits->count_of_source - at);
}
