/* The smallest pieces of a statement that its layout moves, each as the author spelled it, and the
 * spaces that belong between them. Tokens would be too small: nothing is gained by taking
 * `rcv.nxt+1:rcv.nxt+1` apart. */
#ifndef FINWAIT_SCENARIO_FORMAT_ATOMS_H
#define FINWAIT_SCENARIO_FORMAT_ATOMS_H

#include "scenario/tree.h"

enum atom_kind {
    ATOM_RUN,      /* anything without spaces and punctuation: ack, 1:1, +.5, @old, -1 */
    ATOM_STRING,   /* with its quotation marks */
    ATOM_VERBATIM, /* `command` or %{ code }%, which may run over several lines */
    ATOM_MARK,     /* punctuation */
    ATOM_COMMENT,
};

/* What decides about spaces. */
enum atom_context { ATOMS_PACKET, ATOMS_CALL, ATOMS_OWN, ATOMS_NOTE };

struct atom {
    enum atom_kind kind;
    const char *text;
    size_t length;
    bool has_gap;       /* the author left a space (or more) before it */
    bool has_break;     /* ... or an end of line */
    bool breaks_after;  /* an end of line stands behind it */
    bool needs_space;   /* there has to be a space before it, unless it begins a line */
    bool opens, closes; /* a bracket */
    bool ends_line;     /* a comment behind which nothing can stand */
};

/* Text and comments of one statement. */
struct atom_source {
    const char *text;
    uint32_t from, to; /* offsets */
    const struct script_comment *comments;
    size_t comment_count; /* those outside of from...to are passed over */
};

/* Goes through a source atom by atom. */
struct atom_walk {
    const struct atom_source *source;
    enum atom_context context;
    uint32_t at;
    size_t comment;    /* the next one */
    size_t count;      /* atoms so far */
    struct atom last;  /* the latest of them */
    size_t depth;      /* of brackets */
    bool in_options;   /* between the < > of TCP options */
    bool after_result; /* behind the = of a call */
    bool in_words;     /* between the parentheses that stand there: any text */
    bool begins_words; /* and nothing of it was passed yet */
};

/* The source stays the caller's. */
void atom_walk_start(struct atom_walk *walk, const struct atom_source *source,
                     enum atom_context context);

/* The next atom, with a decision about the space before it. False at the end. */
bool atom_walk_next(struct atom_walk *walk, struct atom *out);

/* Columns that `count` bytes of UTF-8 take. */
size_t atoms_width(const char *text, size_t count);

#endif
