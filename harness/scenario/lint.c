/* The rules' names, and what their parts share. */
#include "scenario/lint.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/linter.h"

static const struct {
    const char *id;
    const char *reason;
} rules[LINT_RULE_COUNT] = {
    [LINT_TIME_BACK] = {"lint-time-back", "an event cannot happen before the event above it"},
    [LINT_UNREACHABLE] = {"lint-unreachable", "no stack can meet this expectation"},
    [LINT_UNKNOWABLE] = {"lint-unknowable",
                         "a peer cannot know a number that the stack has not sent yet"},
    [LINT_NO_EXPECTATION] = {"lint-no-expectation", "a script that expects nothing tests nothing"},
    [LINT_UNBOUND_LABEL] = {"lint-unbound-label",
                            "a label names the connection of the first SYN that carries it"},
    [LINT_UNUSED_LABEL] = {"lint-unused-label", "a label that stands on one packet tells nothing"},
    [LINT_UNBOUND_FD] = {"lint-unbound-fd", "a descriptor is what an earlier call has returned"},
    [LINT_CLOSED_FD] = {"lint-closed-fd", "after close() a descriptor names nothing"},
    [LINT_UNUSED_FD] = {"lint-unused-fd", "a socket that nobody uses tells nothing"},
    [LINT_UNKNOWN_FIELD] = {"lint-unknown-field", "assert compares what a connection has"},
    [LINT_UNKNOWN_STATE] = {"lint-unknown-state", "RFC 9293 3.3.2 names eleven states"},
    [LINT_UNKNOWN_SETTING] = {"lint-unknown-setting",
                              "only fields of the configuration can be set"},
    [LINT_DUPLICATE] = {"lint-duplicate", "only one of the two counts"},
    [LINT_DEPRECATED] = {"lint-deprecated", "there is a newer form, which means the same"},
    [LINT_NO_EFFECT] = {"lint-no-effect", "it concerns other systems, and is ignored here"},
    [LINT_ONE_HOST] = {"lint-one-host", "a script has one host unless it says --hosts=2"},
    [LINT_EMPTY_EDIT] = {"lint-empty-edit", "an edit says what becomes of a packet"},
};

const char *lint_rule_id(enum lint_rule rule)
{
    return rules[rule].id;
}

const char *lint_rule_reason(enum lint_rule rule)
{
    return rules[rule].reason;
}

void linter_find(struct linter *linter, enum lint_rule rule, struct source_span span,
                 const char *message, const char *expected, const char *suggestion)
{
    struct lint_result *out = linter->out;
    if (out->count == LINT_FINDINGS_MAX) {
        out->stopped_early = true;
        return;
    }
    void *items = out->findings;
    arena_grow(linter->arena, &items, &linter->capacity, out->count, sizeof *out->findings);
    out->findings = items;
    out->findings[out->count++] = (struct lint_finding){
        .rule = rule,
        .diagnostic = {
            .span = span, .message = message, .expected = expected, .suggestion = suggestion}};
}

bool linter_is_among(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- table ------------------------------------------------------------------------------------------ */

static size_t hash(const char *name, int64_t number)
{
    uint64_t sum = 14695981039346656037u ^ (uint64_t)number; /* FNV-1a */
    for (; name != NULL && *name != '\0'; name++) {
        sum = (sum ^ (unsigned char)*name) * 1099511628211u;
    }
    sum *= 0x9e3779b97f4a7c15u;
    return (size_t)(sum >> 32);
}

static bool is_entry(const struct linter_entry *entry, const char *name, int64_t number)
{
    if (name == NULL || entry->name == NULL) {
        return name == entry->name && entry->number == number;
    }
    return strcmp(entry->name, name) == 0;
}

/* Where the key stands or would stand. There is always room. */
static uint32_t *find_slot(const struct linter_table *table, const char *name, int64_t number)
{
    size_t at = hash(name, number) & (table->slot_count - 1);
    while (table->slots[at] != 0 && !is_entry(&table->items[table->slots[at] - 1], name, number)) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return &table->slots[at];
}

static void make_slots(struct linter_table *table)
{
    table->slot_count = table->slot_count == 0 ? 64 : table->slot_count * 2;
    table->slots = arena_take(table->arena, table->slot_count * sizeof *table->slots);
    for (size_t i = 0; i < table->count; i++) {
        *find_slot(table, table->items[i].name, table->items[i].number) = (uint32_t)i + 1;
    }
}

struct linter_entry *linter_entry(struct linter_table *table, const char *name, int64_t number)
{
    if (table->count * 2 >= table->slot_count) {
        make_slots(table);
    }
    uint32_t *slot = find_slot(table, name, number);
    if (*slot == 0) {
        void *items = table->items;
        arena_grow(table->arena, &items, &table->capacity, table->count, sizeof *table->items);
        table->items = items;
        table->items[table->count++] = (struct linter_entry){.name = name, .number = number};
        *slot = (uint32_t)table->count;
    }
    return &table->items[*slot - 1];
}

/* ---- packets ---------------------------------------------------------------------------------------- */

static void visit_group(const struct scenario_event *group,
                        void (*visit)(void *context, const struct scenario_packet *packet),
                        void *context)
{
    for (size_t i = 0; i < group->as.group.count; i++) {
        visit(context, group->as.group.items[i].as.packet);
    }
}

void linter_packets(const struct scenario_event *event,
                    void (*visit)(void *context, const struct scenario_packet *packet),
                    void *context)
{
    if (event->kind == SCENARIO_PACKET) {
        visit(context, event->as.packet);
    } else if (event->kind == SCENARIO_BATCH || event->kind == SCENARIO_ANY_ORDER) {
        visit_group(event, visit, context);
    } else if (event->kind == SCENARIO_ONE_OF) {
        for (size_t i = 0; i < event->as.group.count; i++) {
            visit_group(&event->as.group.items[i], visit, context);
        }
    }
}

bool linter_is_expectation(const struct scenario_event *event)
{
    if (event->kind == SCENARIO_PACKET) {
        return event->as.packet->direction == SCENARIO_OUTBOUND;
    }
    return event->kind == SCENARIO_ANY_ORDER || event->kind == SCENARIO_ONE_OF;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static int by_place(const void *left, const void *right)
{
    const struct lint_finding *a = left;
    const struct lint_finding *b = right;
    if (a->diagnostic.span.offset != b->diagnostic.span.offset) {
        return a->diagnostic.span.offset < b->diagnostic.span.offset ? -1 : 1;
    }
    return (int)a->rule - (int)b->rule;
}

void scenario_lint(const struct scenario *scenario, const struct lint_knowledge *knowledge,
                   struct arena *arena, struct lint_result *out)
{
    struct linter linter = {
        .scenario = scenario, .knowledge = knowledge, .arena = arena, .out = out};
    *out = (struct lint_result){0};
    lint_forms(&linter);
    lint_hosts(&linter);
    lint_names(&linter);
    lint_times(&linter);
    lint_labels(&linter);
    lint_descriptors(&linter);
    lint_expectations(&linter);
    if (out->count > 1) {
        qsort(out->findings, out->count, sizeof *out->findings, by_place);
    }
}
