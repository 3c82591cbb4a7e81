/* What each call of the language asks of the adapter, and what its result teaches: new descriptors,
 * how far a stream was written and read, and whether what was read is what was sent. */
#include "run/call_forms.h"

#include <inttypes.h>
#include <string.h>

bool call_forms_descriptor(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    if (!argument_descriptor(run, &call->arguments[0], &entry->descriptor, &entry->call.fd)) {
        return false;
    }
    const struct connection *const connection = descriptors_connection(run, entry->descriptor);
    entry->connection = connection == NULL ? RUN_NO_CONNECTION : connection->index;
    return true;
}

static struct connection *connection_of(struct run *run, const struct pending *entry)
{
    return entry->connection < run->connection_count ? run->connections[entry->connection] : NULL;
}

/* ---- opening --------------------------------------------------------------------------------------- */

#define SOCK_TYPE_MASK     15
#define SOCK_STREAM_TYPE   1
#define SOCK_NONBLOCK_FLAG 2048

static bool prepare_socket(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    int64_t domain, type;
    entry->call.kind = SUT_CALL_SOCKET;
    entry->call.number = run->ip_version;
    if (call->arguments[0].kind != SCENARIO_VALUE_ELLIPSIS) {
        if (!argument_integer(run, &call->arguments[0], &domain)) {
            return false;
        }
        if (domain != (run->ip_version == 6 ? 10 : 2)) {
            return run_fail(run, RUN_SKIPPED, call->arguments[0].span,
                            "the script asks for a socket that is not of IPv%u, as this run is",
                            run->ip_version);
        }
    }
    if (!argument_integer(run, &call->arguments[1], &type)) {
        return false;
    }
    if ((type & SOCK_TYPE_MASK) != SOCK_STREAM_TYPE) {
        return run_fail(run, RUN_SKIPPED, call->arguments[1].span,
                        "only SOCK_STREAM sockets can run yet");
    }
    entry->call.count = (type & SOCK_NONBLOCK_FLAG) != 0;
    return true;
}

/* The script's result names the descriptor. */
static void bind_result(struct run *run, const struct pending *entry,
                        const struct sut_result *result, int64_t *value)
{
    const struct scenario_call *const call = entry->event->as.call;
    if (result->error == NULL && call->result.kind == SCENARIO_VALUE_INTEGER &&
        call->error == NULL && call->result.integer >= 0) {
        descriptors_bind(run, call->result.integer, (int)result->value);
        *value = call->result.integer;
    }
}

static bool conclude_socket(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    bind_result(run, entry, result, value);
    return true;
}

static bool prepare_bind(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct tcp_endpoint usual = {run->local, run->bind_port};
    entry->call.kind = SUT_CALL_BIND;
    return call_forms_descriptor(run, call, entry) &&
           argument_endpoint(run, &call->arguments[1], &usual, &entry->call.endpoint);
}

static bool prepare_listen(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->call.kind = SUT_CALL_LISTEN;
    return call_forms_descriptor(run, call, entry) &&
           argument_integer(run, &call->arguments[1], &entry->call.number);
}

/* Where the peer's connections go unless the script says another port. */
static bool conclude_listen(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    (void)value;
    if (result->error == NULL) {
        const struct sut_call call = {.kind = SUT_CALL_FLOW, .fd = entry->call.fd};
        const struct sut_result flow = run->sut->call(run->instance, run->now, &call);
        run->is_listening = flow.error == NULL;
        run->listening_port = flow.flow.local.port;
    }
    return true;
}

static bool prepare_accept(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->call.kind = SUT_CALL_ACCEPT;
    return call_forms_descriptor(run, call, entry);
}

static bool conclude_accept(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    bind_result(run, entry, result, value);
    if (result->error == NULL) {
        struct descriptor *const accepted = descriptors_find(run, *value);
        const struct connection *const connection = descriptors_connection(run, accepted);
        entry->connection = connection == NULL ? RUN_NO_CONNECTION : connection->index;
    }
    return true;
}

static bool prepare_connect(struct run *run, const struct scenario_call *call,
                            struct pending *entry)
{
    const struct tcp_endpoint usual = {run->remote, run->connect_port};
    entry->call.kind = SUT_CALL_CONNECT;
    if (!argument_descriptor(run, &call->arguments[0], &entry->descriptor, &entry->call.fd)) {
        return false;
    }
    if (entry->descriptor != NULL) {
        entry->descriptor->connection = RUN_NO_CONNECTION; /* its SYN will tell */
    }
    return argument_endpoint(run, &call->arguments[1], &usual, &entry->call.endpoint);
}

/* ---- data ------------------------------------------------------------------------------------------- */

static bool byte_count(struct run *run, const struct scenario_value *value, size_t *out)
{
    int64_t count;
    if (!argument_integer(run, value, &count)) {
        return false;
    }
    if (count < 0 || count > INT64_C(1) << 30) {
        return run_fail(run, RUN_INVALID, value->span, "%" PRId64 " is no count of octets", count);
    }
    *out = (size_t)count;
    return true;
}

/* recv() and send() with flags: those that change nothing here. */
static bool check_message_flags(struct run *run, const struct scenario_call *call)
{
    int64_t flags = 0;
    if (call->argument_count < 4) {
        return true;
    }
    if (!argument_integer(run, &call->arguments[3], &flags)) {
        return false;
    }
    if ((flags & ~INT64_C(16384)) != 0) { /* MSG_NOSIGNAL: there are no signals */
        return run_fail(run, RUN_SKIPPED, call->arguments[3].span,
                        "these flags of %s() cannot run yet", call->name);
    }
    return true;
}

static bool prepare_read(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->call.kind = SUT_CALL_READ;
    if (!call_forms_descriptor(run, call, entry) ||
        !byte_count(run, &call->arguments[2], &entry->call.count) ||
        !check_message_flags(run, call)) {
        return false;
    }
    entry->call.bytes = arena_take(run->arena, entry->call.count);
    return true;
}

static bool fail_octet(struct run *run, const struct pending *entry, size_t at, uint8_t expected)
{
    const struct scenario_call *const call = entry->event->as.call;
    if (entry->connection < run->connection_count) {
        run_concern(run, run->connections[entry->connection]);
    }
    (void)run_fail(run, RUN_FAILED, call->arguments[1].span,
                   "%s() gave other octets than the peer sent", call->name);
    run_differ(run, arena_format(run->arena, "octet %zu", at), call->arguments[1].span,
               arena_format(run->arena, "0x%02x", expected),
               arena_format(run->arena, "0x%02x", entry->call.bytes[at]));
    return false;
}

static bool conclude_read(struct run *run, struct pending *entry, const struct sut_result *result,
                          int64_t *value)
{
    (void)value;
    struct connection *connection = connection_of(run, entry);
    if (connection == NULL) {
        connection = descriptors_connection(run, entry->descriptor);
    }
    if (result->value <= 0 || result->error != NULL || connection == NULL) {
        return true;
    }
    entry->connection = connection->index;
    const size_t count = (size_t)result->value;
    const uint32_t offset = connection->read_bytes;
    connection->read_bytes += (uint32_t)count;
    const size_t wrong = payload_check(&connection->received, offset, entry->call.bytes, count);
    if (wrong < count) {
        uint8_t right;
        payload_fill(&connection->received, offset + (uint32_t)wrong, &right, 1);
        return fail_octet(run, entry, wrong, right);
    }
    const struct scenario_value *const text = &entry->event->as.call->arguments[1];
    for (size_t i = 0; text->kind == SCENARIO_VALUE_STRING && i < count; i++) {
        const uint8_t expected = i < text->text_bytes ? (uint8_t)text->text[i] : 0;
        if (i >= text->text_bytes || expected != entry->call.bytes[i]) {
            return fail_octet(run, entry, i, expected);
        }
    }
    return true;
}

static bool fill_text(struct run *run, const struct scenario_value *value, struct pending *entry)
{
    if (value->text_bytes < entry->call.count) {
        return run_fail(run, RUN_INVALID, value->span,
                        "the string has %zu octets, but %zu are to be written", value->text_bytes,
                        entry->call.count);
    }
    memcpy(entry->call.bytes, value->text, entry->call.count);
    return true;
}

static bool prepare_write(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct scenario_value *const text = &call->arguments[1];
    entry->call.kind = SUT_CALL_WRITE;
    if (!call_forms_descriptor(run, call, entry) ||
        !byte_count(run, &call->arguments[2], &entry->call.count) ||
        !check_message_flags(run, call)) {
        return false;
    }
    struct connection *const connection = connection_of(run, entry);
    const struct stream nobody = {.connection = RUN_NO_CONNECTION};
    entry->offset = connection == NULL ? 0 : connection->written_bytes;
    entry->call.bytes = arena_take(run->arena, entry->call.count);
    if (text->kind != SCENARIO_VALUE_STRING) {
        payload_fill(connection == NULL ? &nobody : &connection->sent, entry->offset,
                     entry->call.bytes, entry->call.count);
    } else if (!fill_text(run, text, entry)) {
        return false;
    }
    if (connection != NULL) {
        connection->written_bytes += (uint32_t)entry->call.count;
        if (text->kind == SCENARIO_VALUE_STRING) {
            payload_overlay(run->arena, &connection->sent, entry->offset, entry->call.bytes,
                            (uint32_t)entry->call.count);
        }
    }
    return true;
}

/* Only what the stack took counts as written. */
static bool conclude_write(struct run *run, struct pending *entry, const struct sut_result *result,
                           int64_t *value)
{
    (void)value;
    struct connection *const connection = connection_of(run, entry);
    const uint32_t taken = result->error != NULL || result->value < 0 ? 0 : (uint32_t)result->value;
    if (connection == NULL || taken >= entry->call.count) {
        return true;
    }
    connection->written_bytes -= (uint32_t)entry->call.count - taken;
    for (size_t i = connection->sent.count; i-- > 0;) {
        if (connection->sent.items[i].bytes == entry->call.bytes) {
            connection->sent.items[i].count = taken;
            break;
        }
    }
    return true;
}

/* ---- closing ---------------------------------------------------------------------------------------- */

static bool prepare_shutdown(struct run *run, const struct scenario_call *call,
                             struct pending *entry)
{
    entry->call.kind = SUT_CALL_SHUTDOWN;
    return call_forms_descriptor(run, call, entry) &&
           argument_integer(run, &call->arguments[1], &entry->call.number);
}

static bool prepare_close(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->call.kind = SUT_CALL_CLOSE;
    return call_forms_descriptor(run, call, entry);
}

static const struct call_form forms[] = {
    {"accept", 3, 3, prepare_accept, conclude_accept},
    {"bind", 3, 3, prepare_bind, NULL},
    {"close", 1, 1, prepare_close, NULL},
    {"connect", 3, 3, prepare_connect, NULL},
    {"fcntl", 2, 3, call_options_prepare_fcntl, call_options_conclude_fcntl},
    {"getsockopt", 5, 5, call_options_prepare_get, call_options_conclude_get},
    {"listen", 2, 2, prepare_listen, conclude_listen},
    {"read", 3, 3, prepare_read, conclude_read},
    {"recv", 4, 4, prepare_read, conclude_read},
    {"send", 4, 4, prepare_write, conclude_write},
    {"setsockopt", 5, 5, call_options_prepare_set, NULL},
    {"shutdown", 2, 2, prepare_shutdown, NULL},
    {"socket", 3, 3, prepare_socket, conclude_socket},
    {"write", 3, 3, prepare_write, conclude_write},
};

const struct call_form *calls_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}
