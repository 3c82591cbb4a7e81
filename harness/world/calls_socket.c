/* Calls on sockets. One that blocks stays among the pending ones until the socket layer says that it
 * can go on; a read that blocks keeps its room, a write its octets. */
#include "world/world_state.h"

#include "oracle/deadlines.h"

#include <assert.h>
#include <string.h>

struct socket_call {
    const struct cause_call *call;
    struct trace_call said;
    uint8_t *room; /* a read's */
    int fd;
};

static int *descriptor_at(struct world_one *one, uint8_t index)
{
    return &one->descriptors[index % CAUSE_DESCRIPTORS];
}

/* The descriptor stands for the connection of its socket from now on, if that has one. */
static void note_flow(struct world_one *one, uint8_t index)
{
    const int fd = *descriptor_at(one, index);
    struct tcp_flow flow;
    if (fd >= 0 && tcp_socket_flow(one->host, fd, &flow).error == TCP_SOCKET_OK &&
        flow.remote.port != 0) {
        one->descriptor_flows[index % CAUSE_DESCRIPTORS] = flow;
    }
}

static const char *shutdown_text(int64_t how)
{
    return how == TCP_SOCKET_SHUT_RD   ? "shutdown(SHUT_RD)"
           : how == TCP_SOCKET_SHUT_WR ? "shutdown(SHUT_WR)"
                                       : "shutdown(SHUT_RDWR)";
}

/* Named in full: oracles are to know what a call may have changed. */
static const char *option_text(uint8_t option)
{
    static const char *const texts[TCP_SOCKET_SIOCOUTQ + 1] = {
        [TCP_SOCKET_SO_REUSEADDR] = "setsockopt(SO_REUSEADDR)",
        [TCP_SOCKET_SO_ERROR] = "setsockopt(SO_ERROR)",
        [TCP_SOCKET_TCP_NODELAY] = "setsockopt(TCP_NODELAY)",
        [TCP_SOCKET_O_NONBLOCK] = "setsockopt(O_NONBLOCK)",
        [TCP_SOCKET_SO_KEEPALIVE] = "setsockopt(SO_KEEPALIVE)",
        [TCP_SOCKET_TCP_KEEPIDLE] = "setsockopt(TCP_KEEPIDLE)",
        [TCP_SOCKET_TCP_KEEPINTVL] = "setsockopt(TCP_KEEPINTVL)",
        [TCP_SOCKET_TCP_KEEPCNT] = "setsockopt(TCP_KEEPCNT)",
        [TCP_SOCKET_TCP_USER_TIMEOUT] = "setsockopt(TCP_USER_TIMEOUT)",
        [TCP_SOCKET_SO_RCVBUF] = "setsockopt(SO_RCVBUF)",
        [TCP_SOCKET_SO_SNDBUF] = "setsockopt(SO_SNDBUF)",
        [TCP_SOCKET_TCP_MAXSEG] = "setsockopt(TCP_MAXSEG)",
        [TCP_SOCKET_TCP_CORK] = "setsockopt(TCP_CORK)",
        [TCP_SOCKET_SO_LINGER] = "setsockopt(SO_LINGER)",
        [TCP_SOCKET_SO_OOBINLINE] = "setsockopt(SO_OOBINLINE)",
        [TCP_SOCKET_SO_RCVTIMEO] = "setsockopt(SO_RCVTIMEO)",
        [TCP_SOCKET_SO_SNDTIMEO] = "setsockopt(SO_SNDTIMEO)",
        [TCP_SOCKET_SO_ACCEPTCONN] = "setsockopt(SO_ACCEPTCONN)",
        [TCP_SOCKET_FIONREAD] = "setsockopt(FIONREAD)",
        [TCP_SOCKET_SIOCOUTQ] = "setsockopt(SIOCOUTQ)",
    };
    return texts[option % (TCP_SOCKET_SIOCOUTQ + 1)];
}

static const char *write_text(uint32_t flags)
{
    const bool is_urgent = (flags & TCP_SOCKET_OOB) != 0;
    if ((flags & TCP_SOCKET_MORE) != 0) {
        return is_urgent ? "send(MSG_MORE | MSG_OOB)" : "send(MSG_MORE)";
    }
    return is_urgent ? "send(MSG_OOB)" : "write";
}

static const char *text_of(const struct cause_call *call)
{
    switch ((enum cause_call_kind)call->kind) {
    case CAUSE_CALL_SOCKET:
        return "socket";
    case CAUSE_CALL_BIND:
        return "bind";
    case CAUSE_CALL_LISTEN:
        return "listen";
    case CAUSE_CALL_ACCEPT:
        return "accept";
    case CAUSE_CALL_CONNECT:
        return "connect";
    case CAUSE_CALL_READ:
        return (call->flags & TCP_SOCKET_PEEK) != 0 ? "recv(MSG_PEEK)" : "read";
    case CAUSE_CALL_WRITE:
        return write_text(call->flags);
    case CAUSE_CALL_SHUTDOWN:
        return shutdown_text(call->number);
    case CAUSE_CALL_CLOSE_SOCKET:
        return "close";
    case CAUSE_CALL_SET_OPTION:
        return option_text(call->option);
    case CAUSE_CALL_OPEN_ACTIVE:
    case CAUSE_CALL_OPEN_PASSIVE:
    case CAUSE_CALL_ACCEPT_CHILD:
    case CAUSE_CALL_SEND:
    case CAUSE_CALL_RECEIVE:
    case CAUSE_CALL_CLOSE:
    case CAUSE_CALL_ABORT:
    case CAUSE_CALL_RELEASE:
        break;
    }
    return "setsockopt";
}

static struct tcp_socket_result set_up(struct world *world, struct world_one *one,
                                       const struct socket_call *asked)
{
    const struct cause_call *const call = asked->call;
    const struct tcp_flow flow = world_flow_of_pair(world, one, call->pair);
    if (call->kind == CAUSE_CALL_SOCKET) {
        return tcp_socket_open(one->host, world->now, one->address.version);
    }
    if (call->kind == CAUSE_CALL_BIND) {
        const struct tcp_endpoint local = {.address = {.version = one->address.version},
                                           .port = flow.local.port};
        return tcp_socket_bind(one->host, world->now, asked->fd, &local);
    }
    if (call->kind == CAUSE_CALL_LISTEN) {
        return tcp_socket_listen(one->host, world->now, asked->fd, (int)(int32_t)call->number);
    }
    if (call->kind == CAUSE_CALL_CONNECT) {
        return tcp_socket_connect(one->host, world->now, asked->fd, &flow.remote, &one->address);
    }
    return tcp_socket_set(one->host, world->now, asked->fd,
                          (enum tcp_socket_option)(call->option % (TCP_SOCKET_SIOCOUTQ + 1)),
                          call->number);
}

static struct tcp_socket_result act(struct world *world, struct world_one *one,
                                    const struct socket_call *asked)
{
    const struct cause_call *const call = asked->call;
    const struct trace_call *const said = &asked->said;
    if (call->kind == CAUSE_CALL_ACCEPT) {
        return tcp_socket_accept(one->host, world->now, asked->fd);
    }
    if (call->kind == CAUSE_CALL_READ) {
        const struct tcp_room room = {asked->room, said->count};
        return tcp_socket_receive(one->host, world->now, asked->fd, room, call->flags);
    }
    if (call->kind == CAUSE_CALL_WRITE) {
        return tcp_socket_send(one->host, world->now, asked->fd, said->bytes, said->count,
                               call->flags);
    }
    if (call->kind == CAUSE_CALL_SHUTDOWN) {
        return tcp_socket_shutdown(one->host, world->now, asked->fd,
                                   (enum tcp_socket_how)((uint64_t)call->number % 3));
    }
    if (call->kind == CAUSE_CALL_CLOSE_SOCKET) {
        return tcp_socket_close(one->host, world->now, asked->fd);
    }
    return set_up(world, one, asked);
}

/* The life behind a descriptor. */
static uint32_t life_of(struct world *world, struct world_one *one, int fd)
{
    return fd < 0 ? WORLD_NONE : world_life_of(world, one, tcp_socket_handle(one->host, fd));
}

static void bind_descriptor(struct world *world, struct world_one *one, uint8_t index, int fd)
{
    const int before = *descriptor_at(one, index);
    if (before >= 0 && before != fd) {
        world_note_lost(world, one, tcp_socket_handle(one->host, before));
    }
    *descriptor_at(one, index) = fd;
    (void)life_of(world, one, fd);
}

/* The call is over: what it gives back goes into tables and trace. */
static void conclude(struct world *world, struct world_one *one, struct trace_call *said,
                     uint8_t result_index, struct tcp_socket_result result)
{
    const bool is_done = result.error == TCP_SOCKET_OK;
    said->value = result.value;
    said->error = is_done ? NULL : tcp_socket_error_name(result.error);
    if (is_done && said->text[0] == 'a') { /* accept */
        bind_descriptor(world, one, result_index, (int)result.value);
        note_flow(one, result_index);
    }
    world_note_step(world, one);
    if (said->is_receive) {
        const bool is_end = said->value == 0 && is_done && said->count > 0;
        said->count = said->value > 0 ? (size_t)said->value : 0;
        if (is_end) {
            world_met_end(world, one, said->incarnation);
        }
    }
    world_call_ends(world, one, said);
}

/* The call blocks. */
static void keep_pending(struct world_one *one, const struct socket_call *asked, uint32_t operation)
{
    for (uint32_t i = 0; i < WORLD_PENDING_MAX; i++) {
        struct world_pending *const pending = &one->pending[i];
        if (pending->operation != 0) {
            continue;
        }
        *pending = (struct world_pending){
            .operation = operation, .said = asked->said, .result = asked->call->result};
        if (asked->said.is_receive) { /* what WAITALL has got so far moves along */
            pending->room = world_take(one, asked->said.count);
            memcpy(pending->room, asked->room, asked->said.count);
        }
        one->pending_count++;
        return;
    }
}

static void note_names(struct world *world, struct world_one *one, const struct socket_call *asked,
                       struct tcp_socket_result result)
{
    const struct cause_call *const call = asked->call;
    const bool is_done = result.error == TCP_SOCKET_OK || result.error == TCP_SOCKET_PENDING;
    if (call->kind == CAUSE_CALL_CONNECT) {
        note_flow(one, call->name);
    }
    if (is_done && call->kind == CAUSE_CALL_SOCKET) {
        bind_descriptor(world, one, call->result, (int)result.value);
    } else if (call->kind == CAUSE_CALL_CONNECT && asked->fd >= 0) { /* refused ones too */
        bind_descriptor(world, one, call->name, asked->fd);
    } else if (is_done && call->kind == CAUSE_CALL_CLOSE_SOCKET) {
        *descriptor_at(one, call->name) = -1;
        world_was_closed(one, asked->said.incarnation);
    } else if (is_done && call->kind == CAUSE_CALL_SHUTDOWN &&
               (uint64_t)call->number % 3 != TCP_SOCKET_SHUT_RD) {
        world_was_closed(one, asked->said.incarnation);
    }
}

void world_call_socket(struct world *world, struct world_one *one, const struct cause_call *call)
{
    struct socket_call asked = {
        .call = call, .room = world->room, .fd = *descriptor_at(one, call->name)};
    struct trace_call *const said = &asked.said;
    said->text = text_of(call);
    said->name = call->kind == CAUSE_CALL_SET_OPTION ? "setsockopt" : said->text;
    said->incarnation = life_of(world, one, asked.fd);
    said->is_send = call->kind == CAUSE_CALL_WRITE;
    said->is_receive = call->kind == CAUSE_CALL_READ;
    if (said->is_send || said->is_receive) {
        said->count = world_octets(call->number);
    }
    if (said->is_send) {
        said->bytes = world_written(world, one, said->incarnation, said->count);
    }
    world_call_begins(world, one, said);
    const struct tcp_socket_result result = act(world, one, &asked);
    note_names(world, one, &asked, result);
    if (result.error == TCP_SOCKET_PENDING) {
        world_write_waits(one, said);
        keep_pending(one, &asked, result.operation);
        world_note_step(world, one);
        return;
    }
    if (said->is_receive && result.value > 0) {
        said->bytes = world_keep(one, asked.room, (size_t)result.value);
    }
    conclude(world, one, said, call->result, result);
}

static struct world_pending *find_pending(struct world_one *one, uint32_t operation)
{
    for (uint32_t i = 0; i < WORLD_PENDING_MAX; i++) {
        if (one->pending[i].operation == operation) {
            return &one->pending[i];
        }
    }
    return NULL;
}

bool world_resume(struct world *world, struct world_one *one, uint32_t *burst)
{
    struct tcp_socket_ready ready;
    bool has_ended = false, has_moved = false;
    while (!has_ended && *burst < DEADLINES_BURST_MAX && tcp_socket_poll(one->host, &ready)) {
        ++*burst;
        struct world_pending *const pending = find_pending(one, ready.operation);
        assert(pending != NULL);
        has_moved = true;
        struct tcp_room room = {world->room, 0};
        if (pending->said.is_receive) {
            room = (struct tcp_room){pending->room + ready.done, (size_t)ready.remaining};
        } else if (pending->said.is_send) {
            room = (struct tcp_room){(uint8_t *)(uintptr_t)pending->said.bytes + ready.done,
                                     (size_t)ready.remaining};
        }
        const struct tcp_socket_result result =
            tcp_socket_resume(one->host, world->now, ready.operation, room);
        if (result.error == TCP_SOCKET_PENDING) {
            world_note_step(world, one);
            continue;
        }
        has_ended = true;
        pending->operation = 0;
        one->pending_count--;
        struct trace_call said = pending->said;
        said.bytes = said.is_receive ? pending->room : said.bytes;
        conclude(world, one, &said, pending->result, result);
    }
    return has_moved; /* what a write that goes on has handed over is owed at once */
}
