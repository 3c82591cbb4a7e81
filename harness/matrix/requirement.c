/* From tables to requirements. */
#include "matrix/requirement.h"

#include <string.h>

static bool read_state(const char *name, enum tcb_state *out)
{
    for (int i = 0; i < TCB_STATE_COUNT; i++) {
        if (strcmp(tcb_state_name((enum tcb_state)i), name) == 0) {
            *out = (enum tcb_state)i;
            return true;
        }
    }
    return false;
}

/* NULL, or what is wrong. */
static const char *read_row(struct requirement *row, const struct tsv *table, size_t index,
                            struct arena *arena)
{
    const char *event = tsv_cell(table, index, "event");
    const char *state = tsv_cell(table, index, "state");
    row->is_row = true;
    row->level = "row";
    row->section = tsv_cell(table, index, "reference");
    row->condition = tsv_cell(table, index, "condition");
    row->text = arena_format(arena, "%s in %s, %s: %s", event, state, row->condition,
                             tsv_cell(table, index, "expected_action"));
    row->has_next = read_state(tsv_cell(table, index, "next_state"), &row->next);
    if (!matrix_event_read(event, &row->event)) {
        return arena_format(arena, "%s: there is no event \"%s\"", row->id, event);
    }
    if (!read_state(state, &row->state)) {
        return arena_format(arena, "%s: there is no state \"%s\"", row->id, state);
    }
    return NULL;
}

const char *requirements_add(struct requirement_list *list, const struct tsv *table,
                             struct arena *arena)
{
    for (size_t i = 0; i < table->row_count; i++) {
        struct requirement row = {
            .id = tsv_cell(table, i, "id"),
            .level = tsv_cell(table, i, "level"),
            .section = tsv_cell(table, i, "section"),
            .text = tsv_cell(table, i, "paraphrase"),
        };
        const char *rfc = tsv_cell(table, i, "rfc");
        if (rfc[0] != '\0') { /* another one than RFC 9293 */
            row.section = arena_format(arena, "%s %s", rfc, row.section);
        }
        const bool is_row = tsv_cell(table, i, "event")[0] != '\0';
        const char *error = is_row ? read_row(&row, table, i, arena) : NULL;
        if (error == NULL && row.id[0] == '\0') {
            error = "a row has no id";
        }
        if (error == NULL && requirement_find(list, row.id) != NULL) {
            error = arena_format(arena, "%s stands in the tables twice", row.id);
        }
        if (error != NULL) {
            return error;
        }
        void *items = list->items;
        arena_grow(arena, &items, &list->capacity, list->count, sizeof *list->items);
        list->items = items;
        list->items[list->count++] = row;
    }
    return NULL;
}

const struct requirement *requirement_find(const struct requirement_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].id, id) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}
