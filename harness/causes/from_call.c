/* Calls of a script as causes. Calls that only ask (getsockopt, poll, tcp.status, ...) are none. */
#include <string.h>

#include "causes/reader.h"
#include "causes/words.h"

static bool make_unblocking(struct reader *reader, uint8_t descriptor)
{
    struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_SET_OPTION);
    out->name = descriptor;
    return cause_option_of("O_NONBLOCK", &out->option) && (out->number = 1) == 1;
}

static bool socket_open(struct reader *reader, const struct scenario_call *call)
{
    uint8_t result = RESULT_OF_NOTHING;
    if (call->result.kind == SCENARIO_VALUE_INTEGER && call->error == NULL &&
        !reader_bind_descriptor(reader, &call->result, &result)) {
        return false;
    }
    if (call->argument_count < 2 || !reader_mentions(&call->arguments[1], "SOCK_STREAM")) {
        return reader_no_cause(reader, call);
    }
    reader_add_call(reader, CAUSE_CALL_SOCKET)->result = result;
    return !reader_mentions(&call->arguments[1], "SOCK_NONBLOCK") ||
           make_unblocking(reader, result);
}

static bool socket_accept(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    uint8_t result = RESULT_OF_NOTHING;
    if (call->result.kind == SCENARIO_VALUE_INTEGER && call->error == NULL &&
        !reader_bind_descriptor(reader, &call->result, &result)) {
        return false;
    }
    struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_ACCEPT);
    out->name = name;
    out->result = result;
    if (call->error == NULL) {
        const size_t life = reader_accept(reader, reader->sockets[name].local);
        reader->sockets[result].life = life;
        reader->sockets[result].local = reader->sockets[name].local;
    }
    return call->argument_count < 4 || call->error != NULL ||
           !reader_mentions(&call->arguments[3], "SOCK_NONBLOCK") ||
           make_unblocking(reader, result);
}

static bool socket_connect(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    struct reader_socket *const socket = &reader->sockets[name];
    uint32_t remote;
    if (!reader_port_of(reader, &call->arguments[1], reader->connect_port, &remote)) {
        return false;
    }
    reader_add_call(reader, CAUSE_CALL_CONNECT)->name = name;
    reader_keep_ports(reader, READER_NO_PORT, remote, call->name_span);
    const bool is_again = call->error != NULL && (strcmp(call->error, "EALREADY") == 0 ||
                                                  strcmp(call->error, "EISCONN") == 0);
    if (is_again && socket->life != READER_NO_LIFE) {
        return true;
    }
    const uint32_t local =
        socket->local != READER_NO_PORT ? socket->local : reader->next_chosen_port++;
    socket->life = reader_add_life(reader, local, remote, false);
    if (socket->local == READER_NO_PORT) {
        reader->lives[socket->life].target = (struct cause_target){CAUSE_DESCRIPTOR, name};
    }
    return true;
}

static bool socket_bind(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    uint32_t local;
    if (!reader_port_of(reader, &call->arguments[1], reader->bind_port, &local) ||
        local == READER_NO_PORT) {
        return reader_no_cause(reader, call);
    }
    reader_add_call(reader, CAUSE_CALL_BIND)->name = name;
    reader_keep_ports(reader, local, READER_NO_PORT, call->name_span);
    if (call->error == NULL) {
        reader->sockets[name].local = local;
    }
    return true;
}

static bool socket_listen(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    const struct scenario_value *const backlog = &call->arguments[1];
    if (backlog->kind != SCENARIO_VALUE_INTEGER || backlog->integer < INT32_MIN ||
        backlog->integer > INT32_MAX ||
        (reader->sockets[name].local == READER_NO_PORT && !reader->is_causes)) {
        return reader_no_cause(reader, call);
    }
    struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_LISTEN);
    out->name = name;
    out->number = backlog->integer;
    if (call->error == NULL) {
        reader->listening_port = reader->sockets[name].local;
    }
    return true;
}

static bool socket_data(struct reader *reader, const struct scenario_call *call, uint8_t name,
                        uint8_t kind)
{
    struct cause_call out = {.kind = kind, .name = name};
    if (call->argument_count < 3 || call->argument_count == 5 ||
        !reader_count_of(reader, &call->arguments[2], &out.number) ||
        (call->argument_count > 3 &&
         !reader_flags_of(reader, &call->arguments[3], cause_message_words, CAUSE_MESSAGE_WORDS,
                          &out.flags))) {
        return reader_no_cause(reader, call);
    }
    *reader_add_call(reader, (enum cause_call_kind)kind) = out;
    return true;
}

static bool socket_shutdown(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    for (size_t i = 0; i < CAUSE_SHUTDOWN_WORDS; i++) {
        const struct scenario_value *const how = &call->arguments[1];
        if (reader_is_word(how, cause_shutdown_words[i].word) ||
            (how->kind == SCENARIO_VALUE_INTEGER &&
             how->integer == cause_shutdown_words[i].value)) {
            struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_SHUTDOWN);
            out->name = name;
            out->number = cause_shutdown_words[i].value;
            return true;
        }
    }
    return reader_no_cause(reader, call);
}

static bool socket_call(struct reader *reader, const struct scenario_call *call, uint8_t kind)
{
    uint8_t name = 0;
    if (kind == CAUSE_CALL_SOCKET) {
        return socket_open(reader, call);
    }
    if (!reader_descriptor_of(reader, &call->arguments[0], &name)) {
        return false;
    }
    if (reader->sockets[name].is_other) {
        reader->sockets[name].is_bound = kind != CAUSE_CALL_CLOSE_SOCKET;
        return true; /* no socket: its calls are no causes */
    }
    switch ((enum cause_call_kind)kind) {
    case CAUSE_CALL_BIND:
        return socket_bind(reader, call, name);
    case CAUSE_CALL_LISTEN:
        return socket_listen(reader, call, name);
    case CAUSE_CALL_ACCEPT:
        return socket_accept(reader, call, name);
    case CAUSE_CALL_CONNECT:
        return socket_connect(reader, call, name);
    case CAUSE_CALL_READ:
    case CAUSE_CALL_WRITE:
        return socket_data(reader, call, name, kind);
    case CAUSE_CALL_SHUTDOWN:
        return socket_shutdown(reader, call, name);
    case CAUSE_CALL_CLOSE_SOCKET:
        reader_add_call(reader, CAUSE_CALL_CLOSE_SOCKET)->name = name;
        reader->sockets[name].is_bound = reader->sockets[name].is_bound && call->error != NULL;
        return true;
    case CAUSE_CALL_SET_OPTION:
        return reader_option_call(reader, call);
    case CAUSE_CALL_SOCKET:
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
    return reader_no_cause(reader, call);
}

/* ---- all ------------------------------------------------------------------------------------------- */

/* Calls that change nothing that packets could tell. */
static bool only_asks(struct reader *reader, const struct scenario_call *call)
{
    static const char *const names[] = {"getsockopt",   "ioctl",        "poll",
                                        "tcp.status",   "epoll_ctl",    "epoll_wait",
                                        "epoll_create", "epoll_create1"};
    uint8_t descriptor = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(call->name, names[i]) == 0) {
            if (strncmp(call->name, "epoll_create", strlen("epoll_create")) == 0 &&
                call->error == NULL && reader_bind_descriptor(reader, &call->result, &descriptor)) {
                reader->sockets[descriptor].is_other = true;
            }
            return true;
        }
    }
    return false;
}

bool reader_call(struct reader *reader, const struct scenario_event *event)
{
    static const struct {
        const char *name;
        uint8_t kind;
    } others[] = {{"accept4", CAUSE_CALL_ACCEPT},
                  {"setsockopt", CAUSE_CALL_SET_OPTION},
                  {"fcntl", CAUSE_CALL_SET_OPTION},
                  {"recvfrom", CAUSE_CALL_READ},
                  {"sendto", CAUSE_CALL_WRITE}};
    const struct scenario_call *const call = event->as.call;
    uint8_t kind = 0;
    bool is_known = cause_call_of(call->name, &kind);
    if (only_asks(reader, call)) {
        return true;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0] && !is_known; i++) {
        is_known = strcmp(call->name, others[i].name) == 0;
        kind = is_known ? others[i].kind : kind;
    }
    if (!is_known || (kind != CAUSE_CALL_SOCKET && call->argument_count == 0)) {
        return reader_no_cause(reader, call);
    }
    return kind < CAUSE_CALL_SOCKET ? reader_rfc_call(reader, call, kind)
                                    : socket_call(reader, call, kind);
}
