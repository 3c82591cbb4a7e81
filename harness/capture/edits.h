/* Changes of a text by place, gathered in any order and made at once. */
#ifndef FINWAIT_CAPTURE_EDITS_H
#define FINWAIT_CAPTURE_EDITS_H

#include "base/arena.h"
#include "base/text.h"

struct edit {
    size_t offset, length; /* what goes; 0: nothing */
    const char *words;     /* what comes in its place */
    size_t order;          /* among those at one place */
};

struct edits {
    struct arena *arena;
    const char *source;
    size_t count_of_source;
    struct edit *items;
    size_t count, capacity;
};

/* `words` must stay. */
void edits_replace(struct edits *edits, size_t offset, size_t length, const char *words);

/* Adds a line behind the one that holds the octet before `end`; several in the order of the calls. */
void edits_add_line(struct edits *edits, size_t end, const char *line);

/* Takes a piece out, and its line with it if nothing else is in it. A comment behind it stays. */
void edits_take_out(struct edits *edits, size_t offset, size_t length);

/* Adds the changed text. Pieces must not overlap. */
void edits_apply(const struct edits *edits, struct text *out);

#endif
