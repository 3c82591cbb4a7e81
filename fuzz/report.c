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
 * Exit codes: 0 written, 2 usage, 3 a file cannot be read or what is printed cannot be written. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report_page.h"

static int print_numbers(const char *path)
{
    struct campaign_page page;
    (void)report_read_page(path, &page);
    const struct state_totals totals = state_counts_totals(&page.states);
    (void)printf("%" PRIu64 "\t%" PRIu64 "\t%u\t%u\t%u\t%" PRIu64 "\t%" PRIu64 "\n",
                 page.executions, page.events, report_states_reached(&page.states), totals.taken,
                 totals.legal, page.injected, page.acceptable);
    return 0;
}

/* The legal changes of state that were never taken, with blanks between them. */
static int print_missing(const char *path)
{
    struct campaign_page page;
    (void)report_read_page(path, &page);
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

static int print_what_is_asked(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "numbers") == 0) {
        return print_numbers(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "missing") == 0) {
        return print_missing(argv[2]);
    }
    if (argc >= 4 && strcmp(argv[1], "html") == 0) {
        return report_html(argv[2], argv + 3, argc - 3);
    }
    (void)fprintf(stderr, "usage: %s numbers|missing PAGE | html FOLDER TARGET...\n", argv[0]);
    return 2;
}

int main(int argc, char **argv)
{
    const int code = print_what_is_asked(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "%s: what is printed cannot be written\n", argv[0]);
        return 3;
    }
    return code;
}
