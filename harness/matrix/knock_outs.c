/* Which knock-outs break a requirement, and what became of them: corpus/mutants/results.tsv. A rule
 * that scripts can show and that no knock-out breaks may be tested by scripts that pass whatever the
 * stack does. */
#include "matrix/matrix.h"

#include <ctype.h>
#include <string.h>

/* An oracle's, such as W05, which a knock-out may break as well; it is in no table here. */
static bool is_oracle(const char *id)
{
    return strchr("WTSLRD", id[0]) != NULL && isdigit((unsigned char)id[1]) &&
           isdigit((unsigned char)id[2]) && id[3] == '\0';
}

static void attach(struct matrix *matrix, struct matrix_entry *entry,
                   const struct matrix_knock_out *knock_out)
{
    void *items = entry->knock_outs;
    arena_grow(matrix->arena, &items, &entry->knock_out_capacity, entry->knock_out_count,
               sizeof *entry->knock_outs);
    entry->knock_outs = items;
    entry->knock_outs[entry->knock_out_count++] = *knock_out;
}

/* Cuts the next word off the list. "" at its end. */
static const char *next_word(const char **list, struct arena *arena)
{
    *list += strspn(*list, " ");
    const size_t length = strcspn(*list, " ");
    const char *word = arena_copy_text(arena, *list, length);
    *list += length;
    return word;
}

const char *matrix_add_knock_outs(struct matrix *matrix, const char *text)
{
    struct tsv table;
    tsv_read(text, matrix->arena, &table);
    for (size_t i = 0; i < table.row_count; i++) {
        const struct matrix_knock_out knock_out = {.id = tsv_cell(&table, i, "id"),
                                                   .verdict = tsv_cell(&table, i, "verdict"),
                                                   .by = tsv_cell(&table, i, "by")};
        const char *breaks = tsv_cell(&table, i, "breaks");
        for (const char *id; *(id = next_word(&breaks, matrix->arena)) != '\0';) {
            struct matrix_entry *entry = matrix_find(matrix, id);
            if (entry != NULL) {
                attach(matrix, entry, &knock_out);
            } else if (!is_oracle(id)) {
                return arena_format(matrix->arena, "the knock-out %s breaks %s, which is not there",
                                    knock_out.id, id);
            }
        }
    }
    return NULL;
}

bool matrix_lacks_knock_out(const struct matrix_entry *entry)
{
    return !entry->requirement->is_row && entry->reason == NULL && entry->knock_out_count == 0;
}
