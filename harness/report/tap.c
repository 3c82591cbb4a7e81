/* TAP: `ok 1 - name`, `# SKIP reason`, YAML blocks indented by two spaces. */
#include "report/tap.h"

#include "report/escape.h"

#include <inttypes.h>
#include <string.h>

void tap_heading(struct text *out)
{
    text_string(out, "TAP version 13\n");
}

/* A description ends at an unescaped '#', and a newline would end the test point. */
static void add_description(struct text *out, const char *words)
{
    for (const char *at = words; *at != '\0';) {
        const size_t length = utf8_length(at);
        if (length == 0 || ((unsigned char)*at < ' ' && *at != '\n')) {
            text_format(out, "\\\\x%02x", (unsigned char)*at++);
            continue;
        }
        if (*at == '#' || *at == '\\') {
            text_string(out, "\\");
        }
        text_add(out, *at == '\n' ? " " : at, length);
        at += length;
    }
}

/* YAML takes only what can be printed. */
static void add_line(struct text *out, const char *words, size_t count)
{
    for (size_t i = 0; i < count;) {
        const size_t length = utf8_length(words + i);
        if (length == 0 || ((unsigned char)words[i] < ' ' && words[i] != '\t')) {
            text_format(out, "\\x%02x", (unsigned char)words[i++]);
            continue;
        }
        text_add(out, words + i, length);
        i += length;
    }
}

/* A YAML literal block: each line indented, so that none can look like the block's end. The
 * indentation is said ("|4"), since the first line may be indented itself. */
static void add_literal(struct text *out, const char *words)
{
    text_string(out, "|4\n");
    while (*words != '\0') {
        const size_t length = strcspn(words, "\n");
        text_string(out, length > 0 ? "      " : "");
        add_line(out, words, length);
        text_string(out, "\n");
        words += length;
        words += *words == '\n';
    }
}

static void add_block(struct text *out, const struct report_result *result)
{
    text_string(out, "  ---\n  message: ");
    escape_yaml(out, result->summary);
    text_format(out, "\n  severity: %s\n", report_verdict_name(result->verdict));
    text_string(out, "  at:\n    file: ");
    escape_yaml(out, result->name);
    text_string(out, "\n");
    if (result->line > 0) {
        text_format(out, "    line: %" PRIu32 "\n    column: %" PRIu32 "\n", result->line,
                    result->column);
    }
    if (result->report[0] != '\0') {
        text_string(out, "  report: ");
        add_literal(out, result->report);
    }
    text_string(out, "  ...\n");
}

void tap_point(struct text *out, uint64_t number, const struct report_result *result)
{
    const bool is_ok = result->verdict == RUN_PASSED || result->verdict == RUN_SKIPPED;
    text_format(out, "%sok %" PRIu64 " - ", is_ok ? "" : "not ", number);
    add_description(out, result->name);
    if (result->ip_version != 0) {
        text_format(out, " IPv%u", result->ip_version);
    }
    if (result->values != NULL && result->values[0] != '\0') {
        text_string(out, " ");
        add_description(out, result->values);
    }
    if (result->verdict == RUN_SKIPPED) {
        text_string(out, " # SKIP ");
        add_description(out, result->summary);
    }
    text_string(out, "\n");
    if (!is_ok) {
        add_block(out, result);
    }
}

void tap_plan(struct text *out, uint64_t points)
{
    text_format(out, "1..%" PRIu64 "%s\n", points, points == 0 ? " # SKIP nothing ran" : "");
}
