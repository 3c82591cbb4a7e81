/* A run of two hosts as one of them met it: what was called there and set, and every packet that arrived,
 * as causes of a world with that host alone. What the host does in such a world, packet for packet, it
 * did in the run, so that a finding about its own packets, states or timers comes back.
 *
 * Four-tuples become pairs, since a cause has no other ports for a packet that belongs to no name: a
 * remote port that chance chose becomes one of a pair that is free at that time. Numbers become references
 * to ISS and IRS, which depend on the ports. */
#ifndef FINWAIT_WORLD_PROJECTION_H
#define FINWAIT_WORLD_PROJECTION_H

#include "base/arena.h"
#include "world/world.h"

struct world_projection {
    enum cause_host host;
    struct arena *arena; /* of the list */
    struct cause_list list;
    bool is_incomplete; /* there were more connections at a time than pairs: packets are missing */
    tcp_time at;        /* of the list's end */
    bool owes_wait;     /* the run has gone on to another instant since */
    struct tcp_flow stands_for[CAUSE_PAIRS]; /* the host's flows; no ports: none */
};

void world_projection_begin(struct world_projection *projection, enum cause_host host,
                            struct arena *arena);

/* From now on the world writes down what concerns that host. NULL: nothing. The projection is the
 * caller's and stays where it is. */
void world_project(struct world *world, struct world_projection *projection);

/* Time goes on to where the run has ended, so that what time alone brings about is there too. */
void world_projection_finish(struct world_projection *projection, tcp_time end);

#endif
