/* The same diagram as SVG: each edge coloured, and as thick, as often as runs took it, with the count
 * in a pill on it. Places are chosen by hand, so that nothing covers anything. */
#include "trace/state_diagram.h"

#include "trace/svg.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH      1120
#define HEIGHT     1400
#define BOX_WIDTH  170
#define BOX_HEIGHT 64

#define WAY_OUT_WIDTH 72 /* of "→ CLOSED" */

static const struct place {
    enum tcb_state state;
    int x, y;         /* of the middle */
    bool has_way_out; /* says inside how often it went to CLOSED, instead of an edge */
} places[] = {
    {TCB_CLOSED, 560, 130, false},      {TCB_LISTEN, 560, 300, false},
    {TCB_SYN_RECEIVED, 190, 480, true}, {TCB_SYN_SENT, 930, 480, false},
    {TCB_ESTABLISHED, 560, 660, true},  {TCB_FIN_WAIT_1, 190, 820, true},
    {TCB_CLOSE_WAIT, 930, 820, true},   {TCB_FIN_WAIT_2, 190, 1000, true},
    {TCB_CLOSING, 560, 1000, true},     {TCB_LAST_ACK, 930, 1000, false},
    {TCB_TIME_WAIT, 560, 1180, false},  {TCB_CLOSED, 930, 1180, false},
};

/* An edge: its line, the middle of its pill, and up to two lines of words with where they stand. */
static const struct edge {
    enum tcb_state from, to;
    const char *path;
    int pill_x, pill_y;
    int x, y;
    const char *anchor;
    const char *event, *action; /* "" when there is none */
} edges[] = {
    {TCB_CLOSED, TCB_LISTEN, "M520 162V268", 520, 215, 482, 211, "end", "passive OPEN",
     "create TCB"},
    {TCB_LISTEN, TCB_CLOSED, "M600 268V162", 600, 215, 638, 211, "start", "CLOSE", "delete TCB"},
    {TCB_CLOSED, TCB_SYN_SENT, "M645 116H955Q975 116 975 136V448", 975, 250, 1008, 246, "start",
     "active OPEN", "snd SYN"},
    {TCB_SYN_SENT, TCB_CLOSED, "M890 448V164Q890 144 870 144H645", 890, 250, 852, 246, "end",
     "CLOSE, RST, timeout", "delete TCB"},
    {TCB_LISTEN, TCB_SYN_RECEIVED, "M520 332V448Q520 468 500 468H275", 385, 468, 385, 450, "middle",
     "rcv SYN / snd SYN,ACK", ""},
    {TCB_SYN_RECEIVED, TCB_LISTEN, "M160 448V320Q160 300 180 300H475", 315, 300, 315, 282, "middle",
     "rcv RST or SYN", ""},
    {TCB_LISTEN, TCB_SYN_SENT, "M600 332V448Q600 468 620 468H845", 735, 468, 735, 450, "middle",
     "SEND / snd SYN", ""},
    {TCB_SYN_SENT, TCB_SYN_RECEIVED, "M845 494H275", 560, 494, 560, 519, "middle",
     "rcv SYN / snd SYN,ACK", ""},
    {TCB_SYN_RECEIVED, TCB_ESTABLISHED, "M240 512V640Q240 660 260 660H475", 358, 660, 358, 642,
     "middle", "rcv ACK of SYN", ""},
    {TCB_SYN_SENT, TCB_ESTABLISHED, "M930 512V640Q930 660 910 660H645", 775, 660, 775, 642,
     "middle", "rcv SYN,ACK / snd ACK", ""},
    {TCB_SYN_RECEIVED, TCB_FIN_WAIT_1, "M140 512V788", 140, 600, 150, 634, "start", "CLOSE",
     "snd FIN"},
    {TCB_ESTABLISHED, TCB_FIN_WAIT_1, "M520 692V786Q520 806 500 806H275", 390, 806, 390, 788,
     "middle", "CLOSE / snd FIN", ""},
    {TCB_ESTABLISHED, TCB_CLOSE_WAIT, "M600 692V800Q600 820 620 820H845", 735, 820, 735, 802,
     "middle", "rcv FIN / snd ACK", ""},
    {TCB_FIN_WAIT_1, TCB_FIN_WAIT_2, "M150 852V968", 150, 885, 160, 944, "start", "rcv ACK of FIN",
     ""},
    {TCB_FIN_WAIT_1, TCB_CLOSING, "M275 834H540Q560 834 560 854V968", 470, 834, 470, 859, "middle",
     "rcv FIN / snd ACK", ""},
    {TCB_FIN_WAIT_1, TCB_TIME_WAIT,
     "M235 852V890Q235 910 255 910H360Q380 910 380 930V1140"
     "Q380 1160 400 1160H475",
     380, 1020, 390, 1062, "start", "rcv FIN,ACK", "snd ACK"},
    {TCB_FIN_WAIT_2, TCB_TIME_WAIT, "M190 1032V1168Q190 1188 210 1188H475", 300, 1188, 285, 1170,
     "middle", "rcv FIN / snd ACK", ""},
    {TCB_CLOSE_WAIT, TCB_LAST_ACK, "M930 852V968", 930, 910, 968, 906, "start", "CLOSE", "snd FIN"},
    {TCB_CLOSING, TCB_TIME_WAIT, "M560 1032V1148", 560, 1090, 598, 1094, "start", "rcv ACK of FIN",
     ""},
    {TCB_LAST_ACK, TCB_CLOSED, "M930 1032V1148", 930, 1090, 968, 1086, "start", "rcv ACK of FIN",
     "delete TCB"},
    {TCB_TIME_WAIT, TCB_CLOSED, "M645 1180H845", 745, 1180, 745, 1162, "middle", "2MSL timeout",
     ""},
    {TCB_SYN_RECEIVED, TCB_TIME_WAIT,
     "M105 494H90Q70 494 70 514V1224Q70 1244 90 1244H500"
     "Q520 1244 520 1228V1212",
     300, 1244, 210, 1238, "middle", "old duplicate SYN", ""},
    {TCB_TIME_WAIT, TCB_SYN_RECEIVED,
     "M600 1212V1262Q600 1282 580 1282H60Q40 1282 40 1262V486"
     "Q40 466 60 466H105",
     300, 1282, 210, 1300, "middle", "new SYN", ""},
};
#define EDGE_COUNT (sizeof edges / sizeof edges[0])

/* How often, in classes of ten times as much. */
#define CLASSES 5
static const struct look {
    const char *color;
    const char *width;
    const char *words;
} looks[CLASSES] = {
    {"#b4b4b4", "1.5", "never"},    {"#5aa0d0", "2", "1 to 9"},       {"#2f7ab8", "3", "10 to 99"},
    {"#12508f", "4", "100 to 999"}, {"#0a2f5c", "5", "1000 or more"},
};

static unsigned class_of(uint64_t count)
{
    unsigned class = 0;
    for (uint64_t rest = count; rest > 0 && class < CLASSES - 1; rest /= 10) {
        class ++;
    }
    return class;
}

static void add_style(struct text *out)
{
    text_string(out, "<style>\n"
                     "text { font-family: 'DejaVu Sans', Verdana, sans-serif; fill: #24323d; }\n"
                     ".title { font-size: 22px; font-weight: bold; }\n"
                     ".sub { font-size: 14px; fill: #5a6872; }\n"
                     ".state { font-size: 16px; font-weight: bold; }\n"
                     ".out { font-size: 13px; }\n"
                     ".event { font-size: 13px; }\n"
                     ".action { font-size: 13px; fill: #5a6872; }\n"
                     ".count { font-size: 13px; font-weight: bold; fill: #ffffff; }\n"
                     "</style>\n<defs>\n");
    for (unsigned i = 0; i < CLASSES; i++) {
        text_format(out,
                    "<marker id=\"head%u\" markerUnits=\"userSpaceOnUse\" markerWidth=\"16\" "
                    "markerHeight=\"14\" refX=\"14\" refY=\"7\" orient=\"auto\">"
                    "<path d=\"M0 0L16 7L0 14L4 7Z\" fill=\"%s\"/></marker>\n",
                    i, looks[i].color);
    }
    text_string(out, "</defs>\n");
}

/* How wide the pill of a count is; digits are about 9 wide. */
static int pill_width(uint64_t count)
{
    return 18 + 9 * snprintf(NULL, 0, "%" PRIu64, count);
}

static void add_pill(struct text *out, int x, int y, uint64_t count)
{
    const int width = pill_width(count);
    char words[24];
    (void)snprintf(words, sizeof words, "%" PRIu64, count);
    text_format(out,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"22\" rx=\"11\" fill=\"%s\" "
                "stroke=\"#ffffff\" stroke-width=\"2\"/>\n",
                x - width / 2, y - 11, width, looks[class_of(count)].color);
    svg_text(out, x, y + 5, "count", "middle", words);
}

static void add_line(struct text *out, const struct edge *edge, uint64_t count)
{
    const unsigned class = class_of(count);
    text_format(out,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s "
                "marker-end=\"url(#head%u)\"/>\n",
                edge->path, looks[class].color, looks[class].width,
                count == 0 ? " stroke-dasharray=\"6 5\"" : "", class);
}

/* Words beside a pill step aside for a wide one. */
static int words_x(const struct edge *edge, uint64_t count)
{
    if (strcmp(edge->anchor, "middle") == 0 || abs(edge->y - edge->pill_y) > 11) {
        return edge->x;
    }
    const int gap = pill_width(count) / 2 + 10;
    return edge->x > edge->pill_x ? edge->pill_x + gap : edge->pill_x - gap;
}

static void add_words(struct text *out, const struct edge *edge, uint64_t count)
{
    const int x = words_x(edge, count);
    add_pill(out, edge->pill_x, edge->pill_y, count);
    svg_text(out, x, edge->y, "event", edge->anchor, edge->event);
    if (edge->action[0] != '\0') {
        svg_text(out, x, edge->y + 17, "action", edge->anchor, edge->action);
    }
}

static void add_box(struct text *out, const struct place *place, const struct state_counts *counts)
{
    const int left = place->x - BOX_WIDTH / 2;
    const int top = place->y - BOX_HEIGHT / 2;
    text_format(out,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#f2f6f9\" "
                "stroke=\"#24323d\" stroke-width=\"1.5\"/>\n",
                left, top, BOX_WIDTH, BOX_HEIGHT);
    const int y = place->y + (place->has_way_out ? -6 : 6);
    svg_text(out, place->x, y, "state", "middle", tcb_state_name(place->state));
    if (place->has_way_out) { /* words and pill together in the middle */
        const uint64_t count = counts->of[place->state][TCB_CLOSED];
        const int width = WAY_OUT_WIDTH + 8 + pill_width(count);
        svg_text(out, place->x - width / 2, place->y + 20, "out", "start", "→ CLOSED");
        add_pill(out, place->x + width / 2 - pill_width(count) / 2, place->y + 15, count);
    }
}

static void add_legend(struct text *out)
{
    svg_text(out, 40, 1344, "sub", "start", "taken");
    int x = 100;
    for (unsigned i = 0; i < CLASSES; i++) {
        text_format(out, "<path d=\"M%d 1339h44\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n", x,
                    looks[i].color, looks[i].width, i == 0 ? " stroke-dasharray=\"6 5\"" : "");
        svg_text(out, x + 54, 1344, "sub", "start", looks[i].words);
        x += 76 + 10 * (int)strlen(looks[i].words);
    }
    svg_text(out, 40, 1372, "sub", "start",
             "→ CLOSED within a box: by a reset, an abort, a timeout or an ICMP error");
}

void state_diagram_svg(const struct state_counts *counts, uint64_t runs, struct text *out)
{
    const struct state_totals totals = state_counts_totals(counts);
    char words[160];
    svg_begin(out, WIDTH, HEIGHT, "TCP states and how often runs took each edge");
    add_style(out);
    svg_text(out, 40, 48, "title", "start", "TCP states (RFC 9293, Figure 5)");
    (void)snprintf(words, sizeof words,
                   "%" PRIu64 " runs, %" PRIu64 " changes of state, %u of %u legal ones taken",
                   runs, totals.changes, totals.taken, totals.legal);
    svg_text(out, 40, 72, "sub", "start", words);
    if (totals.broken > 0) {
        (void)snprintf(words, sizeof words, "%u taken that RFC 9293 does not allow", totals.broken);
        svg_text(out, 40, 94, "sub", "start", words);
    }
    for (size_t i = 0; i < EDGE_COUNT; i++) { /* lines first, so that no line covers words */
        add_line(out, &edges[i], state_counts_taken(counts, edges[i].from, edges[i].to));
    }
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        add_words(out, &edges[i], state_counts_taken(counts, edges[i].from, edges[i].to));
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        add_box(out, &places[i], counts);
    }
    add_legend(out);
    svg_end(out);
}
