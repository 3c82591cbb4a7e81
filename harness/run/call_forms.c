/* What each call of the language asks of the adapter, and what its result teaches: new descriptors,
 * how far a stream was written and read, and whether what was read is what was sent. */
#include "run/call_forms.h"

#include "tcp/address.h"

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
void call_forms_bind_result(struct run *run, const struct pending *entry,
                            const struct sut_result *result, int64_t *value)
{
    const struct scenario_call *const call = entry->event->as.call;
    if (result->error == NULL && call->result.kind == SCENARIO_VALUE_INTEGER &&
        call->error == NULL && call->result.integer >= 0) {
        descriptors_bind(run, call->result.integer, (int)result->value);
        targets_bind_descriptor(run, call->result.integer, (int)result->value);
        *value = call->result.integer;
    }
}

static bool conclude_socket(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    call_forms_bind_result(run, entry, result, value);
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
    int64_t flags = 0;
    entry->call.kind = SUT_CALL_ACCEPT;
    if (call->argument_count > 3 && !argument_integer(run, &call->arguments[3], &flags)) {
        return false;
    }
    entry->call.flags = (flags & SOCK_NONBLOCK_FLAG) != 0;
    return call_forms_descriptor(run, call, entry);
}

/* Whose connection it is, where the script says so. */
static bool is_from(struct run *run, const struct pending *entry, int fd)
{
    const struct scenario_value *const said = &entry->event->as.call->arguments[1];
    const struct sut_call call = {.kind = SUT_CALL_FLOW, .fd = fd};
    struct tcp_endpoint expected;
    if (!argument_is_address(said)) {
        return true;
    }
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    const struct tcp_endpoint *const live = &result.flow.remote;
    if (!argument_endpoint(run, said, live, &expected)) {
        return false;
    }
    return tcp_endpoint_equal(live, &expected) ||
           run_fail(run, RUN_FAILED, said->span,
                    "accept() gave another address than the script says, with port %u", live->port);
}

static bool conclude_accept(struct run *run, struct pending *entry, const struct sut_result *result,
                            int64_t *value)
{
    call_forms_bind_result(run, entry, result, value);
    if (result->error == NULL) {
        struct descriptor *const accepted = descriptors_find(run, *value);
        const struct connection *const connection = descriptors_connection(run, accepted);
        entry->connection = connection == NULL ? RUN_NO_CONNECTION : connection->index;
        return is_from(run, entry, (int)result->value);
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
    {"accept4", 4, 4, prepare_accept, conclude_accept},
    {"bind", 3, 3, prepare_bind, NULL},
    {"close", 1, 1, prepare_close, NULL},
    {"connect", 3, 3, prepare_connect, NULL},
    {"epoll_create", 1, 1, call_poll_prepare_create, call_poll_conclude_create},
    {"epoll_create1", 1, 1, call_poll_prepare_create, call_poll_conclude_create},
    {"epoll_ctl", 4, 4, call_poll_prepare_change, NULL},
    {"epoll_wait", 4, 4, call_poll_prepare_wait, call_poll_conclude_wait},
    {"fcntl", 2, 3, call_options_prepare_fcntl, call_options_conclude_fcntl},
    {"getsockopt", 5, 5, call_options_prepare_get, call_options_conclude_get},
    {"ioctl", 3, 3, call_options_prepare_ioctl, call_options_conclude_ioctl},
    {"listen", 2, 2, prepare_listen, conclude_listen},
    {"poll", 3, 3, call_poll_prepare, call_poll_conclude},
    {"read", 3, 3, call_data_prepare_read, call_data_conclude_read},
    {"readv", 3, 3, call_data_prepare_read, call_data_conclude_read},
    {"recv", 4, 4, call_data_prepare_read, call_data_conclude_read},
    {"recvfrom", 6, 6, call_data_prepare_read, call_data_conclude_read},
    {"recvmsg", 3, 3, call_data_prepare_read, call_data_conclude_read},
    {"send", 4, 4, call_data_prepare_write, call_data_conclude_write},
    {"sendmsg", 3, 3, call_data_prepare_write, call_data_conclude_write},
    {"sendto", 6, 6, call_data_prepare_write, call_data_conclude_write},
    {"setsockopt", 5, 5, call_options_prepare_set, NULL},
    {"shutdown", 2, 2, prepare_shutdown, NULL},
    {"socket", 3, 3, prepare_socket, conclude_socket},
    {"socket.set", 3, 3, call_options_prepare_own, NULL},
    {"tcp.abort", 1, 1, call_tcp_prepare_end, NULL},
    {"tcp.accept", 1, 1, call_tcp_prepare_accept, call_tcp_conclude_open},
    {"tcp.close", 1, 1, call_tcp_prepare_end, NULL},
    {"tcp.ds_field", 2, 2, call_tcp_prepare_ds_field, NULL},
    {"tcp.open", 3, 4, call_tcp_prepare_open, call_tcp_conclude_open},
    {"tcp.receive", 3, 3, call_tcp_prepare_receive, call_data_conclude_read},
    {"tcp.release", 1, 1, call_tcp_prepare_end, NULL},
    {"tcp.send", 3, 5, call_tcp_prepare_send, call_tcp_conclude_send},
    {"tcp.status", 1, 2, call_tcp_prepare_status, call_tcp_conclude_status},
    {"write", 3, 3, call_data_prepare_write, call_data_conclude_write},
    {"writev", 3, 3, call_data_prepare_write, call_data_conclude_write},
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

const char *const *calls_names(struct arena *arena, size_t *count)
{
    *count = sizeof forms / sizeof forms[0];
    const char **const names = arena_take(arena, *count * sizeof *names);
    for (size_t i = 0; i < *count; i++) {
        names[i] = forms[i].name;
    }
    return names;
}
