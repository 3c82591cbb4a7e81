/* RFC 9293's own calls of a script as causes. */
#include "causes/reader.h"
#include "causes/words.h"

static bool open_passive(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    uint32_t local;
    int64_t backlog = 16; /* the runner's */
    if (!reader_port_of(reader, &call->arguments[1], reader->bind_port, &local) ||
        call->arguments[2].kind != SCENARIO_VALUE_ELLIPSIS ||
        (call->argument_count > 3 && !reader_count_of(reader, &call->arguments[3], &backlog))) {
        return reader_no_cause(reader, call);
    }
    struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_OPEN_PASSIVE);
    out->name = name;
    out->number = backlog;
    reader_keep_ports(reader, local, READER_NO_PORT, call->name_span);
    reader->names[name].local = local;
    reader->names[name].life = READER_NO_LIFE;
    reader->listening_port = local;
    return backlog <= UINT16_MAX || reader_no_cause(reader, call);
}

static bool open_active(struct reader *reader, const struct scenario_call *call, uint8_t name)
{
    uint32_t local = READER_NO_PORT, remote;
    uint8_t listener;
    if (call->arguments[1].kind == SCENARIO_VALUE_WORD) {
        if (!reader_name_of(reader, &call->arguments[1], &listener)) {
            return false;
        }
        local = reader->names[listener].local;
    } else if (!reader_port_of(reader, &call->arguments[1], READER_NO_PORT, &local)) {
        return false;
    }
    if (!reader_port_of(reader, &call->arguments[2], reader->connect_port, &remote)) {
        return false;
    }
    local = local == READER_NO_PORT ? reader->next_chosen_port++ : local;
    reader_add_call(reader, CAUSE_CALL_OPEN_ACTIVE)->name = name;
    reader_keep_ports(reader, local, remote, call->name_span);
    reader->names[name].life = reader_add_life(reader, local, remote, false);
    return true;
}

static bool rfc_open(struct reader *reader, const struct scenario_call *call)
{
    uint8_t name = RESULT_OF_NOTHING;
    if (call->argument_count < 3 || (call->result.kind == SCENARIO_VALUE_WORD &&
                                     !reader_name_of(reader, &call->result, &name))) {
        return reader_no_cause(reader, call);
    }
    return reader_is_word(&call->arguments[0], "passive") ? open_passive(reader, call, name)
                                                          : open_active(reader, call, name);
}

static bool rfc_accept(struct reader *reader, const struct scenario_call *call)
{
    uint8_t name, result = RESULT_OF_NOTHING;
    if (!reader_name_of(reader, &call->arguments[0], &name) ||
        (call->result.kind == SCENARIO_VALUE_WORD &&
         !reader_name_of(reader, &call->result, &result))) {
        return false;
    }
    struct cause_call *const out = reader_add_call(reader, CAUSE_CALL_ACCEPT_CHILD);
    out->name = name;
    out->result = result;
    if (call->error == NULL) {
        reader->names[result].life = reader_accept(reader, reader->names[name].local);
    }
    return true;
}

bool reader_rfc_call(struct reader *reader, const struct scenario_call *call, uint8_t kind)
{
    struct cause_call out = {.kind = kind};
    if (kind == CAUSE_CALL_OPEN_ACTIVE) {
        return rfc_open(reader, call);
    }
    if (kind == CAUSE_CALL_ACCEPT_CHILD) {
        return rfc_accept(reader, call);
    }
    if (!reader_name_of(reader, &call->arguments[0], &out.name)) {
        return false;
    }
    if (cause_call_of(call->name, &kind) &&
        (kind == CAUSE_CALL_SEND || kind == CAUSE_CALL_RECEIVE) &&
        (call->argument_count < 3 || !reader_count_of(reader, &call->arguments[2], &out.number) ||
         (call->argument_count > 3 &&
          !reader_flags_of(reader, &call->arguments[3], cause_send_words, CAUSE_SEND_WORDS,
                           &out.flags)))) {
        return reader_no_cause(reader, call);
    }
    if (call->argument_count > 4) {
        return reader_no_cause(reader, call); /* a SEND that opens */
    }
    *reader_add_call(reader, (enum cause_call_kind)kind) = out;
    return true;
}
