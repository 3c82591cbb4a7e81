/* Rows and points go out as soon as it is their turn; the progress line steps aside for them. */
#include "cli/show.h"

#include "cli/verbs.h"
#include "report/github.h"
#include "report/json.h"
#include "report/progress.h"
#include "report/tap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_EVERY_MS 50
#define COLUMNS_DEFAULT   80

static bool wants_color(const struct request *request, FILE *stream)
{
    switch (request->color) {
    case COLOR_ALWAYS:
        return true;
    case COLOR_NEVER:
        return false;
    case COLOR_AUTO:
        break;
    }
    const char *terminal = getenv("TERM");
    const char *refused = getenv("NO_COLOR"); /* https://no-color.org */
    return isatty(fileno(stream)) && terminal != NULL && strcmp(terminal, "dumb") != 0 &&
           (refused == NULL || refused[0] == '\0');
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Writes a text and clears it. */
static void write_text(struct text *text, FILE *stream)
{
    (void)fwrite(text_read(text), 1, text->length, stream);
    text_clear(text);
}

/* ---- progress -------------------------------------------------------------------------------------- */

static size_t terminal_columns(void)
{
    struct winsize size;
    const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return is_known ? (size_t)size.ws_col - 1 : COLUMNS_DEFAULT - 1;
}

static void wipe_progress(struct show *show)
{
    if (!show->is_progress_on) {
        return;
    }
    progress_wipe(&show->line);
    write_text(&show->line, stderr);
    (void)fflush(stderr);
    show->is_progress_on = false;
}

static void write_progress(struct show *show, const char *name)
{
    const int64_t now = now_ms();
    if (!show->has_progress || now - show->progress_ms < PROGRESS_EVERY_MS) {
        return;
    }
    (void)fflush(show->stream);
    const struct report_counts *counts = &show->counts;
    const uint64_t not_passed =
        counts->of[RUN_FAILED] + counts->of[RUN_INVALID] + counts->of[RUN_BROKEN];
    progress_line(&show->line, show->jobs_done, show->jobs, not_passed, name, terminal_columns());
    write_text(&show->line, stderr);
    (void)fflush(stderr);
    show->is_progress_on = true;
    show->progress_ms = now;
}

/* ---- results --------------------------------------------------------------------------------------- */

/* What makes the same order again. */
static void add_order(struct text *out, const struct request *request)
{
    if (!request->has_shuffle) {
        return;
    }
    if (request->wants_json) {
        text_format(out, "{\"type\":\"order\",\"shuffle\":%" PRIu64 "}\n", request->shuffle_seed);
    } else {
        text_format(out, "%sorder: --shuffle %" PRIu64 "\n", request->wants_tap ? "# " : "",
                    request->shuffle_seed);
    }
}

void show_begin(struct show *out, const struct request *request, const struct script_list *scripts,
                uint64_t jobs, struct outputs *outputs)
{
    *out = (struct show){.request = request,
                         .scripts = scripts,
                         .jobs = jobs,
                         .outputs = outputs,
                         .has_progress = isatty(STDERR_FILENO) != 0,
                         .progress_ms = now_ms(), /* what is done at once needs none */
                         .stream = stream_of_report(request),
                         .style = {.name_columns = strlen("script")}};
    out->style.has_color = wants_color(request, out->stream);
    for (size_t i = 0; i < scripts->count; i++) {
        const size_t length = strlen(scripts->paths[i]);
        if (length > out->style.name_columns) {
            out->style.name_columns = length;
        }
    }
    if (request->wants_tap) {
        tap_heading(&out->room);
    }
    add_order(&out->room, request);
    if (!request->wants_tap && !request->wants_json && !request->is_quiet) {
        table_heading(&out->room, &out->style);
    }
    write_text(&out->room, out->stream);
}

static bool is_worth_a_row(const struct show *show, enum run_verdict verdict)
{
    return !show->request->is_quiet || (verdict != RUN_PASSED && verdict != RUN_SKIPPED);
}

/* A ladder among TAP's lines is a comment. */
static void add_as_comment(struct text *out, const char *words)
{
    while (*words != '\0') {
        const size_t length = strcspn(words, "\n");
        text_string(out, length > 0 ? "# " : "#");
        text_add(out, words, length);
        text_string(out, "\n");
        words += length;
        words += *words == '\n';
    }
}

static void add_row(struct show *show, const struct job_result *result)
{
    const struct report_result *report = &result->report;
    if (is_worth_a_row(show, report->verdict)) {
        table_row(&show->room, &show->style, report);
        table_report(&show->room, report);
    }
    if (result->ladder[0] != '\0') {
        text_format(&show->room, "\n%s\n", result->ladder);
    }
}

/* Annotations stand among the rows, but not where a program reads standard output. */
static void annotate(struct show *show, const struct report_result *report)
{
    const struct request *request = show->request;
    if (request->wants_tap || request->wants_json) {
        struct text line = TEXT_EMPTY;
        github_annotation(&line, report);
        write_text(&line, stderr);
        text_free(&line);
    } else {
        github_annotation(&show->room, report);
    }
}

static void add_result(struct show *show, const struct job_result *result)
{
    const struct request *request = show->request;
    if (request->wants_tap) {
        tap_point(&show->room, ++show->points, &result->report);
        add_as_comment(&show->room, result->ladder);
    } else if (request->wants_json) {
        json_run(&show->room, &result->report, result->ladder);
    } else {
        add_row(show, result);
    }
    if (request->wants_github) {
        annotate(show, &result->report);
    }
}

void show_result(struct show *show, const struct job_result *result, bool is_last_of_job)
{
    show->counts.of[result->report.verdict]++;
    oracle_counts_sum(&show->verdicts, &result->verdicts);
    show->jobs_done += is_last_of_job;
    text_clear(&show->room);
    add_result(show, result);
    if (show->room.length > 0) {
        wipe_progress(show);
        write_text(&show->room, show->stream);
    }
    outputs_add(show->outputs, result);
    write_progress(show, result->report.name);
}

void show_idle(void *show_pointer)
{
    const struct show *const show = show_pointer;
    (void)fflush(show->stream);
}

static void add_verdicts(struct show *show)
{
    const struct request *request = show->request;
    if (!request->wants_oracle_counts) {
        return;
    }
    struct text words = TEXT_EMPTY;
    if (request->wants_json) {
        oracle_counts_json(&show->verdicts, &show->room);
    } else {
        oracle_counts_print(&show->verdicts, request->wants_tap ? &words : &show->room);
    }
    add_as_comment(&show->room, text_read(&words));
    text_free(&words);
}

bool show_end(struct show *show)
{
    wipe_progress(show);
    text_clear(&show->room);
    add_verdicts(show);
    if (show->request->wants_tap) {
        tap_plan(&show->room, show->points);
    } else if (show->request->wants_json) {
        json_summary(&show->room, &show->counts, report_exit_code(&show->counts));
    } else {
        if (show->has_stopped_early && show->jobs_done < show->jobs) {
            text_format(&show->room, "stopped after the first failure, %" PRIu64 " not run\n",
                        show->jobs - show->jobs_done);
        }
        table_summary(&show->room, &show->style, &show->counts);
    }
    write_text(&show->room, show->stream);
    text_free(&show->room);
    text_free(&show->line);
    return fflush(show->stream) == 0 && ferror(show->stream) == 0;
}
