/* One statement in canonical layout, without the comments around it. */
#ifndef FINWAIT_SCENARIO_FORMAT_STATEMENT_H
#define FINWAIT_SCENARIO_FORMAT_STATEMENT_H

#include "base/text.h"
#include "scenario/tree.h"

/* Lines are not longer than this if it can be helped. */
#define FORMAT_WIDTH 100

/* Where actions begin, so that they stand below each other: times up to +9999 or +.001 fit. */
#define FORMAT_ACTION_COLUMN 6

/* Further than the action: packets of a group, and lines that go on. */
#define FORMAT_INDENT 4

/* Adds the statement, with the comments inside it but without an end of line. */
void format_statement(const struct scenario *scenario, const struct script_tree *tree,
                      const struct script_statement *statement, struct text *out);

/* Adds as many spaces. */
void format_indent(struct text *out, size_t column);

/* Bytes of a text without the white space at its end. */
size_t format_trimmed(const char *text, size_t count);

/* Adds a comment as it stands at another column: the further lines of a block move with the first,
 * which goes from column `from` to column `to`, both counted from 0. */
void format_comment(const char *source, const struct script_comment *comment, size_t from,
                    size_t to, struct text *out);

#endif
