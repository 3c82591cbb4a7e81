/* What the network does to the packets of each direction, drawn per run as edits of the n-th packet.
 * Behind the last of them it is fair. */
#include "sim/sim_state.h"

/* Pauses between transmissions that may pass before a way that has changed is known for what it is, the
 * packets that a silent router swallows among them. */
#define PAUSES_OF_MTU  12
#define SILENT_MAX     8
#define PAUSES_OF_PART 4
#define PART_PAUSE_US  UINT64_C(60000000)

struct weather {
    uint32_t loss, burst, duplicate, delay, corrupt, mark,
        unreachable; /* of 1000 packets, where it begins */
    uint32_t burst_max;
    uint64_t delay_max_us;
};

uint64_t sim_lossy_packets(const struct cause_edit *edit)
{
    switch ((enum cause_edit_kind)edit->kind) {
    case CAUSE_EDIT_DELAY:
    case CAUSE_EDIT_DUPLICATE:
    case CAUSE_EDIT_MARK:
        return 0;
    case CAUSE_EDIT_DROP:
    case CAUSE_EDIT_CORRUPT:
    case CAUSE_EDIT_UNREACHABLE:
        return edit->count;
    case CAUSE_EDIT_MTU:
        return edit->value != 0 ? edit->count : PAUSES_OF_MTU;
    case CAUSE_EDIT_PART:
        return PAUSES_OF_PART + edit->us / PART_PAUSE_US;
    }
    return 0;
}

static bool edit(struct sim *sim, uint8_t host, const struct cause_edit *drawn)
{
    const struct cause cause = {.kind = CAUSE_EDIT, .host = host, .as.edit = *drawn};
    sim->lossy_packets += sim_lossy_packets(drawn);
    return sim_apply(sim, &cause);
}

static struct weather draw_weather(struct sim *sim, int64_t msl_us)
{
    struct dice *const dice = &sim->dice;
    struct weather weather = {.burst_max = 6};
    /* Edits of one packet add up; the whole must stay below the lifetime of a segment. */
    weather.delay_max_us = (uint64_t)(dice_chance(dice, 250) ? msl_us / 8 : 400000);
    if (weather.delay_max_us > (uint64_t)msl_us / 8) {
        weather.delay_max_us = (uint64_t)msl_us / 8;
    }
    if (dice_chance(dice, 500)) {
        weather.loss = (uint32_t)DICE_ONE_OF(dice, 5, 20, 50, 100, 250);
    }
    if (dice_chance(dice, 200)) {
        weather.burst = (uint32_t)DICE_ONE_OF(dice, 5, 20, 50);
    }
    if (dice_chance(dice, 300)) {
        weather.duplicate = (uint32_t)DICE_ONE_OF(dice, 10, 50, 150);
    }
    if (dice_chance(dice, 400)) {
        weather.delay = (uint32_t)DICE_ONE_OF(dice, 10, 50, 200);
    }
    if (dice_chance(dice, 200)) {
        weather.corrupt = (uint32_t)DICE_ONE_OF(dice, 10, 50);
    }
    if (dice_chance(dice, 100)) {
        weather.mark = 50;
    }
    if (dice_chance(dice, 150)) {
        weather.unreachable = (uint32_t)DICE_ONE_OF(dice, 5, 20, 50);
    }
    return weather;
}

static bool treat_packet(struct sim *sim, uint8_t host, const struct weather *weather,
                         uint32_t packet)
{
    struct dice *const dice = &sim->dice;
    struct cause_edit drawn = {.packet = packet, .count = 1};
    const uint64_t roll = dice_below(dice, 1000);
    uint64_t under = weather->loss;
    if (roll < under) {
        drawn.kind = CAUSE_EDIT_DROP;
    } else if (roll < (under += weather->burst)) {
        drawn.kind = CAUSE_EDIT_DROP;
        drawn.count = (uint32_t)dice_from_to(dice, 2, weather->burst_max);
    } else if (roll < (under += weather->duplicate)) {
        drawn.kind = CAUSE_EDIT_DUPLICATE;
        drawn.us = dice_below(dice, weather->delay_max_us + 1);
    } else if (roll < (under += weather->delay)) {
        drawn.kind = CAUSE_EDIT_DELAY;
        drawn.us = dice_below(dice, weather->delay_max_us + 1);
    } else if (roll < (under += weather->corrupt)) {
        drawn.kind = CAUSE_EDIT_CORRUPT;
        drawn.place = (uint16_t)dice_below(dice, dice_chance(dice, 500) ? 60 : 1500);
        drawn.value = (uint8_t)dice_from_to(dice, 1, 255);
    } else if (roll < (under += weather->mark)) {
        drawn.kind = CAUSE_EDIT_MARK;
    } else if (roll < under + weather->unreachable) {
        drawn.kind = CAUSE_EDIT_UNREACHABLE;
        drawn.value = (uint8_t)dice_below(dice, CAUSE_UNREACHABLE_CODES);
    } else {
        return true;
    }
    return edit(sim, host, &drawn);
}

/* For a while nothing gets through. */
static bool part(struct sim *sim, uint32_t packets)
{
    struct dice *const dice = &sim->dice;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        const struct cause_edit gap = {.kind = CAUSE_EDIT_DROP,
                                       .packet = (uint32_t)dice_below(dice, packets),
                                       .count = (uint32_t)dice_from_to(dice, 4, 14)};
        if (!edit(sim, host, &gap)) {
            return false;
        }
    }
    return true;
}

/* The same by time: the network falls into two parts and heals. */
static bool part_for_a_time(struct sim *sim, uint32_t packets)
{
    struct dice *const dice = &sim->dice;
    const struct cause_edit gap = {
        .kind = CAUSE_EDIT_PART,
        .packet = (uint32_t)dice_below(dice, packets),
        .count = 1,
        .us = (uint64_t)DICE_ONE_OF(dice, 1000000, 5000000, 30000000, 200000000)};
    return edit(sim, (uint8_t)dice_below(dice, WORLD_HOSTS_MAX), &gap);
}

/* The way from a host changes, once or several times: another router, which lets less through, or more;
 * or for some packets one that answers nothing. */
static bool change_way(struct sim *sim, uint8_t host, uint32_t packets)
{
    struct dice *const dice = &sim->dice;
    uint32_t packet = (uint32_t)dice_below(dice, packets);
    for (uint64_t left = dice_from_to(dice, 1, 3); left > 0; left--) {
        const struct cause_edit way = {
            .kind = CAUSE_EDIT_MTU,
            .value = dice_chance(dice, 150) ? 1 : 0,
            .place = (uint16_t)DICE_ONE_OF(dice, 0, 1400, 1280, 1006, 576, 296, 128),
            .packet = packet,
            .count = (uint32_t)dice_from_to(dice, 1, SILENT_MAX)};
        if (!edit(sim, host, &way)) {
            return false;
        }
        packet += (uint32_t)dice_below(dice, packets);
    }
    return true;
}

static bool change_ways(struct sim *sim, uint32_t packets)
{
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        if (dice_chance(&sim->dice, 150) && !change_way(sim, host, packets)) {
            return false;
        }
    }
    return !dice_chance(&sim->dice, 60) || part_for_a_time(sim, packets);
}

bool sim_draw_network(struct sim *sim)
{
    struct dice *const dice = &sim->dice;
    sim->lossy_packets = 0;
    const int64_t msl_us = (int64_t)world_tcp_config(sim->world, CAUSE_HOST_A)->msl_us;
    const uint32_t packets = (uint32_t)dice_from_to(dice, 20, 200);
    if (dice_chance(dice, 120)) {
        return true; /* a perfect one */
    }
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        const struct weather weather = draw_weather(sim, msl_us);
        for (uint32_t packet = 0; packet < packets; packet++) {
            if (!treat_packet(sim, host, &weather, packet)) {
                return false;
            }
        }
    }
    return change_ways(sim, packets) && (!dice_chance(dice, 80) || part(sim, packets));
}
