/* A small generator (xorshift64*) so that randomised tests run the same numbers everywhere. */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

struct random_source {
    uint64_t state; /* never 0 */
};

static inline uint32_t random_next(struct random_source *source)
{
    uint64_t word = source->state;
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    source->state = word;
    return (uint32_t)((word * 0x2545f4914f6cdd1du) >> 32);
}

/* A number below `bound`, which is not 0. */
static inline uint32_t random_below(struct random_source *source, uint32_t bound)
{
    return (uint32_t)(((uint64_t)random_next(source) * bound) >> 32);
}

static inline void random_fill(struct random_source *source, uint8_t *bytes, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        bytes[index] = (uint8_t)random_next(source);
    }
}

#endif
