/* The oracles of one run: shows each record of the trace to every oracle that wants it, keeps the
 * wire model in step, and collects findings. */
#include "oracle/oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "oracle/oracle_table.h"

#define ORACLE_POINTER(name) &oracle_##name,
static const struct oracle *const oracles[] = {ORACLE_TABLE(ORACLE_POINTER)};
#undef ORACLE_POINTER

#define ORACLE_COUNT (sizeof oracles / sizeof *oracles)

struct oracle_set {
    const struct trace *trace;
    const struct tcp_config *config;
    struct flow_model *model;
    size_t seen; /* records observed so far */
    void *states[ORACLE_COUNT];
    uint64_t evaluations[ORACLE_COUNT];
    uint32_t fired[ORACLE_COUNT];
    struct oracle_finding *findings;
    size_t finding_count, finding_capacity;
};

struct oracle_set *oracle_set_create(const struct trace *trace, const struct tcp_config *config)
{
    struct oracle_set *set = arena_take(trace->arena, sizeof *set);
    set->trace = trace;
    set->config = config;
    set->model = flow_model_create(trace);
    for (size_t row = 0; row < ORACLE_COUNT; row++) {
        if (oracles[row]->state_bytes > 0) {
            set->states[row] = arena_take(trace->arena, oracles[row]->state_bytes);
        }
    }
    return set;
}

void oracle_set_destroy(struct oracle_set *set)
{
    (void)set; /* its memory is the trace's */
}

static struct oracle_watch watch_at(struct oracle_set *set, size_t index)
{
    return (struct oracle_watch){
        .trace = set->trace,
        .config = set->config,
        .model = set->model,
        .index = index,
        .set = set,
    };
}

/* Which oracles want to see this record: bits of enum oracle_sees. */
static uint32_t packet_interest(const struct trace_packet *packet, const struct flow_view *view)
{
    if (packet->direction == TRACE_TO_SUT) {
        return view->segment == NULL ? 0 : ORACLE_SEES_GIVEN;
    }
    uint32_t interest = ORACLE_SEES_SENT_RAW;
    if (view->segment != NULL) {
        interest |= ORACLE_SEES_SENT;
        interest |= view->life == NULL ? 0 : ORACLE_SEES_SENT_IN_LIFE;
    }
    return interest;
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

static void observe_record(struct oracle_set *set, size_t index)
{
    struct oracle_watch watch = watch_at(set, index);
    watch.record = &set->trace->records[index];
    watch.view = flow_model_look(set->model, index);
    const uint32_t interest = record_interest(watch.record, watch.view);
    for (size_t row = 0; interest != 0 && row < ORACLE_COUNT; row++) {
        if ((oracles[row]->sees & interest) != 0) {
            watch.row = row;
            oracles[row]->observe(set->states[row], &watch);
        }
    }
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
    arena_grow(set->trace->arena, &findings, &set->finding_capacity, set->finding_count,
               sizeof *set->findings);
    set->findings = findings;
    set->findings[set->finding_count++] = (struct oracle_finding){
        .oracle = &oracles[watch->row]->description,
        .record = watch->index,
        .detail = arena_copy_text(set->trace->arena, detail, strlen(detail)),
    };
}

/* The row of an oracle, or ORACLE_COUNT. */
static size_t find_row(const char *id)
{
    size_t row = 0;
    while (row < ORACLE_COUNT && strcmp(oracles[row]->description.id, id) != 0) {
        row++;
    }
    return row;
}

void oracle_set_report_invariant(struct oracle_set *set, const char *name)
{
    oracle_set_observe(set);
    struct oracle_watch watch = watch_at(set, set->seen == 0 ? 0 : set->seen - 1);
    watch.row = find_row("T00");
    if (!oracle_holds(&watch, name == NULL)) {
        oracle_fire(&watch, "broken invariant: %s", name);
    }
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
