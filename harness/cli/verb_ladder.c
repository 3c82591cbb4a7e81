/* finwait ladder: one script run once, shown as a ladder and nothing else. */
#include "cli/job.h"
#include "cli/verbs.h"

#include <stdio.h>

static void no_idling(void *context)
{
    (void)context;
}

/* Draws a run; why it did not pass goes to standard error. */
static void draw(const struct job_result *result, bool is_first)
{
    if (result->ladder[0] != '\0') {
        (void)fputs(is_first ? "" : "\n", stdout);
        (void)fputs(result->ladder, stdout);
    }
    if (result->report.verdict != RUN_PASSED) {
        const struct report_result *report = &result->report;
        (void)fflush(stdout);
        (void)fprintf(stderr, "%s: %s\n%s", report->name, report_verdict_name(report->verdict),
                      report->report[0] != '\0' ? report->report : report->summary);
        (void)fputs(report->report[0] != '\0' ? "" : "\n", stderr);
    }
}

static int draw_all(struct job_context *context)
{
    struct report_counts counts = {0};
    struct worker_pool *pool =
        workers_start(0, context->scripts->count, context->request->timeout_s, job_do, context);
    bool is_first = true;
    for (struct worker_message message; workers_next(pool, no_idling, NULL, &message);) {
        struct job_result result;
        job_result_read(&message, context->scripts->paths[message.job], &result);
        draw(&result, is_first);
        counts.of[result.report.verdict]++;
        is_first = false;
    }
    char room[1];
    (void)workers_stop(pool, room, sizeof room);
    return fflush(stdout) == 0 ? report_exit_code(&counts) : EXIT_BROKEN;
}

int verb_ladder(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_LADDER, argc, argv, arena, &request, &scripts, &code)) {
        request.wants_ladder = true;
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
