/* The oracles of one run: shows each record of the trace to every oracle that wants it, keeps the
 * wire model in step, and collects findings. */
#include "oracle/oracle.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "oracle/oracle_table.h"

#define ORACLE_POINTER(name) &oracle_##name,
static const struct oracle *const oracles[] = {ORACLE_TABLE(ORACLE_POINTER)};
#undef ORACLE_POINTER

#define ORACLE_COUNT (sizeof oracles / sizeof *oracles)

/* The row of each. */
#define ORACLE_ROW(name) ROW_##name,
enum { ORACLE_TABLE(ORACLE_ROW) };
#undef ORACLE_ROW

/* Rows as bits: for each interest, which oracles have it. */
#define ROW_WORDS ((ORACLE_COUNT + 63) / 64)
struct rows {
    uint64_t words[ROW_WORDS];
};

struct oracle_set {
    const struct trace *trace;
    enum oracle_view view;
    struct arena *arena;
    struct flow_model *model;
    size_t seen; /* records observed so far */
    struct rows interested[ORACLE_SEES_COUNT];
    void *states[ORACLE_COUNT];
    uint64_t evaluations[ORACLE_COUNT];
    uint32_t fired[ORACLE_COUNT];
    struct oracle_finding *findings;
    size_t finding_count, finding_capacity;
};

static void enroll(struct oracle_set *set, size_t row)
{
    for (uint32_t sees = oracles[row]->sees; sees != 0; sees &= sees - 1) {
        struct rows *rows = &set->interested[__builtin_ctz(sees)];
        rows->words[row / 64] |= UINT64_C(1) << row % 64;
    }
}

struct oracle_set *oracle_set_open(const struct oracle_setup *setup)
{
    struct arena *arena = setup->arena != NULL ? setup->arena : setup->trace->arena;
    struct oracle_set *set = arena_take(arena, sizeof *set);
    set->trace = setup->trace;
    set->view = setup->view;
    set->arena = arena;
    set->model = flow_model_create(setup->trace, setup->config, arena);
    set->model->is_capture = setup->view == ORACLE_VIEW_CAPTURE;
    for (size_t row = 0; row < ORACLE_COUNT; row++) {
        enroll(set, row);
        if (oracles[row]->state_bytes > 0) {
            set->states[row] = arena_take(arena, oracles[row]->state_bytes);
        }
    }
    return set;
}

struct oracle_set *oracle_set_create(const struct trace *trace, const struct tcp_config *config)
{
    return oracle_set_open(&(struct oracle_setup){.trace = trace, .config = config});
}

void oracle_set_forget(struct oracle_set *set, struct trace *trace, size_t keep)
{
    assert(trace == set->trace && set->seen == trace->record_count);
    set->finding_count = 0;
    memset(set->fired, 0, sizeof set->fired);
    if (trace->record_count <= keep) {
        return;
    }
    const size_t gone = trace->record_count - keep;
    memmove(trace->records, trace->records + gone, keep * sizeof *trace->records);
    trace->record_count = set->seen = keep;
    struct flow_model *model = set->model;
    model->batch_start = model->batch_start > gone ? model->batch_start - gone : 0;
}

void oracle_set_destroy(struct oracle_set *set)
{
    (void)set; /* its memory is the arena's */
}

static struct oracle_watch watch_at(struct oracle_set *set, size_t index)
{
    return (struct oracle_watch){
        .trace = set->trace,
        .view_of_run = set->view,
        .model = set->model,
        .index = index,
        .set = set,
    };
}

static uint32_t sent_interest(const struct flow_view *view)
{
    const struct tcp_segment *const segment = view->segment;
    uint32_t interest = ORACLE_SEES_SENT;
    interest |= tcp_segment_has(segment, TCP_FLAG_RST) ? ORACLE_SEES_SENT_RESET : 0;
    if (view->life != NULL) {
        const bool has_text = segment->payload_bytes > 0 || tcp_segment_has(segment, TCP_FLAG_FIN);
        interest |= ORACLE_SEES_SENT_IN_LIFE | (has_text ? ORACLE_SEES_SENT_TEXT : 0);
    }
    return interest;
}

/* Which oracles want to see this record: bits of enum oracle_sees. */
static uint32_t packet_interest(const struct trace_packet *packet, const struct flow_view *view)
{
    if (packet->direction == TRACE_TO_SUT) {
        return view->segment == NULL ? 0 : ORACLE_SEES_GIVEN;
    }
    return (packet->bytes == NULL ? 0 : ORACLE_SEES_SENT_RAW) |
           (view->segment == NULL ? 0 : sent_interest(view));
}

static uint32_t record_interest(const struct trace_record *record, const struct flow_view *view)
{
    switch (record->kind) {
    case TRACE_PACKET:
        return packet_interest(&record->as.packet, view);
    case TRACE_CALL:
        return ORACLE_SEES_CALL;
    case TRACE_CALL_DONE:
        return ORACLE_SEES_CALL_DONE;
    case TRACE_STATE:
        return ORACLE_SEES_STATE;
    case TRACE_STEP:
        return ORACLE_SEES_STEP;
    case TRACE_DRAIN:
        return ORACLE_SEES_DRAIN;
    case TRACE_SETTING:
        return 0;
    }
    return 0;
}

/* Shows the record to every oracle that has one of these interests. */
static void show(struct oracle_set *set, struct oracle_watch *watch, uint32_t interest)
{
    for (size_t word = 0; word < ROW_WORDS; word++) {
        uint64_t rows = 0;
        for (uint32_t left = interest; left != 0; left &= left - 1) {
            rows |= set->interested[__builtin_ctz(left)].words[word];
        }
        for (; rows != 0; rows &= rows - 1) {
            watch->row = word * 64 + (size_t)__builtin_ctzll(rows);
            oracles[watch->row]->observe(set->states[watch->row], watch);
        }
    }
}

static void observe_record(struct oracle_set *set, size_t index)
{
    struct oracle_watch watch = watch_at(set, index);
    watch.record = &set->trace->records[index];
    watch.view = flow_model_look(set->model, index);
    const uint32_t interest = record_interest(watch.record, watch.view);
    show(set, &watch, interest);
    flow_model_apply(set->model, index);
}

void oracle_set_observe(struct oracle_set *set)
{
    while (set->seen < set->trace->record_count) {
        observe_record(set, set->seen++);
    }
}

void oracle_set_finish(struct oracle_set *set)
{
    oracle_set_observe(set);
    struct oracle_watch watch = watch_at(set, set->seen == 0 ? 0 : set->seen - 1);
    for (size_t row = 0; row < ORACLE_COUNT; row++) {
        if (oracles[row]->finish != NULL) {
            watch.row = row;
            oracles[row]->finish(set->states[row], &watch);
        }
    }
}

bool oracle_holds(struct oracle_watch *watch, bool holds)
{
    watch->set->evaluations[watch->row]++;
    return holds;
}

void oracle_fire(struct oracle_watch *watch, const char *format, ...)
{
    struct oracle_set *set = watch->set;
    if (set->fired[watch->row]++ >= ORACLE_FINDINGS_MAX) {
        return;
    }
    char detail[240];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    void *findings = set->findings;
    arena_grow(set->arena, &findings, &set->finding_capacity, set->finding_count,
               sizeof *set->findings);
    set->findings = findings;
    set->findings[set->finding_count++] = (struct oracle_finding){
        .oracle = &oracles[watch->row]->description,
        .record = watch->index,
        .detail = arena_copy_text(set->arena, detail, strlen(detail)),
    };
}

/* What was recorded of this batch so far waits for the rest of it. */
static void report(struct oracle_set *set, size_t row, const char *form, const char *broken)
{
    const size_t count = set->trace->record_count;
    struct oracle_watch watch = watch_at(set, count == 0 ? 0 : count - 1);
    watch.row = row;
    if (!oracle_holds(&watch, broken == NULL)) {
        oracle_fire(&watch, "%s%s", form, broken);
    }
}

void oracle_set_report_invariant(struct oracle_set *set, const char *name)
{
    report(set, ROW_own_invariants_hold, "broken invariant: ", name);
}

void oracle_set_report(struct oracle_set *set, enum oracle_reported property, const char *broken)
{
    static const size_t rows[] = {
        [ORACLE_REPORTED_REFUSAL] = ROW_refused_changes_nothing,
        [ORACLE_REPORTED_WINDOW] = ROW_window_follows_newest_ack,
        [ORACLE_REPORTED_TIMEOUT] = ROW_loss_window_after_timeout,
        [ORACLE_REPORTED_RESET] = ROW_reset_is_exact,
        [ORACLE_REPORTED_OCTETS] = ROW_ends_agree_on_octets,
        [ORACLE_REPORTED_END] = ROW_ends_agree_on_the_end,
        [ORACLE_REPORTED_REPETITION] = ROW_repeats_itself,
        [ORACLE_REPORTED_PLACE] = ROW_place_does_not_matter,
        [ORACLE_REPORTED_INDIFFERENCE] = ROW_strangers_do_not_matter,
        [ORACLE_REPORTED_COMPLETE] = ROW_transfers_complete,
        [ORACLE_REPORTED_QUIET] = ROW_all_goes_quiet,
        [ORACLE_REPORTED_MEMORY] = ROW_memory_returns,
        [ORACLE_REPORTED_DEADLINES] = ROW_deadlines_move,
    };
    report(set, rows[property], "", broken);
}

const struct oracle_finding *oracle_set_findings(const struct oracle_set *set, size_t *count)
{
    *count = set->finding_count;
    return set->findings;
}

const struct oracle_description *const *oracle_catalogue(size_t *count)
{
#define ORACLE_DESCRIPTION(name) &oracle_##name.description,
    static const struct oracle_description *const descriptions[] = {
        ORACLE_TABLE(ORACLE_DESCRIPTION)};
#undef ORACLE_DESCRIPTION
    *count = ORACLE_COUNT;
    return descriptions;
}

uint64_t oracle_set_evaluations(const struct oracle_set *set, size_t catalogue_index)
{
    return catalogue_index < ORACLE_COUNT ? set->evaluations[catalogue_index] : 0;
}
