/* Lines with comments at their ends: neighbours have them in one column. That column is the furthest
 * one that the author used, or two spaces behind the longest line where that is further, or where
 * the author's would lead over the edge. */
#ifndef FINWAIT_SCENARIO_FORMAT_LINES_H
#define FINWAIT_SCENARIO_FORMAT_LINES_H

#include "base/text.h"

/* A line that waits for its neighbours. */
struct waiting_line {
    size_t text_start, text_end;       /* in lines.texts */
    size_t comment_start, comment_end; /* in lines.texts */
    size_t width;                      /* of the text's last line */
    size_t comment_width;              /* of the comment's first */
    size_t author_column;              /* of the comment, from 0 */
};

struct lines {
    struct text *out;
    struct text texts;
    struct waiting_line *waiting; /* from malloc */
    size_t count, capacity;
};

void lines_start(struct lines *lines, struct text *out);

/* A line without a comment at its end. */
void lines_add(struct lines *lines, const char *text, size_t count);

/* A line with one; the text is empty where a comment goes on below a comment. */
void lines_add_commented(struct lines *lines, const char *text, size_t count, const char *comment,
                         size_t comment_bytes, size_t author_column);

/* Writes what still waits: before a blank line, and at the end. */
void lines_flush(struct lines *lines);

void lines_end(struct lines *lines);

#endif
