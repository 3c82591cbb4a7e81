/* What could be written otherwise or not at all: options twice or without effect, old forms. */
#include "scenario/linter.h"

#include <string.h>

#include "scenario/option_names.h"

/* ---- header ------------------------------------------------------------------------------------------- */

/* Says so when the key was there before. */
static void check_once(struct linter *linter, struct linter_table *table, const char *key,
                       struct source_span span)
{
    struct linter_entry *entry = linter_entry(table, key, 0);
    if (entry->uses++ > 0) {
        linter_find(
            linter, LINT_DUPLICATE, span,
            arena_format(linter->arena, "%s stands in line %u already", key, entry->span.line),
            NULL, NULL);
        return;
    }
    entry->span = span;
}

/* --set, --define, --values and --limit count once for each name, an address once for each IP. */
static const char *key_of(const struct linter *linter, const struct scenario_option_line *option)
{
    if (strcmp(option->name, "set") == 0 || strcmp(option->name, "define") == 0 ||
        strcmp(option->name, "values") == 0 || strcmp(option->name, "limit") == 0) {
        return arena_format(linter->arena, "--%s=%.*s", option->name,
                            (int)strcspn(option->value, "="), option->value);
    }
    if (strcmp(option->name, "local_ip") == 0 || strcmp(option->name, "remote_ip") == 0) {
        return arena_format(linter->arena, "--%s of IPv%d", option->name,
                            strchr(option->value, ':') == NULL ? 4 : 6);
    }
    return arena_format(linter->arena, "--%s", option->name);
}

static void check_header(struct linter *linter)
{
    const struct scenario *scenario = linter->scenario;
    struct linter_table table = {.arena = linter->arena};
    for (size_t i = 0; i < scenario->option_count; i++) {
        const struct scenario_option_line *option = &scenario->options[i];
        check_once(linter, &table, key_of(linter, option), option->span);
        if (option_name_use(option->name) == OPTION_IGNORED) {
            linter_find(linter, LINT_NO_EFFECT, option->span,
                        arena_format(linter->arena, "--%s has no effect here", option->name), NULL,
                        NULL);
        }
    }
    for (size_t i = 0; i < scenario->note_count; i++) {
        const struct scenario_note *note = &scenario->notes[i];
        check_once(linter, &table, arena_format(linter->arena, "%s %s", note->kind, note->subject),
                   note->span);
    }
}

static void check_settings(struct linter *linter, const struct scenario_event *event)
{
    struct linter_table table = {.arena = linter->arena};
    for (size_t i = 0; event->as.settings.count > 1 && i < event->as.settings.count; i++) {
        check_once(linter, &table, event->as.settings.items[i].name,
                   event->as.settings.items[i].span);
    }
}

/* ---- old forms ----------------------------------------------------------------------------------------- */

static void check_ip_info(struct linter *linter, const struct scenario_ip_info *ip)
{
    if (ip->span.length > 0 && linter->scenario->source[ip->span.offset] == '(') {
        linter_find(linter, LINT_DEPRECATED, ip->span, "IP fields in round brackets",
                    "square brackets: [ect0]", NULL);
    }
}

static void check_packet(void *context, const struct scenario_packet *packet)
{
    struct linter *linter = context;
    check_ip_info(linter, &packet->ip);
    for (size_t i = 0; packet->protocol == SCENARIO_TCP && i < packet->as.tcp.option_count; i++) {
        const struct scenario_option *option = &packet->as.tcp.options[i];
        if (option->kind == SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL) {
            linter_find(linter, LINT_DEPRECATED, option->span,
                        "the experimental fast open option (RFC 7413 has kind 34 instead)", "FO",
                        NULL);
        }
    }
}

void lint_forms(struct linter *linter)
{
    check_header(linter);
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *event = &linter->scenario->events[i];
        linter_packets(event, check_packet, linter);
        if (event->kind == SCENARIO_SET) {
            check_settings(linter, event);
        }
    }
}
