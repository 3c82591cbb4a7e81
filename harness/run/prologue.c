/* `start established`: the causes that lead there act first, whatever the script's mode, and what they bring
 * about is not the script's concern. */
#include "causes/prologue.h"

#include "causes/text.h"
#include "run/runner.h"

#include <string.h>

static uint8_t find(const char *name)
{
    uint8_t index = 0;
    while (index < CAUSE_PROLOGUE_COUNT && strcmp(cause_prologue_name(index), name) != 0) {
        index++;
    }
    return index;
}

bool prologue_exists(const char *name)
{
    return find(name) < CAUSE_PROLOGUE_COUNT;
}

bool prologue_run(struct run *run)
{
    const struct scenario *const script = run->scenario;
    const enum run_mode mode = run->mode;
    struct cause causes[PROLOGUE_CAUSES_MAX];
    struct cause_list list = {.start = {.hosts = 1, .ip_version = run->ip_version},
                              .items = causes};
    if (script->start == NULL) {
        return true;
    }
    list.count = prologue_causes((enum prologue)find(script->start), causes);
    run->scenario = cause_to_scenario(&list, run->arena);
    run->mode = RUN_CAUSES;
    bool is_sound = true;
    for (size_t i = 0; i < run->scenario->event_count && is_sound; i++) {
        run->event_index = TRACE_NO_EVENT;
        run->event = &run->scenario->events[i];
        is_sound = timeline_event(run, run->event);
    }
    run->waiting_first = run->waiting_count; /* nobody expects these packets */
    run->scenario = script;
    run->mode = mode;
    run->event = NULL;
    return is_sound;
}
