/* What the parts of the linter share: the findings so far, a table of names, and a walk over packets. */
#ifndef FINWAIT_SCENARIO_LINTER_H
#define FINWAIT_SCENARIO_LINTER_H

#include "scenario/lint.h"

struct linter {
    const struct scenario *scenario;
    const struct lint_knowledge *knowledge;
    struct arena *arena;
    struct lint_result *out;
    size_t capacity;
};

/* Adds a finding; `expected` (how to mend it) and `suggestion` (a name) may be NULL. */
void linter_find(struct linter *linter, enum lint_rule rule, struct source_span span,
                 const char *message, const char *expected, const char *suggestion);

/* Is it one of the names, of which the last is NULL? */
bool linter_is_among(const char *name, const char *const *names);

/* ---- a table of names or numbers, found by hashing ------------------------------------------------ */

/* What is known of a label or descriptor. Which fields mean something is up to the user. */
struct linter_entry {
    const char *name; /* or NULL: then the number counts */
    int64_t number;
    struct source_span span; /* where it came up first, or was bound */
    size_t uses;
    bool is_bound, is_closed, is_reported, is_gone;
};

struct linter_table {
    struct arena *arena;
    struct linter_entry *items; /* in the order in which they came */
    size_t count, capacity;
    uint32_t *slots; /* index + 1, or 0 */
    size_t slot_count;
};

/* The entry of that key, made when it is new. The pointer is good until the next call. */
struct linter_entry *linter_entry(struct linter_table *table, const char *name, int64_t number);

/* ---- packets --------------------------------------------------------------------------------------- */

/* Calls `visit` for each packet of an event, those in groups included, in the order of the text. */
void linter_packets(const struct scenario_event *event,
                    void (*visit)(void *context, const struct scenario_packet *packet),
                    void *context);

/* Does the event expect a packet to leave? */
bool linter_is_expectation(const struct scenario_event *event);

/* ---- one idea each ----------------------------------------------------------------------------------- */

void lint_times(struct linter *linter);
void lint_labels(struct linter *linter);
void lint_descriptors(struct linter *linter);
void lint_expectations(struct linter *linter);
void lint_names(struct linter *linter);
void lint_forms(struct linter *linter);
void lint_hosts(struct linter *linter);

#endif
