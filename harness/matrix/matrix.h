/* The matrix: which script covers which requirement, and whether it passed. */
#ifndef FINWAIT_MATRIX_MATRIX_H
#define FINWAIT_MATRIX_MATRIX_H

#include "base/text.h"
#include "matrix/requirement.h"

enum matrix_verdict {
    MATRIX_COVERED,   /* at least one script names it, and all that do pass and bear it out */
    MATRIX_FAILING,   /* one that names it fails, or does not bear it out */
    MATRIX_DECLARED,  /* cannot be tested, for a reason that is written down */
    MATRIX_BY_HAND,   /* no script can show it; unit tests do, as is written down */
    MATRIX_UNCOVERED, /* nothing yet */
};
#define MATRIX_VERDICT_COUNT 5

const char *matrix_verdict_name(enum matrix_verdict verdict);

/* A change of the stack that breaks the requirement, and what became of it. */
struct matrix_knock_out {
    const char *id;
    const char *verdict; /* "noticed", "hangs", "survived", ... */
    const char *by;      /* "tagged": a script that carries the requirement's id; "another"; "-" */
};

struct matrix_entry {
    const struct requirement *requirement;
    const char **scripts; /* paths */
    size_t script_count, script_capacity;
    struct matrix_knock_out *knock_outs;
    size_t knock_out_count, knock_out_capacity;
    bool is_failing;
    bool was_covered;   /* the list of covered ones has it */
    const char *reason; /* of the declared ones, or NULL */
};

struct matrix {
    struct arena *arena;
    struct requirement_list requirements;
    struct matrix_entry *entries; /* one for each requirement, in order */
    struct text errors;           /* a line for each tag that is wrong */
    size_t error_count;
};

/* A matrix of tables (texts as in corpus/requirements/). `declared` has the columns id and reason,
 * `covered` the column id; both may be NULL. Returns NULL or a sentence about what is wrong. Give it
 * back with matrix_free(). */
const char *matrix_create(struct matrix *matrix, const char *const *tables, size_t table_count,
                          const char *declared, const char *covered, struct arena *arena);
void matrix_free(struct matrix *matrix);

/* The entry of a requirement, or NULL. */
struct matrix_entry *matrix_find(const struct matrix *matrix, const char *id);

/* Reads the results of the knock-outs: columns id, breaks (ids of requirements or oracles), verdict, by.
 * Returns NULL or a sentence about what is wrong. */
const char *matrix_add_knock_outs(struct matrix *matrix, const char *text);

/* Could scripts show the requirement, and does no knock-out break it? Rows of section 3.10 need none:
 * a script must earn their tag. */
bool matrix_lacks_knock_out(const struct matrix_entry *entry);

/* Takes what one run of a script says: its tags, whether it passed, what happened in it. The path and
 * the tags must live as long as the matrix. */
void matrix_add(struct matrix *matrix, const char *path, const struct scenario *scenario,
                bool has_passed, const struct occurrence_list *occurrences);

enum matrix_verdict matrix_verdict_of(const struct matrix_entry *entry);

/* Requirements that were covered once and are no longer. */
size_t matrix_lost(const struct matrix *matrix);

/* The matrix as a table. `only` says what is wanted, or is NULL: a part of the id, a level, a verdict, the
 * beginning of a section, a knock-out's id, MATRIX_NO_KNOCK_OUT; of several with commas between all
 * must fit. HTML is a document without its end, which matrix_print_html_end() is: more may follow. */
#define MATRIX_NO_KNOCK_OUT "no-knock-out"

void matrix_print_text(const struct matrix *matrix, const char *only, struct text *out);
void matrix_print_markdown(const struct matrix *matrix, const char *only, struct text *out);
void matrix_print_html(const struct matrix *matrix, const char *only, struct text *out);

void matrix_print_html_end(struct text *out);

/* Words of a Markdown table's cell, with what would mean something escaped. */
void matrix_add_markdown(struct text *out, const char *words);

/* How many of which level have which verdict, and what was lost. */
void matrix_print_summary(const struct matrix *matrix, struct text *out);

/* The list of those that are covered now: what `covered` is made of. */
void matrix_print_covered(const struct matrix *matrix, struct text *out);

#endif
