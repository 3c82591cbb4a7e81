/* What a scenario leaves out of its script: comments and layout. The tree lists the statements in the
 * order of the text, each with the comments before, inside and after it, for the formatter. */
#ifndef FINWAIT_SCENARIO_TREE_H
#define FINWAIT_SCENARIO_TREE_H

#include "scenario/scenario.h"

struct script_comment {
    struct source_span span;     /* with its slashes and stars; without the end of line */
    bool is_block;               /* slash-star rather than slash-slash */
    uint32_t blank_lines_before; /* between it and what stands before it */
};

enum script_statement_kind {
    SCRIPT_OPTION,  /* scenario.options[index] */
    SCRIPT_NOTE,    /* scenario.notes[index]; `count` of them on one line */
    SCRIPT_START,   /* scenario.start */
    SCRIPT_INIT,    /* scenario.init_command */
    SCRIPT_EVENT,   /* scenario.events[index] */
    SCRIPT_CLEANUP, /* scenario.cleanup_command */
};

struct script_statement {
    enum script_statement_kind kind;
    size_t index;
    size_t count;
    struct source_span span;
    uint32_t blank_lines_before;
    /* Of tree.comments, in this order: those on lines of their own before the statement, those within
     * it, and those that follow on its last line. */
    size_t first_comment;
    size_t comments_before;
    size_t comments_inside;
    size_t comments_after;
};

struct script_tree {
    struct script_statement *statements;
    size_t statement_count;
    struct script_comment *comments; /* never NULL */
    size_t comment_count;
    size_t first_tail_comment; /* comments from here on stand after the last statement */
};

#endif
