/* The mutator as AFL++ asks for it: a shared library that AFL_CUSTOM_MUTATOR_LIBRARY names. AFL++
 * goes on with its own changes beside. */
#include <stdlib.h>

#include "mutator.h"

struct mutator {
    uint64_t state;
    uint8_t *room;
    size_t room_bytes;
};

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *data, uint8_t *input, size_t count, uint8_t **out, uint8_t *other,
                       size_t other_bytes, size_t size_max);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned int seed)
{
    (void)afl;
    struct mutator *mutator = calloc(1, sizeof *mutator);
    if (mutator != NULL) {
        mutator->state = seed;
    }
    return mutator;
}

static uint32_t next(struct mutator *mutator)
{
    mutator->state = mutator->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(mutator->state >> 32);
}

size_t afl_custom_fuzz(void *data, uint8_t *input, size_t count, uint8_t **out, uint8_t *other,
                       size_t other_bytes, size_t size_max)
{
    struct mutator *mutator = data;
    if (mutator->room_bytes < size_max) {
        free(mutator->room);
        mutator->room = malloc(size_max);
        mutator->room_bytes = mutator->room == NULL ? 0 : size_max;
    }
    const uint32_t seed = next(mutator);
    const size_t room_bytes = size_max < mutator->room_bytes ? size_max : mutator->room_bytes;
    *out = mutator->room;
    return other != NULL && seed % 4 == 0
               ? mutator_cross(input, count, other, other_bytes, mutator->room, room_bytes, seed)
               : mutator_change(input, count, mutator->room, room_bytes, seed);
}

void afl_custom_deinit(void *data)
{
    struct mutator *mutator = data;
    free(mutator->room);
    free(mutator);
}
