/* RFC 9293's own calls (3.9.1), on names. */
#include "world/world_state.h"

#include <string.h>

static tcp_handle *name_at(struct world_one *one, uint8_t index)
{
    return &one->names[index % CAUSE_NAMES];
}

/* The name stands for the connection of its handle from now on; a listener is none. */
static void note_flow(struct world_one *one, uint8_t index)
{
    struct tcp_status status;
    if (tcp_host_status(one->host, *name_at(one, index), &status) == TCP_OK &&
        status.flow.remote.port != 0) {
        one->name_flows[index % CAUSE_NAMES] = status.flow;
    }
}

static const char *word_of(enum cause_call_kind kind)
{
    static const char *const words[CAUSE_CALL_COUNT] = {
        [CAUSE_CALL_OPEN_ACTIVE] = "tcp.open",    [CAUSE_CALL_OPEN_PASSIVE] = "tcp.open",
        [CAUSE_CALL_ACCEPT_CHILD] = "tcp.accept", [CAUSE_CALL_SEND] = "tcp.send",
        [CAUSE_CALL_RECEIVE] = "tcp.receive",     [CAUSE_CALL_CLOSE] = "tcp.close",
        [CAUSE_CALL_ABORT] = "tcp.abort",         [CAUSE_CALL_RELEASE] = "tcp.release",
    };
    return words[kind];
}

static void bind_name(struct world *world, struct world_one *one, uint8_t index, tcp_handle handle)
{
    const tcp_handle before = one->names[index % CAUSE_NAMES];
    if (before.generation != handle.generation || before.slot != handle.slot) {
        world_note_lost(world, one, before); /* nobody can name it any more */
    }
    one->names[index % CAUSE_NAMES] = handle;
    (void)world_life_of(world, one, handle);
}

static enum tcp_error open_active(struct world *world, struct world_one *one,
                                  const struct cause_call *call)
{
    tcp_handle opened = *name_at(one, call->name);
    const struct tcp_flow flow = world_flow_of_pair(world, one, call->pair);
    struct tcp_status status;
    const bool is_listener = tcp_host_status(one->host, opened, &status) == TCP_OK &&
                             status.state == TCB_LISTEN &&
                             status.flow.local.port == flow.local.port;
    const enum tcp_error error = is_listener
                                     ? tcp_host_activate(one->host, world->now, opened, &flow)
                                     : tcp_host_connect(one->host, world->now, &flow, &opened);
    if (error == TCP_OK) {
        bind_name(world, one, call->name, opened);
    }
    return error;
}

static enum tcp_error open_passive(struct world *world, struct world_one *one,
                                   const struct cause_call *call)
{
    const struct tcp_flow flow = world_flow_of_pair(world, one, call->pair);
    const struct tcp_endpoint local = {.address = {.version = one->address.version},
                                       .port = flow.local.port};
    const uint16_t backlog = call->number < 0            ? 0
                             : call->number > UINT16_MAX ? UINT16_MAX
                                                         : (uint16_t)call->number;
    tcp_handle opened;
    const enum tcp_error error = tcp_host_listen(one->host, world->now, &local, backlog, &opened);
    if (error == TCP_OK) {
        bind_name(world, one, call->name, opened);
    }
    return error;
}

static enum tcp_error accept_child(struct world *world, struct world_one *one,
                                   const struct cause_call *call)
{
    tcp_handle child;
    const enum tcp_error error =
        tcp_host_accept(one->host, world->now, *name_at(one, call->name), &child);
    if (error == TCP_OK) {
        bind_name(world, one, call->result, child);
    }
    return error;
}

static enum tcp_error act(struct world *world, struct world_one *one, const struct cause_call *call,
                          struct trace_call *said)
{
    const tcp_handle name = *name_at(one, call->name);
    size_t taken = 0;
    enum tcp_error error = TCP_OK;
    if (call->kind == CAUSE_CALL_OPEN_ACTIVE) {
        error = open_active(world, one, call);
    } else if (call->kind == CAUSE_CALL_OPEN_PASSIVE) {
        error = open_passive(world, one, call);
    } else if (call->kind == CAUSE_CALL_ACCEPT_CHILD) {
        error = accept_child(world, one, call);
    } else if (call->kind == CAUSE_CALL_SEND) {
        error = tcp_host_send_with(one->host, world->now, name, said->bytes, said->count,
                                   call->flags & (TCP_SEND_MORE | TCP_SEND_URGENT), &taken);
    } else if (call->kind == CAUSE_CALL_RECEIVE) {
        const struct tcp_room room = {world->room, said->count};
        error = tcp_host_receive(one->host, world->now, name, room, &taken);
    } else if (call->kind == CAUSE_CALL_CLOSE) {
        error = tcp_host_close(one->host, world->now, name);
    } else if (call->kind == CAUSE_CALL_ABORT) {
        error = tcp_host_abort(one->host, world->now, name);
    } else {
        error = tcp_host_release(one->host, world->now, name);
    }
    said->value = error == TCP_OK ? (int64_t)taken : -1;
    return error;
}

/* In the words of sockets, where the two say the same: the oracles know those. */
static void set_error(struct trace_call *said, enum tcp_error error)
{
    if (error == TCP_ERROR_AGAIN || error == TCP_ERROR_RESOURCES) {
        said->error = "EAGAIN";
    } else if (error == TCP_ERROR_END) {
        said->value = 0;
    } else if (error != TCP_OK) {
        said->error = tcp_error_name(error);
    }
}

void world_call_rfc(struct world *world, struct world_one *one, const struct cause_call *call)
{
    const enum cause_call_kind kind = (enum cause_call_kind)call->kind;
    const uint32_t life = world_life_of(world, one, *name_at(one, call->name));
    struct trace_call said = {
        .name = word_of(kind),
        .text = word_of(kind),
        .incarnation = life,
        .is_send = kind == CAUSE_CALL_SEND,
        .is_receive = kind == CAUSE_CALL_RECEIVE,
    };
    if (said.is_send || said.is_receive) {
        said.count = world_octets(call->number);
    }
    if (said.is_send) {
        said.bytes = world_written(world, one, life, said.count);
    }
    world_call_begins(world, one, &said);
    const enum tcp_error error = act(world, one, call, &said);
    if (kind == CAUSE_CALL_ABORT) {
        world_note_broken(world, one, life);
    }
    if (kind == CAUSE_CALL_CLOSE || kind == CAUSE_CALL_ABORT) {
        world_was_closed(one, life);
    }
    if (error == TCP_OK && kind == CAUSE_CALL_OPEN_ACTIVE) {
        note_flow(one, call->name);
    } else if (error == TCP_OK && kind == CAUSE_CALL_ACCEPT_CHILD) {
        note_flow(one, call->result);
    }
    world_note_step(world, one);
    set_error(&said, error);
    if (error == TCP_ERROR_END) {
        world_met_end(world, one, life);
    }
    if (said.is_receive) {
        said.count = said.value > 0 ? (size_t)said.value : 0;
        said.bytes = world_keep(one, world->room, said.count);
    }
    world_call_ends(world, one, &said);
}
