/* The second part of a run, and what must hold behind it. The network loses no more once its edits are
 * used up; every application reads what is there, closes, and lets go when it has met the end. So
 * within a time that follows from the losses and the longest pause between two transmissions, every
 * connection must be over, unless one end of it is gone for good: aborted, or given up. */
#include "sim/sim_state.h"

#include <stdio.h>

#define PAUSE_MAX_US     UINT64_C(120000000) /* the largest rto_max_us, persist_max_us */
#define PAUSES_FREE      40
#define SYN_PAUSES_US    UINT64_C(400000000) /* R2 of a SYN, with the last pause */
#define ROUNDS_MAX       3000
#define LAST_ROUNDS      10
#define ROUNDS_OF_A_LOOK 500

static uint64_t bound_us(const struct sim *sim)
{
    const uint64_t msl_us = world_tcp_config(sim->world, CAUSE_HOST_A)->msl_us;
    return (sim->lossy_packets + PAUSES_FREE) * PAUSE_MAX_US + SYN_PAUSES_US + 8 * msl_us;
}

/* One round of all applications. False: the run is over. *is_idle: none of them did anything. */
static bool wind_up_all(struct sim *sim, bool *is_idle)
{
    const size_t before = sim->list.count;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        for (uint8_t index = 0; index < SIM_APPS; index++) {
            if (!sim_wind_up(sim, host, index)) {
                return false;
            }
        }
    }
    *is_idle = sim->list.count == before;
    return true;
}

/* To the next thing that will happen, and no less than a round trip. */
static bool wait_for_more(struct sim *sim, tcp_time next)
{
    const tcp_time now = world_now(sim->world);
    const uint64_t least = 2 * (uint64_t)sim->list.start.delay_us + 1000;
    const uint64_t until = next.us > now.us ? next.us - now.us + 1 : 1;
    return sim_wait(sim, until > least ? until : least);
}

/* Records that are still there: of whole connections, and of broken ones, which may wait for ever. */
struct leftover {
    uint32_t whole, broken;
    uint32_t listeners;       /* of either */
    bool hangs;               /* a whole one is neither closed nor a listener */
    struct tcp_status status; /* of the first such one, or else of the first whole one */
};

static bool may_hang(const struct tcp_status *status)
{
    return status->state != TCB_CLOSED && status->flow.remote.port != 0;
}

static struct leftover count_leftover(struct world *world, enum cause_host host)
{
    struct leftover leftover = {0};
    struct tcp_host *const stack = world_host(world, host);
    for (uint32_t slot = 0; slot < tcp_host_limits(stack)->connections; slot++) {
        const tcp_handle handle = tcp_host_at_slot(stack, slot);
        struct tcp_status status;
        if (tcp_host_status(stack, handle, &status) != TCP_OK) {
            continue;
        }
        leftover.listeners += status.state == TCB_LISTEN;
        if (world_is_broken(world, host, handle)) {
            leftover.broken++;
        } else {
            const bool hangs = !leftover.hangs && may_hang(&status);
            leftover.status = leftover.whole++ == 0 || hangs ? status : leftover.status;
            leftover.hangs = leftover.hangs || hangs;
        }
    }
    return leftover;
}

/* Is no connection left, so that whatever goes on happening is for L03 to judge? Asked now and then. */
static bool is_empty(struct world *world, uint32_t round)
{
    uint32_t left = (round + 1) % ROUNDS_OF_A_LOOK == 0 ? 0 : 1;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX && left == 0; host++) {
        const struct leftover found = count_leftover(world, (enum cause_host)host);
        left = found.whole + found.broken - found.listeners;
    }
    return left == 0;
}

static bool wind_up(struct sim *sim)
{
    const uint64_t limit_us = world_now(sim->world).us + bound_us(sim);
    for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
        bool is_idle;
        if (!wind_up_all(sim, &is_idle)) {
            return false;
        }
        const tcp_time next = world_next(sim->world);
        if (is_idle && (next.us == UINT64_MAX || world_now(sim->world).us > limit_us ||
                        is_empty(sim->world, round))) {
            return true;
        }
        if (!wait_for_more(sim, next.us == UINT64_MAX ? world_now(sim->world) : next)) {
            return false;
        }
    }
    sim->has_run_out_of_rounds = true; /* a transfer octet by octet: there is no saying */
    return false;
}

/* What a broken connection still has to say, if it comes to an end. */
static bool let_die(struct sim *sim)
{
    for (uint32_t i = 0; i < LAST_ROUNDS && world_next(sim->world).us != UINT64_MAX; i++) {
        if (!wait_for_more(sim, world_next(sim->world))) {
            return false;
        }
    }
    return true;
}

bool sim_end_run(struct sim *sim)
{
    return wind_up(sim) && sim_close_listeners(sim) && sim_wait(sim, 1) && let_die(sim);
}

/* ---- what must hold -------------------------------------------------------------------------------- */

static void judge_host(struct world *world, enum cause_host host)
{
    const struct leftover left = count_leftover(world, host);
    char words[100] = "";
    (void)snprintf(words, sizeof words, "%u > %u is still in %s", left.status.flow.local.port,
                   left.status.flow.remote.port, tcb_state_name(left.status.state));
    world_report(world, host, ORACLE_REPORTED_COMPLETE, left.hangs ? words : NULL);
    if (left.broken == 0) {
        world_report(world, host, ORACLE_REPORTED_MEMORY, left.whole == 0 ? NULL : words);
    }
}

void sim_judge_end(struct world *world, bool is_patient)
{
    bool is_broken = false;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        if (is_patient) {
            world_report(world, (enum cause_host)host, ORACLE_REPORTED_COMPLETE,
                         world_given_up(world, (enum cause_host)host) == 0
                             ? NULL
                             : "a connection was given up that could have gone on");
        }
        is_broken = is_broken || count_leftover(world, (enum cause_host)host).broken > 0;
        judge_host(world, (enum cause_host)host);
    }
    if (!is_broken) {
        world_report(world, CAUSE_HOST_A, ORACLE_REPORTED_QUIET,
                     world_next(world).us == UINT64_MAX ? NULL
                                                        : "something will still happen by itself");
    }
}
