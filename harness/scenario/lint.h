/* What is wrong with a script that parses: `finwait lint`. Only what is certain without running it is
 * told. The rules, with what makes each fire, stand in README.md beside this file. */
#ifndef FINWAIT_SCENARIO_LINT_H
#define FINWAIT_SCENARIO_LINT_H

#include "base/arena.h"
#include "scenario/parse.h"

/* Findings of one script; more would not be read. */
#define LINT_FINDINGS_MAX 100

enum lint_rule {
    LINT_TIME_BACK,
    LINT_UNREACHABLE,
    LINT_UNKNOWABLE,
    LINT_NO_EXPECTATION,
    LINT_UNBOUND_LABEL,
    LINT_UNUSED_LABEL,
    LINT_UNBOUND_FD,
    LINT_CLOSED_FD,
    LINT_UNUSED_FD,
    LINT_UNKNOWN_FIELD,
    LINT_UNKNOWN_STATE,
    LINT_UNKNOWN_SETTING,
    LINT_DUPLICATE,
    LINT_DEPRECATED,
    LINT_NO_EFFECT,
    LINT_ONE_HOST,
    LINT_EMPTY_EDIT,
    LINT_RULE_COUNT,
};

struct lint_finding {
    enum lint_rule rule;
    struct diagnostic diagnostic; /* `expected` says how to mend it, or NULL */
};

struct lint_result {
    struct lint_finding *findings; /* in the order of the text */
    size_t count;
    bool stopped_early; /* LINT_FINDINGS_MAX was reached */
};

/* What the linter has to be told of the runner. */
struct lint_knowledge {
    /* Is there a field of a connection with this name? If not, *nearest may become one that there
     * is. NULL: all names are taken for good. */
    bool (*knows_field)(const char *name, const char **nearest);
    /* The same of `assert host`: is it a counter? */
    bool (*knows_counter)(const char *name, const char **nearest);
};

/* "lint-time-back": the rule's id. */
const char *lint_rule_id(enum lint_rule rule);

/* Why it is a fault, a sentence. */
const char *lint_rule_reason(enum lint_rule rule);

/* Looks through a script. The findings live in the arena. Time in proportion to the script. */
void scenario_lint(const struct scenario *scenario, const struct lint_knowledge *knowledge,
                   struct arena *arena, struct lint_result *out);

#endif
