/* Simulation: from a seed, two hosts with applications that open, write, read, close and abort, and a
 * network between them that loses, delays, doubles, reorders and damages packets until it stops. Every
 * decision is a cause, so a run is a list of causes that can be kept, shortened and run again without
 * the seed. All oracles that need no octets watch, or all.
 *
 * A run has two parts: first things happen by chance; then the applications read what is there, close
 * and let go, and everything must come to its end. */
#ifndef FINWAIT_SIM_SIM_H
#define FINWAIT_SIM_SIM_H

#include "sim/summary.h"
#include "world/world.h"

struct sim; /* memory for one run after the other */

struct sim_options {
    enum world_oracles oracles;
    const struct tcp_config *tcp; /* to begin with; NULL: profile rfc. Runs draw from there */
};

/* NULL: not enough memory. */
struct sim *sim_create(const struct sim_options *options);
void sim_destroy(struct sim *sim);

/* Why the last run was not run to its end; SIM_WHOLE: it was, or something was found. */
enum sim_cut sim_cut(const struct sim *sim);

/* Draws and runs. True: nothing was found. What was exercised is added to `summary` (may be NULL). */
bool sim_run(struct sim *sim, uint64_t seed, struct sim_summary *summary);

/* Runs a list, for one host too. With `is_whole`, and two hosts, the second part follows: applications
 * read, close and let go, and liveness is judged. `list` must not be the one of the last run. */
bool sim_replay(struct sim *sim, const struct cause_list *list, bool is_whole);

/* From the next run on, what concerns one host is written down (world/projection.h); NULL: no more. */
struct world_projection;
void sim_project(struct sim *sim, struct world_projection *projection);

/* Everything must be over now: the liveness oracles judge two hosts as they are. `is_patient`: no
 * connection may have been given up either. */
void sim_judge_end(struct world *world, bool is_patient);

/* Of the last run: its causes, what was found (or NULL), and the world as it was left. They hold until the
 * next run. */
const struct cause_list *sim_causes(const struct sim *sim);
/* How many of them are the first part's. */
size_t sim_drawn_count(const struct sim *sim);
const struct world_finding *sim_finding(const struct sim *sim);
struct world *sim_world(const struct sim *sim);

#endif
