/* SipHash-2-4 against the vectors of its authors: key 00 01 .. 0f, message 00 01 .. of each length.
 * The lengths are those around a word's end, where the last word is put together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"

static void count_up(uint8_t *bytes, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        bytes[index] = (uint8_t)index;
    }
}

static void published_vectors_come_out(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31u},  {1, 0x74f839c593dc67fdu},  {2, 0x0d6c8009d9a94f5au},
        {7, 0xab0200f58b01d137u},  {8, 0x93f5f5799a932462u},  {9, 0x9e0082df0ba9e4b0u},
        {15, 0xa129ca6149be45e5u}, {16, 0x3f2acc7f57c29bdbu}, {63, 0x958a324ceb064572u},
    };
    uint8_t key[16];
    uint8_t message[64];
    count_up(key, sizeof key);
    count_up(message, sizeof message);
    for (size_t index = 0; index < sizeof vectors / sizeof vectors[0]; index++) {
        assert_int_equal(siphash(key, message, vectors[index].count), vectors[index].hash);
    }
}

/* The last word holds the count modulo 256. Worked out by a second implementation. */
static void long_messages_count_modulo_256(void **state)
{
    (void)state;
    uint8_t key[16];
    uint8_t message[340];
    count_up(key, sizeof key);
    count_up(message, sizeof message);
    assert_int_equal(siphash(key, message, 255), 0xa9c169fec74db21au);
    assert_int_equal(siphash(key, message, 340), 0x36bb1afc7c32977du);
}

static void every_bit_of_the_key_counts(void **state)
{
    (void)state;
    uint8_t key[16] = {0};
    const uint8_t message[3] = {1, 2, 3};
    const uint64_t before = siphash(key, message, sizeof message);
    for (unsigned bit = 0; bit < 128; bit++) {
        key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_true(siphash(key, message, sizeof message) != before);
        key[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

static void nothing_may_stand_at_null(void **state)
{
    (void)state;
    uint8_t key[16];
    count_up(key, sizeof key);
    assert_int_equal(siphash(key, NULL, 0), 0x726fdb47dd0e0e31u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_come_out),
        cmocka_unit_test(long_messages_count_modulo_256),
        cmocka_unit_test(every_bit_of_the_key_counts),
        cmocka_unit_test(nothing_may_stand_at_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
