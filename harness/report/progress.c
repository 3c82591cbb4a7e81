/* Carriage return, line, and "erase to the end of the line". */
#include "report/progress.h"

#include <inttypes.h>

#define ERASE "\033[K"

void progress_line(struct text *out, uint64_t done, uint64_t total, uint64_t not_passed,
                   const char *name, size_t columns)
{
    text_string(out, "\r");
    const size_t start = out->length;
    text_format(out, "[%" PRIu64 "/%" PRIu64 "] ", done, total);
    if (not_passed > 0) {
        text_format(out, "%" PRIu64 " not passed, ", not_passed);
    }
    text_string(out, name);
    if (out->length - start > columns) {
        out->length = start + columns;
        out->bytes[out->length] = '\0';
    }
    text_string(out, ERASE);
}

void progress_wipe(struct text *out)
{
    text_string(out, "\r" ERASE);
}
