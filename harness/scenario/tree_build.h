/* Joins the statements that the parser found with the comments that the lexer found. */
#ifndef FINWAIT_SCENARIO_TREE_BUILD_H
#define FINWAIT_SCENARIO_TREE_BUILD_H

#include "scenario/lexer.h"
#include "scenario/tree.h"

/* Both lists are in the order of the text. The tree lives in the lexer's arena. */
struct script_tree *tree_build(const struct lexer *lexer, struct script_statement *statements,
                               size_t count);

#endif
