/* The little arithmetic that the C library has no name for. */
#ifndef TCP_BASE_NUMBERS_H
#define TCP_BASE_NUMBERS_H

#include <stdint.h>

static inline uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static inline uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

#endif
