/* One line for each object. */
#include "report/json.h"

#include "report/escape.h"

#include <inttypes.h>

static void add_string(struct text *out, const char *name, const char *words)
{
    text_format(out, ",\"%s\":", name);
    escape_json(out, words);
}

/* A number, or null for 0. */
static void add_number(struct text *out, const char *name, uint64_t number)
{
    if (number == 0) {
        text_format(out, ",\"%s\":null", name);
    } else {
        text_format(out, ",\"%s\":%" PRIu64, name, number);
    }
}

void json_run(struct text *out, const struct report_result *result, const char *ladder)
{
    text_string(out, "{\"type\":\"run\"");
    add_string(out, "script", result->name);
    add_number(out, "ip_version", result->ip_version);
    if (result->values != NULL && result->values[0] != '\0') {
        add_string(out, "values", result->values);
    }
    add_string(out, "verdict", report_verdict_name(result->verdict));
    text_format(out, ",\"virtual_us\":%" PRIu64 ",\"packets\":%" PRIu64, result->virtual_us,
                result->packets);
    add_number(out, "line", result->line);
    add_number(out, "column", result->column);
    add_string(out, "summary", result->summary);
    add_string(out, "report", result->report);
    if (ladder[0] != '\0') {
        add_string(out, "ladder", ladder);
    }
    text_string(out, "}\n");
}

void json_summary(struct text *out, const struct report_counts *counts, int exit_code)
{
    text_string(out, "{\"type\":\"summary\"");
    for (int i = 0; i < REPORT_VERDICTS; i++) {
        text_format(out, ",\"%s\":%" PRIu64, report_verdict_name((enum run_verdict)i),
                    counts->of[i]);
    }
    text_format(out, ",\"exit_code\":%d}\n", exit_code);
}
