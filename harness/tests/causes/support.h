/* What the tests of causes share: chance that can be repeated, and rooms for lists. */
#ifndef FINWAIT_TESTS_CAUSES_SUPPORT_H
#define FINWAIT_TESTS_CAUSES_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "causes/encoding.h"

#define INPUT_COUNT     10000
#define INPUT_BYTES_MAX 400
#define CAUSE_ROOM      64
#define OCTET_ROOM      (CAUSE_HEAD_BYTES + CAUSE_ROOM * CAUSE_RECORD_BYTES_MAX)

/* SplitMix64. */
static inline uint64_t draw(uint64_t *random)
{
    uint64_t z = (*random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline void fill(uint64_t *random, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)draw(random);
    }
}

#endif
