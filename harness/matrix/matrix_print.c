/* The matrix as text, Markdown and HTML. */
#include "matrix/matrix.h"
#include "report/escape.h"

#include <string.h>

#define LEVEL_MAX      16
#define ONLY_PART_MAX  64
#define LOST_SHOWN_MAX 20

static bool is_broken_by(const struct matrix_entry *entry, const char *id)
{
    for (size_t i = 0; i < entry->knock_out_count; i++) {
        if (strcmp(entry->knock_outs[i].id, id) == 0) {
            return true;
        }
    }
    return strcmp(id, MATRIX_NO_KNOCK_OUT) == 0 && matrix_lacks_knock_out(entry);
}

/* "3.8" is 3.8.1, too, but not 3.80. */
static bool is_in_section(const char *section, const char *part)
{
    const size_t length = strlen(part);
    return strncmp(section, part, length) == 0 && strchr(". ;+", section[length]) != NULL;
}

static bool fits(const struct matrix_entry *entry, const char *part)
{
    return strstr(entry->requirement->id, part) != NULL ||
           strcmp(entry->requirement->level, part) == 0 || is_broken_by(entry, part) ||
           is_in_section(entry->requirement->section, part) ||
           strcmp(matrix_verdict_name(matrix_verdict_of(entry)), part) == 0;
}

static bool is_wanted(const struct matrix_entry *entry, const char *only)
{
    char part[ONLY_PART_MAX];
    for (const char *at = only; at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ",");
        if (length >= sizeof part) {
            return false;
        }
        memcpy(part, at, length);
        part[length] = '\0';
        if (!fits(entry, part)) {
            return false;
        }
        at += length + (at[length] == ',');
    }
    return true;
}

/* What became of a knock-out, in a word or two. */
static const char *fate(const struct matrix_knock_out *knock_out)
{
    const bool is_noticed =
        strcmp(knock_out->verdict, "noticed") == 0 || strcmp(knock_out->verdict, "hangs") == 0;
    return is_noticed && strcmp(knock_out->by, "another") == 0 ? "noticed by another"
                                                               : knock_out->verdict;
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
        for (size_t k = 0; k < entry->knock_out_count; k++) {
            text_format(out, "          knock-out %s: %s\n", entry->knock_outs[k].id,
                        fate(&entry->knock_outs[k]));
        }
        if (entry->reason != NULL) {
            text_format(out, "          %s\n", entry->reason);
        }
        if (matrix_lacks_knock_out(entry)) {
            text_string(out, "          no knock-out\n");
        }
    }
}

/* A bar would end the cell. */
void matrix_add_markdown(struct text *out, const char *words)
{
    for (; *words != '\0'; words++) {
        if (strchr("|<>*_`", *words) != NULL) {
            text_string(out, "\\");
        }
        text_add(out, words, 1);
    }
}

/* The knock-outs of a requirement in one cell, which `add` escapes. */
static void add_knock_outs(struct text *out, const struct matrix_entry *entry,
                           const char *separator, void (*add)(struct text *, const char *))
{
    for (size_t i = 0; i < entry->knock_out_count; i++) {
        text_string(out, i > 0 ? separator : "");
        add(out, entry->knock_outs[i].id);
        text_string(out, " (");
        add(out, fate(&entry->knock_outs[i]));
        text_string(out, ")");
    }
    text_string(out, matrix_lacks_knock_out(entry) ? "none" : "");
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void matrix_print_markdown(const struct matrix *matrix, const char *only, struct text *out)
{
    text_string(out, "| id | level | what | scripts | knock-outs | verdict |\n"
                     "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (!is_wanted(entry, only)) {
            continue;
        }
        text_format(out, "| %s | %s | ", entry->requirement->id, entry->requirement->level);
        matrix_add_markdown(out, entry->requirement->text);
        text_string(out, " | ");
        for (size_t k = 0; k < entry->script_count; k++) {
            text_string(out, k > 0 ? "; " : "");
            matrix_add_markdown(out, last_part(entry->scripts[k]));
        }
        matrix_add_markdown(out, entry->reason == NULL ? "" : entry->reason);
        text_string(out, " | ");
        add_knock_outs(out, entry, "; ", matrix_add_markdown);
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
                "<tr><th>id<th>level<th>what<th>scripts<th>knock-outs<th>verdict</tr>\n");
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
        text_string(out, "<td>");
        add_knock_outs(out, entry, "<br>", escape_xml_text);
        text_format(out, "<td>%s</tr>\n", verdict);
    }
    text_string(out, "</table>\n");
}

void matrix_print_html_end(struct text *out)
{
    text_string(out, "</body></html>\n");
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

/* How many of those that need a knock-out have one, and which have none. */
static void print_knock_outs(const struct matrix *matrix, struct text *out)
{
    size_t needing = 0, lacking = 0;
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        needing += !entry->requirement->is_row && entry->reason == NULL;
        lacking += matrix_lacks_knock_out(entry);
    }
    text_format(out, "%zu of %zu requirements that scripts can show have a knock-out\n",
                needing - lacking, needing);
    text_string(out, lacking > 0 ? "no knock-out:" : "");
    for (size_t i = 0; i < matrix->requirements.count; i++) {
        if (matrix_lacks_knock_out(&matrix->entries[i])) {
            text_format(out, " %s", matrix->requirements.items[i].id);
        }
    }
    text_string(out, lacking > 0 ? "\n" : "");
}

static void print_lost(const struct matrix *matrix, struct text *out)
{
    const size_t lost = matrix_lost(matrix);
    size_t shown = 0;
    for (size_t i = 0; i < matrix->requirements.count && shown < LOST_SHOWN_MAX; i++) {
        const struct matrix_entry *entry = &matrix->entries[i];
        if (entry->was_covered && matrix_verdict_of(entry) != MATRIX_COVERED) {
            text_format(out, "lost its cover: %s\n", entry->requirement->id);
            shown++;
        }
    }
    if (lost > shown) {
        text_format(out, "and %zu more: is this the whole corpus?\n", lost - shown);
    }
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
    print_lost(matrix, out);
    print_knock_outs(matrix, out);
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
