/* Columns: name, IP version, verdict, virtual time, packets, and the reason of what was skipped. No
 * real times: two runs must print the same. */
#include "report/table.h"

#include "report/escape.h"

#include <inttypes.h>
#include <string.h>

#define VERDICT_COLUMNS 7
#define RESET_COLOR     "\033[0m"

static const char *color_of(enum run_verdict verdict)
{
    switch (verdict) {
    case RUN_PASSED:
        return "\033[32m";
    case RUN_FAILED:
        return "\033[1;31m";
    case RUN_SKIPPED:
        return "\033[33m";
    case RUN_INVALID:
    case RUN_BROKEN:
        return "\033[1;35m";
    }
    return "";
}

static size_t missing_columns(const struct table_style *style, size_t length)
{
    return length < style->name_columns ? style->name_columns - length : 0;
}

static int columns_of(const struct table_style *style)
{
    return (int)style->name_columns;
}

void table_heading(struct text *out, const struct table_style *style)
{
    text_format(out, "%-*s  IP  %-*s  virtual time  packets\n", columns_of(style), "script",
                VERDICT_COLUMNS, "verdict");
}

static void add_verdict(struct text *out, const struct table_style *style, enum run_verdict verdict)
{
    const char *name = report_verdict_name(verdict);
    text_format(out, "%s%s%s%*s", style->has_color ? color_of(verdict) : "", name,
                style->has_color ? RESET_COLOR : "", VERDICT_COLUMNS - (int)strlen(name), "");
}

void table_row(struct text *out, const struct table_style *style,
               const struct report_result *result)
{
    const size_t start = out->length;
    escape_line(out, result->name);
    text_format(out, "%*s  ", (int)missing_columns(style, out->length - start), "");
    if (result->ip_version == 0) {
        text_string(out, " -  ");
    } else {
        text_format(out, " %u  ", result->ip_version);
    }
    add_verdict(out, style, result->verdict);
    text_format(out, "  %5" PRIu64 ".%06" PRIu64 "  %7" PRIu64, result->virtual_us / 1000000,
                result->virtual_us % 1000000, result->packets);
    if (result->values != NULL && result->values[0] != '\0') {
        text_string(out, "  [");
        escape_line(out, result->values);
        text_string(out, "]");
    }
    if (result->verdict == RUN_SKIPPED && result->summary[0] != '\0') {
        text_string(out, "  (");
        escape_line(out, result->summary);
        text_string(out, ")");
    }
    text_string(out, "\n");
}

/* A report names its script at the beginning of lines. */
static void add_report(struct text *out, const char *words, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at; length > 0 && (at = strstr(words, name)) != NULL; words = at + length) {
        text_add(out, words, (size_t)(at - words));
        escape_line(out, name);
    }
    text_string(out, words);
}

void table_report(struct text *out, const struct report_result *result)
{
    const char *words = result->report[0] != '\0' ? result->report : result->summary;
    const size_t length = strlen(words);
    if (length == 0 || result->verdict == RUN_SKIPPED) {
        return;
    }
    text_string(out, "\n");
    add_report(out, words, result->name);
    text_string(out, words[length - 1] == '\n' ? "\n" : "\n\n");
}

static void add_count(struct text *out, const struct table_style *style,
                      const struct report_counts *counts, enum run_verdict verdict)
{
    const bool has_color = style->has_color && counts->of[verdict] > 0;
    text_format(out, "%s%" PRIu64 " %s%s", has_color ? color_of(verdict) : "", counts->of[verdict],
                report_verdict_name(verdict), has_color ? RESET_COLOR : "");
}

void table_summary(struct text *out, const struct table_style *style,
                   const struct report_counts *counts)
{
    add_count(out, style, counts, RUN_PASSED);
    text_string(out, ", ");
    add_count(out, style, counts, RUN_FAILED);
    text_string(out, ", ");
    add_count(out, style, counts, RUN_SKIPPED);
    for (enum run_verdict verdict = RUN_INVALID; verdict <= RUN_BROKEN; verdict++) {
        if (counts->of[verdict] > 0) {
            text_string(out, ", ");
            add_count(out, style, counts, verdict);
        }
    }
    text_string(out, "\n");
}
