/* Traces are written as they come, since they can be long; JUnit's file needs its counts first. */
#include "cli/outputs.h"

#include "report/junit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool complain_of(const char *path, int error)
{
    (void)fprintf(stderr, "finwait run: cannot write %s: %s\n",
                  path_is_stdout(path) ? "standard output" : path,
                  strerror(error != 0 ? error : EIO));
    return false;
}

static bool open_one(const char *path, FILE **out)
{
    if (path == NULL) {
        return true;
    }
    if (path_is_stdout(path)) { /* closing it must not close standard output */
        const int copy = dup(STDOUT_FILENO);
        *out = copy < 0 ? NULL : fdopen(copy, "wb");
    } else {
        *out = fopen(path, "wb");
    }
    return *out != NULL || complain_of(path, errno);
}

bool outputs_open(struct outputs *out, const struct request *request)
{
    *out = (struct outputs){.trace_path = request->trace, .junit_path = request->junit};
    if (!open_one(out->trace_path, &out->trace)) {
        return false;
    }
    if (!open_one(out->junit_path, &out->junit)) {
        if (out->trace != NULL) {
            (void)fclose(out->trace);
        }
        return false;
    }
    return true;
}

static void add_trace(struct outputs *outputs, const struct job_result *result)
{
    errno = 0;
    const bool is_written =
        fprintf(outputs->trace, "%s IPv%u %s\n", result->report.name, result->report.ip_version,
                report_verdict_name(result->report.verdict)) >= 0 &&
        fputs(result->trace, outputs->trace) >= 0;
    if (!is_written && outputs->trace_error == 0) {
        outputs->trace_error = errno != 0 ? errno : EIO;
    }
}

void outputs_add(struct outputs *outputs, const struct job_result *result)
{
    if (outputs->trace != NULL) {
        add_trace(outputs, result);
    }
    if (outputs->junit != NULL) {
        junit_case(&outputs->cases, &result->report);
    }
}

/* 0, or why the file did not take all. */
static int close_one(FILE *file, int error)
{
    errno = 0;
    if (fclose(file) != 0 && error == 0) {
        error = errno != 0 ? errno : EIO;
    }
    return error;
}

static int finish_junit(struct outputs *outputs, const struct report_counts *counts)
{
    struct text words = TEXT_EMPTY;
    junit_file(&words, &outputs->cases, counts);
    errno = 0;
    const bool is_written = fwrite(words.bytes, 1, words.length, outputs->junit) == words.length;
    const int error = is_written ? 0 : (errno != 0 ? errno : EIO);
    text_free(&words);
    return close_one(outputs->junit, error);
}

bool outputs_close(struct outputs *outputs, const struct report_counts *counts)
{
    bool is_well = true;
    if (outputs->trace != NULL) {
        const int error = close_one(outputs->trace, outputs->trace_error);
        is_well = error == 0 || complain_of(outputs->trace_path, error);
    }
    if (outputs->junit != NULL) {
        const int error = finish_junit(outputs, counts);
        is_well = (error == 0 || complain_of(outputs->junit_path, error)) && is_well;
    }
    text_free(&outputs->cases);
    return is_well;
}
