/* setsockopt(), fcntl() and socket.set() as causes. */
#include <string.h>

#include "causes/reader.h"
#include "causes/words.h"

static const struct scenario_value *only(const struct scenario_value *value)
{
    return value->kind == SCENARIO_VALUE_LIST && value->child_count == 1 ? &value->children[0]
                                                                         : value;
}

static bool field(const struct scenario_value *value, const char *name, int64_t *out)
{
    for (size_t i = 0; value->kind == SCENARIO_VALUE_STRUCT && i < value->child_count; i++) {
        const struct scenario_value *const one = &value->children[i];
        if (one->kind == SCENARIO_VALUE_FIELD && strcmp(one->text, name) == 0 &&
            one->child_count == 1 && one->children[0].kind == SCENARIO_VALUE_INTEGER) {
            *out = one->children[0].integer;
            return true;
        }
    }
    return false;
}

/* The value in the socket layer's own unit. */
static bool value_of(const char *option, const struct scenario_value *value, int64_t *out)
{
    int64_t on = 0, seconds = 0, us = 0;
    value = only(value);
    if (strcmp(option, "SO_LINGER") == 0) {
        const bool is_good = field(value, "onoff", &on) && field(value, "linger", &seconds);
        *out = on != 0 ? seconds : -1;
        return is_good;
    }
    if (strcmp(option, "SO_RCVTIMEO") == 0 || strcmp(option, "SO_SNDTIMEO") == 0) {
        const bool is_good = field(value, "tv_sec", &seconds) && field(value, "tv_usec", &us);
        *out = seconds * 1000 + us / 1000;
        return is_good && us % 1000 == 0;
    }
    if (strcmp(option, "TCP_CONGESTION") == 0 && value->kind == SCENARIO_VALUE_STRING) {
        *out = cause_congestion_value(value->text, value->text_bytes);
        return true;
    }
    *out = value->integer;
    return value->kind == SCENARIO_VALUE_INTEGER;
}

static bool set_flags(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    const bool sets = call->argument_count == 3 && call->arguments[1].kind == SCENARIO_VALUE_WORD &&
                      strcmp(call->arguments[1].text, "F_SETFL") == 0;
    const struct scenario_value *const flags = &call->arguments[2];
    if (!sets) {
        return true; /* F_GETFL asks */
    }
    bool is_on = flags->kind == SCENARIO_VALUE_WORD && strcmp(flags->text, "O_NONBLOCK") == 0;
    for (size_t i = 0; flags->kind == SCENARIO_VALUE_OR && i < flags->child_count; i++) {
        const struct scenario_value *const one = &flags->children[i];
        is_on = is_on || (one->kind == SCENARIO_VALUE_WORD && strcmp(one->text, "O_NONBLOCK") == 0);
    }
    struct cause_call *const out = &reader_add(reader, CAUSE_CALL)->as.call;
    *out = (struct cause_call){.kind = CAUSE_CALL_SET_OPTION, .name = name, .number = is_on};
    return cause_option_of("O_NONBLOCK", &out->option);
}

bool reader_option_call(struct reader *reader, const struct scenario_call *call)
{
    struct cause_call out = {.kind = CAUSE_CALL_SET_OPTION};
    if (!reader_descriptor_of(reader, &call->arguments[0], &out.name)) {
        return false;
    }
    if (strcmp(call->name, "fcntl") == 0) {
        return set_flags(reader, call, out.name);
    }
    const bool is_own = strcmp(call->name, "socket.set") == 0;
    const struct scenario_value *const option = &call->arguments[is_own ? 1 : 2];
    const struct scenario_value *const value = &call->arguments[is_own ? 2 : 3];
    if (call->argument_count != (is_own ? 3u : 5u) || option->kind != SCENARIO_VALUE_WORD ||
        !cause_option_of(option->text, &out.option)) {
        return reader_refuse(reader, call->name_span, "no cause sets this option");
    }
    if (is_own ? value->kind != SCENARIO_VALUE_INTEGER
               : !value_of(option->text, value, &out.number)) {
        return reader_refuse(reader, value->span, "no cause sets this value");
    }
    out.number = is_own ? value->integer : out.number;
    if (out.number < INT32_MIN || out.number > INT32_MAX) {
        return reader_refuse(reader, value->span, "no cause sets this value");
    }
    reader_add(reader, CAUSE_CALL)->as.call = out;
    return true;
}
