/* The way of one script: file, parser, runner, message. Whatever goes wrong on it is a result, too:
 * the other scripts run on. */
#include "cli/job.h"

#include "cli/permutations.h"
#include "cli/two_hosts.h"

#include "cli/save.h"
#include "trace/ladder.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* Starting a process costs about as much as so many scripts. */
#define SCRIPTS_PER_WORKER_MIN 8

uint32_t job_workers(const struct request *request, uint64_t jobs)
{
    if (request->has_jobs) {
        return request->jobs < jobs ? request->jobs : (uint32_t)jobs;
    }
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const uint64_t useful = (jobs + SCRIPTS_PER_WORKER_MIN - 1) / SCRIPTS_PER_WORKER_MIN;
    const uint64_t there = processors > 0 ? (uint64_t)processors : 1;
    return (uint32_t)(useful < there ? useful : there);
}

#define JOB_TEXTS 5 /* summary, report, ladder, trace, values */

/* A message: this, then the texts, each with its terminating zero. */
struct job_message {
    uint64_t virtual_us, packets;
    uint32_t verdict, line, column, ip_version;
    struct state_counts states;
    struct oracle_counts verdicts;
    uint64_t text_bytes[JOB_TEXTS]; /* without their zeros */
};

/* `shown`: the ladder and the trace as text, and the states that were met. */
static void send(struct job_context *context, const struct report_result *result,
                 const struct two_hosts_shown *shown, const struct oracle_counts *verdicts,
                 bool is_last, struct worker_outlet *outlet)
{
    const char *texts[JOB_TEXTS] = {result->summary, result->report, text_read(shown->ladder),
                                    text_read(shown->trace),
                                    result->values == NULL ? "" : result->values};
    struct job_message head = {.virtual_us = result->virtual_us,
                               .packets = result->packets,
                               .verdict = result->verdict,
                               .line = result->line,
                               .column = result->column,
                               .ip_version = result->ip_version,
                               .states = *shown->states,
                               .verdicts = *verdicts};
    for (int i = 0; i < JOB_TEXTS; i++) {
        head.text_bytes[i] = strlen(texts[i]);
    }
    text_clear(&context->message);
    text_add(&context->message, (const char *)&head, sizeof head);
    for (int i = 0; i < JOB_TEXTS; i++) {
        text_add(&context->message, texts[i], (size_t)head.text_bytes[i] + 1);
    }
    worker_send(outlet, context->message.bytes, context->message.length, is_last);
}

void job_result_read(const struct worker_message *message, const char *name, struct job_result *out)
{
    *out = (struct job_result){.report = {.name = name, .summary = "", .report = "", .values = ""},
                               .ladder = "",
                               .trace = ""};
    if (message->death != NULL) {
        out->report.verdict = RUN_BROKEN;
        out->report.summary = message->death;
        out->report.report = "";
        return;
    }
    struct job_message head;
    assert(message->count >= sizeof head);
    memcpy(&head, message->bytes, sizeof head);
    const char *texts[JOB_TEXTS];
    const char *at = (const char *)message->bytes + sizeof head;
    for (int i = 0; i < JOB_TEXTS; i++) {
        texts[i] = at;
        at += (size_t)head.text_bytes[i] + 1;
    }
    out->report.verdict = (enum run_verdict)head.verdict;
    out->report.ip_version = (uint8_t)head.ip_version;
    out->report.virtual_us = head.virtual_us;
    out->report.packets = head.packets;
    out->report.line = head.line;
    out->report.column = head.column;
    out->report.summary = texts[0];
    out->report.report = texts[1];
    out->report.values = texts[4];
    out->ladder = texts[2];
    out->trace = texts[3];
    out->states = head.states;
    out->verdicts = head.verdicts;
}

/* ---- what a script says of its own run ------------------------------------------------------------ */

/* The value of the last `--name=value` line of a script, or NULL. */
static const char *option_line(const struct scenario *scenario, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < scenario->option_count; i++) {
        if (strcmp(scenario->options[i].name, name) == 0) {
            value = scenario->options[i].value;
        }
    }
    return value;
}

/* `ipv4-mapped-ipv6` is IPv4 on the wire. */
bool job_allows(const struct scenario *scenario, uint8_t ip_version)
{
    const char *value = option_line(scenario, "ip_version");
    if (value == NULL || strcmp(value, "both") == 0) {
        return true;
    }
    const bool is_ipv6_only = strcmp(value, "ipv6") == 0;
    return is_ipv6_only == (ip_version == 6);
}

/* ---- one run -------------------------------------------------------------------------------------- */

/* One script being run. */
struct job_run {
    struct job_context *context;
    struct worker_outlet *outlet;
    const char *path;
    struct scenario *scenario;
    struct permutation permutation;
    struct save save;
};

static uint64_t count_packets(const struct trace *trace)
{
    uint64_t count = 0;
    for (size_t i = 0; i < trace->record_count; i++) {
        count += trace->records[i].kind == TRACE_PACKET;
    }
    return count;
}

/* The words that run this again. */
static const char *replay_command(const struct job_run *run, uint8_t ip_version)
{
    struct text words = TEXT_EMPTY;
    text_format(&words, "finwait run --ip %u", ip_version);
    options_replay(run->context->request, &words);
    for (size_t i = run->context->request->definition_count; i < run->permutation.count; i++) {
        text_format(&words, " -D %s=", run->permutation.definitions[i].name);
        shell_word(run->permutation.definitions[i].value, &words);
    }
    text_string(&words, " ");
    shell_word(run->path, &words);
    const char *copy = arena_copy_text(run->context->arena, words.bytes, words.length);
    text_free(&words);
    return copy;
}

static struct run_options run_options_for(const struct job_run *run, uint8_t ip_version)
{
    const struct request *request = run->context->request;
    return (struct run_options){
        .mode = request->mode,
        .mode_wins = request->has_mode,
        .profile = request->profile,
        .ip_version = ip_version,
        .tolerance_us = request->tolerance_us,
        .relocate = request->relocates,
        .oracles = request->oracles,
        .settings = request->settings,
        .setting_count = request->setting_count,
        .command = replay_command(run, ip_version),
    };
}

static void print_extras(const struct job_run *run, const struct trace *trace, struct text *ladder,
                         struct text *words)
{
    const struct request *request = run->context->request;
    if (trace == NULL) {
        return;
    }
    if (request->wants_ladder) {
        const struct ladder_options options = {
            .is_ascii = request->is_ascii, .has_heading = true, .shows_isn = request->shows_isn};
        (request->svg != NULL ? ladder_svg : ladder_print)(trace, &options, ladder);
    }
    if (request->trace != NULL) {
        trace_print(trace, words);
    }
}

/* Runs it, whatever kind of script it is; what it shows beside its verdict goes to `shown`. */
static void play(struct job_run *run, const struct run_options *options,
                 struct run_outcome *outcome, struct two_hosts_shown *shown)
{
    struct job_context *const context = run->context;
    if (two_hosts_is(run->scenario)) {
        two_hosts_run(run->scenario, context->request, options->ip_version, context->arena, outcome,
                      shown);
        return;
    }
    run_scenario(run->scenario, &sut_core, options, context->arena, outcome);
    const struct trace *const trace = outcome->trace;
    if (trace != NULL) {
        shown->virtual_us = outcome->end.us - trace->start.us;
        shown->packets = count_packets(trace);
        state_counts_add(shown->states, trace);
        save_add(&run->save, trace, run->scenario);
    }
    print_extras(run, trace, shown->ladder, shown->trace);
}

static void run_once(struct job_run *run, uint8_t ip_version, bool is_last)
{
    const struct run_options options = run_options_for(run, ip_version);
    struct run_outcome outcome = {0};
    struct text ladder = TEXT_EMPTY;
    struct text words = TEXT_EMPTY;
    struct state_counts states = {0};
    struct two_hosts_shown shown = {
        .ladder = &ladder, .trace = &words, .states = &states, .save = &run->save};
    play(run, &options, &outcome, &shown);
    struct report_result result = {
        .name = run->path,
        .ip_version = ip_version,
        .verdict = outcome.verdict,
        .virtual_us = shown.virtual_us,
        .packets = shown.packets,
        .line = outcome.line,
        .column = outcome.column,
        .summary = text_read(&outcome.summary),
        .report = text_read(&outcome.report),
        .values = run->permutation.words,
    };
    const char *save_error = is_last ? save_finish(&run->save, run->context->arena) : NULL;
    if (save_error != NULL) {
        result.verdict = RUN_BROKEN;
        result.summary = result.report = save_error;
    }
    send(run->context, &result, &shown, &outcome.verdicts, is_last, run->outlet);
    text_free(&ladder);
    text_free(&words);
    run_outcome_free(&outcome);
}

/* ---- a script that does not come to a run ---------------------------------------------------------- */

static void send_without_run(struct job_context *context, const struct report_result *result,
                             struct worker_outlet *outlet)
{
    struct text ladder = TEXT_EMPTY;
    struct text words = TEXT_EMPTY;
    struct state_counts states = {0};
    const struct oracle_counts verdicts = {0};
    const struct two_hosts_shown shown = {.ladder = &ladder, .trace = &words, .states = &states};
    send(context, result, &shown, &verdicts, true, outlet);
}

void job_diagnostics(const char *path, const struct text *file, const struct parse_result *parsed,
                     struct text *out)
{
    for (size_t i = 0; i < parsed->diagnostic_count; i++) {
        diagnostic_render(&parsed->diagnostics[i], path, text_read(file), file->length, out);
    }
    if (parsed->stopped_early) {
        text_format(out, "%s: too many errors, the rest of the file was not read\n", path);
    }
}

static void send_diagnostics(struct job_context *context, const char *path,
                             const struct parse_result *parsed, struct worker_outlet *outlet)
{
    struct text words = TEXT_EMPTY;
    job_diagnostics(path, &context->file, parsed, &words);
    const struct diagnostic *first = parsed->diagnostic_count > 0 ? parsed->diagnostics : NULL;
    const struct report_result result = {
        .name = path,
        .verdict = RUN_INVALID,
        .line = first == NULL ? 0 : first->span.line,
        .column = first == NULL ? 0 : first->span.column,
        .summary = first == NULL ? "the script cannot be read" : first->message,
        .report = text_read(&words),
    };
    send_without_run(context, &result, outlet);
    text_free(&words);
}

/* Reads the script anew with the values of one combination. False: it cannot be read with them, and that
 * was told. */
static bool take_permutation(struct job_run *run, const struct scenario *first, size_t index)
{
    struct job_context *context = run->context;
    const struct request *request = context->request;
    run->permutation = permutation_at(first, request->definitions, request->definition_count, index,
                                      context->arena);
    if (index == 0) {
        return true;
    }
    struct parse_result parsed = {0};
    scenario_parse(run->path, text_read(&context->file), context->file.length,
                   run->permutation.definitions, run->permutation.count, context->arena, &parsed);
    if (parsed.scenario == NULL) {
        send_diagnostics(context, run->path, &parsed, run->outlet);
    }
    run->scenario = parsed.scenario;
    return parsed.scenario != NULL;
}

void job_do(void *context_pointer, uint64_t job, struct worker_outlet *outlet)
{
    struct job_context *context = context_pointer;
    const struct request *request = context->request;
    const size_t index = (size_t)(job % context->scripts->count);
    struct job_run run = {
        .context = context, .outlet = outlet, .path = context->scripts->paths[index]};
    arena_reset(context->arena);
    const char *error = file_read(run.path, &context->file);
    if (error != NULL) {
        const struct report_result result = {
            .name = run.path,
            .verdict = RUN_BROKEN,
            .summary = arena_format(context->arena, "%s: cannot be read: %s", run.path, error),
            .report = ""};
        send_without_run(context, &result, outlet);
        return;
    }
    struct parse_result parsed = {0};
    scenario_parse(run.path, text_read(&context->file), context->file.length, request->definitions,
                   request->definition_count, context->arena, &parsed);
    if (parsed.scenario == NULL) {
        send_diagnostics(context, run.path, &parsed, outlet);
        return;
    }
    run.scenario = parsed.scenario;
    const bool runs_4 = request->runs_ipv4 && job_allows(run.scenario, 4);
    const bool runs_6 = request->runs_ipv6 && job_allows(run.scenario, 6);
    if (!runs_4 && !runs_6) {
        const struct report_result result = {.name = run.path,
                                             .verdict = RUN_SKIPPED,
                                             .summary = request->runs_ipv4 ? "only for IPv6"
                                                                           : "only for IPv4",
                                             .report = ""};
        send_without_run(context, &result, outlet);
        return;
    }
    const size_t count =
        permutations_of(run.scenario, request->definitions, request->definition_count);
    if (count > PERMUTATIONS_MAX) {
        const struct report_result result = {.name = run.path,
                                             .verdict = RUN_INVALID,
                                             .summary = "too many combinations of --values",
                                             .report = ""};
        send_without_run(context, &result, outlet);
        return;
    }
    save_begin(&run.save, context, index);
    const struct scenario *const first = run.scenario;
    for (size_t i = 0; i < count; i++) {
        if (!take_permutation(&run, first, i)) {
            return;
        }
        if (runs_4) {
            run_once(&run, 4, !runs_6 && i + 1 == count);
        }
        if (runs_6) {
            run_once(&run, 6, i + 1 == count);
        }
    }
}
