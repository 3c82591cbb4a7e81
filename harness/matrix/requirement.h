/* What a standard asks: the rows of the tables in corpus/requirements/. A row of section 3.10 also
 * names an event and a state, so that a script's trace can be asked whether it went there. */
#ifndef FINWAIT_MATRIX_REQUIREMENT_H
#define FINWAIT_MATRIX_REQUIREMENT_H

#include "base/arena.h"
#include "matrix/occurrence.h"
#include "matrix/tsv.h"

struct requirement {
    const char *id;
    const char *level; /* "MUST"; "row" for one of section 3.10 */
    const char *section;
    const char *text;

    /* Rows of section 3.10. */
    bool is_row;
    enum matrix_event event;
    enum tcb_state state;
    const char *condition;
    bool has_next;       /* next_state names one state */
    enum tcb_state next; /* the state after it */
};

struct requirement_list {
    struct requirement *items;
    size_t count, capacity;
};

/* Adds the rows of a table: with the columns id, section, level, paraphrase; or, of section 3.10, id,
 * event, state, condition, expected_action, next_state, reference. NULL, or a sentence about a row that
 * makes no sense. */
const char *requirements_add(struct requirement_list *list, const struct tsv *table,
                             struct arena *arena);

/* NULL when there is none of that id. */
const struct requirement *requirement_find(const struct requirement_list *list, const char *id);

#endif
