/* Transitions as a drawing: the state diagram above, events in states as a heat map in the middle, the edges
 * of the table below. */
#include "matrix/edges.h"

#include "trace/state_diagram.h"
#include "trace/svg.h"

#include <inttypes.h>
#include <stdio.h>

#define WIDTH          1120
#define DIAGRAM_HEIGHT 1400
#define HEAT_TOP       (DIAGRAM_HEIGHT + 60)
#define CELL_LEFT      230
#define CELL_WIDTH     78
#define CELL_HEIGHT    26
#define EDGES_TOP      (HEAT_TOP + 60 + (MATRIX_EVENT_COUNT + 1) * CELL_HEIGHT)
#define EDGE_HEIGHT    20
#define EDGE_COLUMNS   2

/* How often, in classes of ten times as much: those of the diagram. */
#define CLASSES 5
static const char *const colors[CLASSES] = {"#f2f2f2", "#5aa0d0", "#2f7ab8", "#12508f", "#0a2f5c"};

static unsigned class_of(uint64_t count)
{
    unsigned class = 0;
    for (uint64_t rest = count; rest > 0 && class < CLASSES - 1; rest /= 10) {
        class ++;
    }
    return class;
}

static void add_box(struct text *out, int x, int y, int width, int height, uint64_t count)
{
    text_format(out,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" "
                "stroke=\"#ffffff\"/>\n",
                x, y, width, height, colors[class_of(count)]);
}

static void add_number(struct text *out, int x, int y, uint64_t count)
{
    char words[24];
    (void)snprintf(words, sizeof words, "%" PRIu64, count);
    svg_text(out, x, y, "count", "middle", words);
}

/* Pairs as the diagram wants them: what one segment takes in two steps is no step. */
static struct state_counts pairs_of(const struct edge_counts *counts)
{
    struct state_counts out = {0};
    for (int from = 0; from < TCB_STATE_COUNT; from++) {
        for (int to = 0; to < TCB_STATE_COUNT; to++) {
            const bool is_step = tcb_state_edge_is_legal((enum tcb_state)from, (enum tcb_state)to);
            (is_step ? out.of : out.ends)[from][to] = counts->pairs[from][to];
        }
    }
    return out;
}

static void add_heat(const struct edge_counts *counts, struct text *out)
{
    svg_text(out, 40, HEAT_TOP - 20, "title", "start", "Events in states");
    for (int state = 0; state < TCB_STATE_COUNT; state++) {
        svg_text(out, CELL_LEFT + state * CELL_WIDTH + CELL_WIDTH / 2, HEAT_TOP + 18, "cell",
                 "middle", tcb_state_name((enum tcb_state)state));
    }
    for (int event = 0; event < MATRIX_EVENT_COUNT; event++) {
        const int y = HEAT_TOP + (event + 1) * CELL_HEIGHT;
        svg_text(out, 40, y + 18, "event", "start", matrix_event_name((enum matrix_event)event));
        for (int state = 0; state < TCB_STATE_COUNT; state++) {
            const uint64_t count = counts->heat[event][state];
            const int x = CELL_LEFT + state * CELL_WIDTH;
            add_box(out, x, y, CELL_WIDTH, CELL_HEIGHT, count);
            if (count > 0) {
                add_number(out, x + CELL_WIDTH / 2, y + 18, count);
            }
        }
    }
}

/* How many rows a column of edges has. */
static int column_rows(const struct tsv *table)
{
    return ((int)table->row_count + EDGE_COLUMNS - 1) / EDGE_COLUMNS;
}

static void add_edges(const struct edge_counts *counts, const struct tsv *table, struct text *out)
{
    const int rows = column_rows(table);
    svg_text(out, 40, EDGES_TOP - 16, "title", "start", "Edges");
    for (size_t row = 0; row < table->row_count; row++) {
        const uint64_t count = counts->edges[row];
        const char *why = tsv_cell(table, row, "never");
        const int x = 40 + (int)row / rows * (WIDTH - 40) / EDGE_COLUMNS;
        const int y = EDGES_TOP + (int)row % rows * EDGE_HEIGHT;
        char words[200];
        add_box(out, x, y, 56, EDGE_HEIGHT, count);
        if (count > 0) {
            add_number(out, x + 28, y + 14, count);
        } else {
            svg_text(out, x + 28, y + 14, "cell", "middle", "never");
        }
        (void)snprintf(words, sizeof words, "%s to %s: %s%s%s", tsv_cell(table, row, "from"),
                       tsv_cell(table, row, "to"), tsv_cell(table, row, "event"),
                       count == 0 && why[0] != '\0' ? "; " : "", count == 0 ? why : "");
        svg_text(out, x + 66, y + 14, count == 0 ? "never" : "cell", "start", words);
    }
}

void edges_print_svg(const struct edge_counts *counts, const struct tsv *table, uint64_t runs,
                     struct text *out)
{
    const struct state_counts pairs = pairs_of(counts);
    svg_begin(out, WIDTH, EDGES_TOP + (column_rows(table) + 2) * EDGE_HEIGHT,
              "States, events and edges, and how often runs took them");
    text_string(out, "<style>.cell { font-size: 11px; }\n"
                     ".never { font-size: 11px; fill: #b03020; }\n</style>\n");
    state_diagram_svg(&pairs, runs, out); /* a drawing in the drawing, with the style of both */
    add_heat(counts, out);
    add_edges(counts, table, out);
    svg_end(out);
}
