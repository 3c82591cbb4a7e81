/* Chance that a seed decides: xorshift64*, as good as is needed. One draw to an expression: C does not say in
 * which order the parts of an expression or of a list of initialisers are evaluated. */
#ifndef FINWAIT_FUZZ_CHANCE_H
#define FINWAIT_FUZZ_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint32_t chance_draw(struct chance *chance)
{
    uint64_t word = chance->state;
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    chance->state = word;
    return (uint32_t)((word * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

static inline uint32_t chance_below(struct chance *chance, uint32_t bound)
{
    return (uint32_t)(((uint64_t)chance_draw(chance) * bound) >> 32);
}

/* Any order of magnitude is as likely as another. */
static inline uint32_t chance_of_any_order(struct chance *chance)
{
    const uint32_t word = chance_draw(chance);
    return word >> chance_below(chance, 32);
}

static inline struct chance chance_begin(uint32_t seed)
{
    struct chance chance = {((uint64_t)seed << 1 | 1) * UINT64_C(0x9e3779b97f4a7c15)};
    (void)chance_draw(&chance);
    return chance;
}

#endif
