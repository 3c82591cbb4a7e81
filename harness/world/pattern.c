#include "world/pattern.h"

#include <string.h>

#define WORD_BYTES 8u

#define PLACE_FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define NUMBERS_ALL  (UINT64_C(1) << 32)

/* `place` is the word's place times its factor: from one word to the next it grows by the factor. */
static uint64_t word_of(uint64_t place)
{
    return (place ^ place >> 32) * UINT64_C(0xd6e8feb86659fd93);
}

/* Octets [8 * index, 8 * index + 8), the first one lowest. */
static uint64_t word_at(uint64_t key, uint32_t index)
{
    return word_of((key + index) * PLACE_FACTOR);
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

static void fill_words(uint64_t key, uint32_t index, uint8_t *bytes, size_t count)
{
    uint64_t place = (key + index) * PLACE_FACTOR;
    for (uint8_t *const end = bytes + count * WORD_BYTES; bytes < end; bytes += WORD_BYTES) {
        store(word_of(place), bytes);
        place += PLACE_FACTOR;
    }
}

void pattern_fill(uint64_t key, tcp_seqno from, uint8_t *bytes, size_t count)
{
    uint32_t number = from.raw;
    for (; count > 0 && number % WORD_BYTES != 0; count--) {
        *bytes++ = octet_at(key, number++);
    }
    while (count >= WORD_BYTES) { /* twice, where the numbers begin anew */
        const size_t until_wrap = (size_t)((NUMBERS_ALL - number) / WORD_BYTES);
        const size_t left = count / WORD_BYTES;
        const size_t words = left < until_wrap ? left : until_wrap;
        fill_words(key, number / WORD_BYTES, bytes, words);
        number += (uint32_t)(words * WORD_BYTES);
        bytes += words * WORD_BYTES;
        count -= words * WORD_BYTES;
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
