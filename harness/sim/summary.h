/* What simulated runs exercised, added up. Plain numbers, so that processes can send it to one another. */
#ifndef FINWAIT_SIM_SUMMARY_H
#define FINWAIT_SIM_SUMMARY_H

#include "oracle/counts.h"
#include "tcp/config.h"
#include "world/world.h"

#define SIM_CONFIG_MAX 64

/* Runs by how much was in them: so many to a place, the last for all beyond. */
#define SIM_PLACES              512
#define SIM_CONNECTIONS_A_PLACE 1
#define SIM_SEGMENTS_A_PLACE    8

/* Why a run was cut short. */
enum sim_cut {
    SIM_WHOLE,
    SIM_CUT_RECORDS, /* its traces grew too long */
    SIM_CUT_ACKS,    /* the same, and all that came last were ACKs of ACKs */
    SIM_CUT_CAUSES,  /* its list of causes grew too long */
    SIM_CUT_ROUNDS,  /* the applications would not come to an end */
    SIM_CUT_COUNT
};
const char *sim_cut_name(enum sim_cut cut);

struct sim_summary {
    uint64_t runs, findings, causes;
    uint64_t cuts[SIM_CUT_COUNT];
    uint64_t connections, segments, octets_written, octets_read;
    uint64_t us;        /* virtual time */
    uint64_t host_runs; /* hosts that were run: two a run */
    uint64_t states[TCB_STATE_COUNT], edges[TCB_STATE_COUNT][TCB_STATE_COUNT];
    uint64_t steps[TCP_CAUSE_COUNT], verdicts[TCP_VERDICT_COUNT];
    uint64_t calls[CAUSE_CALL_COUNT];
    uint64_t urgent_writes;           /* by RFC 9293's SEND or a socket call */
    uint64_t edits[CAUSE_EDIT_COUNT]; /* packets that the network treated so */
    uint64_t flags[5];                /* segments with SYN, FIN, RST, URG; sent again */
    uint64_t settings[SIM_CONFIG_MAX];
    struct oracle_counts oracles;
    uint64_t connections_per_run[SIM_PLACES], segments_per_run[SIM_PLACES];
    uint64_t hash; /* of all runs, in whatever order they are added */
};

/* Adds what a world has seen. */
void sim_summary_add_world(struct sim_summary *summary, const struct world *world);
void sim_summary_add_causes(struct sim_summary *summary, const struct cause_list *list);
void sim_summary_add(struct sim_summary *sum, const struct sim_summary *other);

struct text;
/* `is_brief`: the last lines only. */
void sim_summary_print(const struct sim_summary *summary, double seconds, bool is_brief,
                       struct text *out);

#endif
