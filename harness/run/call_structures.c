/* Socket options whose value is a structure: struct linger, struct timeval, struct tcp_info. */
#include "run/call_forms.h"

#include <inttypes.h>
#include <string.h>

#define US_PER_MS 1000
#define MS_PER_S  1000

static const struct scenario_value *value_of(const struct scenario_value *field)
{
    return &field->children[field->child_count - 1];
}

/* "linger" and "l_linger" are one. */
static bool is_member(const char *text, const char *name)
{
    const char *const dash = strchr(text, '_');
    return strcmp(dash == NULL ? text : dash + 1, name) == 0;
}

/* The integers of two fields; 0 where one is missing. */
static bool two_fields(struct run *run, const struct scenario_value *value,
                       const char *const names[2], int64_t out[2])
{
    out[0] = out[1] = 0;
    if (value->kind != SCENARIO_VALUE_STRUCT) {
        return run_fail(run, RUN_INVALID, value->span, "{%s=..., %s=...} is expected here",
                        names[0], names[1]);
    }
    for (size_t i = 0; i < value->child_count; i++) {
        const struct scenario_value *const field = &value->children[i];
        if (field->kind != SCENARIO_VALUE_FIELD) {
            return run_fail(run, RUN_INVALID, field->span, "name=value is expected here");
        }
        const size_t which = is_member(field->text, names[1]) ? 1 : 0;
        if (!is_member(field->text, names[which])) {
            return run_fail(run, RUN_INVALID, field->span, "%s or %s is expected here", names[0],
                            names[1]);
        }
        if (!argument_integer(run, value_of(field), &out[which])) {
            return false;
        }
    }
    return true;
}

/* {onoff=1, linger=5} as seconds, -1: off. */
bool call_options_linger(struct run *run, const struct scenario_value *value, int64_t *out)
{
    static const char *const names[2] = {"onoff", "linger"};
    int64_t fields[2];
    if (!two_fields(run, value, names, fields)) {
        return false;
    }
    *out = fields[0] == 0 ? -1 : fields[1];
    return true;
}

/* {tv_sec=1, tv_usec=500000} as milliseconds. */
bool call_options_duration(struct run *run, const struct scenario_value *value, int64_t *out)
{
    static const char *const names[2] = {"sec", "usec"};
    int64_t fields[2];
    if (!two_fields(run, value, names, fields)) {
        return false;
    }
    if (fields[0] < 0 || fields[0] > INT32_MAX / MS_PER_S || fields[1] < 0 ||
        fields[1] >= MS_PER_S * US_PER_MS) {
        return run_fail(run, RUN_INVALID, value->span, "this is no struct timeval");
    }
    *out = fields[0] * MS_PER_S + fields[1] / US_PER_MS;
    return true;
}

static const struct {
    const char *name;
    size_t offset;
} info_fields[] = {
#define INFO_FIELD(name) {"tcpi_" #name, offsetof(struct tcp_socket_info, name)},
    TCP_SOCKET_INFO_FIELDS(INFO_FIELD)
#undef INFO_FIELD
};

static bool same_field(struct run *run, const struct scenario_value *field,
                       const struct tcp_socket_info *info)
{
    int64_t expected;
    uint64_t actual;
    for (size_t i = 0; i < sizeof info_fields / sizeof info_fields[0]; i++) {
        if (strcmp(field->text, info_fields[i].name) != 0) {
            continue;
        }
        if (value_of(field)->kind == SCENARIO_VALUE_ELLIPSIS) {
            return true;
        }
        if (!argument_integer(run, value_of(field), &expected)) {
            return false;
        }
        memcpy(&actual, (const char *)info + info_fields[i].offset, sizeof actual);
        return (uint64_t)expected == actual ||
               run_fail(run, RUN_FAILED, field->span, "%s is %" PRIu64 ", not %" PRId64,
                        field->text, actual, expected);
    }
    return run_fail(run, RUN_SKIPPED, field->span, "%s is nothing that TCP_INFO tells here",
                    field->text);
}

bool call_options_same_info(struct run *run, const struct scenario_value *value,
                            const struct tcp_socket_info *info)
{
    if (value->kind != SCENARIO_VALUE_STRUCT) {
        return run_fail(run, RUN_INVALID, value->span, "{tcpi_...=...} is expected here");
    }
    for (size_t i = 0; i < value->child_count; i++) {
        const struct scenario_value *const field = &value->children[i];
        if (field->kind != SCENARIO_VALUE_FIELD) {
            return run_fail(run, RUN_INVALID, field->span, "tcpi_...=value is expected here");
        }
        if (!same_field(run, field, info)) {
            return false;
        }
    }
    return true;
}
