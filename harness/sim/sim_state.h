/* A run while it is drawn; shared by the files of this folder. */
#ifndef FINWAIT_SIM_STATE_H
#define FINWAIT_SIM_STATE_H

#include "sim/dice.h"
#include "sim/sim.h"

#define SIM_CAUSES_MAX 8000
#define SIM_NAMES      8 /* applications of a host that have names; behind them, descriptors */
#define SIM_APPS       (2 * SIM_NAMES)

enum app_use { APP_FREE, APP_LISTENER, APP_CONNECTION };

/* The application behind a name or a descriptor. */
struct app {
    enum app_use use;
    uint8_t pair;
    bool has_closed; /* it writes no more */
    bool has_ended;  /* it has met the end, or an error */
    bool is_slow;    /* it reads at the end only */
    uint32_t writes_left;
    uint32_t closings; /* tried in the second part */
};

struct sim_host {
    bool has_sockets; /* it makes socket calls, not RFC 9293's */
    struct app apps[SIM_APPS];
};

struct sim {
    struct sim_options options;
    struct world_config config;
    void *block;
    struct world *world;
    struct cause_list list;
    struct cause causes[SIM_CAUSES_MAX];
    struct dice dice;
    struct dice urgent_dice; /* of their own: what is urgent changes no other decision */
    bool writes_urgent;
    struct sim_host hosts[WORLD_HOSTS_MAX];
    bool b_listens;
    uint32_t opens_left;
    uint64_t lossy_packets; /* how many the network treats badly, at most */
    struct world_projection *projection;
    uint32_t sleeps_left;
    bool forges_icmp;
    bool is_patient;    /* no connection may be given up */
    size_t drawn_count; /* causes of the first part */
    bool has_run_out_of_rounds;
    struct sim_summary *summary;
};

/* Lets a cause act and keeps it. False: the run is over. */
bool sim_apply(struct sim *sim, const struct cause *cause);
bool sim_call(struct sim *sim, uint8_t host, const struct cause_call *call);
bool sim_wait(struct sim *sim, uint64_t us);
bool sim_wait_some(struct sim *sim);

/* settings.c, network.c */
bool sim_draw_settings(struct sim *sim);
bool sim_draw_network(struct sim *sim);
/* How many packets an edit may cost, or pauses that are as long. */
uint64_t sim_lossy_packets(const struct cause_edit *edit);
/* An ICMP error that nobody caused, about a connection of a host's. */
bool sim_forge_icmp(struct sim *sim);

/* apps.c: one thing that some application does. */
void sim_begin_apps(struct sim *sim);
bool sim_act(struct sim *sim);
bool sim_open_at(struct sim *sim, uint8_t host, uint8_t pair);
bool sim_accept_some(struct sim *sim, uint8_t host, uint8_t listener);
void sim_adopt_apps(struct sim *sim);
/* What an application does in the second part: reads what is there, closes, lets go. */
bool sim_wind_up(struct sim *sim, uint8_t host, uint8_t index);
bool sim_close_listeners(struct sim *sim);
/* What an application stands for, or TCP_HANDLE_NONE. */
tcp_handle sim_handle(const struct sim *sim, uint8_t host, uint8_t index);

/* reuse.c: a pair is used again at once while copies of the first use are on their way. */
bool sim_reuse_pair(struct sim *sim);

/* idle.c: a pair is kept alive while nothing gets through. */
bool sim_idle_pair(struct sim *sim);

/* pairs.c: some runs are done once more, and must tell the same. */
void sim_judge_pair(struct sim *sim, uint64_t seed);

/* ending.c: the second part. */
bool sim_end_run(struct sim *sim);

#endif
