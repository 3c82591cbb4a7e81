/* One run against the oracles alone, in which the causes act at their times; its packets are laid
 * beside the lines that expected some; the text is changed, and run again as any script. */
#include "capture/bless.h"

#include <inttypes.h>
#include <string.h>

#include "capture/bless_lines.h"
#include "capture/edits.h"
#include "scenario/format.h"

#define ROUNDS_MAX 32 /* results that come out otherwise when others have changed, one a round */

struct blessing {
    const struct bless_request *request;
    struct arena *arena;
    struct bless_outcome *out;
    struct text text; /* as it stands */
    struct parse_result parsed;
    bool is_canonical; /* the layout was, so it is to be again */
};

static bool parse(struct blessing *blessing)
{
    scenario_parse(blessing->request->path, text_read(&blessing->text), blessing->text.length, NULL,
                   0, blessing->arena, &blessing->parsed);
    for (size_t i = 0; i < blessing->parsed.diagnostic_count; i++) {
        diagnostic_render(&blessing->parsed.diagnostics[i], blessing->request->path,
                          text_read(&blessing->text), blessing->text.length,
                          &blessing->out->complaint);
    }
    return blessing->parsed.scenario != NULL;
}

/* Does the script allow this IP version? */
static bool allows(const struct scenario *scenario, uint8_t version)
{
    for (size_t i = 0; i < scenario->option_count; i++) {
        const struct scenario_option_line *line = &scenario->options[i];
        if (strcmp(line->name, "ip_version") == 0) {
            return strcmp(line->value, version == 4 ? "ipv6" : "ipv4") != 0;
        }
    }
    return true;
}

static struct run_outcome run(const struct blessing *blessing, uint8_t version, const char *oracles)
{
    struct run_outcome outcome;
    const struct run_options options = {
        .mode = RUN_STRICT, .profile = "rfc", .ip_version = version, .oracles = oracles};
    run_scenario(blessing->parsed.scenario, &sut_core, &options, blessing->arena, &outcome);
    return outcome;
}

/* Runs over every IP version that the script allows; *out is the first that does not pass, if one
 * does not, and must be freed either way. */
static bool passes(const struct blessing *blessing, struct run_outcome *out)
{
    *out = (struct run_outcome){.verdict = RUN_SKIPPED};
    for (uint8_t version = 4; version <= 6; version += 2) {
        if (!allows(blessing->parsed.scenario, version)) {
            continue;
        }
        run_outcome_free(out);
        *out = run(blessing, version, NULL);
        if (out->verdict != RUN_PASSED) {
            return false;
        }
    }
    return out->verdict == RUN_PASSED;
}

static enum bless_result result_of(enum run_verdict verdict)
{
    switch (verdict) {
    case RUN_PASSED:
        return BLESS_SAME;
    case RUN_FAILED:
    case RUN_SKIPPED:
        return BLESS_REFUSED;
    case RUN_INVALID:
        return BLESS_INVALID;
    case RUN_BROKEN:
        return BLESS_BROKEN;
    }
    return BLESS_BROKEN;
}

/* Says why not, in the words of the run. */
static enum bless_result refuse(struct blessing *blessing, const struct run_outcome *outcome,
                                const char *why)
{
    text_format(&blessing->out->complaint, "%s: not blessed: %s\n", blessing->request->path, why);
    text_string(&blessing->out->complaint, outcome->report.length > 0
                                               ? text_read(&outcome->report)
                                               : text_read(&outcome->summary));
    const enum bless_result result = result_of(outcome->verdict);
    return result == BLESS_SAME ? BLESS_REFUSED : result;
}

/* ---- changes ----------------------------------------------------------------------------------------- */

static void replace_text(struct blessing *blessing, const struct edits *edits)
{
    struct text changed = TEXT_EMPTY;
    edits_apply(edits, &changed);
    text_free(&blessing->text);
    blessing->text = changed;
}

static struct edits edits_of(struct blessing *blessing)
{
    return (struct edits){.arena = blessing->arena,
                          .source = blessing->parsed.scenario->source,
                          .count_of_source = blessing->parsed.scenario->source_bytes};
}

/* ---- results ------------------------------------------------------------------------------------------- */

static void edit_result(struct edits *edits, const struct scenario_event *event,
                        const struct trace_call *done)
{
    const size_t start = event->as.call->result_span.offset;
    const size_t end = (size_t)event->span.offset + event->span.length;
    edits_replace(edits, start, end - start,
                  arena_format(edits->arena, "%" PRId64 "%s%s", done->value,
                               done->error == NULL ? "" : " ",
                               done->error == NULL ? "" : done->error));
}

static bool is_result(const struct scenario_call *call, const struct trace_call *done)
{
    const bool is_same_error = (done->error == NULL) == (call->error == NULL) &&
                               (done->error == NULL || strcmp(done->error, call->error) == 0);
    return call->result.kind != SCENARIO_VALUE_INTEGER ||
           (is_same_error && done->value == call->result.integer);
}

/* All results that are others in the run. */
static void edit_results(const struct scenario *scenario, const struct trace *trace,
                         struct edits *edits)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind != TRACE_CALL_DONE || record->event >= scenario->event_count) {
            continue;
        }
        const struct scenario_event *event = &scenario->events[record->event];
        if (event->kind == SCENARIO_CALL && !is_result(event->as.call, &record->as.call)) {
            edit_result(edits, event, &record->as.call);
        }
    }
}

/* The call in the line at which a run failed, if its result is what differs. */
static const struct scenario_event *call_at(const struct scenario *scenario,
                                            const struct run_outcome *outcome, size_t *index)
{
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct scenario_event *event = &scenario->events[i];
        if (event->kind == SCENARIO_CALL && event->as.call->result_span.line == outcome->line &&
            event->as.call->result_span.column == outcome->column) {
            *index = i;
            return event;
        }
    }
    return NULL;
}

static const struct trace_call *result_in(const struct trace *trace, size_t event)
{
    for (size_t i = trace->record_count; i-- > 0;) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind == TRACE_CALL_DONE && record->event == event) {
            return &record->as.call;
        }
    }
    return NULL;
}

/* Mends the result at which the run failed. False: it failed at something else. */
static bool mend_result(struct blessing *blessing, const struct run_outcome *outcome)
{
    size_t index = 0;
    const struct scenario_event *event = call_at(blessing->parsed.scenario, outcome, &index);
    if (!blessing->request->takes_results || outcome->verdict != RUN_FAILED || event == NULL) {
        return false;
    }
    const struct trace_call *done = result_in(outcome->trace, index);
    if (done == NULL) {
        return false;
    }
    struct edits edits = edits_of(blessing);
    edit_result(&edits, event, done);
    replace_text(blessing, &edits);
    return true;
}

/* ---- packets ----------------------------------------------------------------------------------------- */

/* The lines of packets, from a run that oracles alone judge. BLESS_CHANGED, or why not. */
static enum bless_result bless_packets(struct blessing *blessing)
{
    const uint8_t version = allows(blessing->parsed.scenario, 4) ? 4 : 6;
    struct run_outcome outcome = run(blessing, version, "all");
    enum bless_result result = BLESS_CHANGED;
    if (outcome.verdict != RUN_PASSED) {
        result = refuse(blessing, &outcome, "an oracle fires, or the script cannot run");
    } else {
        struct edits edits = edits_of(blessing);
        bless_lines(blessing->parsed.scenario, &outcome, &edits);
        if (blessing->request->takes_results) {
            edit_results(blessing->parsed.scenario, outcome.trace, &edits);
        }
        replace_text(blessing, &edits);
    }
    run_outcome_free(&outcome);
    return result;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* A tag says that somebody held the script against a rule. That was another script. */
static void drop_tags(struct blessing *blessing)
{
    const struct scenario *scenario = blessing->parsed.scenario;
    const struct script_tree *tree = blessing->parsed.tree;
    struct edits edits = edits_of(blessing);
    for (size_t i = 0; i < tree->statement_count; i++) {
        const struct script_statement *statement = &tree->statements[i];
        if (statement->kind != SCRIPT_NOTE ||
            strcmp(scenario->notes[statement->index].kind, "req") != 0) {
            continue;
        }
        edits_take_out(&edits, statement->span.offset, statement->span.length);
        text_format(&blessing->out->complaint,
                    "%s: taken out: %.*s (put it back when the new lines are held against the "
                    "rule)\n",
                    blessing->request->path, (int)statement->span.length,
                    scenario->source + statement->span.offset);
    }
    if (edits.count > 0) {
        replace_text(blessing, &edits);
    }
}

static enum bless_result finish(struct blessing *blessing)
{
    drop_tags(blessing);
    if (!parse(blessing)) {
        return BLESS_BROKEN;
    }
    if (blessing->is_canonical) {
        scenario_format(&blessing->parsed, &blessing->out->script);
    } else {
        text_add(&blessing->out->script, text_read(&blessing->text), blessing->text.length);
    }
    return BLESS_CHANGED;
}

/* Changes and runs until the script passes, or something fails that is not to be changed. */
static enum bless_result mend(struct blessing *blessing)
{
    enum bless_result result = bless_packets(blessing);
    for (int round = 0; result == BLESS_CHANGED && round < ROUNDS_MAX; round++) {
        if (!parse(blessing)) {
            return BLESS_BROKEN; /* the diagnostics say what we wrote */
        }
        struct run_outcome outcome;
        if (passes(blessing, &outcome)) {
            run_outcome_free(&outcome);
            return finish(blessing);
        }
        if (!mend_result(blessing, &outcome)) {
            result = refuse(blessing, &outcome, "with the packets of a run it still does not pass");
        }
        run_outcome_free(&outcome);
    }
    return result == BLESS_CHANGED ? BLESS_REFUSED : result;
}

/* What one value gives is no expectation for the others. */
static bool has_values(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->option_count; i++) {
        if (strcmp(scenario->options[i].name, "values") == 0) {
            return true;
        }
    }
    return false;
}

static enum bless_result bless(struct blessing *blessing)
{
    if (!parse(blessing)) {
        return BLESS_INVALID;
    }
    struct text layout = TEXT_EMPTY;
    scenario_format(&blessing->parsed, &layout);
    blessing->is_canonical = layout.length == blessing->text.length &&
                             memcmp(layout.bytes, blessing->text.bytes, layout.length) == 0;
    text_free(&layout);
    struct run_outcome outcome;
    const bool is_fine = passes(blessing, &outcome);
    const enum run_verdict verdict = outcome.verdict;
    enum bless_result result = BLESS_SAME;
    if (!is_fine && verdict != RUN_FAILED) {
        result = refuse(blessing, &outcome, "it does not run");
    }
    run_outcome_free(&outcome);
    if (is_fine || verdict != RUN_FAILED) {
        return result;
    }
    if (has_values(blessing->parsed.scenario)) {
        text_format(&blessing->out->complaint,
                    "%s: runs with several values (--values), and is left as it is\n",
                    blessing->request->path);
        return BLESS_REFUSED;
    }
    return mend(blessing);
}

enum bless_result bless_script(const struct bless_request *request, struct arena *arena,
                               struct bless_outcome *out)
{
    struct blessing blessing = {.request = request, .arena = arena, .out = out};
    *out = (struct bless_outcome){0};
    text_add(&blessing.text, request->text, request->count);
    const enum bless_result result = bless(&blessing);
    text_free(&blessing.text);
    return result;
}

void bless_outcome_free(struct bless_outcome *out)
{
    text_free(&out->script);
    text_free(&out->complaint);
}
