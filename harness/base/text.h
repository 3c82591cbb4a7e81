/* A growing string: every report and every printer writes into one of these, and only the command
 * line writes to a stream. */
#ifndef FINWAIT_BASE_TEXT_H
#define FINWAIT_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
    char *bytes; /* terminated; NULL until something is added */
    size_t length;
    size_t capacity;
};

#define TEXT_EMPTY ((struct text){0})

void text_free(struct text *text);
void text_clear(struct text *text); /* keeps the memory */
void text_add(struct text *text, const char *bytes, size_t count);
void text_string(struct text *text, const char *string);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_pad_to(struct text *text, size_t column); /* spaces up to that column of the last line */

/* The string itself, "" when empty. Owned by the text. */
const char *text_read(const struct text *text);

#endif
