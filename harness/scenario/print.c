/* Scripts, events, times and our own statements as canonical text. */
#include "scenario/print.h"

#include <inttypes.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/print.h"
#include "scenario/units.h"

void scenario_print_seconds(struct text *out, int64_t us)
{
    const int64_t whole = us / 1000000;
    int64_t part = us % 1000000;
    int digits = 6;
    text_format(out, "%" PRId64, whole);
    if (part == 0) {
        return;
    }
    while (part % 10 == 0) {
        part /= 10;
        digits--;
    }
    text_format(out, ".%0*" PRId64, digits, part);
}

void scenario_print_duration(struct text *out, int64_t us)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {
        {"h", (int64_t)3600000000}, {"min", 60000000}, {"s", 1000000}, {"ms", 1000}, {"us", 1},
    };
    if (us == 0) {
        text_string(out, "0s");
        return;
    }
    size_t i = 0;
    while (us % units[i].us != 0) {
        i++;
    }
    text_format(out, "%" PRId64 "%s", us / units[i].us, units[i].name);
}

void scenario_print_time(struct text *out, const struct scenario_time *time)
{
    const bool is_relative =
        time->kind == SCENARIO_TIME_RELATIVE || time->kind == SCENARIO_TIME_RELATIVE_RANGE;
    if (time->kind == SCENARIO_TIME_ANY) {
        text_string(out, "*");
        return;
    }
    text_string(out, is_relative ? "+" : "");
    scenario_print_seconds(out, time->from_us);
    if (time->kind == SCENARIO_TIME_ABSOLUTE_RANGE || time->kind == SCENARIO_TIME_RELATIVE_RANGE) {
        text_string(out, is_relative ? "~+" : "~");
        scenario_print_seconds(out, time->to_us);
    }
    if (time->has_end) {
        text_string(out, time->end_is_from_start ? "...+" : "...");
        scenario_print_seconds(out, time->end_us);
    }
}

void scenario_print_assertion(struct text *out, const struct scenario_assertion *assertion)
{
    text_string(out, "assert ");
    if (assertion->connection != NULL) {
        text_format(out, "@%s ", assertion->connection);
    } else if (assertion->is_host) {
        text_string(out, "host ");
    } else if (assertion->descriptor >= 0) {
        text_format(out, "fd %" PRId64 " ", assertion->descriptor);
    }
    for (size_t i = 0; i < assertion->condition_count; i++) {
        const struct scenario_condition *condition = &assertion->conditions[i];
        text_format(out, "%s%s %s ", i == 0 ? "" : ", ", condition->field,
                    scenario_compare_name(condition->compare));
        if (condition->word != NULL) {
            text_string(out, condition->word);
        } else {
            scenario_print_number(out, &condition->number);
        }
    }
}

static void print_settings(struct text *out, const struct scenario_setting *items, size_t count)
{
    text_string(out, "set ");
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(items[i].name);
        const bool is_time = length > 3 && strcmp(items[i].name + length - 3, "_us") == 0;
        text_format(out, "%s%s=", i == 0 ? "" : ", ", items[i].name);
        if (is_time && items[i].value <= (uint64_t)SCENARIO_TIME_US_MAX) {
            scenario_print_duration(out, (int64_t)items[i].value);
        } else {
            text_format(out, "%" PRIu64, items[i].value);
        }
    }
}

static void print_wait(struct text *out, const struct scenario_wait *wait)
{
    text_string(out, wait->is_until_deadline ? "wait until deadline"
                     : wait->is_asleep       ? "wait asleep for "
                                             : "wait for ");
    if (wait->is_until_deadline && wait->us != 0) {
        text_string(out, wait->us < 0 ? "-" : "+");
    }
    if (!wait->is_until_deadline || wait->us != 0) {
        scenario_print_duration(out, wait->us < 0 ? -wait->us : wait->us);
    }
}

static void print_edit(struct text *out, const struct scenario_edit *edit)
{
    text_format(out, "%c>%c #%" PRId64, edit->from, edit->from == 'a' ? 'b' : 'a', edit->first);
    if (edit->last != edit->first) {
        text_format(out, "-%" PRId64, edit->last);
    }
    text_format(out, " %s", scenario_edit_name(edit->kind));
    switch (edit->kind) {
    case SCENARIO_EDIT_DROP:
    case SCENARIO_EDIT_MARK:
        return;
    case SCENARIO_EDIT_DELAY:
    case SCENARIO_EDIT_DUPLICATE:
    case SCENARIO_EDIT_PART:
        text_string(out, " ");
        scenario_print_duration(out, edit->us);
        return;
    case SCENARIO_EDIT_CORRUPT:
        text_format(out, " %u xor %u", edit->place, edit->value);
        return;
    case SCENARIO_EDIT_MTU:
        text_format(out, " %u%s", edit->mtu, edit->is_silent ? " silent" : "");
        return;
    case SCENARIO_EDIT_UNREACHABLE:
        text_format(out, " %s", edit->code);
        return;
    }
}

static void print_group(struct text *out, const struct scenario_event *group)
{
    text_string(out, "{");
    for (size_t i = 0; i < group->as.group.count; i++) {
        text_string(out, "\n    ");
        scenario_print_packet(out, group->as.group.items[i].as.packet);
    }
    text_string(out, "\n}");
}

static void print_one_of(struct text *out, const struct scenario_event *event)
{
    text_string(out, "one of ");
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct scenario_event *alternative = &event->as.group.items[i];
        text_string(out, i == 0 ? "" : " or ");
        if (alternative->as.group.count == 0) {
            text_string(out, "nothing");
        } else {
            print_group(out, alternative);
        }
    }
}

static void print_code(struct text *out, const char *code, size_t count)
{
    const bool opens_line = count > 0 && (code[0] == '\n' || code[0] == '\r');
    const bool closes_line = count > 0 && code[count - 1] == '\n';
    text_string(out, opens_line ? "%{" : "%{ ");
    text_add(out, code, count);
    text_string(out, closes_line ? "}%" : " }%");
}

static void print_action(struct text *out, const struct scenario_event *event)
{
    switch (event->kind) {
    case SCENARIO_PACKET:
        scenario_print_packet(out, event->as.packet);
        return;
    case SCENARIO_CALL:
        scenario_print_call(out, event->as.call);
        return;
    case SCENARIO_COMMAND:
        text_string(out, "`");
        text_add(out, event->as.text.bytes, event->as.text.count);
        text_string(out, "`");
        return;
    case SCENARIO_CODE:
        print_code(out, event->as.text.bytes, event->as.text.count);
        return;
    case SCENARIO_ASSERT:
        scenario_print_assertion(out, event->as.assertion);
        return;
    case SCENARIO_SET:
        print_settings(out, event->as.settings.items, event->as.settings.count);
        return;
    case SCENARIO_QUIET:
        text_string(out, "quiet for ");
        scenario_print_duration(out, event->as.quiet_us);
        return;
    case SCENARIO_BATCH:
        text_string(out, "batch ");
        print_group(out, event);
        return;
    case SCENARIO_ANY_ORDER:
        text_string(out, "in any order ");
        print_group(out, event);
        return;
    case SCENARIO_ONE_OF:
        print_one_of(out, event);
        return;
    case SCENARIO_ALTERNATIVE:
        print_group(out, event);
        return;
    case SCENARIO_WAIT:
        print_wait(out, &event->as.wait);
        return;
    case SCENARIO_EDIT:
        print_edit(out, &event->as.edit);
        return;
    }
}

void scenario_print_event(struct text *out, const struct scenario_event *event)
{
    scenario_print_time(out, &event->time);
    text_string(out, " ");
    if (event->host != NULL) {
        text_format(out, "%s: ", event->host);
    }
    print_action(out, event);
}

static void print_option(struct text *out, const struct scenario_option_line *option)
{
    const bool needs_quotes =
        option->value[strcspn(option->value, " \t")] != '\0' && strchr(option->value, '"') == NULL;
    text_format(out, "--%s", option->name);
    if (option->value[0] != '\0') {
        text_format(out, needs_quotes ? "=\"%s\"" : "=%s", option->value);
    }
    text_string(out, "\n");
}

static void print_reason(struct text *out, const struct scenario_note *note)
{
    if (note->reason != NULL) {
        text_string(out, ": ");
        scenario_print_string(out, note->reason, strlen(note->reason));
    }
}

static void print_notes(struct text *out, const struct scenario *scenario)
{
    bool is_open = false; /* a line of requirements */
    for (size_t i = 0; i < scenario->note_count; i++) {
        const struct scenario_note *note = &scenario->notes[i];
        if (strcmp(note->kind, "req") == 0) {
            text_format(out, is_open ? " %s" : "req %s", note->subject);
            is_open = true;
            continue;
        }
        text_string(out, is_open ? "\n" : "");
        is_open = false;
        const bool is_xfail = strcmp(note->kind, "xfail") == 0;
        text_format(out, is_xfail ? "%s(%s)" : "%s %s", note->kind, note->subject);
        print_reason(out, note);
        text_string(out, "\n");
    }
    text_string(out, is_open ? "\n" : "");
}

void scenario_print(struct text *out, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->option_count; i++) {
        print_option(out, &scenario->options[i]);
    }
    print_notes(out, scenario);
    if (scenario->start != NULL) {
        text_format(out, "start %s\n", scenario->start);
    }
    if (scenario->init_command != NULL) {
        text_format(out, "`%s`\n", scenario->init_command);
    }
    for (size_t i = 0; i < scenario->event_count; i++) {
        scenario_print_event(out, &scenario->events[i]);
        text_string(out, "\n");
    }
    if (scenario->cleanup_command != NULL) {
        text_format(out, "`%s`\n", scenario->cleanup_command);
    }
}
