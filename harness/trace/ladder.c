/* Draws the rows of a ladder:
 *
 *         time  peer 192.0.2.1:40001                           stack 192.168.0.1:80
 *     0.100000  |- S 0:0(0) win 65535 <mss 1460> ------------->| LISTEN -> SYN-RECEIVED
 *               |<- S. 0:0(0) ack 1 win 65535 <mss 1460> ------|
 */
#include "trace/ladder.h"

#include "trace/ladder_rows.h"
#include "trace/ladder_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns: 11 of time (more for runs of over 9999 s), 2 between, a line, 43 of arrow, a line, a
 * space, and what is left of 100 for notes. */
#define ALL_COLUMNS      100
#define TIME_COLUMNS_MIN 11
#define ARROW_COLUMNS    43
#define PACKET_COLUMNS   (ARROW_COLUMNS - 5) /* "- " before it, " -" and the head behind it */
#define CONTINUED_INDENT 4

#define LONG_WAIT_US UINT64_C(1000000)

/* The pieces that lines are drawn with. */
struct glyphs {
    const char *line, *waiting, *dash, *head_right, *head_left;
};

static const struct glyphs ascii_glyphs = {"|", ":", "-", ">", "<"};
static const struct glyphs utf8_glyphs = {"│", "┊", "─", "►", "◄"};

/* What every line of one ladder is drawn with. */
struct drawing {
    struct text *out;
    const struct trace *trace;
    const struct glyphs *glyphs;
    int time_columns;
    size_t note_columns;
};

static void add_repeated(struct text *out, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_string(out, piece);
    }
}

/* ---- the columns of one line --------------------------------------------------------------------- */

static void add_time(const struct drawing *drawing, tcp_time at, bool is_said)
{
    const uint64_t us = at.us - drawing->trace->start.us;
    if (is_said) {
        text_format(drawing->out, "%*" PRIu64 ".%06" PRIu64, drawing->time_columns - 7,
                    us / 1000000, us % 1000000);
    } else {
        text_format(drawing->out, "%*s", drawing->time_columns, "");
    }
}

static void add_arrow(struct text *out, const struct glyphs *glyphs, enum ladder_arrow arrow,
                      const char *piece, size_t length)
{
    const size_t dashes = ARROW_COLUMNS - 4 - ladder_columns(piece, length);
    text_string(out, arrow == LADDER_FROM_SUT ? glyphs->head_left : "");
    text_string(out, glyphs->dash);
    text_string(out, " ");
    text_add(out, piece, length);
    text_string(out, " ");
    add_repeated(out, glyphs->dash, dashes);
    text_string(out, arrow == LADDER_TO_SUT ? glyphs->head_right : "");
}

/* Between the two lines: the arrow with as much of its packet as fits, the rest of the packet below
 * it, or nothing. */
static void add_middle(struct text *out, const struct glyphs *glyphs, const struct ladder_row *row,
                       bool is_first, const char **packet)
{
    const char *piece = NULL;
    if (*packet == NULL || **packet == '\0') {
        add_repeated(out, " ", ARROW_COLUMNS);
    } else if (is_first) {
        const size_t length = ladder_take_piece(packet, PACKET_COLUMNS, &piece);
        add_arrow(out, glyphs, row->arrow, piece, length);
    } else {
        const size_t length = ladder_take_piece(packet, PACKET_COLUMNS, &piece);
        add_repeated(out, " ", CONTINUED_INDENT);
        text_add(out, piece, length);
        add_repeated(out, " ", ARROW_COLUMNS - CONTINUED_INDENT - ladder_columns(piece, length));
    }
}

static void add_note(const struct drawing *drawing, bool is_first, const char **note)
{
    if (*note == NULL || **note == '\0') {
        return;
    }
    const size_t indent = is_first ? 0 : 2;
    const char *piece = NULL;
    const size_t length = ladder_take_piece(note, drawing->note_columns - indent, &piece);
    add_repeated(drawing->out, " ", 1 + indent);
    text_add(drawing->out, piece, length);
}

static bool is_left(const char *rest)
{
    return rest != NULL && *rest != '\0';
}

static void add_row(const struct drawing *drawing, const struct ladder_row *row, bool says_time)
{
    const struct glyphs *glyphs = drawing->glyphs;
    const char *packet = row->packet;
    const char *note = row->note;
    bool is_first = true;
    do {
        add_time(drawing, row->at, is_first && says_time);
        text_format(drawing->out, "  %s", glyphs->line);
        add_middle(drawing->out, glyphs, row, is_first, &packet);
        text_string(drawing->out, glyphs->line);
        add_note(drawing, is_first, &note);
        text_string(drawing->out, "\n");
        is_first = false;
    } while (is_left(packet) || is_left(note));
}

/* "... 240 s ...", in the middle between the lines. */
static void add_wait(const struct drawing *drawing, uint64_t wait_us)
{
    struct text *out = drawing->out;
    const struct glyphs *glyphs = drawing->glyphs;
    char words[64];
    int length = snprintf(words, sizeof words, "%" PRIu64 ".%06" PRIu64, wait_us / 1000000,
                          wait_us % 1000000);
    while (words[length - 1] == '0') {
        length--;
    }
    length -= words[length - 1] == '.';
    const size_t before = (ARROW_COLUMNS - (size_t)length - 10) / 2;
    const size_t behind = ARROW_COLUMNS - (size_t)length - 10 - before;
    text_format(out, "%*s  %s", drawing->time_columns, "", glyphs->waiting);
    add_repeated(out, " ", before);
    text_format(out, "... %.*s s ...", length, words);
    add_repeated(out, " ", behind);
    text_format(out, "%s\n", glyphs->waiting);
}

/* ---- the heading --------------------------------------------------------------------------------- */

/* Who is who: the heads of the two lines, and with several connections what their names mean. */
static void add_heading(const struct drawing *drawing)
{
    struct text *out = drawing->out;
    const struct trace *trace = drawing->trace;
    const int time_columns = drawing->time_columns;
    if (trace->script != NULL) {
        text_format(out, "%s, IPv%u\n\n", trace->script, trace->ip_version);
    }
    for (uint32_t i = 0; trace->incarnation_count > 1 && i < trace->incarnation_count; i++) {
        const struct tcp_flow *flow = &trace->incarnations[i].flow;
        text_format(out, "  %s: peer ", ladder_connection_name(trace, i));
        ladder_endpoint(out, &flow->remote);
        text_string(out, ", stack ");
        ladder_endpoint(out, &flow->local);
        text_string(out, i + 1 == trace->incarnation_count ? "\n\n" : "\n");
    }
    text_format(out, "%*s  peer", time_columns, "time");
    if (trace->incarnation_count == 1) {
        text_string(out, " ");
        ladder_endpoint(out, &trace->incarnations[0].flow.remote);
    }
    text_pad_to(out, (size_t)time_columns + 2 + 1 + ARROW_COLUMNS);
    text_string(out, "stack");
    if (trace->incarnation_count == 1) {
        text_string(out, " ");
        ladder_endpoint(out, &trace->incarnations[0].flow.local);
    }
    const char *line = drawing->glyphs->line;
    text_format(out, "\n%*s  %s%*s%s\n", time_columns, "", line, ARROW_COLUMNS, "", line);
}

/* As many columns as the latest time needs. */
static struct drawing drawing_of(const struct trace *trace, const struct ladder_rows *rows,
                                 const struct ladder_options *options, struct text *out)
{
    const uint64_t end_us = rows->count == 0 ? trace->start.us : rows->items[rows->count - 1].at.us;
    const int needed =
        snprintf(NULL, 0, "%" PRIu64 ".000000", (end_us - trace->start.us) / 1000000);
    const int time_columns = needed < TIME_COLUMNS_MIN ? TIME_COLUMNS_MIN : needed;
    return (struct drawing){
        .out = out,
        .trace = trace,
        .glyphs = options->is_ascii ? &ascii_glyphs : &utf8_glyphs,
        .time_columns = time_columns,
        .note_columns = ALL_COLUMNS - (size_t)time_columns - 2 - 1 - ARROW_COLUMNS - 1 - 1,
    };
}

void ladder_print(const struct trace *trace, const struct ladder_options *options, struct text *out)
{
    const struct ladder_rows rows = ladder_rows_of(trace, options);
    const struct drawing drawing = drawing_of(trace, &rows, options, out);
    if (options->has_heading) {
        add_heading(&drawing);
    }
    const bool is_cut = options->last_rows > 0 && rows.count > options->last_rows;
    const size_t first = is_cut ? rows.count - options->last_rows : 0;
    for (size_t i = first; i < rows.count; i++) {
        const uint64_t wait_us = i > first ? rows.items[i].at.us - rows.items[i - 1].at.us : 0;
        if (wait_us > LONG_WAIT_US) {
            add_wait(&drawing, wait_us);
        }
        add_row(&drawing, &rows.items[i], i == first || wait_us > 0);
    }
}
