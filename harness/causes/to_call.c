/* Calls of causes as calls of the language. */
#include "causes/to_call.h"

#include <string.h>

#include "causes/words.h"

#define ARGUMENTS_MAX 4

struct writer {
    struct arena *arena;
    struct scenario_call *call;
};

static struct scenario_value *add(struct writer *writer, enum scenario_value_kind kind)
{
    struct scenario_value *const value = &writer->call->arguments[writer->call->argument_count++];
    value->kind = kind;
    return value;
}

static void add_integer(struct writer *writer, int64_t integer)
{
    add(writer, SCENARIO_VALUE_INTEGER)->integer = integer;
}

static void add_rest(struct writer *writer)
{
    (void)add(writer, SCENARIO_VALUE_ELLIPSIS);
}

static void set_word(struct scenario_value *value, const char *word)
{
    value->kind = SCENARIO_VALUE_WORD;
    value->text = word;
    value->text_bytes = strlen(word);
}

static void add_word(struct writer *writer, const char *word)
{
    set_word(add(writer, SCENARIO_VALUE_WORD), word);
}

static const char *name_of(struct writer *writer, uint8_t index)
{
    return arena_format(writer->arena, "c%u", index);
}

/* One word, or a|b. */
static void add_flags(struct writer *writer, uint32_t flags, const struct cause_word *words,
                      size_t count)
{
    struct scenario_value *const value = add(writer, SCENARIO_VALUE_OR);
    value->children = arena_take(writer->arena, count * sizeof *value->children);
    for (size_t i = 0; i < count; i++) {
        if ((flags & words[i].value) != 0) {
            set_word(&value->children[value->child_count++], words[i].word);
        }
    }
    if (value->child_count == 1) {
        *value = value->children[0];
    }
}

static void write_data(struct writer *writer, const struct cause_call *call)
{
    add_rest(writer);
    add_integer(writer, call->number);
    if (call->flags != 0) {
        const bool is_rfc = call->kind == CAUSE_CALL_SEND;
        add_flags(writer, call->flags, is_rfc ? cause_send_words : cause_message_words,
                  is_rfc ? CAUSE_SEND_WORDS : CAUSE_MESSAGE_WORDS);
    }
}

static void write_rfc_call(struct writer *writer, const struct cause_call *call,
                           struct cause_ports ports)
{
    switch ((enum cause_call_kind)call->kind) {
    case CAUSE_CALL_OPEN_ACTIVE:
        add_word(writer, "active");
        add_integer(writer, ports.local);
        add_integer(writer, ports.remote);
        set_word(&writer->call->result, name_of(writer, call->name));
        return;
    case CAUSE_CALL_OPEN_PASSIVE:
        add_word(writer, "passive");
        add_integer(writer, ports.local);
        add_rest(writer);
        add_integer(writer, call->number);
        set_word(&writer->call->result, name_of(writer, call->name));
        return;
    case CAUSE_CALL_ACCEPT_CHILD:
        add_word(writer, name_of(writer, call->name));
        set_word(&writer->call->result, name_of(writer, call->result));
        return;
    case CAUSE_CALL_SEND:
    case CAUSE_CALL_RECEIVE:
        add_word(writer, name_of(writer, call->name));
        write_data(writer, call);
        return;
    case CAUSE_CALL_CLOSE:
    case CAUSE_CALL_ABORT:
    case CAUSE_CALL_RELEASE:
        add_word(writer, name_of(writer, call->name));
        return;
    case CAUSE_CALL_SOCKET:
    case CAUSE_CALL_BIND:
    case CAUSE_CALL_LISTEN:
    case CAUSE_CALL_ACCEPT:
    case CAUSE_CALL_CONNECT:
    case CAUSE_CALL_READ:
    case CAUSE_CALL_WRITE:
    case CAUSE_CALL_SHUTDOWN:
    case CAUSE_CALL_CLOSE_SOCKET:
    case CAUSE_CALL_SET_OPTION:
        return;
    }
}

static void write_socket(struct writer *writer, const struct cause_call *call)
{
    add_rest(writer);
    add_word(writer, "SOCK_STREAM");
    add_word(writer, "IPPROTO_TCP");
    writer->call->result =
        (struct scenario_value){.kind = SCENARIO_VALUE_INTEGER, .integer = call->result};
}

static void write_socket_call(struct writer *writer, const struct cause_call *call,
                              struct cause_ports ports)
{
    add_integer(writer, call->name);
    switch ((enum cause_call_kind)call->kind) {
    case CAUSE_CALL_BIND:
        add_integer(writer, ports.local);
        add_rest(writer);
        return;
    case CAUSE_CALL_CONNECT:
        add_integer(writer, ports.remote);
        add_rest(writer);
        return;
    case CAUSE_CALL_LISTEN:
        add_integer(writer, call->number);
        return;
    case CAUSE_CALL_ACCEPT:
        add_rest(writer);
        add_rest(writer);
        writer->call->result =
            (struct scenario_value){.kind = SCENARIO_VALUE_INTEGER, .integer = call->result};
        return;
    case CAUSE_CALL_READ:
    case CAUSE_CALL_WRITE:
        write_data(writer, call);
        return;
    case CAUSE_CALL_SHUTDOWN:
        add_word(writer, cause_shutdown_words[call->number].word);
        return;
    case CAUSE_CALL_SET_OPTION:
        add_word(writer, cause_option_word(call->option));
        add_integer(writer, call->number);
        return;
    case CAUSE_CALL_CLOSE_SOCKET:
    case CAUSE_CALL_SOCKET:
    case CAUSE_CALL_OPEN_ACTIVE:
    case CAUSE_CALL_OPEN_PASSIVE:
    case CAUSE_CALL_ACCEPT_CHILD:
    case CAUSE_CALL_SEND:
    case CAUSE_CALL_RECEIVE:
    case CAUSE_CALL_CLOSE:
    case CAUSE_CALL_ABORT:
    case CAUSE_CALL_RELEASE:
        return;
    }
}

struct scenario_call *cause_to_call(const struct cause_call *call, uint8_t host,
                                    struct arena *arena)
{
    struct scenario_call *const out = arena_take(arena, sizeof *out);
    struct writer writer = {arena, out};
    struct cause_ports ports = cause_pair_ports(call->pair);
    if (host == CAUSE_HOST_B) {
        ports = (struct cause_ports){.local = ports.remote, .remote = ports.local};
    }
    out->name = cause_call_word(call);
    out->arguments = arena_take(arena, ARGUMENTS_MAX * sizeof *out->arguments);
    out->result = (struct scenario_value){.kind = SCENARIO_VALUE_ELLIPSIS};
    if (call->kind == CAUSE_CALL_SOCKET) {
        write_socket(&writer, call);
    } else if (call->kind < CAUSE_CALL_SOCKET) {
        write_rfc_call(&writer, call, ports);
    } else {
        write_socket_call(&writer, call, ports);
    }
    return out;
}
