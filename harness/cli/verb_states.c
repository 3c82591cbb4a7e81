/* finwait states: scripts run, and the state diagram drawn with how often they took each edge. */
#include "cli/job.h"
#include "cli/verbs.h"
#include "trace/state_diagram.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void no_idling(void *context)
{
    (void)context;
}

/* {"type":"edge",...} for each legal pair and each that was taken, and the sum. */
static void add_json(const struct state_counts *counts, uint64_t runs, struct text *out)
{
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const enum tcb_state from = (enum tcb_state)(i / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(i % TCB_STATE_COUNT);
        const bool is_legal = tcb_state_edge_is_legal(from, to);
        const uint64_t taken = state_counts_taken(counts, from, to);
        if (is_legal || taken > 0) {
            text_format(out,
                        "{\"type\":\"edge\",\"from\":\"%s\",\"to\":\"%s\",\"legal\":%s,"
                        "\"taken\":%" PRIu64 "}\n",
                        tcb_state_name(from), tcb_state_name(to), is_legal ? "true" : "false",
                        taken);
        }
    }
    const struct state_totals totals = state_counts_totals(counts);
    text_format(out,
                "{\"type\":\"summary\",\"runs\":%" PRIu64 ",\"changes\":%" PRIu64
                ",\"legal\":%u,\"taken\":%u,\"not_legal\":%u}\n",
                runs, totals.changes, totals.legal, totals.taken, totals.broken);
}

static int draw(const struct request *request, const struct state_counts *counts, uint64_t runs)
{
    struct text words = TEXT_EMPTY;
    if (request->svg != NULL) {
        state_diagram_svg(counts, runs, &words);
    } else if (request->wants_json) {
        add_json(counts, runs, &words);
    } else {
        state_diagram_text(counts, runs, request->is_ascii, &words);
    }
    const int code = write_file("states", request->svg != NULL ? request->svg : "-", &words);
    text_free(&words);
    return code;
}

/* Runs everything; a script that does not pass is named on standard error, and counts, too. */
static int run_all(struct job_context *context)
{
    const uint64_t jobs = context->scripts->count;
    struct worker_pool *pool = workers_start(job_workers(context->request, jobs), jobs,
                                             context->request->timeout_s, job_do, context);
    if (pool == NULL) {
        return complain("states", strerror(errno), EXIT_BROKEN);
    }
    struct report_counts verdicts = {0};
    struct state_counts counts = {0};
    uint64_t runs = 0;
    for (struct worker_message message; workers_next(pool, no_idling, NULL, &message);) {
        struct job_result result;
        job_result_read(&message, context->scripts->paths[message.job], &result);
        const struct report_result *report = &result.report;
        verdicts.of[report->verdict]++;
        if (report->verdict != RUN_PASSED && report->verdict != RUN_SKIPPED) {
            (void)fprintf(stderr, "%s: %s: %s\n", report->name,
                          report_verdict_name(report->verdict), report->summary);
        }
        runs += report->ip_version != 0;
        state_counts_sum(&counts, &result.states);
    }
    char room[64];
    (void)workers_stop(pool, room, sizeof room);
    const int code = report_exit_code(&verdicts);
    const int written = draw(context->request, &counts, runs);
    return written != 0 ? written : code;
}

int verb_states(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct script_list scripts;
    int code = 0;
    if (verb_begin(VERB_STATES, argc, argv, arena, &request, &scripts, &code)) {
        struct job_context context = {
            .request = &request, .scripts = &scripts, .arena = arena_create()};
        code = run_all(&context);
        text_free(&context.file);
        text_free(&context.message);
        arena_destroy(context.arena);
    }
    arena_destroy(arena);
    return code;
}
