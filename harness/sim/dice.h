/* Random numbers from a seed: the same ones everywhere. */
#ifndef FINWAIT_SIM_DICE_H
#define FINWAIT_SIM_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* SplitMix64. */
static inline uint64_t dice_roll(struct dice *dice)
{
    uint64_t word = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

/* Below `bound`, which is at least 1. */
static inline uint64_t dice_below(struct dice *dice, uint64_t bound)
{
    return (dice_roll(dice) >> 32) * bound >> 32;
}

static inline uint64_t dice_from_to(struct dice *dice, uint64_t from, uint64_t to)
{
    return from + dice_below(dice, to - from + 1);
}

static inline bool dice_chance(struct dice *dice, uint32_t of_1000)
{
    return dice_below(dice, 1000) < of_1000;
}

static inline int64_t dice_one_of(struct dice *dice, const int64_t *items, size_t count)
{
    return items[dice_below(dice, count)];
}

#define DICE_ONE_OF(dice, ...)                                                                     \
    dice_one_of((dice), (const int64_t[]){__VA_ARGS__},                                            \
                sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

#endif
