/* Cuts text into lines and lines into cells. */
#include "matrix/tsv.h"

#include <string.h>

static size_t count_cells(const char *line, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++) {
        count += line[i] == '\t';
    }
    return count;
}

/* Cells that the line lacks are "", those that it has too many are left out. */
static void cut(const char *line, size_t length, const char **cells, size_t count,
                struct arena *arena)
{
    const char *at = line;
    const char *end = line + length;
    for (size_t i = 0; i < count; i++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        const char *stop = tab == NULL ? end : tab;
        cells[i] = arena_copy_text(arena, at, (size_t)(stop - at));
        at = tab == NULL ? end : tab + 1;
    }
}

void tsv_read(const char *text, struct arena *arena, struct tsv *out)
{
    *out = (struct tsv){0};
    size_t capacity = 0;
    for (const char *line = text; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        if (length > 0 && out->columns == NULL) {
            out->column_count = count_cells(line, length);
            out->columns = arena_take(arena, out->column_count * sizeof *out->columns);
            cut(line, length, out->columns, out->column_count, arena);
        } else if (length > 0) {
            void *cells = out->cells;
            arena_grow(arena, &cells, &capacity, out->row_count,
                       out->column_count * sizeof *out->cells);
            out->cells = cells;
            cut(line, length, out->cells + out->row_count * out->column_count, out->column_count,
                arena);
            out->row_count++;
        }
        line = next;
    }
}

const char *tsv_cell(const struct tsv *table, size_t row, const char *column)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i], column) == 0) {
            return table->cells[row * table->column_count + i];
        }
    }
    return "";
}
