/* Script text -> scenario. A hand-written recursive descent without globals: it reports every error
 * of a file in one go, keeps comments for the formatter, and is a fuzz target itself. The grammar
 * stands in README.md beside this file. */
#ifndef FINWAIT_SCENARIO_PARSE_H
#define FINWAIT_SCENARIO_PARSE_H

#include "base/arena.h"
#include "base/text.h"
#include "scenario/scenario.h"
#include "scenario/tree.h"

/* After this many errors the parser stops: a binary file should not print a book. */
#define PARSE_DIAGNOSTICS_MAX 20

/* Something wrong in a script. The texts live in the arena or are static. */
struct diagnostic {
    struct source_span span; /* what the caret stands under; never beyond the end of its line */
    const char *message;     /* one sentence without a full stop */
    const char *expected;    /* what could have stood there, or NULL */
    const char *suggestion;  /* the known name that was probably meant, or NULL */
};

/* `-D SYM=value`: the word SYM is replaced when it is read. "text" and `command` values in their
 * quotation marks become strings and commands, numbers numbers, all else a word. */
struct parse_definition {
    const char *name;
    const char *value;
};

struct parse_result {
    struct scenario *scenario;      /* NULL when there are errors */
    struct script_tree *tree;       /* NULL when there are errors */
    struct diagnostic *diagnostics; /* in the order of the text */
    size_t diagnostic_count;
    bool stopped_early; /* PARSE_DIAGNOSTICS_MAX was reached */
};

/* Parses `count` bytes. `path` is only quoted. The definitions win over `--define` lines of the
 * script. Everything that *out points to lives in the arena; the scenario points into a copy of the
 * text there, so `bytes` may go away. Takes memory and time in proportion to `count`. */
void scenario_parse(const char *path, const char *bytes, size_t count,
                    const struct parse_definition *definitions, size_t definition_count,
                    struct arena *arena, struct parse_result *out);

/* Adds "path:line:column: error: message", the source line, a caret under the span, what was
 * expected and the suggestion, each on its own line. Control characters are shown as '?', and a
 * long line only in part, so that any file can be reported. */
void diagnostic_render(const struct diagnostic *diagnostic, const char *path, const char *source,
                       size_t source_bytes, struct text *out);

/* The same frame for other finders of faults (a runner that finds an unknown field): `severity` is
 * "error", "warning" or "note". */
void diagnostic_render_at(const char *severity, const struct diagnostic *diagnostic,
                          const char *path, const char *source, size_t source_bytes,
                          struct text *out);

/* The name nearest to `word` (by edits) among `count` names, or NULL when none is near: at most one
 * edit for every three characters. For did-you-mean. */
const char *diagnostic_nearest(const char *word, const char *const *names, size_t count);

#endif
