/* finwait run: scripts in, verdicts out. */
#include "cli/failures.h"
#include "cli/show.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Several scripts, a folder that exists, or a name that ends as only folders' do. */
static bool is_folder(const char *path, size_t script_count)
{
    struct stat status;
    const size_t length = strlen(path);
    return script_count > 1 || (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* Shows results until all are there, or one did not pass and that is to be the last. */
static void show_all(struct job_context *context, struct worker_pool *pool, struct show *show,
                     struct failures *failures)
{
    bool has_passed = true; /* all runs of the script so far */
    for (struct worker_message message; workers_next(pool, show_idle, show, &message);) {
        struct job_result result;
        const char *path = context->scripts->paths[message.job % context->scripts->count];
        job_result_read(&message, path, &result);
        show_result(show, &result, message.is_last);
        const enum run_verdict verdict = result.report.verdict;
        has_passed = has_passed && (verdict == RUN_PASSED || verdict == RUN_SKIPPED);
        if (!message.is_last) {
            continue;
        }
        failures_note(failures, path, has_passed);
        if (context->request->stops_early && !has_passed) {
            show->has_stopped_early = true;
            return;
        }
        has_passed = true;
    }
}

/* Shows every result; returns the exit code. */
static int run_all(struct job_context *context, struct outputs *outputs, struct arena *arena)
{
    const struct request *request = context->request;
    const uint64_t jobs = (uint64_t)context->scripts->count * request->repeat;
    struct worker_pool *pool =
        workers_start(job_workers(request, jobs), jobs, request->timeout_s, job_do, context);
    if (pool == NULL) {
        (void)fprintf(stderr, "finwait run: cannot start a process: %s\n", strerror(errno));
        return EXIT_BROKEN;
    }
    struct show show;
    struct failures failures;
    failures_read(&failures, arena);
    show_begin(&show, request, context->scripts, jobs, outputs);
    show_all(context, pool, &show, &failures);
    failures_write(&failures);
    const int code = report_exit_code(&show.counts);
    const struct report_counts counts = show.counts;
    errno = 0;
    const bool is_shown = show_end(&show);
    if (!is_shown) {
        (void)fprintf(stderr, "finwait run: cannot write %s: %s\n",
                      show.stream == stdout ? "standard output" : "standard error",
                      strerror(errno != 0 ? errno : EIO));
    }
    const bool is_saved = outputs_close(outputs, &counts);
    char ending[64];
    const char *bad_end = workers_stop(pool, ending, sizeof ending);
    if (bad_end != NULL) {
        (void)fprintf(stderr, "finwait run: a process ended badly after its last script: %s\n",
                      bad_end);
    }
    return bad_end == NULL && is_shown && is_saved ? code : EXIT_BROKEN;
}

int verb_run(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_RUN, argc, argv, arena, &request, &scripts, &code)) {
        struct job_context context = {
            .request = &request,
            .scripts = &scripts,
            .has_pcapng_folder = request.pcapng != NULL && is_folder(request.pcapng, scripts.count),
            .arena = arena_create(),
        };
        struct outputs outputs;
        code = outputs_open(&outputs, &request) ? run_all(&context, &outputs, arena) : EXIT_BROKEN;
        text_free(&context.file);
        text_free(&context.message);
        arena_destroy(context.arena);
    }
    arena_destroy(arena);
    return code;
}
