/* What stands before a script's first event: how many hosts, over what, and settings. */
#include <string.h>

#include "causes/reader.h"
#include "scenario/units.h"

static bool number_of(struct reader *reader, const struct scenario_option_line *line, uint64_t most,
                      uint64_t *out)
{
    const char *const name = strcmp(line->name, "delay") == 0 ? "delay_us" : line->name;
    if (units_setting(name, strlen(name), line->value, strlen(line->value), out) != NULL ||
        *out > most) {
        return reader_refuse(reader, line->span, "%s is no value for --%s that can be encoded",
                             line->value, line->name);
    }
    return true;
}

static bool set_port(struct reader *reader, const struct scenario_option_line *line, uint32_t *out)
{
    uint64_t port = 0;
    const bool is_good = number_of(reader, line, UINT16_MAX, &port);
    *out = (uint32_t)port;
    return is_good;
}

static bool add_option_setting(struct reader *reader, const struct scenario_option_line *line)
{
    const char *const equals = strchr(line->value, '=');
    uint64_t value = 0;
    if (equals == NULL) {
        return reader_refuse(reader, line->span, "a setting is written name=value");
    }
    const char *const name =
        arena_copy_text(reader->arena, line->value, (size_t)(equals - line->value));
    const char *const fault =
        units_setting(name, strlen(name), equals + 1, strlen(equals + 1), &value);
    return fault == NULL ? reader_set(reader, name, value, line->span)
                         : reader_refuse(reader, line->span, "%s", fault);
}

static bool is_any(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_start_option(struct reader *reader, const struct scenario_option_line *line)
{
    struct cause_start *const start = &reader->out->start;
    uint64_t number = 0;
    if (strcmp(line->name, "hosts") == 0) {
        const bool is_good = number_of(reader, line, 2, &number);
        start->hosts = number == 2 ? 2 : 1;
        return is_good;
    }
    if (strcmp(line->name, "delay") == 0) {
        const bool is_good = number_of(reader, line, CAUSE_DELAY_US_MAX, &number);
        start->delay_us = (uint32_t)number;
        return is_good;
    }
    if (strcmp(line->name, "ip_version") == 0) {
        start->ip_version = strcmp(line->value, "ipv6") == 0 ? 6 : 4;
    } else if (strcmp(line->name, "mode") == 0) {
        reader->is_causes = strcmp(line->value, "causes") == 0;
    } else if (strcmp(line->name, "bind_port") == 0) {
        return set_port(reader, line, &reader->bind_port);
    } else if (strcmp(line->name, "connect_port") == 0) {
        return set_port(reader, line, &reader->connect_port);
    }
    return true;
}

/* What changes the host before it does anything is a setting at once. */
static bool read_setting_option(struct reader *reader, const struct scenario_option_line *line)
{
    static const char *const refused[] = {"limit", "udp_encapsulation", NULL};
    uint64_t number = 0;
    if (strcmp(line->name, "set") == 0) {
        return add_option_setting(reader, line);
    }
    if (strcmp(line->name, "mtu") == 0) {
        return number_of(reader, line, UINT32_MAX, &number) &&
               reader_set(reader, "mtu", number, line->span);
    }
    if (is_any(line->name, refused) ||
        (strcmp(line->name, "profile") == 0 && strcmp(line->value, "rfc") != 0)) {
        return reader_refuse(reader, line->span, "--%s cannot be encoded", line->name);
    }
    return true;
}

bool reader_header(struct reader *reader)
{
    const struct scenario *const scenario = reader->scenario;
    for (size_t i = 0; i < scenario->option_count; i++) {
        if (!read_start_option(reader, &scenario->options[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < scenario->option_count; i++) {
        if (!read_setting_option(reader, &scenario->options[i])) {
            return false;
        }
    }
    if (scenario->init_command != NULL) {
        return reader_refuse(reader, (struct source_span){.line = 1, .column = 1},
                             "no cause says the command before the first statement");
    }
    uint8_t prologue = 0;
    while (scenario->start != NULL && prologue < CAUSE_PROLOGUE_COUNT &&
           strcmp(cause_prologue_name(prologue), scenario->start) != 0) {
        prologue++;
    }
    reader->out->start.prologue = prologue;
    return prologue < CAUSE_PROLOGUE_COUNT ||
           reader_refuse(reader, scenario->start_span, "there is no prologue %s", scenario->start);
}
