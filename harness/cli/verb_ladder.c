/* finwait ladder: one script run once, shown as a ladder and nothing else. */
#include "cli/job.h"
#include "cli/verbs.h"

#include <stdio.h>

static void no_idling(void *context)
{
    (void)context;
}

/* Draws a run; why it did not pass goes to standard error. 0, or the exit code when the drawing could
 * not be written. */
static int draw(const struct job_result *result, bool is_first, const char *svg)
{
    struct text words = TEXT_EMPTY;
    int code = 0;
    if (result->ladder[0] != '\0') {
        text_string(&words, is_first ? "" : "\n");
        text_string(&words, result->ladder);
        code = write_file("ladder", svg != NULL ? svg : "-", &words);
    }
    text_free(&words);
    if (result->report.verdict != RUN_PASSED) {
        const struct report_result *report = &result->report;
        (void)fflush(stdout);
        (void)fprintf(stderr, "%s: %s\n%s", report->name, report_verdict_name(report->verdict),
                      report->report[0] != '\0' ? report->report : report->summary);
        (void)fputs(report->report[0] != '\0' ? "" : "\n", stderr);
    }
    return code;
}

static int draw_all(struct job_context *context)
{
    struct report_counts counts = {0};
    struct worker_pool *pool =
        workers_start(0, context->scripts->count, context->request->timeout_s, job_do, context);
    bool is_first = true;
    int code = 0;
    for (struct worker_message message;
         code == 0 && workers_next(pool, no_idling, NULL, &message);) {
        struct job_result result;
        job_result_read(&message, context->scripts->paths[message.job], &result);
        code = draw(&result, is_first, context->request->svg);
        counts.of[result.report.verdict]++;
        is_first = false;
    }
    char room[1];
    (void)workers_stop(pool, room, sizeof room);
    return code != 0 ? code : report_exit_code(&counts);
}

int verb_ladder(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_LADDER, argc, argv, arena, &request, &scripts, &code)) {
        request.wants_ladder = true;
        if (request.svg != NULL &&
            (scripts.count > 1 || (request.runs_ipv4 && request.runs_ipv6))) {
            arena_destroy(arena);
            return complain("ladder", "--svg draws one run: name one script, and one IP version",
                            EXIT_USAGE);
        }
        struct job_context context = {
            .request = &request, .scripts = &scripts, .arena = arena_create()};
        code = draw_all(&context);
        text_free(&context.file);
        text_free(&context.message);
        arena_destroy(context.arena);
    }
    arena_destroy(arena);
    return code;
}
