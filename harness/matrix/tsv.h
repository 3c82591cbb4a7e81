/* Tables as text: a line for each row, tabs between cells, the first line names the columns. Nothing is
 * quoted. */
#ifndef FINWAIT_MATRIX_TSV_H
#define FINWAIT_MATRIX_TSV_H

#include "base/arena.h"

#include <stdbool.h>

struct tsv {
    const char **columns;
    size_t column_count;
    const char **cells; /* row_count times column_count; a cell that is missing is "" */
    size_t row_count;
};

/* Reads a whole table into the arena. Empty lines are skipped. */
void tsv_read(const char *text, struct arena *arena, struct tsv *out);

/* The cell of a row in the column of that name; "" when there is no such column. */
const char *tsv_cell(const struct tsv *table, size_t row, const char *column);

#endif
