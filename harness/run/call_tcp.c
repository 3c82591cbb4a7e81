/* RFC 9293's own calls (3.9.1), which act on TCP without sockets:
 *
 *     tcp.open(active, LOCAL, REMOTE) = c1      LOCAL, REMOTE: a port, {sockaddr} or ...
 *     tcp.open(active, c1, REMOTE) = c1         a passive OPEN becomes an active one
 *     tcp.open(passive, LOCAL, ... [, backlog]) = c1
 *     tcp.accept(c1) = c2                       takes a connection that a passive OPEN has made
 *     tcp.send(c2, ..., 100 [, URGENT|MORE]) = 100
 *     tcp.send(c1, ..., 100, PUSH, REMOTE) = 100   a SEND makes a passive OPEN an active one
 *     tcp.receive(c2, ..., 1000) = 100
 *     tcp.release(c2) = 0                       the user lets go of the record
 *     tcp.ds_field(c2, 46) = 0                  of what it sends from now on; -1: the configured one
 *     tcp.close(c2) = 0    tcp.abort(c2) = 0    tcp.status(c2, {state=ESTABLISHED}) = 0
 *
 * A name is bound by the call's result. Errors: -1 TCP_ERROR_CLOSING (connection closing). */
#include "run/call_forms.h"

#include <limits.h>
#include <string.h>

#define BACKLOG_DEFAULT 16

static struct tcp_name *find_name(const struct run *run, const struct scenario_value *value)
{
    for (size_t i = 0; value->kind == SCENARIO_VALUE_WORD && i < run->tcp_name_count; i++) {
        if (strcmp(run->tcp_names[i]->word, value->text) == 0) {
            return run->tcp_names[i];
        }
    }
    return NULL;
}

static void bind_name(struct run *run, const char *word, tcp_handle connection)
{
    struct tcp_name *const name = arena_take(run->arena, sizeof *name);
    *name = (struct tcp_name){word, connection};
    for (size_t i = 0; i < run->tcp_name_count; i++) {
        if (strcmp(run->tcp_names[i]->word, word) == 0) {
            run->tcp_names[i] = name;
            return;
        }
    }
    void *items = run->tcp_names;
    arena_grow(run->arena, &items, &run->tcp_name_capacity, run->tcp_name_count,
               sizeof *run->tcp_names);
    run->tcp_names = items;
    run->tcp_names[run->tcp_name_count++] = name;
}

/* The connection of the runner that a handle is, or RUN_NO_CONNECTION. */
static uint32_t connection_of_handle(struct run *run, tcp_handle handle)
{
    const struct sut_call call = {.kind = SUT_CALL_TCP_LOOK, .connection = handle};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error != NULL || result.flow.remote.port == 0) {
        return RUN_NO_CONNECTION;
    }
    const struct connection *connection = connections_by_handle(run, handle);
    if (connection == NULL) {
        connection = connections_of_flow(run, &result.flow);
    }
    return connection == NULL ? RUN_NO_CONNECTION : connection->index;
}

/* The name that the call is about. */
static bool subject_of(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->name = find_name(run, &call->arguments[0]);
    if (entry->name == NULL && run->mode == RUN_CAUSES) {
        return true; /* no handle: the system under test refuses it */
    }
    if (entry->name == NULL) {
        return run_fail(run, RUN_INVALID, call->arguments[0].span,
                        "this names no connection; a name is bound by tcp.open(...) = NAME");
    }
    entry->call.connection = entry->name->connection;
    entry->connection = connection_of_handle(run, entry->call.connection);
    return true;
}

static bool is_word(const struct scenario_value *value, const char *word)
{
    return value->kind == SCENARIO_VALUE_WORD && strcmp(value->text, word) == 0;
}

/* A port, {sockaddr} or `...`, which is `usual`. */
static bool endpoint_of(struct run *run, const struct scenario_value *value,
                        const struct tcp_endpoint *usual, struct tcp_endpoint *out)
{
    int64_t port;
    if (value->kind != SCENARIO_VALUE_INTEGER) {
        return argument_endpoint(run, value, usual, out);
    }
    port = value->integer;
    if (port < 0 || port > UINT16_MAX) {
        return run_fail(run, RUN_INVALID, value->span, "this is no port");
    }
    *out = (struct tcp_endpoint){usual->address, (uint16_t)port};
    return true;
}

static bool prepare_passive(struct run *run, const struct scenario_call *call,
                            struct pending *entry)
{
    const struct tcp_endpoint usual = {run->local, run->bind_port};
    int64_t backlog = BACKLOG_DEFAULT;
    if (!endpoint_of(run, &call->arguments[1], &usual, &entry->call.flow.local) ||
        (call->argument_count > 3 && !argument_integer(run, &call->arguments[3], &backlog))) {
        return false;
    }
    if (call->arguments[2].kind != SCENARIO_VALUE_ELLIPSIS) {
        return run_fail(run, RUN_SKIPPED, call->arguments[2].span,
                        "a passive OPEN with a remote socket cannot run yet");
    }
    entry->call.option = backlog < -1 || backlog > INT32_MAX ? -1 : (int)backlog;
    return true;
}

/* In mode causes a name of a listener on the port is reason enough to make that one active. */
static const struct tcp_name *listener_of(struct run *run, const struct scenario_call *call)
{
    const struct tcp_name *const named = find_name(run, &call->arguments[1]);
    const struct tcp_name *const result = find_name(run, &call->result);
    if (named != NULL || result == NULL || run->mode != RUN_CAUSES ||
        call->arguments[1].kind != SCENARIO_VALUE_INTEGER) {
        return named;
    }
    const struct sut_call asked = {.kind = SUT_CALL_TCP_STATUS, .connection = result->connection};
    const struct sut_result status = run->sut->call(run->instance, run->now, &asked);
    return status.error == NULL && status.status.state == TCB_LISTEN &&
                   status.flow.local.port == call->arguments[1].integer
               ? result
               : NULL;
}

static bool prepare_active(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct tcp_endpoint local = {run->local, 0};
    const struct tcp_endpoint remote = {run->remote, run->connect_port};
    const struct tcp_name *const listener = listener_of(run, call);
    entry->call.number = 1;
    if (listener != NULL) {
        entry->call.connection = listener->connection;
        entry->connection = connection_of_handle(run, listener->connection);
        entry->call.flow.local = local;
    } else if (!endpoint_of(run, &call->arguments[1], &local, &entry->call.flow.local)) {
        return false;
    }
    return endpoint_of(run, &call->arguments[2], &remote, &entry->call.flow.remote);
}

/* A call that makes a connection names it, or is expected to fail. */
static bool check_result(struct run *run, const struct scenario_call *call)
{
    return call->result.kind != SCENARIO_VALUE_INTEGER || call->error != NULL ||
           run_fail(run, RUN_INVALID, call->result_span,
                    "the result of %s() is a name for the connection", call->name);
}

bool call_tcp_prepare_open(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->call.kind = SUT_CALL_TCP_OPEN;
    if (!check_result(run, call)) {
        return false;
    }
    if (is_word(&call->arguments[0], "passive")) {
        return prepare_passive(run, call, entry);
    }
    if (is_word(&call->arguments[0], "active")) {
        return prepare_active(run, call, entry);
    }
    return run_fail(run, RUN_INVALID, call->arguments[0].span, "active or passive is expected");
}

/* The result is a name, or -1 and an error. A listener is where the peer's packets go by default. */
bool call_tcp_conclude_open(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    const struct scenario_value *const name = &entry->event->as.call->result;
    if (result->error != NULL) {
        return name->kind != SCENARIO_VALUE_WORD ||
               run_fail(run, RUN_FAILED, name->span, "%s() failed: %s", entry->event->as.call->name,
                        result->error);
    }
    *value = 0;
    if (name->kind == SCENARIO_VALUE_WORD) {
        bind_name(run, name->text, result->connection);
        const struct sut_call call = {.kind = SUT_CALL_TCP_STATUS,
                                      .connection = result->connection};
        const struct sut_result status = run->sut->call(run->instance, run->now, &call);
        if (status.error == NULL) {
            targets_bind(run, name->text, &status.flow);
        }
    }
    entry->connection = connection_of_handle(run, result->connection);
    if (entry->call.kind == SUT_CALL_TCP_OPEN && entry->call.number == 0) {
        run->is_listening = true;
        run->listening_port = entry->call.flow.local.port;
    }
    return true;
}

bool call_tcp_prepare_accept(struct run *run, const struct scenario_call *call,
                             struct pending *entry)
{
    entry->call.kind = SUT_CALL_TCP_ACCEPT;
    return check_result(run, call) && subject_of(run, call, entry);
}

static bool send_flags(struct run *run, const struct scenario_value *value, uint32_t *out)
{
    static const struct {
        const char *word;
        uint32_t flag;
    } words[] = {{"PUSH", 0}, {"MORE", TCP_SEND_MORE}, {"URGENT", TCP_SEND_URGENT}};
    const bool is_list = value->kind == SCENARIO_VALUE_OR;
    const size_t count = is_list ? value->child_count : 1;
    if (value->kind == SCENARIO_VALUE_INTEGER && value->integer == 0) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        const struct scenario_value *const one = is_list ? &value->children[i] : value;
        size_t at = 0;
        while (at < sizeof words / sizeof words[0] && !is_word(one, words[at].word)) {
            at++;
        }
        if (at == sizeof words / sizeof words[0]) {
            return run_fail(run, RUN_INVALID, one->span, "PUSH, MORE or URGENT is expected, or 0");
        }
        *out |= words[at].flag;
    }
    return true;
}

bool call_tcp_prepare_send(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct tcp_endpoint remote = {run->remote, run->connect_port};
    entry->call.kind = SUT_CALL_TCP_SEND;
    if (call->argument_count > 4) { /* the remote socket of a SEND in LISTEN */
        entry->call.number = 1;
        entry->call.flow.local = (struct tcp_endpoint){run->local, 0};
        if (!endpoint_of(run, &call->arguments[4], &remote, &entry->call.flow.remote)) {
            return false;
        }
    }
    return subject_of(run, call, entry) && call_data_single(run, call, entry) &&
           (call->argument_count < 4 || send_flags(run, &call->arguments[3], &entry->call.flags)) &&
           call_data_room(run, entry) && call_data_fill(run, entry);
}

/* A SEND that opened its connection: what it wrote stands at the head of the new stream. */
bool call_tcp_conclude_send(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    if (entry->call.number == 0 || result->error != NULL || result->value <= 0) {
        return call_data_conclude_write(run, entry, result, value);
    }
    const struct sut_call look = {.kind = SUT_CALL_TCP_LOOK, .connection = entry->call.connection};
    const struct sut_result found = run->sut->call(run->instance, run->now, &look);
    struct connection *const connection = connections_add(run, &found.flow, false);
    connection->handle = entry->call.connection;
    connections_set_local_isn(run, connection, found.status.iss);
    connection->written_bytes = (uint32_t)result->value;
    payload_overlay(run->arena, &connection->sent, 0, entry->call.bytes, (uint32_t)result->value);
    entry->connection = connection->index;
    return true;
}

bool call_tcp_prepare_receive(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    entry->call.kind = SUT_CALL_TCP_RECEIVE;
    return subject_of(run, call, entry) && call_data_single(run, call, entry) &&
           call_data_room(run, entry);
}

bool call_tcp_prepare_end(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    static const struct {
        const char *name;
        enum sut_call_kind kind;
    } kinds[] = {{"tcp.abort", SUT_CALL_TCP_ABORT},
                 {"tcp.close", SUT_CALL_TCP_CLOSE},
                 {"tcp.release", SUT_CALL_TCP_RELEASE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(call->name, kinds[i].name) == 0) {
            entry->call.kind = kinds[i].kind;
        }
    }
    return subject_of(run, call, entry);
}

bool call_tcp_prepare_status(struct run *run, const struct scenario_call *call,
                             struct pending *entry)
{
    entry->call.kind = SUT_CALL_TCP_STATUS;
    return subject_of(run, call, entry);
}

bool call_tcp_prepare_ds_field(struct run *run, const struct scenario_call *call,
                               struct pending *entry)
{
    entry->call.kind = SUT_CALL_TCP_DS;
    if (!subject_of(run, call, entry) ||
        !argument_integer(run, &call->arguments[1], &entry->call.number)) {
        return false;
    }
    return (entry->call.number >= -1 && entry->call.number <= INT_MAX) ||
           run_fail(run, RUN_INVALID, call->arguments[1].span,
                    "the DS field is a number from 0, or -1 for the configured one");
}

/* state=FIN_WAIT_1 is what assert calls FIN-WAIT-1. */
static const char *state_word(struct run *run, const struct scenario_value *value)
{
    char *const word = arena_take(run->arena, value->text_bytes + 1);
    for (size_t i = 0; i < value->text_bytes; i++) {
        word[i] = value->text[i];
        if (word[i] == '_') {
            word[i] = '-';
        }
    }
    word[value->text_bytes] = '\0';
    return word;
}

bool call_tcp_conclude_status(struct run *run, struct pending *entry,
                              const struct sut_result *result, int64_t *value)
{
    const struct scenario_call *const call = entry->event->as.call;
    const struct scenario_value *const script = &call->arguments[call->argument_count - 1];
    (void)value;
    if (result->error != NULL || call->argument_count < 2) {
        return true;
    }
    if (script->kind != SCENARIO_VALUE_STRUCT) {
        return run_fail(run, RUN_INVALID, script->span, "{field=value} is expected here");
    }
    const struct connection *const connection =
        entry->connection < run->connection_count ? run->connections[entry->connection] : NULL;
    for (size_t i = 0; i < script->child_count; i++) {
        const struct scenario_value *const field = &script->children[i];
        if (field->kind != SCENARIO_VALUE_FIELD) {
            return run_fail(run, RUN_INVALID, field->span, "name=value is expected here");
        }
        const struct scenario_value *const expected = &field->children[field->child_count - 1];
        struct scenario_condition condition = {.field = field->text,
                                               .compare = SCENARIO_EQ,
                                               .span = field->span,
                                               .value_span = expected->span};
        if (expected->kind == SCENARIO_VALUE_WORD) {
            condition.word = state_word(run, expected);
        } else if (!argument_integer(run, expected, &condition.number.offset)) {
            return false;
        }
        if (!assertions_hold(run, connection, &result->status, &condition, 1)) {
            return false;
        }
    }
    return true;
}
