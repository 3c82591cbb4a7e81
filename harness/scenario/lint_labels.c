/* Labels: bound by a SYN or a call before they are used, and used at all. */
#include "scenario/linter.h"

#include <inttypes.h>
#include <string.h>

#include "tcp/segment.h"

struct labels {
    struct linter *linter;
    struct linter_table table;
};

static void report_unbound(struct labels *labels, struct linter_entry *entry,
                           struct source_span span)
{
    if (!entry->is_bound && !entry->is_reported) {
        entry->is_reported = true;
        linter_find(labels->linter, LINT_UNBOUND_LABEL, span,
                    arena_format(labels->linter->arena, "@%s names no connection yet", entry->name),
                    "a packet with SYN before, which carries the label", NULL);
    }
}

/* Only TCP packets open connections; flags that are not said may be anything. */
static void bind_label(void *context, const struct scenario_packet *packet)
{
    struct labels *labels = context;
    if (packet->connection == NULL) {
        return;
    }
    const bool is_tcp = packet->protocol == SCENARIO_TCP;
    struct linter_entry *entry = linter_entry(&labels->table, packet->connection, 0);
    if (entry->uses == 0) {
        entry->span = packet->connection_span;
    }
    if (is_tcp && (packet->as.tcp.any_flags || (packet->as.tcp.flags & TCP_FLAG_SYN) != 0)) {
        entry->is_bound = true;
    }
}

/* A connection without a record sends nothing any more but RST. */
static void use_label(void *context, const struct scenario_packet *packet)
{
    struct labels *labels = context;
    if (packet->connection == NULL) {
        return;
    }
    struct linter_entry *entry = linter_entry(&labels->table, packet->connection, 0);
    entry->uses++;
    report_unbound(labels, entry, packet->connection_span);
    if (entry->is_gone && packet->direction == SCENARIO_OUTBOUND &&
        packet->protocol == SCENARIO_TCP && !packet->as.tcp.any_flags &&
        (packet->as.tcp.flags & TCP_FLAG_RST) == 0) {
        linter_find(labels->linter, LINT_UNREACHABLE, packet->as.tcp.flags_span,
                    arena_format(labels->linter->arena,
                                 "@%s is in CLOSED by now: it sends nothing but RST", entry->name),
                    NULL, NULL);
    }
}

/* From its @ to the end of its name. */
static struct source_span label_span(const struct labels *labels,
                                     const struct scenario_event *event, const char *label)
{
    struct source_span span = event->span;
    const char *text = labels->linter->scenario->source + span.offset;
    const char *at = memchr(text, '@', span.length);
    if (at != NULL && memchr(text, '\n', (size_t)(at - text)) == NULL) {
        span.offset += (uint32_t)(at - text);
        span.column += (uint32_t)(at - text);
        span.length = (uint32_t)strlen(label) + 1;
    }
    return span;
}

static bool says_closed(const struct scenario_assertion *assertion)
{
    for (size_t i = 0; i < assertion->condition_count; i++) {
        const struct scenario_condition *condition = &assertion->conditions[i];
        if (condition->word != NULL && strcmp(condition->word, "CLOSED") == 0 &&
            strcmp(condition->field, "state") == 0 && condition->compare == SCENARIO_EQ) {
            return true;
        }
    }
    return false;
}

static void use_assertion(struct labels *labels, const struct scenario_event *event)
{
    const struct scenario_assertion *assertion = event->as.assertion;
    if (assertion->connection == NULL) {
        return;
    }
    struct linter_entry *entry = linter_entry(&labels->table, assertion->connection, 0);
    const struct source_span span = label_span(labels, event, assertion->connection);
    if (entry->uses == 0) {
        entry->span = span;
    }
    entry->uses++;
    report_unbound(labels, entry, span);
    entry->is_gone = entry->is_gone || (entry->is_bound && says_closed(assertion));
}

/* `tcp.accept(...) = c2` binds @c2, and `accept(...) = 4` @fd4. Calls may be all that uses them. */
static void bind_result(struct labels *labels, const struct scenario_call *call)
{
    static const char *const descriptors[] = {"socket", "accept", "accept4", NULL};
    static const char *const names[] = {"tcp.open", "tcp.accept", NULL};
    const struct scenario_value *result = &call->result;
    const char *label = NULL;
    if (result->kind == SCENARIO_VALUE_WORD && linter_is_among(call->name, names)) {
        label = result->text;
    } else if (result->kind == SCENARIO_VALUE_INTEGER && result->integer >= 0 &&
               linter_is_among(call->name, descriptors)) {
        label = arena_format(labels->linter->arena, "fd%" PRId64, result->integer);
    }
    if (label != NULL) {
        struct linter_entry *entry = linter_entry(&labels->table, label, 0);
        entry->is_bound = true;
        entry->is_gone = false;
        entry->uses += 2; /* more than the one that lint-unused-label looks for */
    }
}

void lint_labels(struct linter *linter)
{
    struct labels labels = {.linter = linter, .table = {.arena = linter->arena}};
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *event = &linter->scenario->events[i];
        linter_packets(event, bind_label, &labels); /* a group's SYN may come first */
        linter_packets(event, use_label, &labels);
        if (event->kind == SCENARIO_ASSERT) {
            use_assertion(&labels, event);
        } else if (event->kind == SCENARIO_CALL) {
            bind_result(&labels, event->as.call);
        }
    }
    for (size_t i = 0; i < labels.table.count; i++) {
        const struct linter_entry *entry = &labels.table.items[i];
        if (entry->is_bound && !entry->is_reported && entry->uses == 1) {
            linter_find(linter, LINT_UNUSED_LABEL, entry->span,
                        arena_format(linter->arena, "@%s is never used again", entry->name),
                        "no label, or another packet or assert that carries it", NULL);
        }
    }
}
