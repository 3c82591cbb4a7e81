/* Between two statements that stay, the packets that were sent are held against the lines that expect
 * some: the longest common part stays as it is written, the rest is replaced in its order, added, or
 * taken out. */
#include "capture/bless_lines.h"

#include <string.h>

#include "scenario/print.h"
#include "tcp/seq.h"
#include "trace/segment_text.h"

/* More lines or packets between two causes are not laid side by side, but replaced in order. */
#define SIDE_BY_SIDE_MAX 512

struct lines {
    const struct scenario *scenario;
    const struct run_outcome *outcome;
    struct edits *edits;
    struct arena *arena;
    tcp_time previous; /* what the time of the next line counts from, in the new script */
    size_t end;        /* where the statement before ends in the source */
    size_t record;     /* packets from here on are not placed yet */
};

/* What stands between two statements that stay. */
struct gap {
    const struct scenario_event **expected;
    size_t expected_count;
    const struct trace_record **sent;
    size_t sent_count;
};

/* ---- one line and one packet --------------------------------------------------------------------------- */

static const struct trace_incarnation *life_of(const struct lines *lines,
                                               const struct trace_packet *packet)
{
    const struct trace *trace = lines->outcome->trace;
    return packet->incarnation < trace->incarnation_count
               ? &trace->incarnations[packet->incarnation]
               : NULL;
}

/* Numbers of live state ("rcv.nxt") are left to the run that follows. */
static bool number_fits(const struct scenario_number *number, tcp_seqno live, bool is_known,
                        tcp_seqno isn, uint32_t name_of_isn)
{
    if (number->base == SCENARIO_BASE_ABSOLUTE) {
        return live.raw == (uint32_t)number->offset;
    }
    if (number->base != SCENARIO_BASE_SCRIPT || !is_known) {
        return true;
    }
    return live.raw - isn.raw + name_of_isn == (uint32_t)number->offset;
}

static bool options_fit(const struct scenario_tcp *tcp, const struct trace_packet *packet)
{
    if (tcp->any_options) {
        return true;
    }
    struct text expected = TEXT_EMPTY;
    struct text sent = TEXT_EMPTY;
    if (tcp->option_count > 0) {
        scenario_print_options(&expected, tcp->options, tcp->option_count, false);
    }
    segment_text(&sent, &packet->segment, &(struct segment_numbers){0},
                 packet->bytes + packet->layout.options_offset, packet->layout.options_bytes);
    const char *options = strchr(text_read(&sent), '<');
    const bool fits = strcmp(text_read(&expected), options == NULL ? "" : options) == 0;
    text_free(&expected);
    text_free(&sent);
    return fits;
}

/* Could the line stay for this packet? A yes that is wrong is found when the script is run again. */
static bool fits(const struct lines *lines, const struct scenario_event *event,
                 const struct trace_record *record)
{
    const struct scenario_packet *said = event->as.packet;
    const struct scenario_tcp *tcp = &said->as.tcp;
    const struct trace_packet *packet = &record->as.packet;
    const struct tcp_segment *segment = &packet->segment;
    const struct trace_incarnation *life = life_of(lines, packet);
    if (said->protocol != SCENARIO_TCP || life == NULL ||
        (said->connection != NULL && life->label != NULL &&
         strcmp(said->connection, life->label) != 0)) {
        return false;
    }
    return (tcp->any_flags || tcp->flags == segment->flags) &&
           tcp->payload_bytes == segment->payload_bytes &&
           (tcp->any_sequence || number_fits(&tcp->start, segment->seq, life->has_local_isn,
                                             life->local_isn, life->local_number)) &&
           (!tcp->has_ack || number_fits(&tcp->ack, segment->ack, life->has_remote_isn,
                                         life->remote_isn, life->remote_number)) &&
           (!tcp->has_window || tcp->window == segment->window) &&
           (!tcp->has_urgent || tcp->urgent == segment->urgent) && options_fit(tcp, packet);
}

static int64_t since(tcp_time from, tcp_time to)
{
    return (int64_t)(to.us - from.us);
}

static const char *relative_time(const struct lines *lines, tcp_time at)
{
    struct text words = TEXT_EMPTY;
    text_string(&words, "+");
    scenario_print_seconds(&words, since(lines->previous, at));
    const char *copy = arena_copy_text(lines->arena, text_read(&words), words.length);
    text_free(&words);
    return copy;
}

/* Without its time: "> . 1:1(0) ack 1 win 100". */
static const char *packet_text(const struct lines *lines, const struct trace_record *record)
{
    const struct trace *trace = lines->outcome->trace;
    const struct trace_packet *packet = &record->as.packet;
    const struct trace_incarnation *life = life_of(lines, packet);
    struct text words = TEXT_EMPTY;
    text_string(&words, "> ");
    const bool has_label = life != NULL && life->label != NULL;
    if (has_label) {
        text_format(&words, "@%s ", life->label);
    }
    segment_text_with_ports(&words, trace, packet, !has_label && trace->incarnation_count > 1);
    const char *copy = arena_copy_text(lines->arena, text_read(&words), words.length);
    text_free(&words);
    return copy;
}

/* ---- times --------------------------------------------------------------------------------------------- */

static bool time_fits(const struct lines *lines, const struct scenario_time *time, tcp_time at)
{
    const int64_t from_start = since(lines->outcome->trace->start, at);
    const int64_t from_previous = since(lines->previous, at);
    switch (time->kind) {
    case SCENARIO_TIME_ANY:
        return true;
    case SCENARIO_TIME_ABSOLUTE:
    case SCENARIO_TIME_ABSOLUTE_RANGE:
        return from_start >= time->from_us && from_start <= time->to_us;
    case SCENARIO_TIME_RELATIVE:
    case SCENARIO_TIME_RELATIVE_RANGE:
        return from_previous >= time->from_us && from_previous <= time->to_us;
    }
    return false;
}

static void place(struct lines *lines, const struct scenario_event *event, tcp_time at)
{
    lines->previous = at;
    if (event != NULL) {
        lines->end = (size_t)event->span.offset + event->span.length;
    }
}

/* The line's time becomes the packet's, if it is another. */
static void keep_line(struct lines *lines, const struct scenario_event *event,
                      const struct trace_record *record)
{
    if (!time_fits(lines, &event->time, record->at)) {
        edits_replace(lines->edits, event->time.span.offset, event->time.span.length,
                      relative_time(lines, record->at));
    }
    place(lines, event, record->at);
}

/* Where the packet begins in the line: at its direction, behind the time. */
static size_t packet_at(const struct lines *lines, const struct scenario_event *event)
{
    size_t at = (size_t)event->time.span.offset + event->time.span.length;
    while (lines->scenario->source[at] != '>') {
        at++;
    }
    return at;
}

static void replace_line(struct lines *lines, const struct scenario_event *event,
                         const struct trace_record *record)
{
    const size_t at = packet_at(lines, event);
    edits_replace(lines->edits, at, (size_t)event->span.offset + event->span.length - at,
                  packet_text(lines, record));
    keep_line(lines, event, record);
}

static void add_line(struct lines *lines, const struct trace_record *record)
{
    edits_add_line(lines->edits, lines->end,
                   arena_format(lines->arena, "%s %s", relative_time(lines, record->at),
                                packet_text(lines, record)));
    place(lines, NULL, record->at);
}

/* A statement whose time counts from the one before keeps the time at which it was meant, however that
 * one moved. The end of a call that blocks counts from there too, unless it counts from its begin. */
static void keep_time(struct lines *lines, size_t index)
{
    const struct scenario_event *event = &lines->scenario->events[index];
    const struct scenario_time *time = &event->time;
    const struct run_outcome *outcome = lines->outcome;
    const tcp_time before = index == 0 ? outcome->trace->start : outcome->moments[index - 1].at;
    if (time->kind != SCENARIO_TIME_RELATIVE || before.us == lines->previous.us) {
        return;
    }
    const int64_t shift = since(lines->previous, before);
    struct text words = TEXT_EMPTY;
    text_string(&words, "+");
    scenario_print_seconds(&words, time->from_us + shift);
    if (time->has_end) {
        text_string(&words, time->end_is_from_start ? "...+" : "...");
        scenario_print_seconds(&words, time->end_us + (time->end_is_from_start ? 0 : shift));
    }
    const bool has_time = time->span.length > 0; /* our own statements may go without: +0 */
    text_string(&words, has_time ? "" : " ");
    edits_replace(lines->edits, has_time ? time->span.offset : event->span.offset,
                  time->span.length,
                  arena_copy_text(lines->arena, text_read(&words), words.length));
    text_free(&words);
}

/* ---- a gap ----------------------------------------------------------------------------------------------- */

/* Lines [line, to_line) and packets [packet, to_packet), of which none fits: in order. */
static void settle(struct lines *lines, const struct gap *gap, size_t line, size_t to_line,
                   size_t packet, size_t to_packet)
{
    for (; line < to_line && packet < to_packet; line++, packet++) {
        replace_line(lines, gap->expected[line], gap->sent[packet]);
    }
    for (; packet < to_packet; packet++) {
        add_line(lines, gap->sent[packet]);
    }
    for (; line < to_line; line++) {
        edits_take_out(lines->edits, gap->expected[line]->span.offset,
                       gap->expected[line]->span.length);
    }
}

/* When the line was meant to come, as the run went. */
static bool is_meant_for(const struct lines *lines, const struct scenario_event *event, tcp_time at)
{
    const size_t index = (size_t)(event - lines->scenario->events);
    const struct run_outcome *outcome = lines->outcome;
    const tcp_time before = index == 0 ? outcome->trace->start : outcome->moments[index - 1].at;
    const struct scenario_time *time = &event->time;
    const bool is_relative = time->kind == SCENARIO_TIME_RELATIVE;
    const tcp_time base = is_relative ? before : outcome->trace->start;
    return time->kind == SCENARIO_TIME_ANY || since(base, at) == time->from_us;
}

/* What it is worth to keep the line for the packet; 0: it does not fit. */
static uint16_t worth(const struct lines *lines, const struct scenario_event *event,
                      const struct trace_record *record)
{
    if (!fits(lines, event, record)) {
        return 0;
    }
    return is_meant_for(lines, event, record->at) ? 3 : 2;
}

/* best[i][j]: the most that lines from i on and packets from j on are worth, side by side in order. */
static uint16_t *find_best(const struct lines *lines, const struct gap *gap)
{
    const size_t columns = gap->sent_count + 1;
    uint16_t *best = arena_take(lines->arena, (gap->expected_count + 1) * columns * sizeof *best);
    for (size_t i = gap->expected_count; i-- > 0;) {
        for (size_t j = gap->sent_count; j-- > 0;) {
            const uint16_t down = best[(i + 1) * columns + j];
            const uint16_t right = best[i * columns + j + 1];
            const uint16_t pair = worth(lines, gap->expected[i], gap->sent[j]);
            const uint16_t both = (uint16_t)(best[(i + 1) * columns + j + 1] + pair);
            const uint16_t one = down > right ? down : right;
            best[i * columns + j] = pair > 0 && both > one ? both : one;
        }
    }
    return best;
}

static void settle_gap(struct lines *lines, const struct gap *gap)
{
    if (gap->expected_count > SIDE_BY_SIDE_MAX || gap->sent_count > SIDE_BY_SIDE_MAX ||
        gap->expected_count == 0) {
        settle(lines, gap, 0, gap->expected_count, 0, gap->sent_count);
        return;
    }
    const uint16_t *best = find_best(lines, gap);
    const size_t columns = gap->sent_count + 1;
    size_t line = 0, packet = 0; /* settled up to here */
    size_t i = 0, j = 0;
    while (i < gap->expected_count && j < gap->sent_count) {
        const uint16_t here = best[i * columns + j];
        if (here == best[(i + 1) * columns + j]) {
            i++;
        } else if (here == best[i * columns + j + 1]) {
            j++;
        } else {
            settle(lines, gap, line, i, packet, j);
            keep_line(lines, gap->expected[i], gap->sent[j]);
            line = ++i;
            packet = ++j;
        }
    }
    settle(lines, gap, line, gap->expected_count, packet, gap->sent_count);
}

/* ---- the script ------------------------------------------------------------------------------------------ */

static bool is_line_of_packet(const struct scenario_event *event)
{
    return event->kind == SCENARIO_PACKET && event->as.packet->direction == SCENARIO_OUTBOUND;
}

/* Packets up to a place in the trace that no group of the script has taken. */
static void take_sent(struct lines *lines, size_t to, struct gap *gap)
{
    const struct trace *trace = lines->outcome->trace;
    gap->sent = arena_take(lines->arena, (to - lines->record) * sizeof *gap->sent);
    for (; lines->record < to; lines->record++) {
        const struct trace_record *record = &trace->records[lines->record];
        const bool is_sent =
            record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_FROM_SUT;
        if (is_sent && (record->event >= lines->scenario->event_count ||
                        is_line_of_packet(&lines->scenario->events[record->event]))) {
            gap->sent[gap->sent_count++] = record;
        }
    }
}

static void lay_out_gap(struct lines *lines, size_t from, size_t to, size_t records)
{
    struct gap gap = {0};
    gap.expected = arena_take(lines->arena, (to - from) * sizeof *gap.expected);
    for (size_t i = from; i < to; i++) {
        gap.expected[gap.expected_count++] = &lines->scenario->events[i];
    }
    take_sent(lines, records > lines->record ? records : lines->record, &gap);
    settle_gap(lines, &gap);
}

void bless_lines(const struct scenario *scenario, const struct run_outcome *outcome,
                 struct edits *edits)
{
    struct lines lines = {.scenario = scenario,
                          .outcome = outcome,
                          .edits = edits,
                          .arena = edits->arena,
                          .previous = outcome->trace->start};
    size_t from = 0;
    for (size_t i = 0; i < scenario->event_count; i++) {
        if (is_line_of_packet(&scenario->events[i])) {
            continue;
        }
        lay_out_gap(&lines, from, i, outcome->moments[i].records);
        keep_time(&lines, i);
        place(&lines, &scenario->events[i], outcome->moments[i].at);
        from = i + 1;
    }
    lay_out_gap(&lines, from, scenario->event_count, outcome->trace->record_count);
}
