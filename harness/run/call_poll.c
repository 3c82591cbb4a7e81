/* poll() and epoll: what a script is interested in, and whether it was told what it expects. */
#include "run/call_forms.h"

#include <inttypes.h>
#include <string.h>

#define EVENTS_MAX 1024
#define US_PER_MS  1000

/* The value of a field of a structure, or NULL when it is not there. */
static const struct scenario_value *field_of(const struct scenario_value *structure,
                                             const char *name)
{
    for (size_t i = 0; i < structure->child_count; i++) {
        const struct scenario_value *const field = &structure->children[i];
        if (field->kind == SCENARIO_VALUE_FIELD && strcmp(field->text, name) == 0) {
            return &field->children[field->child_count - 1];
        }
    }
    return NULL;
}

static bool bits_of(struct run *run, const struct scenario_value *structure, const char *name,
                    int64_t *out)
{
    const struct scenario_value *const value = field_of(structure, name);
    *out = 0;
    return value == NULL || value->kind == SCENARIO_VALUE_ELLIPSIS ||
           argument_integer(run, value, out);
}

static bool timeout_of(struct run *run, const struct scenario_value *value, struct pending *entry)
{
    int64_t ms;
    if (!argument_integer(run, value, &ms)) {
        return false;
    }
    if (ms > INT32_MAX || ms < INT32_MIN) {
        return run_fail(run, RUN_INVALID, value->span, "%" PRId64 " is no timeout in milliseconds",
                        ms);
    }
    entry->call.number = ms < 0 ? -1 : ms * US_PER_MS;
    return true;
}

/* ---- poll ---------------------------------------------------------------------------------------- */

static bool fill_entry(struct run *run, const struct scenario_value *item,
                       struct tcp_socket_pollfd *out)
{
    static const char *const members[] = {"fd", "events", "revents"};
    int64_t events;
    struct descriptor *descriptor;
    const struct scenario_value *const fd = field_of(item, "fd");
    if (item->kind != SCENARIO_VALUE_STRUCT || fd == NULL) {
        return run_fail(run, RUN_INVALID, item->span, "{fd=..., events=...} is expected here");
    }
    if (!vocabulary_check_members(run, item, members, sizeof members / sizeof members[0])) {
        return false;
    }
    int live;
    int64_t name;
    if (!argument_integer(run, fd, &name) || !bits_of(run, item, "events", &events) ||
        !argument_descriptor(run, fd, &descriptor, &live)) {
        return false;
    }
    /* A name that stands for nothing is a descriptor that is not open, but below 0 it is none. */
    const int32_t unknown = name < 0 ? -1 : INT32_MAX;
    *out = (struct tcp_socket_pollfd){.fd = descriptor == NULL ? unknown : live,
                                      .events = (uint16_t)events};
    return true;
}

bool call_poll_prepare(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct scenario_value *const list = &call->arguments[0];
    int64_t count;
    if (list->kind != SCENARIO_VALUE_LIST || list->child_count > EVENTS_MAX) {
        return run_fail(run, RUN_INVALID, list->span, "a list of {fd=..., events=...} is expected");
    }
    if (!argument_integer(run, &call->arguments[1], &count)) {
        return false;
    }
    if (count != (int64_t)list->child_count) {
        return run_fail(run, RUN_INVALID, call->arguments[1].span,
                        "the list has %zu entries, not %" PRId64, list->child_count, count);
    }
    struct tcp_socket_pollfd *const set =
        arena_take(run->arena, (list->child_count + 1) * sizeof *set);
    for (size_t i = 0; i < list->child_count; i++) {
        if (!fill_entry(run, &list->children[i], &set[i])) {
            return false;
        }
    }
    entry->call.kind = SUT_CALL_POLL;
    entry->call.bytes = (uint8_t *)set;
    entry->call.count = list->child_count * sizeof *set;
    return timeout_of(run, &call->arguments[2], entry);
}

/* "POLLIN|POLLHUP"; what has no name here as a number. */
static const char *bits_text(struct run *run, const char *prefix, uint64_t bits)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        {TCP_SOCKET_IN, "IN"},       {TCP_SOCKET_PRI, "PRI"}, {TCP_SOCKET_OUT, "OUT"},
        {TCP_SOCKET_ERR, "ERR"},     {TCP_SOCKET_HUP, "HUP"}, {TCP_SOCKET_NVAL, "NVAL"},
        {TCP_SOCKET_RDHUP, "RDHUP"},
    };
    const char *text = "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((bits & names[i].bit) != 0) {
            text = arena_format(run->arena, "%s%s%s%s", text, text[0] == '\0' ? "" : "|", prefix,
                                names[i].name);
            bits &= ~(uint64_t)names[i].bit;
        }
    }
    if (bits != 0 || text[0] == '\0') {
        text = arena_format(run->arena, "%s%s0x%" PRIx64, text, text[0] == '\0' ? "" : "|", bits);
    }
    return text;
}

static bool fail_bits(struct run *run, const struct scenario_value *structure, const char *field,
                      int64_t script, uint32_t stack)
{
    const char *const prefix = strcmp(field, "revents") == 0 ? "POLL" : "EPOLL";
    const char *const actual = bits_text(run, prefix, stack);
    (void)run_fail(run, RUN_FAILED, structure->span, "%s is %s", field, actual);
    run_differ(run, field, structure->span, bits_text(run, prefix, (uint64_t)script), actual);
    return false;
}

bool call_poll_conclude(struct run *run, struct pending *entry, const struct sut_result *result,
                        int64_t *value)
{
    (void)value;
    const struct scenario_value *const list = &entry->event->as.call->arguments[0];
    for (size_t i = 0; result->error == NULL && i < list->child_count; i++) {
        const struct scenario_value *const script = field_of(&list->children[i], "revents");
        struct tcp_socket_pollfd told;
        memcpy(&told, entry->call.bytes + i * sizeof told, sizeof told);
        int64_t expected = 0;
        if (script == NULL || script->kind == SCENARIO_VALUE_ELLIPSIS) {
            continue;
        }
        if (!argument_integer(run, script, &expected)) {
            return false;
        }
        if (expected != told.revents) {
            return fail_bits(run, &list->children[i], "revents", expected, told.revents);
        }
    }
    return true;
}

/* ---- epoll --------------------------------------------------------------------------------------- */

bool call_poll_prepare_create(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    (void)run;
    (void)call; /* the size has long been meaningless, and there is no exec() to close on */
    entry->call.kind = SUT_CALL_EPOLL_CREATE;
    return true;
}

bool call_poll_conclude_create(struct run *run, struct pending *entry,
                               const struct sut_result *result, int64_t *value)
{
    call_forms_bind_result(run, entry, result, value);
    return true;
}

/* An epoll_event, or nothing: ... or, where nothing is read, 0. */
static bool check_event(struct run *run, const struct scenario_value *value)
{
    static const char *const members[] = {"events", "fd", "u32", "u64", "ptr"};
    if (value->kind != SCENARIO_VALUE_STRUCT) {
        return true;
    }
    return vocabulary_check_members(run, value, members, sizeof members / sizeof members[0]);
}

/* The datum of an epoll_event: fd, u32, u64 or ptr. */
static bool datum_of(struct run *run, const struct scenario_value *structure, bool *has_datum,
                     int64_t *out)
{
    static const char *const names[] = {"fd", "u32", "u64", "ptr"};
    *has_datum = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct scenario_value *const value = field_of(structure, names[i]);
        if (value != NULL && value->kind != SCENARIO_VALUE_ELLIPSIS) {
            *has_datum = true;
            return argument_integer(run, value, out);
        }
    }
    return true;
}

bool call_poll_prepare_change(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    static const enum tcp_socket_epoll_change changes[] = {
        TCP_SOCKET_EPOLL_ADD, TCP_SOCKET_EPOLL_DEL, TCP_SOCKET_EPOLL_MOD}; /* Linux's 1, 2, 3 */
    struct descriptor *target, *set;
    int64_t change, events, datum = 0;
    int fd;
    bool has_datum;
    if (!argument_descriptor(run, &call->arguments[0], &set, &entry->call.fd) ||
        !argument_integer(run, &call->arguments[1], &change) ||
        !argument_descriptor(run, &call->arguments[2], &target, &fd) ||
        !check_event(run, &call->arguments[3]) ||
        !bits_of(run, &call->arguments[3], "events", &events) ||
        !datum_of(run, &call->arguments[3], &has_datum, &datum)) {
        return false;
    }
    const bool is_known = change >= 1 && change <= 3;
    entry->call.kind = SUT_CALL_EPOLL_CTL;
    entry->call.option = is_known ? (int)changes[change - 1] : -1;
    entry->call.number = fd;
    entry->call.event =
        (struct tcp_socket_epoll_event){.data = (uint64_t)datum, .events = (uint32_t)events};
    return true;
}

bool call_poll_prepare_wait(struct run *run, const struct scenario_call *call,
                            struct pending *entry)
{
    const struct scenario_value *const events = &call->arguments[1];
    struct descriptor *set;
    int64_t count;
    if (!check_event(run, events)) {
        return false;
    }
    for (size_t i = 0; events->kind == SCENARIO_VALUE_LIST && i < events->child_count; i++) {
        if (!check_event(run, &events->children[i])) {
            return false;
        }
    }
    if (!argument_descriptor(run, &call->arguments[0], &set, &entry->call.fd) ||
        !argument_integer(run, &call->arguments[2], &count)) {
        return false;
    }
    const size_t room = count < 0 ? 0 : count > EVENTS_MAX ? EVENTS_MAX : (size_t)count;
    entry->call.kind = SUT_CALL_EPOLL_WAIT;
    entry->call.count = room * sizeof(struct tcp_socket_epoll_event);
    entry->call.bytes = arena_take(run->arena, entry->call.count + 1);
    return timeout_of(run, &call->arguments[3], entry);
}

static bool check_told(struct run *run, const struct scenario_value *script,
                       const struct tcp_socket_epoll_event *told)
{
    int64_t events, datum = 0;
    bool has_datum;
    if (!bits_of(run, script, "events", &events) || !datum_of(run, script, &has_datum, &datum)) {
        return false;
    }
    if (field_of(script, "events") != NULL && events != told->events) {
        return fail_bits(run, script, "events", events, told->events);
    }
    if (has_datum && (uint64_t)datum != told->data) {
        (void)run_fail(run, RUN_FAILED, script->span, "the event is of %" PRIu64 ", not %" PRId64,
                       told->data, datum);
        return false;
    }
    return true;
}

/* One structure for the first event, or a list for all. */
bool call_poll_conclude_wait(struct run *run, struct pending *entry,
                             const struct sut_result *result, int64_t *value)
{
    (void)value;
    const struct scenario_value *const script = &entry->event->as.call->arguments[1];
    const bool is_list = script->kind == SCENARIO_VALUE_LIST;
    const size_t said = is_list                                 ? script->child_count
                        : script->kind == SCENARIO_VALUE_STRUCT ? 1
                                                                : 0;
    const size_t count = result->error != NULL || result->value < 0 ? 0 : (size_t)result->value;
    if (is_list && result->error == NULL && said != count) {
        return run_fail(run, RUN_FAILED, script->span,
                        "epoll_wait() told of %zu events, and the list has %zu", count, said);
    }
    for (size_t i = 0; i < said && i < count; i++) {
        struct tcp_socket_epoll_event told;
        memcpy(&told, entry->call.bytes + i * sizeof told, sizeof told);
        if (!check_told(run, is_list ? &script->children[i] : script, &told)) {
            return false;
        }
    }
    return true;
}
