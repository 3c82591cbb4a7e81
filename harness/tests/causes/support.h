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

struct decoded {
    struct cause room[CAUSE_ROOM];
    struct cause_list list;
};

static inline void decode(const uint8_t *bytes, size_t count, struct decoded *out)
{
    cause_decode(bytes, count, out->room, CAUSE_ROOM, &out->list);
}

static inline size_t encode(const struct cause_list *list, uint8_t bytes[OCTET_ROOM])
{
    const size_t count = cause_encode(list, (struct tcp_room){bytes, OCTET_ROOM});
    assert_true(count <= OCTET_ROOM);
    return count;
}

/* A list of one host with these causes. */
static inline struct cause_list list_of(struct cause *causes, size_t count)
{
    return (struct cause_list){
        .start = {.hosts = 1, .ip_version = 4}, .items = causes, .count = count, .capacity = count};
}

static const struct cause plain_packet = {
    .kind = CAUSE_PACKET,
    .as.packet = {.flags = TCP_FLAG_ACK,
                  .seq = {SCENARIO_BASE_RCV_NXT, 0},
                  .ack = {SCENARIO_BASE_SND_NXT, 0},
                  .window = UINT16_MAX,
                  .ttl = CAUSE_TTL_USUAL},
};

#endif
