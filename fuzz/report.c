/* What a campaign came to, from the files that it leaves (scripts/fuzz).
 *
 *   fuzz_report numbers PAGE             executions, events, states, changes, legal changes, segments,
 *                                        acceptable segments: one line, for status and samples
 *   fuzz_report missing PAGE             the legal changes of state that were not taken
 *   fuzz_report html FOLDER TARGET...    a page with curves, state diagrams and findings
 *
 * In FOLDER/TARGET: page (page.h), samples.tsv (seconds, executions, edges, states, changes, findings),
 * findings/NAME/report.txt.
 *
 * Exit codes: 0 written, 2 usage, 3 a file cannot be read. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "page.h"
#include "report/escape.h"
#include "trace/state_diagram.h"

#define SAMPLES_MAX  100000
#define PATH_BYTES   4096
#define CURVE_WIDTH  720
#define CURVE_HEIGHT 220
#define MARGIN       50

struct sample {
    uint64_t seconds, executions, edges, states, changes, findings;
};

struct curve {
    struct sample *samples;
    size_t count;
};

/* ---- reading ------------------------------------------------------------------------------------- */

static bool read_page(const char *path, struct campaign_page *out)
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

static void read_samples(const char *path, struct curve *out)
{
    FILE *file = fopen(path, "r");
    struct sample sample;
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

static void add_file(struct text *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    struct text words = TEXT_EMPTY;
    for (size_t count; file != NULL && (count = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        text_add(&words, bytes, count);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    escape_xml_text(out, text_read(&words));
    text_free(&words);
}

/* ---- numbers ------------------------------------------------------------------------------------- */

static uint32_t states_reached(const struct state_counts *counts)
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

static int print_numbers(const char *path)
{
    struct campaign_page page;
    (void)read_page(path, &page);
    const struct state_totals totals = state_counts_totals(&page.states);
    (void)printf("%" PRIu64 "\t%" PRIu64 "\t%u\t%u\t%u\t%" PRIu64 "\t%" PRIu64 "\n",
                 page.executions, page.events, states_reached(&page.states), totals.taken,
                 totals.legal, page.injected, page.acceptable);
    return 0;
}

/* The legal changes of state that were never taken, with blanks between them. */
static int print_missing(const char *path)
{
    struct campaign_page page;
    (void)read_page(path, &page);
    const char *between = "";
    for (int pair = 0; pair < TCB_STATE_COUNT * TCB_STATE_COUNT; pair++) {
        const enum tcb_state from = (enum tcb_state)(pair / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(pair % TCB_STATE_COUNT);
        if (from != to && tcb_state_edge_is_legal(from, to) &&
            state_counts_taken(&page.states, from, to) == 0) {
            (void)printf("%s%s>%s", between, tcb_state_name(from), tcb_state_name(to));
            between = " ";
        }
    }
    (void)puts(*between == '\0' ? "-" : "");
    return 0;
}

/* ---- the page ------------------------------------------------------------------------------------ */

static void add_line(struct text *out, const struct curve *curve, const char *colour,
                     uint64_t (*value)(const struct sample *))
{
    uint64_t most = 1;
    for (size_t index = 0; index < curve->count; index++) {
        most = value(&curve->samples[index]) > most ? value(&curve->samples[index]) : most;
    }
    const uint64_t end = curve->samples[curve->count - 1].seconds;
    text_format(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour);
    for (size_t index = 0; index < curve->count; index++) {
        const struct sample *sample = &curve->samples[index];
        text_format(out, "%" PRIu64 ",%" PRIu64 " ",
                    MARGIN + sample->seconds * (CURVE_WIDTH - 2 * MARGIN) / (end == 0 ? 1 : end),
                    CURVE_HEIGHT - MARGIN / 2 - value(sample) * (CURVE_HEIGHT - MARGIN) / most);
    }
    text_format(out, "\"/>\n<text x=\"%d\" y=\"%" PRIu64 "\" fill=\"%s\">%" PRIu64 "</text>\n",
                CURVE_WIDTH - MARGIN + 4,
                CURVE_HEIGHT - MARGIN / 2 -
                    value(&curve->samples[curve->count - 1]) * (CURVE_HEIGHT - MARGIN) / most,
                colour, value(&curve->samples[curve->count - 1]));
}

static uint64_t edges_of(const struct sample *sample)
{
    return sample->edges;
}

static uint64_t changes_of(const struct sample *sample)
{
    return sample->changes;
}

/* Edges, and where a target has states its changes, each against its own largest value. */
static void add_curve(struct text *out, const struct curve *curve)
{
    if (curve->count < 2) {
        text_string(out, "<p>Too short for a curve.</p>\n");
        return;
    }
    const struct sample *last = &curve->samples[curve->count - 1];
    text_format(out, "<svg width=\"%d\" height=\"%d\" role=\"img\">\n<title>coverage</title>\n",
                CURVE_WIDTH, CURVE_HEIGHT);
    text_format(out,
                "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#888\"/>\n"
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%" PRIu64 " s</text>\n",
                MARGIN, MARGIN / 2, CURVE_HEIGHT - MARGIN / 2, CURVE_WIDTH - MARGIN,
                CURVE_WIDTH - MARGIN, CURVE_HEIGHT - 6, last->seconds);
    add_line(out, curve, "#1f6fb4", edges_of);
    if (last->changes > 0) {
        add_line(out, curve, "#c05a00", changes_of);
    }
    text_format(out,
                "<text x=\"%d\" y=\"16\" fill=\"#1f6fb4\">edges</text>\n"
                "<text x=\"%d\" y=\"16\" fill=\"#c05a00\">%s</text>\n</svg>\n",
                MARGIN + 6, MARGIN + 70, last->changes > 0 ? "changes of state" : "");
}

static void add_findings(struct text *out, const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    size_t found = 0;
    for (int index = 0; index < count; index++) {
        char path[PATH_BYTES];
        if (entries[index]->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s/report.txt", folder, entries[index]->d_name) <
                (int)sizeof path) {
            text_string(out, "<h3>");
            escape_xml_text(out, entries[index]->d_name);
            text_string(out, "</h3>\n<pre>");
            add_file(out, path);
            text_string(out, "</pre>\n");
            found++;
        }
        free(entries[index]);
    }
    free(entries);
    if (found == 0) {
        text_string(out, "<p>No findings.</p>\n");
    }
}

static void add_numbers(struct text *out, const struct campaign_page *page,
                        const struct curve *curve)
{
    const struct sample none = {0};
    const struct sample *last = curve->count == 0 ? &none : &curve->samples[curve->count - 1];
    const struct state_totals totals = state_counts_totals(&page->states);
    text_format(out,
                "<p>%" PRIu64 " executions in %" PRIu64 " s, %" PRIu64 " a second; %" PRIu64
                " edges; %" PRIu64 " findings.",
                page->executions, last->seconds,
                last->seconds == 0 ? 0 : page->executions / last->seconds, last->edges,
                last->findings);
    if (page->events > 0) {
        text_format(out,
                    " %" PRIu64 " events; %u states; %u of %u legal changes of state; %" PRIu64
                    " of 100 segments passed the sequence check.",
                    page->events, states_reached(&page->states), totals.taken, totals.legal,
                    page->injected == 0 ? 0 : page->acceptable * 100 / page->injected);
    }
    text_string(out, "</p>\n");
}

static void add_target(struct text *out, const char *folder, const char *target,
                       struct curve *curve)
{
    char path[PATH_BYTES];
    struct campaign_page page;
    (void)snprintf(path, sizeof path, "%s/%s/page", folder, target);
    (void)read_page(path, &page);
    curve->count = 0;
    (void)snprintf(path, sizeof path, "%s/%s/samples.tsv", folder, target);
    read_samples(path, curve);
    text_string(out, "<h2>");
    escape_xml_text(out, target);
    text_string(out, "</h2>\n");
    add_numbers(out, &page, curve);
    add_curve(out, curve);
    if (page.events > 0) {
        text_string(out, "<div>\n");
        state_diagram_svg(&page.states, page.executions, out);
        text_string(out, "</div>\n");
    }
    (void)snprintf(path, sizeof path, "%s/%s/findings", folder, target);
    add_findings(out, path);
}

static int print_html(const char *folder, char **targets, int count)
{
    struct curve curve = {.samples = calloc(SAMPLES_MAX, sizeof(struct sample))};
    if (curve.samples == NULL) {
        (void)fputs("out of memory\n", stderr);
        return 3;
    }
    struct text out = TEXT_EMPTY;
    text_string(&out, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                      "<title>finwait: fuzz campaign</title>\n<style>\n"
                      "body { font: 15px/1.45 sans-serif; max-width: 62em; margin: 2em auto; "
                      "padding: 0 1em; color: #222; background: #fff }\n"
                      "svg text { font: 12px sans-serif }\n"
                      "svg { max-width: 100%; height: auto }\n"
                      "pre { background: #f4f4f4; padding: .8em; overflow-x: auto }\n"
                      "</style>\n<h1>Fuzz campaign</h1>\n");
    for (int index = 0; index < count; index++) {
        add_target(&out, folder, targets[index], &curve);
    }
    text_string(&out, "</html>\n");
    (void)fwrite(text_read(&out), 1, out.length, stdout);
    text_free(&out);
    free(curve.samples);
    return ferror(stdout) ? 3 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "numbers") == 0) {
        return print_numbers(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "missing") == 0) {
        return print_missing(argv[2]);
    }
    if (argc >= 4 && strcmp(argv[1], "html") == 0) {
        return print_html(argv[2], argv + 3, argc - 3);
    }
    (void)fprintf(stderr, "usage: %s numbers|missing PAGE | html FOLDER TARGET...\n", argv[0]);
    return 2;
}
