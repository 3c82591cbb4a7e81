/* Where the standard leaves a choice or contradicts itself: what was decided, where it is implemented, and
 * which script shows it (corpus/requirements/decisions.tsv). */
#ifndef FINWAIT_MATRIX_DECISIONS_H
#define FINWAIT_MATRIX_DECISIONS_H

#include "base/text.h"
#include "matrix/tsv.h"

enum decision_verdict {
    DECISION_TESTED,  /* its script ran and passed */
    DECISION_FAILING, /* its script failed */
    DECISION_NOT_RUN, /* its script was not among those that ran */
    DECISION_BY_HAND, /* a unit test shows it, or there is nothing to see */
    DECISION_OPEN,    /* it waits for another RFC */
};
#define DECISION_VERDICT_COUNT 5

struct decision {
    const char *number, *question, *decision, *where, *tested_by;
    bool has_passed, has_failed;
};

struct decision_list {
    struct decision *items;
    size_t count;
};

/* Reads the table: columns number, question, decision, where (empty: open), tested_by. */
void decisions_read(struct decision_list *list, const char *table, struct arena *arena);

/* A script ran. `path` may have folders in front of what the table calls it. */
void decisions_note_run(struct decision_list *list, const char *path, bool has_passed);

enum decision_verdict decision_verdict_of(const struct decision *decision);

/* How many are tested, open and so on, in one line; those whose script fails by name. */
void decisions_print_summary(const struct decision_list *list, struct text *out);

void decisions_print_text(const struct decision_list *list, struct text *out);
void decisions_print_markdown(const struct decision_list *list, struct text *out);
void decisions_print_html(const struct decision_list *list, struct text *out);

#endif
