/* `failure` is a script that failed, `error` one that was invalid or took something down. */
#include "report/junit.h"

#include "report/escape.h"

#include <inttypes.h>
#include <string.h>

/* The folder of a path, as a class is named: corpus/chapter/x.pkt is in corpus.chapter. */
static void add_class(struct text *out, const char *path)
{
    struct text folder = TEXT_EMPTY;
    const char *slash = strrchr(path, '/');
    for (const char *at = path; slash != NULL && at < slash; at++) {
        const bool is_leading = folder.length == 0 && (*at == '/' || *at == '.');
        if (!is_leading) {
            text_add(&folder, *at == '/' ? "." : at, 1);
        }
    }
    escape_xml_attribute(out, folder.length == 0 ? "scripts" : text_read(&folder));
    text_free(&folder);
}

static void add_problem(struct text *out, const char *element, const struct report_result *result)
{
    text_format(out, "      <%s type=\"%s\" message=\"", element,
                report_verdict_name(result->verdict));
    escape_xml_attribute(out, result->summary);
    text_string(out, "\">");
    escape_xml_text(out, result->report[0] != '\0' ? result->report : result->summary);
    text_format(out, "</%s>\n", element);
}

void junit_case(struct text *cases, const struct report_result *result)
{
    const char *slash = strrchr(result->name, '/');
    text_string(cases, "    <testcase classname=\"");
    add_class(cases, result->name);
    text_string(cases, "\" name=\"");
    escape_xml_attribute(cases, slash == NULL ? result->name : slash + 1);
    if (result->ip_version != 0) {
        text_format(cases, " IPv%u", result->ip_version);
    }
    if (result->values != NULL && result->values[0] != '\0') {
        text_string(cases, " ");
        escape_xml_attribute(cases, result->values);
    }
    text_string(cases, "\" file=\"");
    escape_xml_attribute(cases, result->name);
    if (result->line > 0) {
        text_format(cases, "\" line=\"%" PRIu32, result->line);
    }
    text_format(cases,
                "\">\n      <properties>\n        <property name=\"virtual_us\" value=\"%" PRIu64
                "\"/>\n        <property name=\"packets\" value=\"%" PRIu64
                "\"/>\n      </properties>\n",
                result->virtual_us, result->packets);
    switch (result->verdict) {
    case RUN_PASSED:
        break;
    case RUN_FAILED:
        add_problem(cases, "failure", result);
        break;
    case RUN_SKIPPED:
        text_string(cases, "      <skipped message=\"");
        escape_xml_attribute(cases, result->summary);
        text_string(cases, "\"/>\n");
        break;
    case RUN_INVALID:
    case RUN_BROKEN:
        add_problem(cases, "error", result);
        break;
    }
    text_string(cases, "    </testcase>\n");
}

static void add_counts(struct text *out, const char *element, const struct report_counts *counts)
{
    uint64_t all = 0;
    for (int i = 0; i < REPORT_VERDICTS; i++) {
        all += counts->of[i];
    }
    text_format(out,
                "%s name=\"finwait\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64
                "\" errors=\"%" PRIu64 "\" skipped=\"%" PRIu64 "\">\n",
                element, all, counts->of[RUN_FAILED],
                counts->of[RUN_INVALID] + counts->of[RUN_BROKEN], counts->of[RUN_SKIPPED]);
}

void junit_file(struct text *out, const struct text *cases, const struct report_counts *counts)
{
    text_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    add_counts(out, "<testsuites", counts);
    add_counts(out, "  <testsuite", counts);
    text_add(out, text_read(cases), cases->length);
    text_string(out, "  </testsuite>\n</testsuites>\n");
}
