/* Fills the matrix and judges it. */
#include "matrix/matrix.h"

#include "matrix/earned.h"

#include <string.h>

const char *matrix_verdict_name(enum matrix_verdict verdict)
{
    static const char *const names[MATRIX_VERDICT_COUNT] = {"covered", "failing", "declared",
                                                            "by hand", "open"};
    return names[verdict];
}

struct matrix_entry *matrix_find(const struct matrix *matrix, const char *id)
{
    const struct requirement *requirement = requirement_find(&matrix->requirements, id);
    return requirement == NULL ? NULL : &matrix->entries[requirement - matrix->requirements.items];
}

/* Reads a list of ids. NULL, or what is wrong. */
static const char *mark(struct matrix *matrix, const char *text)
{
    struct tsv table;
    tsv_read(text, matrix->arena, &table);
    for (size_t i = 0; i < table.row_count; i++) {
        struct matrix_entry *entry = matrix_find(matrix, tsv_cell(&table, i, "id"));
        if (entry == NULL) {
            return arena_format(matrix->arena, "there is no requirement %s",
                                tsv_cell(&table, i, "id"));
        }
        const char *reason = tsv_cell(&table, i, "reason");
        entry->was_covered |= reason[0] == '\0';
        entry->reason = reason[0] == '\0' ? entry->reason : reason;
    }
    return NULL;
}

const char *matrix_create(struct matrix *matrix, const char *const *tables, size_t table_count,
                          const char *declared, const char *covered, struct arena *arena)
{
    *matrix = (struct matrix){.arena = arena};
    for (size_t i = 0; i < table_count; i++) {
        struct tsv table;
        tsv_read(tables[i], arena, &table);
        const char *error = requirements_add(&matrix->requirements, &table, arena);
        if (error != NULL) {
            return error;
        }
    }
    const size_t count = matrix->requirements.count;
    matrix->entries = arena_take(arena, (count + 1) * sizeof *matrix->entries);
    for (size_t i = 0; i < count; i++) {
        matrix->entries[i].requirement = &matrix->requirements.items[i];
    }
    const char *error = declared == NULL ? NULL : mark(matrix, declared);
    return error != NULL || covered == NULL ? error : mark(matrix, covered);
}

void matrix_free(struct matrix *matrix)
{
    text_free(&matrix->errors);
}

static void add_path(struct matrix *matrix, struct matrix_entry *entry, const char *path)
{
    if (entry->script_count > 0 && entry->scripts[entry->script_count - 1] == path) {
        return; /* over the other IP version */
    }
    void *scripts = entry->scripts;
    arena_grow(matrix->arena, &scripts, &entry->script_capacity, entry->script_count,
               sizeof *entry->scripts);
    entry->scripts = scripts;
    entry->scripts[entry->script_count++] = path;
}

static void complain(struct matrix *matrix, const char *path, uint32_t line, const char *words)
{
    const char *complaint = arena_format(matrix->arena, "%s:%u: %s\n", path, line, words);
    if (strstr(text_read(&matrix->errors), complaint) == NULL) { /* not again for the other IP */
        text_string(&matrix->errors, complaint);
        matrix->error_count++;
    }
}

void matrix_add(struct matrix *matrix, const char *path, const struct scenario *scenario,
                bool has_passed, const struct occurrence_list *occurrences)
{
    for (size_t i = 0; i < scenario->note_count; i++) {
        const struct scenario_note *note = &scenario->notes[i];
        if (strcmp(note->kind, "req") != 0) {
            continue;
        }
        struct matrix_entry *entry = matrix_find(matrix, note->subject);
        if (entry == NULL) {
            complain(matrix, path, note->span.line,
                     arena_format(matrix->arena, "there is no requirement %s", note->subject));
            continue;
        }
        add_path(matrix, entry, path);
        const char *why_not =
            has_passed ? earned_or_why_not(entry->requirement, occurrences, matrix->arena) : NULL;
        if (why_not != NULL) {
            complain(matrix, path, note->span.line, why_not);
        }
        entry->is_failing |= !has_passed || why_not != NULL;
    }
}

enum matrix_verdict matrix_verdict_of(const struct matrix_entry *entry)
{
    if (entry->script_count > 0) {
        return entry->is_failing ? MATRIX_FAILING : MATRIX_COVERED;
    }
    if (entry->reason == NULL) {
        return MATRIX_UNCOVERED;
    }
    return strncmp(entry->reason, "unit test", 9) == 0 ? MATRIX_BY_HAND : MATRIX_DECLARED;
}

size_t matrix_lost(const struct matrix *matrix)
{
    size_t count = 0;
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        count += matrix->entries[i].was_covered &&
                 matrix_verdict_of(&matrix->entries[i]) != MATRIX_COVERED;
    }
    return count;
}
