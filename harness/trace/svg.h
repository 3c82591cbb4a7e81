/* The pieces that drawings are made of: SVG 1.1 by hand, with nothing that only browsers know, so that
 * every viewer and converter shows the same. */
#ifndef FINWAIT_TRACE_SVG_H
#define FINWAIT_TRACE_SVG_H

#include "base/text.h"

#include <stdint.h>

/* Adds words as XML text: what means something to XML as references, control characters and what is
 * no UTF-8 as '?'. */
void svg_words(struct text *out, const char *words);

/* `<svg ...>` with a white ground, and its end. */
void svg_begin(struct text *out, int width, int height, const char *title);
void svg_end(struct text *out);

/* A line of text at its baseline; `style` is the name of a CSS class, `anchor` "start" "middle" or
 * "end". */
void svg_text(struct text *out, int x, int y, const char *style, const char *anchor,
              const char *words);

#endif
