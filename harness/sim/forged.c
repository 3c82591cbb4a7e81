/* ICMP errors that somebody makes up who is not on the way: he guesses ports and numbers, now and then
 * well. Where a connection is synchronized, none of them may end it (RFC 5927 5.2, MUST-56). */
#include "sim/sim_state.h"

#include "tcp/icmp.h"

/* A number near what is outstanding, or any. */
static struct cause_number guess(struct dice *dice)
{
    struct cause_number number = {
        .base =
            (uint8_t)DICE_ONE_OF(dice, SCENARIO_BASE_SND_UNA, SCENARIO_BASE_SND_UNA,
                                 SCENARIO_BASE_SND_NXT, SCENARIO_BASE_ISS, SCENARIO_BASE_ABSOLUTE)};
    number.offset = (int32_t)DICE_ONE_OF(dice, 0, 0, 1, -1, 1460, 100000, INT32_MIN);
    if (number.base == SCENARIO_BASE_ABSOLUTE) {
        number.offset = (int32_t)(uint32_t)dice_roll(dice);
    }
    return number;
}

static struct cause_icmp draw(struct dice *dice)
{
    struct cause_icmp icmp = {
        .about = {.kind = (uint8_t)dice_below(dice, CAUSE_TARGET_COUNT),
                  .index = (uint8_t)dice_below(dice, 3)},
        .type = (uint8_t)DICE_ONE_OF(dice, TCP_ICMP4_UNREACHABLE, TCP_ICMP4_UNREACHABLE,
                                     TCP_ICMP4_UNREACHABLE, TCP_ICMP4_SOURCE_QUENCH,
                                     TCP_ICMP4_TIME_EXCEEDED, TCP_ICMP4_PARAMETER_PROBLEM),
        .quoted_seq = guess(dice),
        .quoted_bytes = (uint16_t)DICE_ONE_OF(dice, CAUSE_QUOTED_MIN, 20, 548),
    };
    icmp.code =
        icmp.type == TCP_ICMP4_UNREACHABLE ? (uint8_t)dice_below(dice, CAUSE_UNREACHABLE_CODES) : 0;
    if (icmp.type == TCP_ICMP4_UNREACHABLE && dice_chance(dice, 300)) {
        icmp.code = TCP_ICMP4_FRAGMENTATION_NEEDED;
        icmp.mtu = (uint16_t)DICE_ONE_OF(dice, 0, 68, 296, 576, 1280, 1400, 65535);
    }
    return icmp;
}

bool sim_forge_icmp(struct sim *sim)
{
    const struct cause cause = {.kind = CAUSE_ICMP,
                                .host = (uint8_t)dice_below(&sim->dice, WORLD_HOSTS_MAX),
                                .as.icmp = draw(&sim->dice)};
    return sim_apply(sim, &cause);
}
