/* Big-endian numbers in memory, as the network writes them. The bytes need no alignment. */
#ifndef TCP_BASE_BYTES_H
#define TCP_BASE_BYTES_H

#include <stdint.h>

static inline uint16_t bytes_get16(const uint8_t *at)
{
    return (uint16_t)(((uint32_t)at[0] << 8) | at[1]);
}

static inline uint32_t bytes_get32(const uint8_t *at)
{
    return ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
}

/* Each of these returns the byte after what it wrote, so that fields can be laid in a row. */
static inline uint8_t *bytes_put8(uint8_t *at, uint8_t number)
{
    at[0] = number;
    return at + 1;
}

static inline uint8_t *bytes_put16(uint8_t *at, uint16_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
    return at + 2;
}

static inline uint8_t *bytes_put32(uint8_t *at, uint32_t number)
{
    at[0] = (uint8_t)(number >> 24);
    at[1] = (uint8_t)(number >> 16);
    at[2] = (uint8_t)(number >> 8);
    at[3] = (uint8_t)number;
    return at + 4;
}

#endif
