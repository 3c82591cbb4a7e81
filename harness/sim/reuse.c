/* Why a closed socket is not deleted at once: in some runs a's application closes first and its end
 * waits in TIME-WAIT, b opens the same pair again at once, and copies of the first connection's packets
 * arrive in the second (S01). */
#include "sim/sim_state.h"

#define PAIR       3
#define ROUNDS_MAX 8

static bool copy_packets(struct sim *sim, uint64_t delay_us)
{
    struct dice *const dice = &sim->dice;
    const uint64_t msl_us = world_tcp_config(sim->world, CAUSE_HOST_A)->msl_us;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        const uint64_t late_us = dice_from_to(dice, 5 * delay_us, 40 * delay_us + 20000);
        const struct cause cause = {.kind = CAUSE_EDIT,
                                    .host = host,
                                    .as.edit = {.kind = CAUSE_EDIT_DUPLICATE,
                                                .packet = (uint32_t)dice_below(dice, 4),
                                                .count = (uint32_t)dice_from_to(dice, 1, 6),
                                                .us = late_us < msl_us / 2 ? late_us : msl_us / 2}};
        if (!sim_apply(sim, &cause)) {
            return false;
        }
    }
    return true;
}

/* Every application of the host, once. */
static bool wind_up_host(struct sim *sim, uint8_t host)
{
    for (uint8_t index = 0; index < SIM_APPS; index++) {
        if (sim->hosts[host].apps[index].use == APP_CONNECTION && !sim_wind_up(sim, host, index)) {
            return false;
        }
    }
    return true;
}

/* More octets in less time than the clock of the ISN ticks: the second use begins among their numbers. */
static bool write_much(struct sim *sim)
{
    for (uint8_t index = 0; index < SIM_APPS; index++) {
        const bool is_socket = index >= SIM_NAMES;
        const struct cause_call call = {
            .kind = (uint8_t)(is_socket ? CAUSE_CALL_WRITE : CAUSE_CALL_SEND),
            .name = index % SIM_NAMES,
            .number = 12000,
        };
        if (sim->hosts[CAUSE_HOST_B].apps[index].use == APP_CONNECTION &&
            !sim_call(sim, CAUSE_HOST_B, &call)) {
            return false;
        }
    }
    return true;
}

static bool accept_all(struct sim *sim)
{
    for (uint8_t index = 0; index < SIM_APPS; index++) {
        if (sim->hosts[CAUSE_HOST_A].apps[index].use == APP_LISTENER &&
            !sim_accept_some(sim, CAUSE_HOST_A, index)) {
            return false;
        }
    }
    return true;
}

bool sim_reuse_pair(struct sim *sim)
{
    const uint64_t delay_us = sim->list.start.delay_us;
    const uint64_t turn_us = 2 * delay_us + 1 + dice_below(&sim->dice, 1000);
    bool goes_on = copy_packets(sim, delay_us) && sim_open_at(sim, CAUSE_HOST_B, PAIR) &&
                   sim_wait(sim, turn_us + delay_us) && accept_all(sim) &&
                   (dice_chance(&sim->dice, 500) || (write_much(sim) && sim_wait(sim, turn_us)));
    for (uint32_t round = 0; goes_on && round < ROUNDS_MAX; round++) {
        goes_on = wind_up_host(sim, CAUSE_HOST_A) && sim_wait(sim, turn_us) &&
                  (round == 0 || wind_up_host(sim, CAUSE_HOST_B));
    }
    return goes_on && sim_open_at(sim, CAUSE_HOST_B, PAIR) && sim_wait(sim, turn_us);
}
