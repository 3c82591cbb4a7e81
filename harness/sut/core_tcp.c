/* RFC 9293's own calls (3.9.1) on the core, without the socket layer: OPEN, SEND, RECEIVE, CLOSE,
 * ABORT, STATUS, and the accept that our listeners need because a passive OPEN makes children. None
 * blocks: where the RFC would queue a call, the answer is TCP_ERROR_AGAIN or _RESOURCES. */
#include "sut/core.h"

#include <string.h>

/* The flow of an active open: from the host's own address, and of a listener from its port. */
static enum tcp_error flow_of_open(const struct sut_instance *instance, const struct sut_call *call,
                                   struct tcp_flow *flow)
{
    static const uint8_t zero[sizeof flow->local.address.bytes];
    *flow = call->flow;
    const bool is_wildcard = memcmp(flow->local.address.bytes, zero, sizeof zero) == 0;
    if (is_wildcard && instance->has_local_address)
        flow->local.address = instance->local_address;
    if (call->connection.generation == 0)
        return TCP_OK;
    struct tcp_status status;
    const enum tcp_error error = tcp_host_look(instance->host, call->connection, &status);
    flow->local.port = error == TCP_OK ? status.flow.local.port : 0;
    return error;
}

static enum tcp_error open_active(struct sut_instance *instance, tcp_time now,
                                  const struct sut_call *call, tcp_handle *out)
{
    struct tcp_flow flow;
    const enum tcp_error error = flow_of_open(instance, call, &flow);
    if (error != TCP_OK)
        return error;
    if (call->connection.generation == 0)
        return tcp_host_connect(instance->host, now, &flow, out);
    *out = call->connection;
    return tcp_host_activate(instance->host, now, call->connection, &flow);
}

/* With a remote socket it is the SEND that turns a passive OPEN into an active one. */
static enum tcp_error send_call(struct sut_instance *instance, tcp_time now,
                                const struct sut_call *call, size_t *taken)
{
    if (call->number == 0)
        return tcp_host_send_with(instance->host, now, call->connection, call->bytes, call->count,
                                  call->flags, taken);
    struct tcp_flow flow;
    const enum tcp_error error = flow_of_open(instance, call, &flow);
    return error != TCP_OK ? error
                           : tcp_host_send_to(instance->host, now, call->connection, &flow,
                                              call->bytes, call->count, call->flags, taken);
}

static enum tcp_error open_call(struct sut_instance *instance, tcp_time now,
                                const struct sut_call *call, tcp_handle *out)
{
    if (call->number != 0)
        return open_active(instance, now, call, out);
    if (call->option < 0 || call->option > UINT16_MAX)
        return TCP_ERROR_ARGUMENT;
    return tcp_host_listen(instance->host, now, &call->flow.local, (uint16_t)call->option, out);
}

struct sut_result core_tcp_call(struct sut_instance *instance, tcp_time now,
                                const struct sut_call *call)
{
    struct tcp_host *host = instance->host;
    struct sut_result out = {.cookie = call->cookie, .connection = call->connection};
    const struct tcp_room room = {call->bytes, call->count};
    enum tcp_error error = TCP_ERROR_ARGUMENT;
    size_t taken = 0;
    if (call->kind == SUT_CALL_TCP_OPEN)
        error = open_call(instance, now, call, &out.connection);
    else if (call->kind == SUT_CALL_TCP_ACCEPT)
        error = tcp_host_accept(host, now, call->connection, &out.connection);
    else if (call->kind == SUT_CALL_TCP_SEND)
        error = send_call(instance, now, call, &taken);
    else if (call->kind == SUT_CALL_TCP_RECEIVE)
        error = tcp_host_receive(host, now, call->connection, room, &taken);
    else if (call->kind == SUT_CALL_TCP_CLOSE)
        error = tcp_host_close(host, now, call->connection);
    else if (call->kind == SUT_CALL_TCP_ABORT)
        error = tcp_host_abort(host, now, call->connection);
    else if (call->kind == SUT_CALL_TCP_RELEASE)
        error = tcp_host_release(host, now, call->connection);
    else if (call->kind == SUT_CALL_TCP_STATUS)
        error = tcp_host_status(host, call->connection, &out.status);
    else if (call->kind == SUT_CALL_TCP_DS)
        error = tcp_host_set_ds_field(host, now, call->connection, (int)call->number);
    else if (call->kind == SUT_CALL_TCP_LOOK)
        error = tcp_host_look(host, call->connection, &out.status);
    out.flow = out.status.flow;
    out.value = error == TCP_OK ? (int64_t)taken : -1;
    out.error = error == TCP_OK ? NULL : tcp_error_name(error);
    return out;
}
