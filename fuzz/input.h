/* An input, taken octet by octet. Behind its end there are zeros without end, so a target need not
 * ask before each number; it asks input_is_over() before each step. */
#ifndef FINWAIT_FUZZ_INPUT_H
#define FINWAIT_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
    const uint8_t *bytes;
    size_t count;
};

static inline bool input_is_over(const struct input *input)
{
    return input->count == 0;
}

static inline uint8_t input_u8(struct input *input)
{
    if (input->count == 0) {
        return 0;
    }
    input->count--;
    return *input->bytes++;
}

static inline uint16_t input_u16(struct input *input)
{
    const uint32_t high = input_u8(input);
    return (uint16_t)(high << 8 | input_u8(input));
}

static inline uint32_t input_u32(struct input *input)
{
    const uint32_t high = input_u16(input);
    return high << 16 | input_u16(input);
}

/* A number below `bound`, which is at least 1: one octet of input, or two where one is not enough. */
static inline uint32_t input_below(struct input *input, uint32_t bound)
{
    const uint32_t number = bound <= 256 ? input_u8(input) : input_u16(input);
    return number % bound;
}

/* The next octets as they lie, `*count` of them or as many as there are. */
static inline const uint8_t *input_take(struct input *input, size_t *count)
{
    const uint8_t *bytes = input->bytes;
    *count = *count < input->count ? *count : input->count;
    input->bytes += *count;
    input->count -= *count;
    return bytes;
}

#endif
