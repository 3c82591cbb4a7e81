/* Trace records to ladder rows. A state change stands beside the packet or call that caused it if
 * the place is free, otherwise on a row of its own right after. */
#include "trace/ladder_rows.h"

#include "trace/segment_text.h"

#include <inttypes.h>
#include <string.h>

struct builder {
    const struct trace *trace;
    const struct ladder_options *options;
    struct ladder_rows rows;
    size_t cause;       /* index + 1 of the row of the last cause, 0: none */
    uint32_t changed;   /* incarnation of the state change told last ... */
    size_t changed_row; /* ... and its row */
    size_t drained;     /* rows there were when everything owed had been polled last */
    struct text scratch;
};

const char *ladder_connection_name(const struct trace *trace, uint32_t incarnation)
{
    if (trace->incarnation_count < 2 || incarnation >= trace->incarnation_count) {
        return "";
    }
    const struct trace_incarnation *life = &trace->incarnations[incarnation];
    if (life->label != NULL) {
        return arena_format(trace->arena, "@%s", life->label);
    }
    return arena_format(trace->arena, "%u > %u", life->flow.remote.port, life->flow.local.port);
}

/* Makes room for a row before the one at `place`; the later ones move. */
static struct ladder_row *insert_row(struct builder *builder, size_t place, tcp_time at)
{
    struct ladder_rows *rows = &builder->rows;
    void *items = rows->items;
    arena_grow(builder->trace->arena, &items, &rows->capacity, rows->count, sizeof *rows->items);
    rows->items = items;
    for (size_t i = rows->count++; i > place; i--) {
        rows->items[i] = rows->items[i - 1];
    }
    rows->items[place] = (struct ladder_row){.at = at};
    return &rows->items[place];
}

static struct ladder_row *add_row(struct builder *builder, tcp_time at)
{
    return insert_row(builder, builder->rows.count, at);
}

static const char *take_scratch(struct builder *builder)
{
    return arena_copy_text(builder->trace->arena, text_read(&builder->scratch),
                           builder->scratch.length);
}

/* ---- packets ------------------------------------------------------------------------------------ */

static bool is_readable(const struct trace_packet *packet)
{
    return packet->wire == TCP_WIRE_OK || packet->wire == TCP_WIRE_BAD_CHECKSUM ||
           packet->wire == TCP_WIRE_BAD_OPTION;
}

/* With the name of its connection where there are several: a label, or ports in the packet's own
 * direction. */
static void add_words(struct builder *builder, const struct trace_packet *packet)
{
    const struct trace *trace = builder->trace;
    const bool has_name = trace->incarnation_count >= 2 && (is_readable(packet) || packet->is_icmp);
    const bool is_known = packet->incarnation < trace->incarnation_count;
    const char *const label = is_known ? trace->incarnations[packet->incarnation].label : NULL;
    if (has_name && label != NULL) {
        text_format(&builder->scratch, "@%s ", label);
    }
    segment_text_with_ports(&builder->scratch, trace, packet, has_name && label == NULL);
}

static void add_packet(struct builder *builder, const struct trace_record *record)
{
    const struct trace_packet *packet = &record->as.packet;
    text_clear(&builder->scratch);
    add_words(builder, packet);
    if (builder->options->shows_isn && is_readable(packet) &&
        tcp_segment_has(&packet->segment, TCP_FLAG_SYN)) {
        text_format(&builder->scratch, " ISN=%" PRIu32, packet->segment.seq.raw);
    }
    struct ladder_row *row = add_row(builder, record->at);
    row->arrow = packet->direction == TRACE_TO_SUT ? LADDER_TO_SUT : LADDER_FROM_SUT;
    row->packet = take_scratch(builder);
    if (packet->direction == TRACE_TO_SUT) {
        builder->cause = builder->rows.count;
    }
}

/* ---- calls -------------------------------------------------------------------------------------- */

/* The result that belongs on the same row as the call at `index`: it came at once, with no packet
 * for the stack and no other call in between. SIZE_MAX: there is none. */
static size_t immediate_result(const struct trace *trace, size_t index)
{
    const struct trace_record *call = &trace->records[index];
    for (size_t i = index + 1; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        const bool is_cause =
            record->kind == TRACE_CALL ||
            (record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_TO_SUT);
        if (record->at.us != call->at.us || is_cause) {
            return SIZE_MAX;
        }
        if (record->kind == TRACE_CALL_DONE && record->as.call.cookie == call->as.call.cookie) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool is_told_with_its_call(const struct trace *trace, size_t index)
{
    for (size_t i = index; i-- > 0 && trace->records[i].at.us == trace->records[index].at.us;) {
        if (trace->records[i].kind == TRACE_CALL &&
            trace->records[i].as.call.cookie == trace->records[index].as.call.cookie) {
            return immediate_result(trace, i) == index;
        }
    }
    return false;
}

static void add_result(struct text *out, const struct trace_call *done)
{
    text_format(out, " = %" PRId64, done->value);
    if (done->error != NULL) {
        text_format(out, " %s", done->error);
    }
}

static const char *words_of(const struct trace_call *call)
{
    return call->text != NULL ? call->text : call->name;
}

static void add_call(struct builder *builder, size_t index)
{
    const struct trace_record *record = &builder->trace->records[index];
    const size_t done = immediate_result(builder->trace, index);
    text_clear(&builder->scratch);
    text_string(&builder->scratch, words_of(&record->as.call));
    if (done != SIZE_MAX) {
        add_result(&builder->scratch, &builder->trace->records[done].as.call);
    } else {
        text_string(&builder->scratch, " waits");
    }
    struct ladder_row *row = add_row(builder, record->at);
    row->note = take_scratch(builder);
    builder->cause = builder->rows.count;
}

static void add_call_done(struct builder *builder, size_t index)
{
    if (is_told_with_its_call(builder->trace, index)) {
        return;
    }
    const struct trace_record *record = &builder->trace->records[index];
    text_clear(&builder->scratch);
    text_string(&builder->scratch, words_of(&record->as.call));
    add_result(&builder->scratch, &record->as.call);
    add_row(builder, record->at)->note = take_scratch(builder);
}

/* ---- states and steps ---------------------------------------------------------------------------- */

/* Where a remark about what just happened belongs: beside the last cause if that is of this instant
 * and has nothing beside it, else on a row of its own below the cause, before what the stack sent. */
static struct ladder_row *row_for_remark(struct builder *builder, tcp_time at)
{
    if (builder->cause == 0 || builder->rows.items[builder->cause - 1].at.us != at.us) {
        return add_row(builder, at);
    }
    struct ladder_row *row = &builder->rows.items[builder->cause - 1];
    if (row->note == NULL) {
        return row;
    }
    builder->cause++;
    return insert_row(builder, builder->cause - 1, at);
}

static const char *arrow_text(const struct builder *builder)
{
    return builder->options->is_ascii ? " -> " : " → ";
}

static void add_state(struct builder *builder, const struct trace_record *record)
{
    const struct trace_state *state = &record->as.state;
    struct arena *arena = builder->trace->arena;
    const struct ladder_rows *rows = &builder->rows;
    if (builder->changed_row > 0 && builder->changed == state->incarnation &&
        rows->items[builder->changed_row - 1].at.us == record->at.us &&
        builder->changed_row == builder->cause) {
        struct ladder_row *row = &rows->items[builder->changed_row - 1];
        row->note = arena_format(arena, "%s%s%s", row->note, arrow_text(builder),
                                 tcb_state_name(state->to));
        return;
    }
    struct ladder_row *row = row_for_remark(builder, record->at);
    const char *connection = ladder_connection_name(builder->trace, state->incarnation);
    row->note =
        arena_format(arena, "%s%s%s%s%s", connection, connection[0] != '\0' ? ": " : "",
                     tcb_state_name(state->from), arrow_text(builder), tcb_state_name(state->to));
    builder->changed = state->incarnation;
    builder->changed_row = (size_t)(row - rows->items) + 1;
    builder->cause = builder->changed_row;
}

/* A timeout is reported after what it made the stack send, but comes before it. */
static void add_timeout(struct builder *builder, tcp_time at, const char *note)
{
    const struct ladder_rows *rows = &builder->rows;
    size_t place = rows->count;
    while (place > builder->drained && rows->items[place - 1].arrow == LADDER_FROM_SUT &&
           rows->items[place - 1].at.us == at.us) {
        place--;
    }
    insert_row(builder, place, at)->note = note;
    builder->cause = place + 1;
}

static bool is_timeout(enum tcp_cause cause)
{
    switch (cause) {
    case TCP_CAUSE_USER_TIMEOUT:
    case TCP_CAUSE_RETRANSMISSION_TIMEOUT:
    case TCP_CAUSE_PERSIST_TIMEOUT:
    case TCP_CAUSE_DELAYED_ACK_TIMEOUT:
    case TCP_CAUSE_SWS_OVERRIDE_TIMEOUT:
    case TCP_CAUSE_TIME_WAIT_TIMEOUT:
    case TCP_CAUSE_KEEP_ALIVE_TIMEOUT:
    case TCP_CAUSE_PATH_MTU_TIMEOUT:
    case TCP_CAUSE_ORPHAN_TIMEOUT:
    case TCP_CAUSE_ECN_TIMEOUT:
        return true;
    case TCP_CAUSE_NONE:
    case TCP_CAUSE_OPEN:
    case TCP_CAUSE_SEND:
    case TCP_CAUSE_RECEIVE:
    case TCP_CAUSE_CLOSE:
    case TCP_CAUSE_ABORT:
    case TCP_CAUSE_SEGMENT:
    case TCP_CAUSE_ICMP:
        return false;
    }
    return false;
}

/* What a segment that did not pass every check met with, or NULL when there is nothing to tell. */
static const char *remark_on(const struct builder *builder, const struct tcp_step_record *step)
{
    switch (step->verdict) {
    case TCP_VERDICT_DROP:
    case TCP_VERDICT_ACK:
    case TCP_VERDICT_CHALLENGE:
    case TCP_VERDICT_RESET:
        if (step->reason == NULL) {
            return tcp_verdict_name(step->verdict);
        }
        return arena_format(builder->trace->arena, "%s: %s", tcp_verdict_name(step->verdict),
                            step->reason);
    case TCP_VERDICT_NONE:
    case TCP_VERDICT_DELETE:
    case TCP_VERDICT_REOPEN:
    case TCP_VERDICT_SPAWN:
    case TCP_VERDICT_ACCEPT:
        return NULL;
    }
    return NULL;
}

static void add_step(struct builder *builder, const struct trace_record *record)
{
    const struct tcp_step_record *step = &record->as.step;
    if (is_timeout(step->cause)) {
        add_timeout(builder, record->at,
                    arena_format(builder->trace->arena, "(%s)", tcp_cause_name(step->cause)));
        return;
    }
    const char *remark = remark_on(builder, step);
    if (remark != NULL) {
        row_for_remark(builder, record->at)->note = remark;
    }
}

struct ladder_rows ladder_rows_of(const struct trace *trace, const struct ladder_options *options)
{
    struct builder builder = {.trace = trace, .options = options};
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_record *record = &trace->records[i];
        switch (record->kind) {
        case TRACE_PACKET:
            add_packet(&builder, record);
            break;
        case TRACE_CALL:
            add_call(&builder, i);
            break;
        case TRACE_CALL_DONE:
            add_call_done(&builder, i);
            break;
        case TRACE_STATE:
            add_state(&builder, record);
            break;
        case TRACE_STEP:
            add_step(&builder, record);
            break;
        case TRACE_SETTING:
            add_row(&builder, record->at)->note =
                arena_format(trace->arena, "set %s", record->as.setting);
            break;
        case TRACE_DRAIN:
            builder.drained = builder.rows.count;
            break;
        }
    }
    text_free(&builder.scratch);
    return builder.rows;
}
