/* Nothing but text with tags. */
#include "trace/svg.h"

#include <string.h>

/* Octets of the UTF-8 character at `at`, loosely: what a viewer would accept. 0: none. */
static size_t character_length(const char *at)
{
    const unsigned char first = (unsigned char)at[0];
    const size_t length = first < 0x80   ? 1
                          : first < 0xc2 ? 0
                          : first < 0xe0 ? 2
                          : first < 0xf0 ? 3
                          : first < 0xf5 ? 4
                                         : 0;
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length;
}

void svg_words(struct text *out, const char *words)
{
    while (*words != '\0') {
        const size_t length = character_length(words);
        const unsigned char octet = (unsigned char)*words;
        if (length == 0 || octet < ' ' || octet == 0x7f) {
            text_string(out, "?");
        } else if (octet == '<') {
            text_string(out, "&lt;");
        } else if (octet == '>') {
            text_string(out, "&gt;");
        } else if (octet == '&') {
            text_string(out, "&amp;");
        } else if (octet == '"') {
            text_string(out, "&quot;");
        } else {
            text_add(out, words, length);
        }
        words += length == 0 ? 1 : length;
    }
}

void svg_begin(struct text *out, int width, int height, const char *title)
{
    text_format(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                "viewBox=\"0 0 %d %d\" role=\"img\">\n<title>",
                width, height, width, height);
    svg_words(out, title);
    text_format(out, "</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width,
                height);
}

void svg_end(struct text *out)
{
    text_string(out, "</svg>\n");
}

void svg_text(struct text *out, int x, int y, const char *style, const char *anchor,
              const char *words)
{
    text_format(out, "<text x=\"%d\" y=\"%d\" class=\"%s\"", x, y, style);
    if (strcmp(anchor, "start") != 0) {
        text_format(out, " text-anchor=\"%s\"", anchor);
    }
    text_string(out, ">");
    svg_words(out, words);
    text_string(out, "</text>\n");
}
