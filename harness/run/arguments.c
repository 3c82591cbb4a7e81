/* The arguments of calls as values: numbers, words, addresses, descriptors. What is not understood is
 * named with its place. */
#include "run/runner.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

static bool is_call_of(const struct scenario_value *value, const char *name)
{
    return value->kind == SCENARIO_VALUE_CALL && value->child_count == 1 &&
           strcmp(value->text, name) == 0;
}

static bool single_integer(struct run *run, const struct scenario_value *value, int64_t *out)
{
    if (value->kind == SCENARIO_VALUE_INTEGER) {
        *out = value->integer;
        return true;
    }
    if (value->kind == SCENARIO_VALUE_WORD) {
        if (symbols_find(value->text, value->text_bytes, out)) {
            return true;
        }
        return vocabulary_refuse_word(run, value);
    }
    return run_fail(run, RUN_INVALID, value->span, "a number is expected here");
}

bool argument_integer(struct run *run, const struct scenario_value *value, int64_t *out)
{
    if (is_call_of(value, "htons") || is_call_of(value, "htonl") ||
        (value->kind == SCENARIO_VALUE_LIST && value->child_count == 1)) {
        value = &value->children[0]; /* byte order is the adapter's affair */
    }
    if (value->kind != SCENARIO_VALUE_OR) {
        return single_integer(run, value, out);
    }
    int64_t all = 0;
    for (size_t i = 0; i < value->child_count; i++) {
        int64_t one;
        if (!single_integer(run, &value->children[i], &one)) {
            return false;
        }
        all |= one;
    }
    *out = all;
    return true;
}

bool argument_address(struct run *run, const char *text, size_t count, struct source_span span,
                      struct tcp_address *out)
{
    char terminated[64];
    struct tcp_address address = {.version = run->ip_version};
    if (count < sizeof terminated) {
        memcpy(terminated, text, count);
        terminated[count] = '\0';
        if (inet_pton(run->ip_version == 6 ? AF_INET6 : AF_INET, terminated, address.bytes) == 1) {
            *out = address;
            return true;
        }
        uint8_t other[16];
        if (inet_pton(run->ip_version == 6 ? AF_INET : AF_INET6, terminated, other) == 1) {
            return run_fail(run, RUN_SKIPPED, span,
                            "the address %s is not of IPv%u, as this run is", terminated,
                            run->ip_version);
        }
    }
    return run_fail(run, RUN_INVALID, span, "this is no IP address");
}

static bool address_value(struct run *run, const struct scenario_value *value,
                          struct tcp_address *out)
{
    if (is_call_of(value, "inet_addr") || is_call_of(value, "inet6_addr")) {
        const struct scenario_value *const text = &value->children[0];
        return argument_address(run, text->text, text->text_bytes, text->span, out);
    }
    int64_t number;
    if (!argument_integer(run, value, &number)) {
        return false;
    }
    if (number != 0) {
        return run_fail(run, RUN_INVALID, value->span, "an address is expected here");
    }
    *out = (struct tcp_address){.version = run->ip_version};
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* sa_family, sin_family: the run's version decides, but a script that insists on the other cannot
 * run. */
static bool check_family(struct run *run, const struct scenario_value *value)
{
    int64_t family;
    if (value->kind == SCENARIO_VALUE_ELLIPSIS) {
        return true;
    }
    if (!argument_integer(run, value, &family)) {
        return false;
    }
    if (family != (run->ip_version == 6 ? 10 : 2)) {
        return run_fail(run, RUN_SKIPPED, value->span,
                        "the script names an address family that is not of IPv%u, as this run is",
                        run->ip_version);
    }
    return true;
}

static bool endpoint_field(struct run *run, const struct scenario_value *field,
                           struct tcp_endpoint *out)
{
    const struct scenario_value *const value = &field->children[field->child_count - 1];
    int64_t port;
    if (ends_with(field->text, "family")) {
        return check_family(run, value);
    }
    if (value->kind == SCENARIO_VALUE_ELLIPSIS) {
        return true;
    }
    if (ends_with(field->text, "addr")) {
        return address_value(run, value, &out->address);
    }
    if (!ends_with(field->text, "port")) {
        return true;
    }
    if (!argument_integer(run, value, &port)) {
        return false;
    }
    if (port < 0 || port > UINT16_MAX) {
        return run_fail(run, RUN_INVALID, value->span, "%" PRId64 " is no port", port);
    }
    out->port = (uint16_t)port;
    return true;
}

bool argument_endpoint(struct run *run, const struct scenario_value *value,
                       const struct tcp_endpoint *otherwise, struct tcp_endpoint *out)
{
    static const char *const members[] = {
        "sa_family", "sin_family", "sin_port",      "sin_addr",      "sin6_family",
        "sin6_port", "sin6_addr",  "sin6_flowinfo", "sin6_scope_id",
    };
    struct tcp_endpoint endpoint = *otherwise;
    if (value->kind == SCENARIO_VALUE_INTEGER && value->integer >= 0 &&
        value->integer <= UINT16_MAX) { /* a port alone */
        out->address = endpoint.address;
        out->port = (uint16_t)value->integer;
        return true;
    }
    if (value->kind != SCENARIO_VALUE_ELLIPSIS && value->kind != SCENARIO_VALUE_STRUCT) {
        return run_fail(run, RUN_INVALID, value->span,
                        "an address is expected here: {...}, a port or ...");
    }
    if (!vocabulary_check_members(run, value, members, sizeof members / sizeof members[0])) {
        return false;
    }
    for (size_t i = 0; i < value->child_count; i++) {
        if (!endpoint_field(run, &value->children[i], &endpoint)) {
            return false;
        }
    }
    *out = endpoint;
    return true;
}

bool argument_is_address(const struct scenario_value *value)
{
    const bool is_null = value->kind == SCENARIO_VALUE_WORD && value->text_bytes == 4 &&
                         memcmp(value->text, "NULL", 4) == 0;
    return value->kind != SCENARIO_VALUE_ELLIPSIS && !is_null &&
           (value->kind != SCENARIO_VALUE_INTEGER || value->integer != 0);
}

bool argument_descriptor(struct run *run, const struct scenario_value *value,
                         struct descriptor **entry, int *fd)
{
    int64_t name;
    if (!argument_integer(run, value, &name)) {
        return false;
    }
    *entry = descriptors_find(run, name);
    *fd = *entry == NULL ? -1 : (*entry)->fd;
    return true;
}
