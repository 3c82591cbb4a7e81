/* The table of decisions, held against the scripts that ran. */
#include "matrix/decisions.h"

#include "matrix/matrix.h"
#include "report/escape.h"

#include <string.h>

static const char *const verdict_names[DECISION_VERDICT_COUNT] = {"tested", "failing", "not run",
                                                                  "by hand", "open"};

void decisions_read(struct decision_list *list, const char *table, struct arena *arena)
{
    struct tsv rows;
    tsv_read(table, arena, &rows);
    list->count = rows.row_count;
    list->items = arena_take(arena, (rows.row_count + 1) * sizeof *list->items);
    for (size_t i = 0; i < rows.row_count; i++) {
        list->items[i] = (struct decision){
            .number = tsv_cell(&rows, i, "number"),
            .question = tsv_cell(&rows, i, "question"),
            .decision = tsv_cell(&rows, i, "decision"),
            .where = tsv_cell(&rows, i, "where"),
            .tested_by = tsv_cell(&rows, i, "tested_by"),
        };
    }
}

static bool ends_with(const char *path, const char *end)
{
    const size_t length = strlen(path);
    const size_t tail = strlen(end);
    return tail > 0 && length >= tail && strcmp(path + length - tail, end) == 0 &&
           (length == tail || path[length - tail - 1] == '/');
}

void decisions_note_run(struct decision_list *list, const char *path, bool has_passed)
{
    for (size_t i = 0; i < list->count; i++) {
        if (ends_with(path, list->items[i].tested_by)) {
            list->items[i].has_passed |= has_passed;
            list->items[i].has_failed |= !has_passed;
        }
    }
}

enum decision_verdict decision_verdict_of(const struct decision *decision)
{
    if (decision->where[0] == '\0') {
        return DECISION_OPEN;
    }
    if (strncmp(decision->tested_by, "unit test", 9) == 0 ||
        strncmp(decision->tested_by, "none", 4) == 0) {
        return DECISION_BY_HAND;
    }
    if (decision->has_failed) {
        return DECISION_FAILING;
    }
    return decision->has_passed ? DECISION_TESTED : DECISION_NOT_RUN;
}

void decisions_print_summary(const struct decision_list *list, struct text *out)
{
    size_t counts[DECISION_VERDICT_COUNT] = {0};
    for (size_t i = 0; i < list->count; i++) {
        counts[decision_verdict_of(&list->items[i])]++;
    }
    text_format(out, "decisions: %zu", list->count);
    for (int verdict = 0; verdict < DECISION_VERDICT_COUNT; verdict++) {
        if (counts[verdict] > 0) {
            text_format(out, ", %zu %s", counts[verdict], verdict_names[verdict]);
        }
    }
    text_string(out, "\n");
    for (size_t i = 0; i < list->count; i++) {
        if (decision_verdict_of(&list->items[i]) == DECISION_FAILING) {
            text_format(out, "decision %s fails: %s\n", list->items[i].number,
                        list->items[i].tested_by);
        }
    }
}

void decisions_print_text(const struct decision_list *list, struct text *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->items[i];
        text_format(out, "%-8s  %2s  %s\n              %s\n",
                    verdict_names[decision_verdict_of(decision)], decision->number,
                    decision->question, decision->decision);
        if (decision->where[0] != '\0') {
            text_format(out, "              %s; %s\n", decision->where, decision->tested_by);
        }
    }
}

void decisions_print_markdown(const struct decision_list *list, struct text *out)
{
    text_string(out, "\n| number | question | decision | where | tested by | verdict |\n"
                     "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->items[i];
        const char *cells[] = {decision->number, decision->question, decision->decision,
                               decision->where, decision->tested_by};
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++) {
            text_string(out, "| ");
            matrix_add_markdown(out, cells[k]);
            text_string(out, " ");
        }
        text_format(out, "| %s |\n", verdict_names[decision_verdict_of(decision)]);
    }
}

void decisions_print_html(const struct decision_list *list, struct text *out)
{
    text_string(out, "<h2>Decisions</h2>\n<table>\n<tr><th>number<th>question<th>decision<th>where"
                     "<th>tested by<th>verdict</tr>\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->items[i];
        const enum decision_verdict verdict = decision_verdict_of(decision);
        const char *cells[] = {decision->number, decision->question, decision->decision,
                               decision->where, decision->tested_by};
        text_format(out, "<tr class=\"%s\">",
                    verdict == DECISION_TESTED    ? "covered"
                    : verdict == DECISION_FAILING ? "failing"
                                                  : verdict_names[verdict]);
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++) {
            text_string(out, "<td>");
            escape_xml_text(out, cells[k]);
        }
        text_format(out, "<td>%s</tr>\n", verdict_names[verdict]);
    }
    text_string(out, "</table>\n");
}
