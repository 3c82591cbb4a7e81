/* Calls: the harness's one call with many kinds onto the socket layer's functions, and the calls
 * that block. The socket layer keeps what was asked; the caller's memory stays with us, under the
 * cookie. */
#include "sut/core.h"

#include <string.h>

static struct sut_result from_socket(const struct sut_call *call, struct tcp_socket_result result)
{
    struct sut_result out = {.cookie = call->cookie, .value = result.value};
    out.is_pending = result.error == TCP_SOCKET_PENDING;
    if (!out.is_pending && result.error != TCP_SOCKET_OK)
        out.error = tcp_socket_error_name(result.error);
    return out;
}

/* The call blocks: remember whose it is and where its bytes are. */
static struct sut_result keep(struct sut_instance *instance, const struct sut_call *call,
                              struct tcp_socket_result result)
{
    if (result.error == TCP_SOCKET_PENDING) {
        for (uint32_t index = 0; index < instance->pending_limit; index++) {
            struct core_pending *pending = &instance->pending[index];
            if (pending->operation != 0)
                continue;
            *pending =
                (struct core_pending){result.operation, call->cookie, call->bytes, call->count};
            instance->pending_count++;
            break;
        }
    }
    return from_socket(call, result);
}

static struct tcp_socket_result connect_from(struct sut_instance *instance, tcp_time now,
                                             const struct sut_call *call)
{
    const bool fits = instance->has_local_address &&
                      instance->local_address.version == call->endpoint.address.version;
    return tcp_socket_connect(instance->host, now, call->fd, &call->endpoint,
                              fits ? &instance->local_address : NULL);
}

/* A listener has no flow to be found by: look through the records. */
static tcp_handle find_listener(const struct tcp_host *host, const struct tcp_endpoint *local)
{
    const uint32_t slots = tcp_host_limits(host)->connections;
    for (uint32_t slot = 0; slot < slots; slot++) {
        const tcp_handle handle = tcp_host_at_slot(host, slot);
        struct tcp_status status;
        if (handle.generation != 0 && tcp_host_look(host, handle, &status) == TCP_OK &&
            status.state == TCB_LISTEN && status.flow.local.port == local->port &&
            status.flow.local.address.version == local->address.version)
            return handle;
    }
    return TCP_HANDLE_NONE;
}

static struct sut_result inspect(const struct sut_instance *instance, const struct sut_call *call)
{
    struct sut_result out = {.cookie = call->cookie};
    const tcp_handle handle = call->flow.remote.port == 0
                                  ? find_listener(instance->host, &call->flow.local)
                                  : tcp_host_find(instance->host, &call->flow);
    if (handle.generation != 0 && tcp_host_look(instance->host, handle, &out.status) == TCP_OK) {
        out.value = 1;
        out.connection = handle;
    } else { /* RFC 9293 3.3.2: CLOSED is "fictional", the state of no record */
        memset(&out.status, 0, sizeof out.status);
        out.status.state = TCB_CLOSED;
        out.status.flow = call->flow;
        out.status.retransmission_at = TCP_TIME_NEVER;
        out.status.persist_at = TCP_TIME_NEVER;
        out.status.delayed_ack_at = TCP_TIME_NEVER;
        out.status.time_wait_at = TCP_TIME_NEVER;
    }
    out.flow = out.status.flow;
    return out;
}

static struct sut_result configure(struct sut_instance *instance, tcp_time now,
                                   const struct sut_call *call)
{
    struct sut_result out = {.cookie = call->cookie};
    if (tcp_host_configure(instance->host, now, call->config) != TCP_OK) {
        out.value = -1;
        out.error = tcp_socket_error_name(TCP_SOCKET_EINVAL);
    }
    return out;
}

/* Calls that make a socket into what it is. */
static struct sut_result call_setting_up(struct sut_instance *instance, tcp_time now,
                                         const struct sut_call *call)
{
    struct tcp_host *host = instance->host;
    const enum tcp_socket_option option = (enum tcp_socket_option)call->option;
    if (call->kind == SUT_CALL_SOCKET) {
        const uint8_t version = call->number == 4 || call->number == 6 ? (uint8_t)call->number : 0;
        return from_socket(call, tcp_socket_open(host, now, version));
    }
    if (call->kind == SUT_CALL_BIND)
        return from_socket(call, tcp_socket_bind(host, now, call->fd, &call->endpoint));
    if (call->kind == SUT_CALL_LISTEN)
        return from_socket(call, tcp_socket_listen(host, now, call->fd, (int)call->number));
    if (call->kind == SUT_CALL_SET_OPTION)
        return from_socket(call, tcp_socket_set(host, now, call->fd, option, call->number));
    return from_socket(call, tcp_socket_get(host, now, call->fd, option));
}

/* Calls that may block. */
static struct tcp_socket_result call_that_waits(struct sut_instance *instance, tcp_time now,
                                                const struct sut_call *call)
{
    struct tcp_host *host = instance->host;
    void *const memory = call->bytes;
    switch (call->kind) {
    case SUT_CALL_ACCEPT:
        return tcp_socket_accept4(host, now, call->fd, call->flags != 0);
    case SUT_CALL_CONNECT:
        return connect_from(instance, now, call);
    case SUT_CALL_READ:
        return tcp_socket_receive(host, now, call->fd, (struct tcp_room){call->bytes, call->count},
                                  call->flags);
    case SUT_CALL_WRITE: /* the count is what the whole call gets, done or not */
        return tcp_socket_send(host, now, call->fd, call->bytes, call->count, call->flags);
    case SUT_CALL_POLL:
        return tcp_socket_poll_set(host, now, memory,
                                   call->count / sizeof(struct tcp_socket_pollfd), call->number);
    case SUT_CALL_EPOLL_WAIT:
        return tcp_socket_epoll_wait(host, now, call->fd, memory,
                                     call->count / sizeof(struct tcp_socket_epoll_event),
                                     call->number);
    default:
        return tcp_socket_close(host, now, call->fd);
    }
}

/* Calls that only ask. */
static struct sut_result call_asking(struct sut_instance *instance, const struct sut_call *call)
{
    struct tcp_host *host = instance->host;
    struct tcp_flow flow;
    struct tcp_socket_info info;
    struct sut_result out = {.cookie = call->cookie};
    memset(&flow, 0, sizeof flow);
    if (call->kind == SUT_CALL_FLOW) {
        out = from_socket(call, tcp_socket_flow(host, call->fd, &flow));
        out.flow = flow;
    } else if (call->kind == SUT_CALL_INFO) {
        memset(&info, 0, sizeof info);
        out = from_socket(call, tcp_socket_info(host, call->fd, &info));
        out.info = info;
    } else if (call->kind == SUT_CALL_INSPECT) {
        out = inspect(instance, call);
    } else if (call->kind == SUT_CALL_LAST_STEP) {
        out.step = tcp_host_last_step(host);
    } else if (call->kind == SUT_CALL_COUNTERS) {
        out.counters = tcp_host_counters(host);
    } else {
        out.broken_invariant = tcp_host_check(host);
    }
    return out;
}

struct sut_result core_call(struct sut_instance *instance, tcp_time now,
                            const struct sut_call *call)
{
    struct tcp_host *host = instance->host;
    switch (call->kind) {
    case SUT_CALL_SOCKET:
    case SUT_CALL_BIND:
    case SUT_CALL_LISTEN:
    case SUT_CALL_SET_OPTION:
    case SUT_CALL_GET_OPTION:
        return call_setting_up(instance, now, call);
    case SUT_CALL_ACCEPT:
    case SUT_CALL_CONNECT:
    case SUT_CALL_READ:
    case SUT_CALL_WRITE:
    case SUT_CALL_CLOSE:
    case SUT_CALL_POLL:
    case SUT_CALL_EPOLL_WAIT:
        return keep(instance, call, call_that_waits(instance, now, call));
    case SUT_CALL_SHUTDOWN:
        return from_socket(
            call, tcp_socket_shutdown(host, now, call->fd, (enum tcp_socket_how)call->number));
    case SUT_CALL_EPOLL_CREATE:
        return from_socket(call, tcp_socket_epoll_open(host, now));
    case SUT_CALL_EPOLL_CTL:
        return from_socket(call, tcp_socket_epoll_change(host, now, call->fd,
                                                         (enum tcp_socket_epoll_change)call->option,
                                                         (int)call->number, &call->event));
    case SUT_CALL_CONFIGURE:
        return configure(instance, now, call);
    case SUT_CALL_FLOW:
    case SUT_CALL_INFO:
    case SUT_CALL_INSPECT:
    case SUT_CALL_LAST_STEP:
    case SUT_CALL_COUNTERS:
    case SUT_CALL_CHECK:
        return call_asking(instance, call);
    case SUT_CALL_TCP_OPEN:
    case SUT_CALL_TCP_ACCEPT:
    case SUT_CALL_TCP_SEND:
    case SUT_CALL_TCP_RECEIVE:
    case SUT_CALL_TCP_CLOSE:
    case SUT_CALL_TCP_ABORT:
    case SUT_CALL_TCP_RELEASE:
    case SUT_CALL_TCP_STATUS:
    case SUT_CALL_TCP_DS:
    case SUT_CALL_TCP_LOOK:
        return core_tcp_call(instance, now, call);
    }
    return (struct sut_result){.cookie = call->cookie};
}

static struct core_pending *find(struct sut_instance *instance, uint32_t operation)
{
    for (uint32_t index = 0; index < instance->pending_limit; index++)
        if (instance->pending[index].operation == operation)
            return &instance->pending[index];
    return NULL;
}

/* What is left of the caller's memory for the operation. */
static struct tcp_room remaining_room(const struct core_pending *pending,
                                      const struct tcp_socket_ready *ready)
{
    struct tcp_room room = {pending->bytes, pending->count};
    const bool is_transfer = ready->kind == TCP_SOCKET_WRITE || ready->kind == TCP_SOCKET_READ;
    if (is_transfer && ready->done <= pending->count) {
        room.bytes = pending->bytes + ready->done;
        room.count = pending->count - (size_t)ready->done;
    }
    return room;
}

bool core_resume(struct sut_instance *instance, tcp_time now, struct sut_result *out)
{
    struct tcp_socket_ready ready;
    uint64_t done_before = UINT64_MAX;
    uint32_t operation_before = 0;
    while (instance->pending_count > 0 && tcp_socket_poll(instance->host, &ready)) {
        if (ready.operation == operation_before && ready.done == done_before)
            return false; /* it got no further: wait for the next cause */
        operation_before = ready.operation;
        done_before = ready.done;
        struct core_pending *pending = find(instance, ready.operation);
        if (pending == NULL)
            return false;
        const struct tcp_socket_result result = tcp_socket_resume(
            instance->host, now, ready.operation, remaining_room(pending, &ready));
        core_note_step(instance, NULL, 0);
        core_move(instance);
        if (result.error == TCP_SOCKET_PENDING)
            continue;
        const struct sut_call name = {.cookie = pending->cookie};
        *out = from_socket(&name, result);
        pending->operation = 0;
        instance->pending_count--;
        return true;
    }
    return false;
}
