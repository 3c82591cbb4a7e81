/* Calls that carry octets: from one place or several (readv, sendmsg), with flags. To the system under
 * test they are one read or write of all octets; what was read is held against what the peer sent and
 * against the strings of the script. */
#include "run/call_forms.h"

#include <inttypes.h>
#include <string.h>

#define BYTES_MAX  (INT64_C(1) << 30)
#define PIECES_MAX 1024 /* Linux's UIO_MAXIOV */

static struct connection *connection_of(struct run *run, const struct pending *entry)
{
    return entry->connection < run->connection_count ? run->connections[entry->connection] : NULL;
}

/* Adds one iovec: what the script says of its octets, and how many there are. */
static bool add_piece(struct run *run, struct pending *entry, const struct scenario_value *text,
                      const struct scenario_value *count)
{
    int64_t number;
    if (!argument_integer(run, count, &number)) {
        return false;
    }
    if (number < 0 || number > BYTES_MAX - (int64_t)entry->call.count) {
        return run_fail(run, RUN_INVALID, count->span, "%" PRId64 " is no count of octets", number);
    }
    entry->pieces[entry->piece_count++] = (struct data_piece){text, (size_t)number};
    entry->call.count += (size_t)number;
    return true;
}

/* [{..., 1000}, {"abc", 3}] */
static bool add_vector(struct run *run, struct pending *entry, const struct scenario_value *list)
{
    if (list->kind != SCENARIO_VALUE_LIST || list->child_count > PIECES_MAX) {
        return run_fail(run, RUN_INVALID, list->span,
                        "a list of at most %d {octets, count} is expected here", PIECES_MAX);
    }
    entry->pieces = arena_take(run->arena, (list->child_count + 1) * sizeof *entry->pieces);
    for (size_t i = 0; i < list->child_count; i++) {
        const struct scenario_value *const item = &list->children[i];
        if (item->kind != SCENARIO_VALUE_STRUCT || item->child_count != 2) {
            return run_fail(run, RUN_INVALID, item->span, "{octets, count} is expected here");
        }
        if (!add_piece(run, entry, &item->children[0], &item->children[1])) {
            return false;
        }
    }
    return true;
}

static const struct scenario_value *value_of(const struct scenario_value *field)
{
    return &field->children[field->child_count - 1];
}

static bool knows_members(struct run *run, const struct scenario_value *message)
{
    static const char *const members[] = {"msg_name", "msg_iov", "msg_control", "msg_flags"};
    return message->kind != SCENARIO_VALUE_STRUCT ||
           vocabulary_check_members(run, message, members, sizeof members / sizeof members[0]);
}

/* {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0}; msg_flags is judged with the result. */
static bool add_message(struct run *run, struct pending *entry, const struct scenario_value *value)
{
    if (value->kind != SCENARIO_VALUE_STRUCT) {
        return run_fail(run, RUN_INVALID, value->span, "{msg_iov(...)=[...]} is expected here");
    }
    bool has_vector = false;
    for (size_t i = 0; i < value->child_count; i++) {
        const struct scenario_value *const field = &value->children[i];
        if (strcmp(field->text, "msg_iov") == 0) {
            if (has_vector) {
                return run_fail(run, RUN_INVALID, field->span, "msg_iov is said twice");
            }
            has_vector = true;
            if (!add_vector(run, entry, value_of(field))) {
                return false;
            }
        } else if (strcmp(field->text, "msg_control") == 0 &&
                   value_of(field)->kind != SCENARIO_VALUE_ELLIPSIS) {
            return run_fail(run, RUN_SKIPPED, field->span, "msg_control cannot run yet");
        } else if (strcmp(field->text, "msg_name") == 0 && argument_is_address(value_of(field))) {
            return run_fail(run, RUN_SKIPPED, field->span, "an address in msg_name cannot run yet");
        }
    }
    return true;
}

/* MSG_ words in Linux's numbers, and what they are to the adapter; 0 changes nothing here. */
static bool message_flags(struct run *run, const struct scenario_value *value, uint32_t *out)
{
    static const struct {
        int64_t linux_flag;
        uint32_t flag;
    } known[] = {
        {0x1, TCP_SOCKET_OOB},       {0x2, TCP_SOCKET_PEEK},    {0x40, TCP_SOCKET_DONTWAIT},
        {0x100, TCP_SOCKET_WAITALL}, {0x8000, TCP_SOCKET_MORE}, {0x4000, 0}, /* MSG_NOSIGNAL */
    };
    int64_t flags = 0;
    if (!argument_integer(run, value, &flags)) {
        return false;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if ((flags & known[i].linux_flag) != 0) {
            *out |= known[i].flag;
            flags &= ~known[i].linux_flag;
        }
    }
    return flags == 0 || run_fail(run, RUN_SKIPPED, value->span,
                                  "these flags (0x%" PRIx64 ") cannot run yet", (uint64_t)flags);
}

static bool check_count(struct run *run, const struct scenario_value *value, size_t count)
{
    int64_t said;
    return argument_integer(run, value, &said) &&
           (said == (int64_t)count ||
            run_fail(run, RUN_INVALID, value->span, "the list has %zu entries, not %" PRId64, count,
                     said));
}

/* Where the octets go or come from, as the form of the call says it. */
static bool read_pieces(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    const struct scenario_value *const arguments = call->arguments;
    const bool is_message = strstr(call->name, "msg") != NULL;
    const struct scenario_value *flags = is_message ? &arguments[2] : NULL;
    entry->pieces = arena_take(run->arena, sizeof *entry->pieces);
    if (strcmp(call->name, "readv") == 0 || strcmp(call->name, "writev") == 0) {
        if (!add_vector(run, entry, &arguments[1]) ||
            !check_count(run, &arguments[2], entry->piece_count)) {
            return false;
        }
    } else if (is_message) {
        if (!knows_members(run, &arguments[1]) || !add_message(run, entry, &arguments[1])) {
            return false;
        }
    } else if (!add_piece(run, entry, &arguments[1], &arguments[2])) {
        return false;
    } else if (call->argument_count > 3) {
        flags = &arguments[3];
    }
    if (call->argument_count > 4 && argument_is_address(&arguments[4])) { /* recvfrom, sendto */
        return run_fail(run, RUN_SKIPPED, arguments[4].span, "an address of %s() cannot run yet",
                        call->name);
    }
    return flags == NULL || message_flags(run, flags, &entry->call.flags);
}

bool call_data_prepare_read(struct run *run, const struct scenario_call *call,
                            struct pending *entry)
{
    entry->call.kind = SUT_CALL_READ;
    return call_forms_descriptor(run, call, entry) && read_pieces(run, call, entry) &&
           call_data_room(run, entry);
}

bool call_data_room(struct run *run, struct pending *entry)
{
    entry->call.bytes = arena_take(run->arena, entry->call.count + 1);
    return true;
}

bool call_data_single(struct run *run, const struct scenario_call *call, struct pending *entry)
{
    entry->pieces = arena_take(run->arena, sizeof *entry->pieces);
    return add_piece(run, entry, &call->arguments[1], &call->arguments[2]);
}

/* ---- what was read ------------------------------------------------------------------------------- */

static bool fail_octet(struct run *run, const struct pending *entry, size_t at, uint8_t expected)
{
    const struct scenario_call *const call = entry->event->as.call;
    if (entry->connection < run->connection_count) {
        run_concern(run, run->connections[entry->connection]);
    }
    (void)run_fail(run, RUN_FAILED, call->arguments[1].span,
                   call->arguments[1].kind == SCENARIO_VALUE_STRING
                       ? "%s() gave other octets than the script says"
                       : "%s() gave other octets than the peer sent",
                   call->name);
    run_differ(run, arena_format(run->arena, "octet %zu", at), call->arguments[1].span,
               arena_format(run->arena, "0x%02x", expected),
               arena_format(run->arena, "0x%02x", entry->call.bytes[at]));
    return false;
}

/* The script's own strings, piece by piece. */
static bool check_strings(struct run *run, const struct pending *entry, size_t count)
{
    size_t start = 0;
    for (size_t i = 0; i < entry->piece_count && start < count; i++) {
        const struct data_piece *const piece = &entry->pieces[i];
        const size_t here = count - start < piece->count ? count - start : piece->count;
        for (size_t at = 0; piece->text->kind == SCENARIO_VALUE_STRING && at < here; at++) {
            const bool is_beyond = at >= piece->text->text_bytes;
            const uint8_t expected = is_beyond ? 0 : (uint8_t)piece->text->text[at];
            if (is_beyond && piece->text->is_cut) {
                break;
            }
            if (is_beyond || expected != entry->call.bytes[start + at]) {
                return fail_octet(run, entry, start + at, expected);
            }
        }
        start += piece->count;
    }
    return true;
}

/* recvmsg(): no flag of the result ever stands for a byte stream without urgent data out of line. */
static bool check_message(struct run *run, const struct pending *entry)
{
    const struct scenario_call *const call = entry->event->as.call;
    const struct scenario_value *const message = &call->arguments[1];
    if (strcmp(call->name, "recvmsg") != 0) {
        return true;
    }
    for (size_t i = 0; i < message->child_count; i++) {
        const struct scenario_value *const field = &message->children[i];
        int64_t flags = 0;
        if (strcmp(field->text, "msg_flags") != 0 ||
            value_of(field)->kind == SCENARIO_VALUE_ELLIPSIS) {
            continue;
        }
        if (!argument_integer(run, value_of(field), &flags)) {
            return false;
        }
        if (flags != 0) {
            return run_fail(run, RUN_FAILED, field->span, "recvmsg() gave the msg_flags 0");
        }
    }
    return true;
}

bool call_data_conclude_read(struct run *run, struct pending *entry,
                             const struct sut_result *result, int64_t *value)
{
    (void)value;
    struct connection *connection = connection_of(run, entry);
    if (connection == NULL) {
        connection = descriptors_connection(run, entry->descriptor);
    }
    if (result->error == NULL && !check_message(run, entry)) {
        return false;
    }
    if (result->value <= 0 || result->error != NULL || connection == NULL) {
        return true;
    }
    entry->connection = connection->index;
    const size_t count = (size_t)result->value;
    const uint32_t offset = connection->read_bytes;
    const bool is_peek = entry->call.kind == SUT_CALL_READ && (entry->call.flags & TCP_SOCKET_PEEK);
    connection->read_bytes += is_peek ? 0 : (uint32_t)count;
    const size_t wrong = payload_check(&connection->received, offset, entry->call.bytes, count);
    if (wrong < count) {
        uint8_t right;
        payload_fill(&connection->received, offset + (uint32_t)wrong, &right, 1);
        return fail_octet(run, entry, wrong, right);
    }
    return check_strings(run, entry, count);
}

/* ---- what is written ------------------------------------------------------------------------------ */

/* The octets of one piece, at `start` of the call. */
static bool fill_piece(struct run *run, struct pending *entry, const struct data_piece *piece,
                       size_t start)
{
    struct connection *const connection = connection_of(run, entry);
    const struct stream nobody = {.connection = RUN_NO_CONNECTION};
    const uint32_t offset = entry->offset + (uint32_t)start;
    uint8_t *const bytes = entry->call.bytes + start;
    if (piece->text->kind != SCENARIO_VALUE_STRING) {
        payload_fill(connection == NULL ? &nobody : &connection->sent, offset, bytes, piece->count);
        return true;
    }
    if (piece->text->text_bytes < piece->count) {
        return run_fail(run, RUN_INVALID, piece->text->span,
                        "the string has %zu octets, but %zu are to be written",
                        piece->text->text_bytes, piece->count);
    }
    memcpy(bytes, piece->text->text, piece->count);
    if (connection != NULL) {
        payload_overlay(run->arena, &connection->sent, offset, bytes, (uint32_t)piece->count);
    }
    return true;
}

bool call_data_fill(struct run *run, struct pending *entry)
{
    struct connection *const connection = connection_of(run, entry);
    size_t start = 0;
    entry->offset = connection == NULL ? 0 : connection->written_bytes;
    for (size_t i = 0; i < entry->piece_count; i++) {
        if (!fill_piece(run, entry, &entry->pieces[i], start)) {
            return false;
        }
        start += entry->pieces[i].count;
    }
    if (connection != NULL) {
        connection->written_bytes += (uint32_t)entry->call.count;
    }
    return true;
}

bool call_data_prepare_write(struct run *run, const struct scenario_call *call,
                             struct pending *entry)
{
    entry->call.kind = SUT_CALL_WRITE;
    return call_forms_descriptor(run, call, entry) && read_pieces(run, call, entry) &&
           call_data_room(run, entry) && call_data_fill(run, entry);
}

/* Only what the stack took counts as written. */
bool call_data_conclude_write(struct run *run, struct pending *entry,
                              const struct sut_result *result, int64_t *value)
{
    (void)value;
    struct connection *const connection = connection_of(run, entry);
    const uint32_t taken = result->error != NULL || result->value < 0 ? 0 : (uint32_t)result->value;
    if (connection == NULL || taken >= entry->call.count) {
        return true;
    }
    connection->written_bytes -= (uint32_t)entry->call.count - taken;
    const uint8_t *const end = entry->call.bytes + entry->call.count;
    for (size_t i = connection->sent.count; i-- > 0;) {
        struct overlay *const item = &connection->sent.items[i];
        if (item->bytes >= entry->call.bytes && item->bytes < end) {
            const uint32_t start = (uint32_t)(item->bytes - entry->call.bytes);
            const uint32_t left = taken > start ? taken - start : 0;
            item->count = item->count < left ? item->count : left;
        }
    }
    return true;
}
