/* An oracle that fires fails the run, unless the script says `violates ID: "reason"`: then it has to
 * fire. */
#include "run/findings.h"

#include <string.h>

#include "oracle/finding_name.h"

static bool is_declared(const struct run *run, const struct oracle_finding *finding)
{
    for (size_t i = 0; i < run->scenario->note_count; i++) {
        const struct scenario_note *const note = &run->scenario->notes[i];
        if (strcmp(note->kind, "violates") == 0 && note->subject != NULL &&
            strcmp(note->subject, finding->oracle->id) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_in_list(const char *id, const char *list)
{
    const size_t length = strlen(id);
    for (const char *at = list; (at = strstr(at, id)) != NULL; at += length) {
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* SHOULD and practice are notes: they fail a run only if they are asked for by their id. */
static bool is_fatal(const struct run *run, const struct oracle_finding *finding)
{
    const char *const list = run->options->oracles;
    if (list != NULL && strcmp(list, "all") != 0) {
        return is_in_list(finding->oracle->id, list);
    }
    return finding->oracle->level == ORACLE_MUST || finding->oracle->level == ORACLE_OURS;
}

static bool report_finding(struct run *run, const struct oracle_finding *finding)
{
    const struct oracle_description *const oracle = finding->oracle;
    const struct source_span span = run->event == NULL ? (struct source_span){0} : run->event->span;
    if (finding->record < run->trace->record_count) {
        const struct trace_record *const record = &run->trace->records[finding->record];
        if (record->kind == TRACE_PACKET && record->as.packet.incarnation < run->connection_count) {
            run_concern(run, run->connections[record->as.packet.incarnation]);
        }
    }
    struct text name = TEXT_EMPTY;
    finding_name(run->trace, oracle, finding->record, &name);
    (void)run_stop(run, RUN_FAILED, span, "finding: %s: %s (%s)", text_read(&name),
                   oracle->statement, oracle->reference);
    text_free(&name);
    run->problem.note = finding->detail;
    return false;
}

bool findings_judge(struct run *run)
{
    size_t count;
    const struct oracle_finding *const findings = oracle_set_findings(run->oracles, &count);
    for (size_t i = run->findings_seen; i < count; i++) {
        run->findings_seen = i + 1;
        if (is_fatal(run, &findings[i]) && !is_declared(run, &findings[i])) {
            return report_finding(run, &findings[i]);
        }
    }
    return true;
}

bool findings_finish(struct run *run)
{
    size_t count;
    const struct oracle_finding *const findings = oracle_set_findings(run->oracles, &count);
    for (size_t i = 0; i < run->scenario->note_count; i++) {
        const struct scenario_note *const note = &run->scenario->notes[i];
        if (strcmp(note->kind, "violates") != 0 || note->subject == NULL) {
            continue;
        }
        bool has_fired = false;
        for (size_t k = 0; k < count; k++) {
            has_fired = has_fired || strcmp(findings[k].oracle->id, note->subject) == 0;
        }
        if (!has_fired) {
            return run_fail(run, RUN_FAILED, note->span,
                            "the script says that it violates %s, but that oracle did not fire",
                            note->subject);
        }
    }
    return true;
}

void findings_hand_over(struct run *run, struct run_outcome *out)
{
    size_t count;
    const struct oracle_finding *const findings = oracle_set_findings(run->oracles, &count);
    struct oracle_finding *const copies = arena_take(run->arena, count * sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i] = findings[i];
        copies[i].is_declared = is_declared(run, &findings[i]);
    }
    out->findings = copies;
    out->finding_count = count;
    oracle_counts_add(&out->verdicts, run->oracles);
}
