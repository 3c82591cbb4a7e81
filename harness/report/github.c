/* ::error file=a.pkt,line=12,col=5,title=...::what went wrong */
#include "report/github.h"

#include "report/escape.h"

#include <inttypes.h>

void github_annotation(struct text *out, const struct report_result *result)
{
    if (result->verdict == RUN_PASSED || result->verdict == RUN_SKIPPED) {
        return;
    }
    text_string(out, "::error file=");
    escape_github_property(out, result->name);
    if (result->line > 0) {
        text_format(out, ",line=%" PRIu32 ",col=%" PRIu32, result->line, result->column);
    }
    text_format(out, ",title=%s", report_verdict_name(result->verdict));
    if (result->ip_version != 0) {
        text_format(out, " over IPv%u", result->ip_version);
    }
    text_string(out, "::");
    escape_github_message(out, result->summary);
    text_string(out, "\n");
}
