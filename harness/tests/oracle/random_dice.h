/* Reproducible chance for random traffic. */
#ifndef FINWAIT_TESTS_RANDOM_DICE_H
#define FINWAIT_TESTS_RANDOM_DICE_H

#include "random_traffic.h"

/* SplitMix64. */
static inline uint64_t draw(struct traffic *traffic)
{
    uint64_t z = (traffic->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline uint32_t below(struct traffic *traffic, uint32_t limit)
{
    return (uint32_t)(draw(traffic) % limit);
}

static inline bool chance(struct traffic *traffic, uint32_t one_in)
{
    return below(traffic, one_in) == 0;
}

static inline uint32_t one_of(struct traffic *traffic, const uint32_t *values, uint32_t count)
{
    return values[below(traffic, count)];
}

#define ONE_OF(traffic, ...)                                                                       \
    one_of(traffic, (const uint32_t[]){__VA_ARGS__},                                               \
           sizeof(const uint32_t[]){__VA_ARGS__} / sizeof(uint32_t))

#endif
