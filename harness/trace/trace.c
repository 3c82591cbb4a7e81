/* The trace as a growing array in the run's arena, and its text: one line a record, complete enough
 * that two runs whose texts are equal did the same. */
#include "trace/trace.h"

#include "base/text.h"
#include "trace/segment_text.h"

#include <inttypes.h>
#include <string.h>

const struct trace_record *trace_next(const struct trace *trace, enum trace_kind kind,
                                      size_t *index)
{
    for (; *index < trace->record_count; ++*index) {
        if (trace->records[*index].kind == kind) {
            return &trace->records[*index];
        }
    }
    return NULL;
}

/* What a record of each kind has of the union: the rest of it is not there to be read. */
static size_t bytes_of(enum trace_kind kind)
{
    static const size_t bytes[] = {
        [TRACE_PACKET] = sizeof(struct trace_packet),  [TRACE_CALL] = sizeof(struct trace_call),
        [TRACE_CALL_DONE] = sizeof(struct trace_call), [TRACE_STATE] = sizeof(struct trace_state),
        [TRACE_STEP] = sizeof(struct tcp_step_record), [TRACE_DRAIN] = 0,
        [TRACE_SETTING] = sizeof(const char *),
    };
    return bytes[kind];
}

struct trace_record *trace_add(struct trace *trace, enum trace_kind kind, tcp_time at,
                               uint32_t event, uint32_t line)
{
    void *items = trace->records;
    arena_grow(trace->arena, &items, &trace->record_capacity, trace->record_count,
               sizeof *trace->records);
    trace->records = items;
    struct trace_record *record = &trace->records[trace->record_count++];
    record->kind = kind;
    record->at = at;
    record->event = event;
    record->line = line;
    memset(&record->as, 0, bytes_of(kind));
    return record;
}

/* FNV-1a over the packet: the line stands for every octet of it. */
static uint32_t digest(const uint8_t *bytes, size_t count)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

static void print_incarnation(uint32_t incarnation, struct text *out)
{
    if (incarnation == TRACE_NO_EVENT) {
        text_string(out, " #-");
    } else {
        text_format(out, " #%" PRIu32, incarnation);
    }
}

/* Numbers as on the wire: the text of two runs is compared, not read as a script. */
static void print_packet(const struct trace_packet *packet, struct text *out)
{
    static const struct segment_numbers on_the_wire = {0};
    const struct tcp_segment *segment = &packet->segment;
    text_string(out, packet->direction == TRACE_TO_SUT ? "<" : ">");
    print_incarnation(packet->incarnation, out);
    if (packet->is_icmp) {
        text_string(out, " ");
        icmp_text(out, &packet->icmp, &on_the_wire);
    } else if (packet->wire != TCP_WIRE_OK) {
        text_format(out, " (%s)", tcp_wire_result_name(packet->wire));
    } else {
        text_format(out, " %u > %u ", segment->source.port, segment->destination.port);
        segment_text(out, segment, &on_the_wire,
                     packet->bytes == NULL ? NULL : packet->bytes + packet->layout.options_offset,
                     packet->layout.options_bytes);
    }
    if (packet->bytes != NULL) {
        text_format(out, " %zu octets %08" PRIx32, packet->count,
                    digest(packet->bytes, packet->count));
    } else {
        text_format(out, " text %08" PRIx32, digest(segment->payload, segment->payload_bytes));
    }
}

static void print_call(const struct trace_record *record, struct text *out)
{
    const struct trace_call *call = &record->as.call;
    text_format(out, "%s ", record->kind == TRACE_CALL ? "call" : "done");
    text_string(out, call->text != NULL ? call->text : call->name);
    print_incarnation(call->incarnation, out);
    if (record->kind == TRACE_CALL_DONE) {
        text_format(out, " = %" PRId64, call->value);
        if (call->error != NULL) {
            text_format(out, " %s", call->error);
        }
    }
    if (call->count > 0 && call->bytes != NULL) {
        text_format(out, " %zu octets %08" PRIx32, call->count, digest(call->bytes, call->count));
    }
}

static void print_step(const struct tcp_step_record *step, struct text *out)
{
    text_format(out, "step %s: %s -> %s, %s at %s", tcp_cause_name(step->cause),
                tcb_state_name(step->before), tcb_state_name(step->after),
                tcp_verdict_name(step->verdict), tcp_check_name(step->check));
    if (step->text_taken > 0 || step->fin_taken) {
        text_format(out, ", took %" PRIu32 "%s", step->text_taken,
                    step->fin_taken ? " and FIN" : "");
    }
    if (step->reason != NULL) {
        text_format(out, " (%s)", step->reason);
    }
}

static void print_record(const struct trace *trace, const struct trace_record *record,
                         struct text *out)
{
    const uint64_t us = record->at.us - trace->start.us;
    text_format(out, "%" PRIu64 ".%06" PRIu64 " ", us / 1000000, us % 1000000);
    switch (record->kind) {
    case TRACE_PACKET:
        print_packet(&record->as.packet, out);
        break;
    case TRACE_CALL:
    case TRACE_CALL_DONE:
        print_call(record, out);
        break;
    case TRACE_STATE:
        text_string(out, "state");
        print_incarnation(record->as.state.incarnation, out);
        text_format(out, " %s -> %s", tcb_state_name(record->as.state.from),
                    tcb_state_name(record->as.state.to));
        break;
    case TRACE_STEP:
        print_step(&record->as.step, out);
        break;
    case TRACE_DRAIN:
        text_string(out, "drained");
        break;
    case TRACE_SETTING:
        text_format(out, "set %s", record->as.setting);
        break;
    }
    if (record->line != 0) {
        text_format(out, " [line %" PRIu32 "]", record->line);
    }
    text_string(out, "\n");
}

void trace_print(const struct trace *trace, struct text *out)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        print_record(trace, &trace->records[i], out);
    }
}
