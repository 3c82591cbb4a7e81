#include "report_page.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/escape.h"
#include "trace/state_diagram.h"

#define SAMPLES_MAX  100000
#define PATH_BYTES   4096
#define LINE_BYTES   512
#define CURVE_WIDTH  860
#define CURVE_HEIGHT 150
#define MARGIN_LEFT  64
#define MARGIN_RIGHT 16
#define MARGIN_TOP   26
#define MARGIN_FOOT  24

struct sample {
    uint64_t seconds, executions, edges, states, changes, findings;
};

struct curve {
    struct sample *samples;
    size_t count;
};

/* ---- reading ------------------------------------------------------------------------------------- */

bool report_read_page(const char *path, struct campaign_page *out)
{
    FILE *file = fopen(path, "rb");
    const bool is_read =
        file != NULL && fread(out, sizeof *out, 1, file) == 1 && out->magic == CAMPAIGN_PAGE_MAGIC;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!is_read) {
        memset(out, 0, sizeof *out); /* nothing has run yet */
    }
    return is_read;
}

uint32_t report_states_reached(const struct state_counts *counts)
{
    uint32_t reached = 0;
    for (int to = 0; to < TCB_STATE_COUNT; to++) {
        bool is_reached = false;
        for (int from = 0; from < TCB_STATE_COUNT; from++) {
            is_reached = is_reached || counts->of[from][to] > 0;
        }
        reached += is_reached;
    }
    return reached;
}

static void read_samples(const char *folder, const char *target, struct curve *out)
{
    char path[PATH_BYTES];
    struct sample sample;
    (void)snprintf(path, sizeof path, "%s/%s/samples.tsv", folder, target);
    FILE *file = fopen(path, "r");
    out->count = 0;
    while (file != NULL && out->count < SAMPLES_MAX &&
           fscanf(file, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                  &sample.seconds, &sample.executions, &sample.edges, &sample.states,
                  &sample.changes, &sample.findings) == 6) {
        out->samples[out->count++] = sample;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void read_target(const char *folder, const char *target, struct campaign_page *page,
                        struct curve *curve)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s/page", folder, target);
    (void)report_read_page(path, page);
    read_samples(folder, target, curve);
}

static struct sample last_of(const struct curve *curve)
{
    return curve->count == 0 ? (struct sample){0} : curve->samples[curve->count - 1];
}

/* ---- curves -------------------------------------------------------------------------------------- */

static uint64_t edges_of(const struct sample *sample)
{
    return sample->edges;
}

static uint64_t changes_of(const struct sample *sample)
{
    return sample->changes;
}

static uint64_t executions_of(const struct sample *sample)
{
    return sample->executions;
}

struct plot {
    const char *what, *colour;
    uint64_t (*value)(const struct sample *);
};

static uint64_t across(uint64_t seconds, uint64_t end)
{
    return MARGIN_LEFT +
           seconds * (CURVE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT) / (end == 0 ? 1 : end);
}

static uint64_t down(uint64_t value, uint64_t most)
{
    return CURVE_HEIGHT - MARGIN_FOOT - value * (CURVE_HEIGHT - MARGIN_TOP - MARGIN_FOOT) / most;
}

/* A line across at the middle and at the top, with their values, and the seconds below. */
static void add_grid(struct text *out, uint64_t most, uint64_t end)
{
    for (uint64_t part = 0; part <= 2; part++) {
        const uint64_t value = most * part / 2;
        text_format(out,
                    "<path d=\"M%d %" PRIu64 "H%d\" stroke=\"#d5d9dd\" fill=\"none\"/>"
                    "<text x=\"%d\" y=\"%" PRIu64 "\" text-anchor=\"end\">%" PRIu64 "</text>\n",
                    MARGIN_LEFT, down(value, most), CURVE_WIDTH - MARGIN_RIGHT, MARGIN_LEFT - 6,
                    down(value, most) + 4, value);
    }
    for (uint64_t part = 0; part <= 4; part++) {
        text_format(out,
                    "<text x=\"%" PRIu64 "\" y=\"%d\" text-anchor=\"%s\">%" PRIu64 " s</text>\n",
                    across(end * part / 4, end), CURVE_HEIGHT - 6, part == 4 ? "end" : "middle",
                    end * part / 4);
    }
}

static void add_plot(struct text *out, const struct curve *curve, const struct plot *plot)
{
    uint64_t most = 2;
    for (size_t index = 0; index < curve->count; index++) {
        const uint64_t value = plot->value(&curve->samples[index]);
        most = value > most ? value : most;
    }
    const struct sample last = last_of(curve);
    text_format(out,
                "<svg class=\"curve\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                "role=\"img\">\n<title>%s over time</title>\n",
                CURVE_WIDTH, CURVE_HEIGHT, CURVE_WIDTH, CURVE_HEIGHT, plot->what);
    add_grid(out, most, last.seconds);
    text_format(out,
                "<text x=\"%d\" y=\"15\" style=\"fill:%s;font-weight:bold\">%s: %" PRIu64
                "</text>\n<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
                MARGIN_LEFT, plot->colour, plot->what, plot->value(&last), plot->colour);
    for (size_t index = 0; index < curve->count; index++) {
        const struct sample *sample = &curve->samples[index];
        text_format(out, "%" PRIu64 ",%" PRIu64 " ", across(sample->seconds, last.seconds),
                    down(plot->value(sample), most));
    }
    text_string(out, "\"/>\n</svg>\n");
}

static void add_curves(struct text *out, const struct curve *curve)
{
    static const struct plot plots[] = {
        {"edges of the program", "#1f6fb4", edges_of},
        {"legal changes of state", "#c05a00", changes_of},
        {"executions", "#5a6872", executions_of},
    };
    if (curve->count < 2) {
        text_string(out, "<p>Too short for curves.</p>\n");
        return;
    }
    for (size_t index = 0; index < sizeof plots / sizeof *plots; index++) {
        const struct sample last = last_of(curve);
        if (plots[index].value(&last) > 0) {
            add_plot(out, curve, &plots[index]);
        }
    }
}

/* ---- findings ------------------------------------------------------------------------------------ */

/* What was found, by the report's first line that tells it; else the finding's number. */
static void add_title(struct text *out, FILE *file, const char *number)
{
    static const char word[] = "finding: ";
    char line[LINE_BYTES];
    struct text title = TEXT_EMPTY;
    text_string(&title, number);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *found = strstr(line, word);
        if (found != NULL || strstr(line, "SUMMARY: ") != NULL ||
            strstr(line, "Assertion") != NULL) {
            text_free(&title);
            text_string(&title, found == NULL ? line : found + sizeof word - 1);
            break;
        }
    }
    text_string(out, "<h3>");
    escape_xml_text(out, text_read(&title));
    text_string(out, "</h3>\n");
    text_free(&title);
    rewind(file);
}

/* How to see it again and its ladder stand open; the scenario and the whole trace behind them do not. */
static void add_finding(struct text *out, FILE *file, const char *number)
{
    char line[LINE_BYTES];
    struct text part = TEXT_EMPTY;
    bool is_folded = false;
    add_title(out, file, number);
    text_string(out, "<pre>");
    while (fgets(line, sizeof line, file) != NULL) {
        if (!is_folded && strncmp(line, "---- scenario", strlen("---- scenario")) == 0) {
            escape_xml_text(out, text_read(&part));
            text_free(&part);
            text_string(
                out, "</pre>\n<details><summary>the scenario and the whole trace</summary><pre>");
            is_folded = true;
        }
        text_string(&part, line);
    }
    escape_xml_text(out, text_read(&part));
    text_free(&part);
    text_string(out, is_folded ? "</pre></details>\n" : "</pre>\n");
}

static void add_findings(struct text *out, const char *folder, const char *target)
{
    char path[PATH_BYTES];
    struct dirent **entries = NULL;
    (void)snprintf(path, sizeof path, "%s/%s/findings", folder, target);
    const int count = scandir(path, &entries, NULL, alphasort);
    size_t found = 0;
    for (int index = 0; index < count; index++) {
        const char *const name = entries[index]->d_name;
        FILE *file = NULL;
        if (name[0] != '.' && snprintf(path, sizeof path, "%s/%s/findings/%s/report.txt", folder,
                                       target, name) < (int)sizeof path) {
            file = fopen(path, "rb");
        }
        if (file != NULL) {
            add_finding(out, file, name);
            (void)fclose(file);
            found++;
        }
        free(entries[index]);
    }
    free(entries);
    if (found == 0) {
        text_string(out, "<p>No findings.</p>\n");
    }
}

/* ---- the page ------------------------------------------------------------------------------------ */

/* The legal changes that no run took. */
static void add_untaken(struct text *out, const struct state_counts *states)
{
    const char *between = "<p>Not taken: ";
    for (int pair = 0; pair < TCB_STATE_COUNT * TCB_STATE_COUNT; pair++) {
        const enum tcb_state from = (enum tcb_state)(pair / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(pair % TCB_STATE_COUNT);
        if (tcb_state_edge_is_legal(from, to) && state_counts_taken(states, from, to) == 0) {
            text_format(out, "%s%s to %s", between, tcb_state_name(from), tcb_state_name(to));
            between = "; ";
        }
    }
    text_string(out, between[0] == '<' ? "" : ".</p>\n");
}

static void add_row(struct text *out, const char *target, const struct campaign_page *page,
                    const struct sample *last)
{
    text_format(out,
                "<tr><td><a href=\"#%s\">%s</a><td>%" PRIu64 "<td>%" PRIu64 "<td>%" PRIu64
                "<td>%" PRIu64,
                target, target, last->seconds, page->executions,
                last->seconds == 0 ? 0 : page->executions / last->seconds, last->edges);
    if (page->events > 0) {
        const struct state_totals totals = state_counts_totals(&page->states);
        text_format(out, "<td>%" PRIu64 "<td>%u<td>%u of %u<td>%" PRIu64 " %%", page->events,
                    report_states_reached(&page->states), totals.taken, totals.legal,
                    page->injected == 0 ? 0 : page->acceptable * 100 / page->injected);
    } else {
        text_string(out, "<td><td><td><td>");
    }
    text_format(out, "<td%s>%" PRIu64 "</tr>\n", last->findings > 0 ? " class=\"bad\"" : "",
                last->findings);
}

static void add_table(struct text *out, const char *folder, char **targets, int count,
                      struct curve *curve)
{
    text_string(out,
                "<table>\n<tr><th>target<th>seconds<th>executions<th>a second<th>edges<th>events"
                "<th>states<th>changes of state<th>acceptable segments<th>findings</tr>\n");
    for (int index = 0; index < count; index++) {
        struct campaign_page page;
        read_target(folder, targets[index], &page, curve);
        const struct sample last = last_of(curve);
        add_row(out, targets[index], &page, &last);
    }
    text_string(
        out, "</table>\n<p>Seconds are those of all calls together. Acceptable segments are those "
             "that passed the sequence check, of all that inputs sent to a connection.</p>\n");
}

static void add_target(struct text *out, const char *folder, const char *target,
                       struct curve *curve)
{
    struct campaign_page page;
    read_target(folder, target, &page, curve);
    text_format(out, "<h2 id=\"%s\">%s</h2>\n", target, target);
    add_findings(out, folder, target);
    add_curves(out, curve);
    if (page.events > 0) {
        add_untaken(out, &page.states);
        text_string(out, "<div>\n");
        state_diagram_svg(&page.states, page.executions, out);
        text_string(out, "</div>\n");
    }
}

static const char page_begins[] =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>finwait: fuzz campaign</title>\n<style>\n"
    "body { font: 15px/1.45 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; "
    "color: #222; background: #fff }\n"
    "svg { max-width: 100%; height: auto }\n"
    "svg.curve { display: block; margin: .6em 0 }\n"
    "svg.curve text { font: 12px sans-serif; fill: #5a6872 }\n"
    "table { border-collapse: collapse; font-size: 13px }\n"
    "th, td { text-align: right; padding: .25em .6em; border-bottom: 1px solid #d5d9dd }\n"
    "th:first-child, td:first-child { text-align: left }\n"
    ".bad { color: #b00020; font-weight: bold }\n"
    "h2 { margin-top: 2em; border-top: 2px solid #222; padding-top: .4em }\n"
    "h3 { color: #b00020 }\n"
    "pre { background: #f4f4f4; padding: .8em; overflow-x: auto; font-size: 12px; "
    "line-height: 1.2 }\n"
    "</style>\n<h1>Fuzz campaign</h1>\n";

int report_html(const char *folder, char **targets, int count)
{
    struct curve curve = {.samples = calloc(SAMPLES_MAX, sizeof(struct sample))};
    if (curve.samples == NULL) {
        (void)fputs("out of memory\n", stderr);
        return 3;
    }
    struct text out = TEXT_EMPTY;
    text_string(&out, page_begins);
    add_table(&out, folder, targets, count, &curve);
    for (int index = 0; index < count; index++) {
        add_target(&out, folder, targets[index], &curve);
    }
    text_string(&out, "</html>\n");
    (void)fwrite(text_read(&out), 1, out.length, stdout);
    text_free(&out);
    free(curve.samples);
    return 0;
}
