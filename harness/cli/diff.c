/* The longest common lines by the table of all prefixes; beginning and end that are the same do not
 * enter it. */
#include "cli/diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define AROUND    3
#define TABLE_MAX ((size_t)4096 * 4096)

struct line {
    const char *bytes;
    size_t count;
};

struct lines {
    struct line *items;
    size_t count;
};

enum step { STEP_SAME, STEP_OUT, STEP_IN };

struct script {
    enum step *steps;
    size_t count;
};

static struct lines split(const struct text *text, struct arena *arena)
{
    struct lines lines = {0};
    size_t capacity = 0;
    void *items = arena_take(arena, 0); /* no lines: a place all the same */
    const char *at = text_read(text);
    const char *end = at + text->length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline == NULL ? end : newline + 1;
        arena_grow(arena, &items, &capacity, lines.count, sizeof(struct line));
        ((struct line *)items)[lines.count++] = (struct line){at, (size_t)(next - at)};
        at = next;
    }
    lines.items = items;
    return lines;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
}

static void add_steps(struct script *script, enum step step, size_t count)
{
    for (; count > 0; count--) {
        script->steps[script->count++] = step;
    }
}

/* The middle parts, of which neither begins nor ends like the other. */
static void compare(const struct line *a, size_t a_count, const struct line *b, size_t b_count,
                    struct arena *arena, struct script *script)
{
    if (a_count == 0 || b_count == 0 || a_count > TABLE_MAX / b_count) {
        add_steps(script, STEP_OUT, a_count);
        add_steps(script, STEP_IN, b_count);
        return;
    }
    const size_t columns = b_count + 1;
    uint32_t *length = arena_take(arena, (a_count + 1) * columns * sizeof *length);
    for (size_t i = a_count; i-- > 0;) {
        for (size_t j = b_count; j-- > 0;) {
            const uint32_t down = length[(i + 1) * columns + j];
            const uint32_t right = length[i * columns + j + 1];
            length[i * columns + j] = same(&a[i], &b[j]) ? length[(i + 1) * columns + j + 1] + 1
                                      : down > right     ? down
                                                         : right;
        }
    }
    size_t i = 0, j = 0;
    while (i < a_count && j < b_count) {
        if (same(&a[i], &b[j])) {
            add_steps(script, STEP_SAME, 1);
            i++, j++;
        } else if (length[(i + 1) * columns + j] >= length[i * columns + j + 1]) {
            add_steps(script, STEP_OUT, 1);
            i++;
        } else {
            add_steps(script, STEP_IN, 1);
            j++;
        }
    }
    add_steps(script, STEP_OUT, a_count - i);
    add_steps(script, STEP_IN, b_count - j);
}

static struct script find_steps(const struct lines *a, const struct lines *b, struct arena *arena)
{
    struct script script = {.steps =
                                arena_take(arena, (a->count + b->count) * sizeof *script.steps)};
    size_t head = 0, tail = 0;
    while (head < a->count && head < b->count && same(&a->items[head], &b->items[head])) {
        head++;
    }
    while (tail < a->count - head && tail < b->count - head &&
           same(&a->items[a->count - tail - 1], &b->items[b->count - tail - 1])) {
        tail++;
    }
    add_steps(&script, STEP_SAME, head);
    compare(a->items + head, a->count - head - tail, b->items + head, b->count - head - tail, arena,
            &script);
    add_steps(&script, STEP_SAME, tail);
    return script;
}

static void add_line(struct text *out, char mark, const struct line *line)
{
    text_add(out, &mark, 1);
    text_add(out, line->bytes, line->count);
    if (line->count == 0 || line->bytes[line->count - 1] != '\n') {
        text_string(out, "\n\\ No newline at end of file\n");
    }
}

/* The first line of a range is counted from 1; of an empty one it is the line before. */
static void add_range(struct text *out, char mark, size_t first, size_t count)
{
    text_format(out, "%c%zu", mark, count == 0 ? first : first + 1);
    if (count != 1) {
        text_format(out, ",%zu", count);
    }
}

struct place {
    size_t a, b;
};

static void add_hunk(const struct lines *a, const struct lines *b, const struct script *script,
                     size_t from, size_t to, struct place start, struct text *out)
{
    size_t a_count = 0, b_count = 0;
    for (size_t i = from; i < to; i++) {
        a_count += script->steps[i] != STEP_IN;
        b_count += script->steps[i] != STEP_OUT;
    }
    text_string(out, "@@ ");
    add_range(out, '-', start.a, a_count);
    text_string(out, " ");
    add_range(out, '+', start.b, b_count);
    text_string(out, " @@\n");
    for (size_t i = from; i < to; i++) {
        switch (script->steps[i]) {
        case STEP_SAME:
            add_line(out, ' ', &a->items[start.a]);
            start.a++, start.b++;
            break;
        case STEP_OUT:
            add_line(out, '-', &a->items[start.a++]);
            break;
        case STEP_IN:
            add_line(out, '+', &b->items[start.b++]);
            break;
        }
    }
}

/* Where the hunk that begins with the change at `at` ends: before so many lines that are the same. */
static size_t end_of_hunk(const struct script *script, size_t at)
{
    size_t same_lines = 0;
    for (; at < script->count && same_lines <= 2 * AROUND; at++) {
        same_lines = script->steps[at] == STEP_SAME ? same_lines + 1 : 0;
    }
    return same_lines > AROUND ? at - (same_lines - AROUND) : at;
}

void diff_unified(const char *name, const struct text *before, const struct text *after,
                  struct arena *arena, struct text *out)
{
    const struct lines a = split(before, arena);
    const struct lines b = split(after, arena);
    const struct script script = find_steps(&a, &b, arena);
    struct place place = {0};
    bool has_head = false;
    for (size_t i = 0, counted = 0; i < script.count; i++) {
        if (script.steps[i] == STEP_SAME) {
            continue;
        }
        const size_t from = i - counted < AROUND ? counted : i - AROUND;
        const size_t to = end_of_hunk(&script, i);
        place.a += from - counted; /* what was passed over was the same */
        place.b += from - counted;
        if (!has_head) {
            text_format(out, "--- %s\n+++ %s\n", name, name);
        }
        has_head = true;
        add_hunk(&a, &b, &script, from, to, place, out);
        for (size_t k = from; k < to; k++) {
            place.a += script.steps[k] != STEP_IN;
            place.b += script.steps[k] != STEP_OUT;
        }
        counted = to;
        i = to == 0 ? 0 : to - 1;
    }
}
