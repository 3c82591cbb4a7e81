/* The mutator as libFuzzer asks for it. Every second change is one of libFuzzer's own. */
#include <string.h>

#include "mutator.h"

#define INPUT_BYTES_MAX 65536

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_bytes, const uint8_t *second,
                                 size_t second_bytes, uint8_t *out, size_t out_bytes,
                                 unsigned int seed);
/* libFuzzer's own; other engines that know a custom mutator have none. */
extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max) __attribute__((weak));

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned int seed)
{
    static uint8_t room[INPUT_BYTES_MAX];
    if (LLVMFuzzerMutate != NULL && (seed & 1) != 0) {
        return LLVMFuzzerMutate(data, size, size_max);
    }
    const size_t count =
        mutator_change(data, size, room, size_max < sizeof room ? size_max : sizeof room, seed);
    if (count == 0) {
        return size;
    }
    memcpy(data, room, count);
    return count;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_bytes, const uint8_t *second,
                                 size_t second_bytes, uint8_t *out, size_t out_bytes,
                                 unsigned int seed)
{
    return mutator_cross(first, first_bytes, second, second_bytes, out, out_bytes, seed);
}
