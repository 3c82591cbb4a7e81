/* Rows of a ladder as SVG: the peer's line, arrows with their packets above them, the stack's line,
 * and what the stack did at its side. */
#include "trace/ladder.h"
#include "trace/ladder_rows.h"
#include "trace/ladder_words.h"
#include "trace/svg.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WIDTH          1280
#define TIME_X         118
#define PEER_X         150
#define STACK_X        730
#define NOTE_X         748
#define PACKET_COLUMNS 74 /* of 7.2 between the lines, less the arrow's head */
#define NOTE_COLUMNS   70
#define LINE_HEIGHT    17
#define HEAD_HEIGHT    44 /* of who is who */
#define WAIT_HEIGHT    40
#define LONG_WAIT_US   UINT64_C(1000000)

static void add_style(struct text *out)
{
    text_string(
        out, "<style>\n"
             "text { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 12px; "
             "fill: #24323d; }\n"
             ".title { font-family: 'DejaVu Sans', Verdana, sans-serif; font-size: 18px; "
             "font-weight: bold; }\n"
             ".who { font-weight: bold; font-size: 13px; }\n"
             ".time { fill: #5a6872; }\n"
             ".state { font-weight: bold; }\n"
             ".life { stroke: #24323d; stroke-width: 2; }\n"
             ".wait { stroke: #24323d; stroke-width: 2; stroke-dasharray: 2 6; }\n"
             ".in { stroke: #2f7ab8; stroke-width: 2; }\n"
             ".out { stroke: #1b7f4b; stroke-width: 2; }\n"
             "</style>\n<defs>\n"
             "<marker id=\"in\" markerUnits=\"userSpaceOnUse\" markerWidth=\"14\" "
             "markerHeight=\"12\" refX=\"13\" refY=\"6\" orient=\"auto\">"
             "<path d=\"M0 0L14 6L0 12L3.5 6Z\" fill=\"#2f7ab8\"/></marker>\n"
             "<marker id=\"out\" markerUnits=\"userSpaceOnUse\" markerWidth=\"14\" "
             "markerHeight=\"12\" refX=\"13\" refY=\"6\" orient=\"auto\">"
             "<path d=\"M0 0L14 6L0 12L3.5 6Z\" fill=\"#1b7f4b\"/></marker>\n"
             "</defs>\n");
}

/* Words cut into lines of `columns`, the first baseline at `y`; returns how many lines. Without
 * `out` they are only counted. */
static int add_lines(struct text *out, int x, int y, const char *style, const char *anchor,
                     const char *words, size_t columns)
{
    int lines = 0;
    for (const char *rest = words; rest != NULL && *rest != '\0'; lines++) {
        const char *piece = NULL;
        const size_t length = ladder_take_piece(&rest, columns, &piece);
        if (out != NULL) {
            struct text line = TEXT_EMPTY;
            text_add(&line, piece, length);
            svg_text(out, x, y + lines * LINE_HEIGHT, style, anchor, text_read(&line));
            text_free(&line);
        }
    }
    return lines;
}

static int row_height(const struct ladder_row *row)
{
    const int packet_lines = add_lines(NULL, 0, 0, "", "", row->packet, PACKET_COLUMNS);
    const int note_lines = add_lines(NULL, 0, 0, "", "", row->note, NOTE_COLUMNS);
    const int packet = packet_lines == 0 ? 0 : packet_lines * LINE_HEIGHT + 15;
    const int note = note_lines * LINE_HEIGHT + 5;
    return packet > note ? packet : note;
}

static void add_life(struct text *out, const char *style, int y, int height)
{
    text_format(out, "<path d=\"M%d %dv%dM%d %dv%d\" class=\"%s\"/>\n", PEER_X, y, height, STACK_X,
                y, height, style);
}

static void add_time(struct text *out, int y, uint64_t us)
{
    char words[40];
    (void)snprintf(words, sizeof words, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
    svg_text(out, TIME_X, y, "time", "end", words);
}

static void add_row(struct text *out, const struct ladder_row *row, int y, int height)
{
    add_life(out, "life", y, height);
    const int lines = add_lines(out, (PEER_X + STACK_X) / 2, y + 14, "packet", "middle",
                                row->packet, PACKET_COLUMNS);
    const int arrow_y = y + lines * LINE_HEIGHT + 5;
    const char *style = row->arrow == LADDER_TO_SUT ? "in" : "out";
    if (row->arrow != LADDER_NO_ARROW) {
        const bool is_in = row->arrow == LADDER_TO_SUT;
        text_format(out, "<path d=\"M%d %dH%d\" class=\"%s\" marker-end=\"url(#%s)\"/>\n",
                    is_in ? PEER_X + 1 : STACK_X - 1, arrow_y, is_in ? STACK_X - 1 : PEER_X + 1,
                    style, style);
    }
    const bool is_change = row->note != NULL && strstr(row->note, " → ") != NULL;
    (void)add_lines(out, NOTE_X, y + 14, is_change ? "state" : "note", "start", row->note,
                    NOTE_COLUMNS);
}

/* "240 s" between two rows that lie that far apart. */
static void add_wait(struct text *out, int y, uint64_t us)
{
    char words[40];
    int length =
        snprintf(words, sizeof words, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
    while (words[length - 1] == '0') {
        length--;
    }
    length -= words[length - 1] == '.';
    (void)snprintf(words + length, sizeof words - (size_t)length, " s");
    add_life(out, "wait", y, WAIT_HEIGHT);
    svg_text(out, (PEER_X + STACK_X) / 2, y + WAIT_HEIGHT / 2 + 4, "time", "middle", words);
}

static void add_who(struct text *out, int x, int y, const char *name,
                    const struct tcp_endpoint *endpoint)
{
    struct text words = TEXT_EMPTY;
    text_string(&words, name);
    if (endpoint != NULL) {
        text_string(&words, " ");
        ladder_endpoint(&words, endpoint);
    }
    svg_text(out, x, y, "who", "middle", text_read(&words));
    text_free(&words);
}

/* Title, who is who; returns the height used. */
static int add_heading(struct text *out, const struct trace *trace)
{
    struct text words = TEXT_EMPTY;
    text_format(&words, "%s, IPv%u", trace->script == NULL ? "a run" : trace->script,
                trace->ip_version);
    svg_text(out, 32, 36, "title", "start", text_read(&words));
    int y = 60;
    for (uint32_t i = 0; trace->incarnation_count > 1 && i < trace->incarnation_count; i++) {
        const struct tcp_flow *flow = &trace->incarnations[i].flow;
        text_clear(&words);
        text_format(&words, "%s: peer ", ladder_connection_name(trace, i));
        ladder_endpoint(&words, &flow->remote);
        text_string(&words, ", stack ");
        ladder_endpoint(&words, &flow->local);
        svg_text(out, 32, y, "note", "start", text_read(&words));
        y += LINE_HEIGHT;
    }
    text_free(&words);
    const bool has_one = trace->incarnation_count == 1;
    const struct tcp_flow *flow = has_one ? &trace->incarnations[0].flow : NULL;
    add_who(out, PEER_X, y + 22, "peer", has_one ? &flow->remote : NULL);
    add_who(out, STACK_X, y + 22, "stack", has_one ? &flow->local : NULL);
    add_life(out, "life", y + HEAD_HEIGHT - 12, 12);
    return y + HEAD_HEIGHT;
}

static uint64_t wait_before(const struct ladder_rows *rows, size_t i, size_t first)
{
    const uint64_t us = i > first ? rows->items[i].at.us - rows->items[i - 1].at.us : 0;
    return us > LONG_WAIT_US ? us : 0;
}

void ladder_svg(const struct trace *trace, const struct ladder_options *options, struct text *out)
{
    struct ladder_options drawn = *options;
    drawn.is_ascii = false;
    const struct ladder_rows rows = ladder_rows_of(trace, &drawn);
    const bool is_cut = options->last_rows > 0 && rows.count > options->last_rows;
    const size_t first = is_cut ? rows.count - options->last_rows : 0;
    struct text body = TEXT_EMPTY;
    int y = add_heading(&body, trace);
    for (size_t i = first; i < rows.count; i++) {
        const struct ladder_row *row = &rows.items[i];
        const uint64_t wait_us = wait_before(&rows, i, first);
        if (wait_us > 0) {
            add_wait(&body, y, wait_us);
            y += WAIT_HEIGHT;
        }
        if (i == first || row->at.us != rows.items[i - 1].at.us) {
            add_time(&body, y + 14, row->at.us - trace->start.us);
        }
        const int height = row_height(row);
        add_row(&body, row, y, height);
        y += height;
    }
    add_life(&body, "life", y, 12);
    svg_begin(out, WIDTH, y + 32, trace->script == NULL ? "a run" : trace->script);
    add_style(out);
    text_add(out, text_read(&body), body.length);
    text_free(&body);
    svg_end(out);
}
