#include "world/pattern.h"

#include <string.h>

#define WORD_BYTES 8u

/* Octets [8 * index, 8 * index + 8), the first one lowest. */
static uint64_t word_at(uint64_t key, uint32_t index)
{
    uint64_t word = (key + index) * UINT64_C(0x9e3779b97f4a7c15);
    word ^= word >> 32;
    return word * UINT64_C(0xd6e8feb86659fd93);
}

static uint8_t octet_at(uint64_t key, uint32_t number)
{
    return (uint8_t)(word_at(key, number / WORD_BYTES) >> number % WORD_BYTES * 8);
}

/* Octets lie in the order of the word's own, whatever the machine's is. */
static void store(uint64_t word, uint8_t bytes[WORD_BYTES])
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(bytes, &word, sizeof word);
}

void pattern_fill(uint64_t key, tcp_seqno from, uint8_t *bytes, size_t count)
{
    uint32_t number = from.raw;
    for (; count > 0 && number % WORD_BYTES != 0; count--) {
        *bytes++ = octet_at(key, number++);
    }
    for (; count >= WORD_BYTES; count -= WORD_BYTES) {
        store(word_at(key, number / WORD_BYTES), bytes);
        number += WORD_BYTES;
        bytes += WORD_BYTES;
    }
    for (; count > 0; count--) {
        *bytes++ = octet_at(key, number++);
    }
}

size_t pattern_check(uint64_t key, tcp_seqno from, const uint8_t *bytes, size_t count)
{
    size_t at = 0;
    while (at < count) {
        uint8_t right[512];
        const size_t piece = count - at < sizeof right ? count - at : sizeof right;
        pattern_fill(key, (tcp_seqno){from.raw + (uint32_t)at}, right, piece);
        if (memcmp(right, bytes + at, piece) != 0) {
            while (bytes[at] == right[at % sizeof right]) {
                at++;
            }
            return at;
        }
        at += piece;
    }
    return count;
}
