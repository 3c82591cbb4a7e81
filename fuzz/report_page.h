/* The page that a campaign ends with. */
#ifndef FINWAIT_FUZZ_REPORT_PAGE_H
#define FINWAIT_FUZZ_REPORT_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "page.h"

/* Reads what a target counted (page.h). False: nothing has run yet, and all is 0. */
bool report_read_page(const char *path, struct campaign_page *out);

/* How many states there were changes into. */
uint32_t report_states_reached(const struct state_counts *counts);

/* Prints the page of these targets of a campaign's folder. Returns an exit code. */
int report_html(const char *folder, char **targets, int count);

#endif
