/* Two hosts: what is said of the network and of hosts where there is one, and edits that change nothing. */
#include <string.h>

#include "scenario/linter.h"
#include "scenario/option_names.h"

static bool changes_nothing(const struct scenario_edit *edit)
{
    switch (edit->kind) {
    case SCENARIO_EDIT_DROP:
    case SCENARIO_EDIT_MARK:
    case SCENARIO_EDIT_UNREACHABLE:
    case SCENARIO_EDIT_DUPLICATE: /* the copy comes at once */
        return false;
    case SCENARIO_EDIT_DELAY:
    case SCENARIO_EDIT_PART:
        return edit->us == 0;
    case SCENARIO_EDIT_CORRUPT:
        return edit->value == 0;
    case SCENARIO_EDIT_MTU:
        return edit->is_silent && edit->mtu == 0;
    }
    return false;
}

void lint_hosts(struct linter *linter)
{
    const bool are_two =
        option_is_said(linter->scenario->options, linter->scenario->option_count, "hosts", "2");
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *const event = &linter->scenario->events[i];
        const bool is_edit = event->kind == SCENARIO_EDIT;
        if (!are_two && (is_edit || event->host != NULL)) {
            linter_find(linter, LINT_ONE_HOST, event->span,
                        is_edit ? "there is no network to change" : "there is no second host",
                        "--hosts=2", NULL);
        }
        if (is_edit && changes_nothing(&event->as.edit)) {
            linter_find(linter, LINT_EMPTY_EDIT, event->as.edit.span,
                        "this does nothing to a packet", NULL, NULL);
        }
    }
}
