/* Names that mean something elsewhere: fields of a connection, its states, fields of the configuration. */
#include "scenario/linter.h"

#include <string.h>

#include "tcp/config.h"
#include "tcp/state.h"

#define NAMES_MAX 256

/* ---- settings --------------------------------------------------------------------------------------- */

static void check_setting(struct linter *linter, const char *name, struct source_span span)
{
    size_t count = 0;
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    const char *names[NAMES_MAX];
    count = count < NAMES_MAX ? count : NAMES_MAX;
    for (size_t i = 0; i < count; i++) {
        names[i] = fields[i].name;
        if (strcmp(names[i], name) == 0) {
            return;
        }
    }
    linter_find(linter, LINT_UNKNOWN_SETTING, span,
                arena_format(linter->arena, "the configuration has no field '%s'", name), NULL,
                diagnostic_nearest(name, names, count));
}

static void check_options(struct linter *linter)
{
    for (size_t i = 0; i < linter->scenario->option_count; i++) {
        const struct scenario_option_line *option = &linter->scenario->options[i];
        if (strcmp(option->name, "set") == 0) {
            const size_t length = strcspn(option->value, "=");
            check_setting(linter, arena_copy_text(linter->arena, option->value, length),
                          option->span);
        }
    }
}

/* ---- assert ----------------------------------------------------------------------------------------- */

static void check_state(struct linter *linter, const struct scenario_condition *condition)
{
    const char *names[TCB_STATE_COUNT];
    for (int i = 0; i < TCB_STATE_COUNT; i++) {
        names[i] = tcb_state_name((enum tcb_state)i);
        if (condition->word != NULL && strcmp(names[i], condition->word) == 0) {
            return;
        }
    }
    linter_find(linter, LINT_UNKNOWN_STATE, condition->value_span, "this is no state's name",
                "a state such as LISTEN, SYN-SENT or FIN-WAIT-1",
                condition->word == NULL
                    ? NULL
                    : diagnostic_nearest(condition->word, names, TCB_STATE_COUNT));
}

static void check_condition(struct linter *linter, const struct scenario_condition *condition)
{
    const char *nearest = NULL;
    if (strcmp(condition->field, "state") == 0) {
        check_state(linter, condition);
        return;
    }
    if (linter->knowledge->knows_field == NULL ||
        linter->knowledge->knows_field(condition->field, &nearest)) {
        return;
    }
    struct source_span span = condition->span;
    span.length = (uint32_t)strlen(condition->field);
    linter_find(linter, LINT_UNKNOWN_FIELD, span,
                arena_format(linter->arena, "a connection has no field '%s'", condition->field),
                NULL, nearest);
}

static void check_counter(struct linter *linter, const struct scenario_condition *condition)
{
    const char *nearest = NULL;
    if (linter->knowledge->knows_counter == NULL ||
        linter->knowledge->knows_counter(condition->field, &nearest)) {
        return;
    }
    struct source_span span = condition->span;
    span.length = (uint32_t)strlen(condition->field);
    linter_find(linter, LINT_UNKNOWN_FIELD, span,
                arena_format(linter->arena, "the host counts no '%s'", condition->field), NULL,
                nearest);
}

static void check_assertion(struct linter *linter, const struct scenario_assertion *assertion)
{
    for (size_t i = 0; i < assertion->condition_count; i++) {
        if (assertion->is_host) {
            check_counter(linter, &assertion->conditions[i]);
        } else {
            check_condition(linter, &assertion->conditions[i]);
        }
    }
}

void lint_names(struct linter *linter)
{
    check_options(linter);
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *event = &linter->scenario->events[i];
        if (event->kind == SCENARIO_ASSERT) {
            check_assertion(linter, event->as.assertion);
        } else if (event->kind == SCENARIO_SET) {
            for (size_t j = 0; j < event->as.settings.count; j++) {
                check_setting(linter, event->as.settings.items[j].name,
                              event->as.settings.items[j].span);
            }
        }
    }
}
