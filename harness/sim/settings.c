/* What each host is set to, drawn per run. Most runs change a few things, some nothing. */
#include "sim/sim_state.h"
#include "world/world_state.h"

#include <stddef.h>

#define FIELD(name) offsetof(struct tcp_config, name)

static bool set(struct sim *sim, uint8_t host, size_t field, int64_t value)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    uint8_t index = 0;
    while (fields[index].offset != field) {
        index++;
    }
    const struct cause cause = {
        .kind = CAUSE_SET, .host = host, .as.set = {.field = index, .value = (uint64_t)value}};
    return sim_apply(sim, &cause);
}

struct choice {
    size_t field;
    uint32_t of_1000;
    int64_t values[6];
    uint32_t count;
};

/* What is worth changing, how often, and to what. */
static const struct choice choices[] = {
    {FIELD(mtu), 250, {576, 1280, 296, 9000, 1006, 1492}, 6},
    {FIELD(receive_buffer_bytes), 250, {1000, 3000, 16384, 536, 8192, 100}, 6},
    {FIELD(send_buffer_bytes), 150, {1000, 3000, 16384, 536, 8192, 100}, 6},
    {FIELD(rto_min_us), 200, {200000, 10000, 500000}, 3},
    {FIELD(rto_initial_us), 100, {200000, 3000000}, 2},
    {FIELD(rto_max_us), 100, {60000000, 120000000}, 2},
    {FIELD(delayed_ack_us), 150, {40000, 0, 499999, 1000}, 4},
    {FIELD(ack_every_segments), 100, {1, 4}, 2},
    {FIELD(nagle), 250, {0, 2}, 2},
    {FIELD(sws_override_us), 50, {100000, 1000000}, 2},
    {FIELD(persist_max_us), 50, {60000000, 120000000}, 2},
    {FIELD(congestion_control), 400, {TCP_CONGESTION_CUBIC}, 1},
    {FIELD(initial_window_segments), 150, {1, 2, 4, 10}, 4},
    {FIELD(rfc5961), 150, {0}, 1},
    {FIELD(reopen_time_wait), 150, {0}, 1},
    {FIELD(time_wait), 60, {0}, 1},
    {FIELD(keep_alive_octet), 100, {1}, 1},
    {FIELD(keep_alive_idle_us), 100, {10000000, 60000000}, 2},
    {FIELD(keep_alive_interval_us), 100, {1000000, 10000000}, 2},
    {FIELD(timestamps), 500, {1}, 1},
    {FIELD(timestamps_required), 100, {0}, 1},
    {FIELD(challenge_time_wait), 150, {1}, 1},
    {FIELD(resets_end_time_wait), 150, {0}, 1},
    {FIELD(r1_retries), 50, {1, 5}, 2},
    {FIELD(r2_us), 400, {1000000, 4000000, 20000000}, 3},
    {FIELD(r2_syn_us), 100, {181000000, 200000000}, 2},
    {FIELD(user_timeout_us), 150, {1000000, 10000000, 60000000}, 3},
    {FIELD(ttl), 50, {1, 255}, 2},
    {FIELD(path_mtu_discovery), 60, {0}, 1},
    {FIELD(path_mtu_raise_us), 100, {0, 20000000, 310000000}, 3},
    {FIELD(icmp_in_flight), 60, {0}, 1},
    {FIELD(icmp_distrust_size), 100, {0}, 1},
    {FIELD(icmp_hard_aborts), 40, {1}, 1},
    {FIELD(ecn), 700, {2, 2, 0}, 3},
    {FIELD(ecn_fallback), 100, {0, 2}, 2},
};

/* The first number of a connection just before 2^31 or 2^32, so that what it sends wraps. */
static bool draw_iss(struct sim *sim, uint8_t host)
{
    const uint32_t wrap = dice_chance(&sim->dice, 500) ? 0 : UINT32_C(1) << 31;
    const uint32_t before = (uint32_t)DICE_ONE_OF(&sim->dice, 1, 2, 100, 2000, 30000);
    return set(sim, host, FIELD(iss), wrap - before) && set(sim, host, FIELD(fixed_iss), 1);
}

/* The clock of timestamps just before 2^31 or 2^32, or at them. It is never keyed: one host alone, whose
 * addresses are others, tells the same time as it did among two, and what it is given echoes that. */
static bool draw_clock(struct sim *sim, uint8_t host)
{
    const uint32_t wrap = dice_chance(&sim->dice, 500) ? 0 : UINT32_C(1) << 31;
    const uint32_t before = (uint32_t)DICE_ONE_OF(&sim->dice, 0, 1, 100, 1000, 10000, 200000);
    const uint32_t start = (uint32_t)(WORLD_START_US / 1000);
    return set(sim, host, FIELD(timestamp_offset), (uint32_t)(wrap - before - start)) &&
           set(sim, host, FIELD(fixed_timestamps), 1);
}

static bool draw_host(struct sim *sim, uint8_t host)
{
    const size_t count = sizeof choices / sizeof *choices;
    for (size_t i = 0; i < count; i++) {
        const struct choice *const choice = &choices[i];
        if (dice_chance(&sim->dice, choice->of_1000) &&
            !set(sim, host, choice->field,
                 dice_one_of(&sim->dice, choice->values, choice->count))) {
            return false;
        }
    }
    if (dice_chance(&sim->dice, 200) && !draw_iss(sim, host)) {
        return false;
    }
    if (!draw_clock(sim, host)) {
        return false;
    }
    return !sim->is_patient || (set(sim, host, FIELD(r2_us), CAUSE_WAIT_US_MAX) &&
                                set(sim, host, FIELD(user_timeout_us), CAUSE_WAIT_US_MAX));
}

bool sim_draw_settings(struct sim *sim)
{
    sim->is_patient = dice_chance(&sim->dice, 700);
    const int64_t msl_us = DICE_ONE_OF(&sim->dice, 120000000, 120000000, 30000000, 2000000);
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        if (!set(sim, host, FIELD(msl_us), msl_us)) {
            return false;
        }
        if (!draw_host(sim, host)) {
            return false;
        }
    }
    return true;
}
