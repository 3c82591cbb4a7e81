/* One run: drawn as it goes, or taken from a list. */
#include "sim/sim_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "world/projection.h"

#define ARENA_BYTES   ((size_t)4 << 20)
#define RECORD_LIMIT  60000
#define ACKS_IN_A_ROW 100
#define PAUSE_US      UINT64_C(1000000)
#define CHECK_EVERY   8 /* a broken invariant stays broken, and the check costs a fifth of a run */
#define SLEEPS_MAX    3
#define URGENT_RUNS   100 /* of 1000 */
#define TICK_LIMIT    20000

static struct world_config config_of(const struct sim_options *options)
{
    struct world_config config = world_config_small();
    config.limits = tcp_limits_small();
    if (options->tcp != NULL) {
        config.tcp = *options->tcp;
    } else {
        (void)tcp_config_profile("rfc", &config.tcp);
    }
    config.oracles = options->oracles;
    config.arena_bytes = ARENA_BYTES;
    config.record_limit = RECORD_LIMIT;
    config.tick_limit = TICK_LIMIT;
    config.check_every = options->oracles == WORLD_ORACLES_ALL ? 1 : CHECK_EVERY;
    return config;
}

struct sim *sim_create(const struct sim_options *options)
{
    struct sim *sim = calloc(1, sizeof *sim);
    if (sim == NULL) {
        return NULL;
    }
    sim->options = *options;
    sim->config = config_of(options);
    sim->block = block_create(world_bytes(&sim->config));
    sim->list.items = sim->causes;
    sim->list.capacity = SIM_CAUSES_MAX;
    if (sim->block == NULL) {
        free(sim);
        return NULL;
    }
    return sim;
}

void sim_destroy(struct sim *sim)
{
    if (sim != NULL) {
        if (sim->world != NULL) {
            world_end(sim->world);
        }
        free(sim->block);
        free(sim);
    }
}

bool sim_apply(struct sim *sim, const struct cause *cause)
{
    if (sim->list.count == sim->list.capacity || !world_apply(sim->world, cause)) {
        return false;
    }
    sim->list.items[sim->list.count++] = *cause;
    return world_finding(sim->world) == NULL;
}

bool sim_call(struct sim *sim, uint8_t host, const struct cause_call *call)
{
    const struct cause cause = {.kind = CAUSE_CALL, .host = host, .as.call = *call};
    return sim_apply(sim, &cause);
}

bool sim_wait(struct sim *sim, uint64_t us)
{
    const struct cause cause = {.kind = CAUSE_WAIT, .as.wait = {CAUSE_WAIT_FOR, (int64_t)us}};
    return sim_apply(sim, &cause);
}

/* A host is stopped for a while, of minutes or a day: its clock jumps. */
static bool sleep_some(struct sim *sim)
{
    const struct cause asleep = {
        .kind = CAUSE_WAIT,
        .host = (uint8_t)dice_below(&sim->dice, WORLD_HOSTS_MAX),
        .as.wait = {CAUSE_WAIT_ASLEEP,
                    DICE_ONE_OF(&sim->dice, 300000, 5000000, 90000000, 600000000, 86400000000)}};
    sim->sleeps_left--;
    return sim_apply(sim, &asleep);
}

bool sim_wait_some(struct sim *sim)
{
    struct dice *const dice = &sim->dice;
    if (sim->sleeps_left > 0 && dice_chance(dice, 50)) {
        return sleep_some(sim);
    }
    const uint64_t delay_us = sim->list.start.delay_us;
    const uint64_t roll = dice_below(dice, 100);
    if (roll < 50) {
        return sim_wait(sim, dice_below(dice, 2 * delay_us + 2));
    }
    if (roll < 80) {
        return sim_wait(sim, 2 * delay_us + dice_below(dice, 300000));
    }
    if (roll < 92) {
        const struct cause until = {
            .kind = CAUSE_WAIT,
            .host = (uint8_t)dice_below(dice, 2),
            .as.wait = {CAUSE_WAIT_DEADLINE, dice_chance(dice, 500) ? 0 : -1}};
        return sim_apply(sim, &until);
    }
    return sim_wait(sim, (uint64_t)DICE_ONE_OF(dice, 1000000, 5000000, 70000000, 300000000));
}

static void begin(struct sim *sim, const struct cause_start *start)
{
    if (sim->world != NULL) {
        world_end(sim->world);
    }
    sim->world = world_begin(sim->block, world_bytes(&sim->config), start, &sim->config);
    world_project(sim->world, sim->projection);
    sim->list.start = *start;
    sim->list.count = 0;
    sim->has_run_out_of_rounds = false;
}

void sim_project(struct sim *sim, struct world_projection *projection)
{
    sim->projection = projection;
}

static struct cause_start draw_start(struct dice *dice)
{
    return (struct cause_start){
        .hosts = 2,
        .ip_version = dice_chance(dice, 300) ? 6 : 4,
        .delay_us = (uint32_t)DICE_ONE_OF(dice, 1, 100, 1000, 10000, 10000, 50000, 300000),
    };
}

static bool draw_run(struct sim *sim)
{
    if (!sim_draw_settings(sim) || !sim_draw_network(sim)) {
        return false;
    }
    sim->forges_icmp = dice_chance(&sim->dice, 150);
    sim->sleeps_left = dice_chance(&sim->dice, 100) ? SLEEPS_MAX : 0;
    sim_begin_apps(sim);
    if (sim->hosts[CAUSE_HOST_B].has_sockets && dice_chance(&sim->dice, 60) &&
        !sim_idle_pair(sim)) {
        return false;
    }
    const bool may_reuse = world_tcp_config(sim->world, CAUSE_HOST_A)->fixed_iss == 0 &&
                           world_tcp_config(sim->world, CAUSE_HOST_B)->fixed_iss == 0;
    if (may_reuse && dice_chance(&sim->dice, 150) && !sim_reuse_pair(sim)) {
        return false;
    }
    const uint32_t acts = (uint32_t)dice_from_to(&sim->dice, 60, 200);
    for (uint32_t i = 0; i < acts; i++) {
        if (!sim_act(sim)) {
            return false;
        }
    }
    return true;
}

static void end_whole(struct sim *sim)
{
    if (sim_end_run(sim)) {
        world_finish(sim->world);
        sim_judge_end(sim->world, sim->is_patient);
    }
}

/* Are the last packets of host a nothing but empty ACKs, which go both ways? Then each end finds the other's
 * outside its window, or sees what it never sent acknowledged, and RFC 9293 3.10.7.4 has both answer for ever.
 * Those that come one way alone answer what was sent before, to a host that slept for instance; and those between
 * which there are pauses longer than two round trips are no answers, but keep-alive probes and theirs. */
static bool ends_in_acks(const struct sim *sim)
{
    const struct trace *const trace = world_trace(sim->world, CAUSE_HOST_A);
    const uint64_t pause_us = PAUSE_US + 4 * (uint64_t)sim->list.start.delay_us;
    uint32_t acks = 0, sent = 0;
    uint64_t next_us = UINT64_MAX;
    for (size_t i = trace == NULL ? 0 : trace->record_count; i-- > 0 && acks < ACKS_IN_A_ROW;) {
        const struct trace_packet *const packet = &trace->records[i].as.packet;
        if (trace->records[i].kind != TRACE_PACKET) {
            continue;
        }
        if (packet->is_icmp || packet->segment.flags != TCP_FLAG_ACK ||
            packet->segment.payload_bytes > 0) {
            return false;
        }
        const uint64_t at_us = trace->records[i].at.us;
        if (acks > 0 && next_us - at_us > pause_us) {
            return false;
        }
        next_us = at_us;
        sent += packet->direction == TRACE_FROM_SUT;
        acks++;
    }
    return acks == ACKS_IN_A_ROW && sent >= ACKS_IN_A_ROW / 4 && sent <= ACKS_IN_A_ROW * 3 / 4;
}

enum sim_cut sim_cut(const struct sim *sim)
{
    if (world_finding(sim->world) != NULL) {
        return SIM_WHOLE;
    }
    const enum sim_cut full = ends_in_acks(sim) ? SIM_CUT_ACKS : SIM_CUT_RECORDS;
    return world_is_full(sim->world)               ? full
           : sim->list.count == sim->list.capacity ? SIM_CUT_CAUSES
           : sim->has_run_out_of_rounds            ? SIM_CUT_ROUNDS
                                                   : SIM_WHOLE;
}

/* With a limit on such ACKs (RFC 5961 7) that must not be. */
static void judge_cut(struct sim *sim)
{
    bool is_limited = true;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        is_limited =
            is_limited && world_tcp_config(sim->world, (enum cause_host)host)->ack_limit != 0;
    }
    if (is_limited && sim_cut(sim) == SIM_CUT_ACKS) {
        world_report(sim->world, CAUSE_HOST_A, ORACLE_REPORTED_QUIET,
                     "two ends acknowledge each other for ever");
    }
}

bool sim_run(struct sim *sim, uint64_t seed, struct sim_summary *summary)
{
    sim->dice = (struct dice){seed * UINT64_C(0xd1342543de82ef95) + 1};
    sim->urgent_dice = (struct dice){seed * UINT64_C(0x9fb21c651e98df25) + 1};
    sim->writes_urgent = dice_chance(&sim->urgent_dice, URGENT_RUNS);
    const struct cause_start start = draw_start(&sim->dice);
    begin(sim, &start);
    const bool goes_on = draw_run(sim);
    sim->drawn_count = sim->list.count;
    if (goes_on) {
        end_whole(sim);
    }
    judge_cut(sim);
    if (world_finding(sim->world) == NULL && sim_cut(sim) == SIM_WHOLE) {
        sim_judge_pair(sim, seed);
    }
    if (summary != NULL) {
        sim_summary_add_world(summary, sim->world);
        summary->cuts[sim_cut(sim)]++;
        sim_summary_add_causes(summary, &sim->list);
    }
    return world_finding(sim->world) == NULL;
}

/* What a list says of itself: are connections never given up, and how much is lost? */
static void look_back(struct sim *sim)
{
    sim->is_patient = true;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        const struct tcp_config *const config = world_tcp_config(sim->world, (enum cause_host)host);
        sim->is_patient = sim->is_patient && config->r2_us == CAUSE_WAIT_US_MAX &&
                          config->user_timeout_us == CAUSE_WAIT_US_MAX;
    }
    sim->lossy_packets = 0;
    for (size_t i = 0; i < sim->list.count; i++) {
        const struct cause *const cause = &sim->list.items[i];
        if (cause->kind == CAUSE_EDIT) {
            sim->lossy_packets += sim_lossy_packets(&cause->as.edit);
        }
    }
}

bool sim_replay(struct sim *sim, const struct cause_list *list, bool is_whole)
{
    begin(sim, &list->start);
    bool goes_on = true;
    for (size_t i = 0; i < list->count && goes_on; i++) {
        goes_on = sim_apply(sim, &list->items[i]);
    }
    sim->drawn_count = sim->list.count;
    if (goes_on && is_whole && list->start.hosts == 2) {
        sim_adopt_apps(sim);
        look_back(sim);
        end_whole(sim);
    } else if (world_finding(sim->world) == NULL) {
        world_finish(sim->world);
    }
    judge_cut(sim);
    return world_finding(sim->world) == NULL;
}

size_t sim_drawn_count(const struct sim *sim)
{
    return sim->drawn_count;
}

const struct cause_list *sim_causes(const struct sim *sim)
{
    return &sim->list;
}

const struct world_finding *sim_finding(const struct sim *sim)
{
    return world_finding(sim->world);
}

struct world *sim_world(const struct sim *sim)
{
    return sim->world;
}
