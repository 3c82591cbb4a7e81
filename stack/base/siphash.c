/* SipHash with two rounds for each word and four at the end; see siphash.h. */
#include "base/siphash.h"

struct sip {
    uint64_t a, b, c, d; /* v0 to v3 of the paper */
};

static uint64_t rotate_left(uint64_t word, unsigned bits)
{
    return (word << bits) | (word >> (64 - bits));
}

static uint64_t get_little64(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56; /* spelled out: compilers make one load of it */
}

static inline void round_once(struct sip *v)
{
    v->a += v->b;
    v->b = rotate_left(v->b, 13) ^ v->a;
    v->a = rotate_left(v->a, 32);
    v->c += v->d;
    v->d = rotate_left(v->d, 16) ^ v->c;
    v->a += v->d;
    v->d = rotate_left(v->d, 21) ^ v->a;
    v->c += v->b;
    v->b = rotate_left(v->b, 17) ^ v->c;
    v->c = rotate_left(v->c, 32);
}

static inline void compress(struct sip *v, uint64_t word)
{
    v->d ^= word;
    round_once(v);
    round_once(v);
    v->a ^= word;
}

uint64_t siphash(const uint8_t key[16], const uint8_t *bytes, size_t count)
{
    const uint64_t low = get_little64(key);
    const uint64_t high = get_little64(key + 8);
    struct sip v = {low ^ 0x736f6d6570736575u, high ^ 0x646f72616e646f6du,
                    low ^ 0x6c7967656e657261u, high ^ 0x7465646279746573u};
    const size_t whole = count - count % 8;
    for (size_t at = 0; at < whole; at += 8) {
        compress(&v, get_little64(bytes + at));
    }
    /* The last word: what is left over, and the count modulo 256 on top. */
    uint64_t last = (uint64_t)(count & 0xff) << 56;
    for (size_t at = whole; at < count; at++) {
        last |= (uint64_t)bytes[at] << (8 * (at - whole));
    }
    compress(&v, last);
    v.c ^= 0xff;
    for (unsigned turn = 0; turn < 4; turn++) {
        round_once(&v);
    }
    return v.a ^ v.b ^ v.c ^ v.d;
}
