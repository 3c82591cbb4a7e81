/* finwait run: scripts in, verdicts out. */
#include "cli/show.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Starting a process costs about as much as so many scripts. */
#define SCRIPTS_PER_WORKER_MIN 8

void verb_run_help(struct text *out)
{
    text_string(out, "usage: finwait run [OPTION]... PATH...\n\n"
                     "Runs scripts against the stack in virtual time: files, and every *.pkt file "
                     "below folders.\n\n");
    options_help(VERB_RUN, out);
    text_string(out, "\nexit codes: 0 all as expected, 1 a failure, 2 usage or syntax, "
                     "3 stack or environment\nbroken, 4 nothing ran\n");
}

/* Several scripts, a folder that exists, or a name that ends as only folders' do. */
static bool is_folder(const char *path, size_t script_count)
{
    struct stat status;
    const size_t length = strlen(path);
    return script_count > 1 || (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

static uint32_t worker_count(const struct request *request, uint64_t jobs)
{
    if (request->has_jobs) {
        return request->jobs < jobs ? request->jobs : (uint32_t)jobs;
    }
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const uint64_t useful = (jobs + SCRIPTS_PER_WORKER_MIN - 1) / SCRIPTS_PER_WORKER_MIN;
    const uint64_t there = processors > 0 ? (uint64_t)processors : 1;
    return (uint32_t)(useful < there ? useful : there);
}

/* Shows every result; returns the exit code. */
static int run_all(struct job_context *context, FILE *trace)
{
    const struct request *request = context->request;
    const uint64_t jobs = (uint64_t)context->scripts->count * request->repeat;
    struct worker_pool *pool =
        workers_start(worker_count(request, jobs), jobs, request->timeout_s, job_do, context);
    if (pool == NULL) {
        (void)fprintf(stderr, "finwait run: cannot start a process: %s\n", strerror(errno));
        return EXIT_BROKEN;
    }
    struct show show;
    show_begin(&show, request, context->scripts, jobs, trace);
    for (struct worker_message message; workers_next(pool, show_idle, &show, &message);) {
        struct job_result result;
        job_result_read(&message, context->scripts->paths[message.job % context->scripts->count],
                        &result);
        show_result(&show, &result, message.is_last);
    }
    const int code = report_exit_code(&show.counts);
    const bool is_shown = show_end(&show);
    char ending[64];
    const char *bad_end = workers_stop(pool, ending, sizeof ending);
    if (bad_end != NULL) {
        (void)fprintf(stderr, "finwait run: a process ended badly after its last script: %s\n",
                      bad_end);
    }
    if (!is_shown) {
        (void)fprintf(stderr, "finwait run: cannot write standard output: %s\n", strerror(errno));
    }
    return bad_end == NULL && is_shown ? code : EXIT_BROKEN;
}

static int cannot_write(const char *path)
{
    (void)fprintf(stderr, "finwait run: cannot write %s: %s\n", path, strerror(errno));
    return EXIT_BROKEN;
}

static int run_with_trace(struct job_context *context)
{
    const char *path = context->request->trace;
    if (path == NULL) {
        return run_all(context, NULL);
    }
    FILE *trace = fopen(path, "w");
    if (trace == NULL) {
        return cannot_write(path);
    }
    const int code = run_all(context, trace);
    const bool is_written = ferror(trace) == 0;
    return fclose(trace) == 0 && is_written ? code : cannot_write(path);
}

int verb_run(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_RUN, argc, argv, arena, verb_run_help, &request, &scripts, &code)) {
        struct job_context context = {
            .request = &request,
            .scripts = &scripts,
            .has_pcapng_folder = request.pcapng != NULL && is_folder(request.pcapng, scripts.count),
            .arena = arena_create(),
        };
        code = run_with_trace(&context);
        text_free(&context.file);
        text_free(&context.message);
        arena_destroy(context.arena);
    }
    arena_destroy(arena);
    return code;
}
