/* Scripts of two hosts: what finwait run does with them, and scripts of what a simulation did. */
#ifndef FINWAIT_CLI_TWO_HOSTS_H
#define FINWAIT_CLI_TWO_HOSTS_H

#include "cli/options.h"
#include "cli/save.h"
#include "sim/sim.h"
#include "trace/state_counts.h"

/* Says `--hosts=2`? */
bool two_hosts_is(const struct scenario *scenario);

/* What a run of two hosts shows beside its verdict, as far as it is asked for. */
struct two_hosts_shown {
    struct text *ladder, *trace; /* of both hosts; added to */
    struct state_counts *states;
    struct save *save;            /* what host a saw */
    uint64_t virtual_us, packets; /* packets: that left either host */
};

/* Runs it in a world of two hosts with every oracle watching, then lets the applications read, close and
 * let go, and judges liveness. RUN_INVALID: it says what no cause does, or the configuration makes no sense;
 * RUN_SKIPPED: an option is for scripts of one host alone. The trace stays NULL. */
void two_hosts_run(const struct scenario *scenario, const struct request *request,
                   uint8_t ip_version, struct arena *arena, struct run_outcome *out,
                   struct two_hosts_shown *shown);

/* The configuration that a command line asks for. False, after a complaint: it makes no sense. */
bool two_hosts_config(const char *verb, const struct request *request, struct tcp_config *out);

/* A copy of the last run's first part. With `shrinks`, and a finding, made as small as it can be while it
 * is found; `sim` then holds the run of that. */
void two_hosts_take(struct sim *sim, bool shrinks, struct arena *arena, struct cause_list *out);

/* Adds the list as a script, and what sim's last run found as a comment. */
void two_hosts_print(const struct sim *sim, const struct cause_list *list, struct arena *arena,
                     struct text *out);

#endif
