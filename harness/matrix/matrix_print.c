/* The matrix as text, Markdown and HTML. */
#include "matrix/matrix.h"
#include "report/escape.h"

#include <string.h>

#define LEVEL_MAX 16

static bool is_wanted(const struct matrix_entry *entry, const char *only)
{
    return only == NULL || strstr(entry->requirement->id, only) != NULL ||
           strcmp(entry->requirement->level, only) == 0 ||
           strcmp(matrix_verdict_name(matrix_verdict_of(entry)), only) == 0;
}

void matrix_print_text(const struct matrix *matrix, const char *only, struct text *out)
{
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (!is_wanted(entry, only)) {
            continue;
        }
        const struct requirement *requirement = entry->requirement;
        text_format(out, "%-8s  %-28s  %-10s  %s\n", matrix_verdict_name(matrix_verdict_of(entry)),
                    requirement->id, requirement->level, requirement->text);
        for (size_t k = 0; k < entry->script_count; k++) {
            text_format(out, "          %s\n", entry->scripts[k]);
        }
        if (entry->reason != NULL) {
            text_format(out, "          %s\n", entry->reason);
        }
    }
}

/* A cell of a Markdown table: a bar would end it. */
static void add_cell(struct text *out, const char *words)
{
    for (; *words != '\0'; words++) {
        if (strchr("|<>*_`", *words) != NULL) {
            text_string(out, "\\");
        }
        text_add(out, words, 1);
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void matrix_print_markdown(const struct matrix *matrix, const char *only, struct text *out)
{
    text_string(out,
                "| id | level | what | scripts | verdict |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (!is_wanted(entry, only)) {
            continue;
        }
        text_format(out, "| %s | %s | ", entry->requirement->id, entry->requirement->level);
        add_cell(out, entry->requirement->text);
        text_string(out, " | ");
        for (size_t k = 0; k < entry->script_count; k++) {
            text_string(out, k > 0 ? "; " : "");
            add_cell(out, last_part(entry->scripts[k]));
        }
        add_cell(out, entry->reason == NULL ? "" : entry->reason);
        text_format(out, " | %s |\n", matrix_verdict_name(matrix_verdict_of(entry)));
    }
}

void matrix_print_html(const struct matrix *matrix, const char *only, struct text *out)
{
    text_string(out,
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                "<title>Requirements</title>\n<style>body{font:14px sans-serif}td{vertical-align:"
                "top;padding:2px 8px;border-top:1px solid #ccc}.covered{background:#dfd}.failing"
                "{background:#fcc}.open{background:#ffd}</style></head><body>\n<table>\n"
                "<tr><th>id<th>level<th>what<th>scripts<th>verdict</tr>\n");
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (!is_wanted(entry, only)) {
            continue;
        }
        const char *verdict = matrix_verdict_name(matrix_verdict_of(entry));
        text_format(out, "<tr class=\"%s\"><td>%s<td>%s<td>", verdict, entry->requirement->id,
                    entry->requirement->level);
        escape_xml_text(out, entry->requirement->text);
        text_string(out, "<td>");
        for (size_t k = 0; k < entry->script_count; k++) {
            text_string(out, k > 0 ? "<br>" : "");
            escape_xml_text(out, entry->scripts[k]);
        }
        escape_xml_text(out, entry->reason == NULL ? "" : entry->reason);
        text_format(out, "<td>%s</tr>\n", verdict);
    }
    text_string(out, "</table>\n</body></html>\n");
}

/* ---- the summary ----------------------------------------------------------------------------------- */

struct tally {
    const char *level;
    size_t counts[MATRIX_VERDICT_COUNT];
};

static struct tally *tally_of(struct tally *tallies, size_t *count, const char *level)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(tallies[i].level, level) == 0) {
            return &tallies[i];
        }
    }
    if (*count == LEVEL_MAX) {
        return &tallies[LEVEL_MAX - 1];
    }
    tallies[*count].level = level;
    return &tallies[(*count)++];
}

static void add_tally(struct text *out, const char *name, const size_t *counts)
{
    size_t sum = 0;
    for (int i = 0; i < MATRIX_VERDICT_COUNT; i++) {
        sum += counts[i];
    }
    text_format(out, "%-12s %7zu %8zu %8zu %8zu %8zu %6zu\n", name, sum, counts[MATRIX_COVERED],
                counts[MATRIX_FAILING], counts[MATRIX_DECLARED], counts[MATRIX_BY_HAND],
                counts[MATRIX_UNCOVERED]);
}

void matrix_print_summary(const struct matrix *matrix, struct text *out)
{
    struct tally tallies[LEVEL_MAX] = {0};
    struct tally all = {.level = "all"};
    size_t count = 0;
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        const enum matrix_verdict verdict = matrix_verdict_of(entry);
        tally_of(tallies, &count, entry->requirement->level)->counts[verdict]++;
        all.counts[verdict]++;
    }
    text_string(out, "level          count  covered  failing declared  by hand   open\n");
    for (size_t i = 0; i < count; i++) {
        add_tally(out, tallies[i].level, tallies[i].counts);
    }
    add_tally(out, "all", all.counts);
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (entry->was_covered && matrix_verdict_of(entry) != MATRIX_COVERED) {
            text_format(out, "lost its cover: %s\n", entry->requirement->id);
        }
    }
    text_string(out, text_read(&matrix->errors));
}

void matrix_print_covered(const struct matrix *matrix, struct text *out)
{
    text_string(out, "id\n");
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        if (matrix_verdict_of(&matrix->entries[i]) == MATRIX_COVERED) {
            text_format(out, "%s\n", matrix->entries[i].requirement->id);
        }
    }
}
