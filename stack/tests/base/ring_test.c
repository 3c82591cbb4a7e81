/* The ring at its edges: no capacity, full, the wrap inside a copy, and the assertions that keep
 * one buffer from running into the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ring.h"
#include "tests/expect_assert.h"
#include "tests/random.h"

static void what_does_not_fit_is_not_taken(void **state)
{
    (void)state;
    struct ring ring;
    uint8_t storage[8];
    ring_init(&ring, sizeof storage);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"abcde", 5), 5);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"fghij", 5), 3);
    assert_int_equal(ring_free(&ring), 0);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"k", 1), 0);
    uint8_t out[8];
    ring_copy(&ring, storage, 0, out, 8);
    assert_memory_equal(out, "abcdefgh", 8);
}

static void bytes_survive_the_wrap(void **state)
{
    (void)state;
    struct ring ring;
    uint8_t storage[8];
    ring_init(&ring, sizeof storage);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"abcdef", 6), 6);
    ring_drop(&ring, 5);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"ghijklm", 7), 7);
    uint8_t out[8];
    ring_copy(&ring, storage, 0, out, 8);
    assert_memory_equal(out, "fghijklm", 8);
    ring_copy(&ring, storage, 3, out, 4);
    assert_memory_equal(out, "ijkl", 4);
    ring_drop(&ring, 8);
    assert_int_equal(ring_free(&ring), 8);
    assert_int_equal(ring.head, 5);
}

static void dropping_up_to_the_end_of_storage_begins_anew(void **state)
{
    (void)state;
    struct ring ring;
    uint8_t storage[4];
    ring_init(&ring, sizeof storage);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"abcd", 4), 4);
    ring_drop(&ring, 4);
    assert_int_equal(ring.head, 0);
    assert_int_equal(ring.count, 0);
}

static void what_is_placed_counts_once_extended(void **state)
{
    (void)state;
    struct ring ring;
    uint8_t storage[8];
    ring_init(&ring, sizeof storage);
    assert_int_equal(ring_append(&ring, storage, (const uint8_t *)"xxxxxx", 6), 6);
    ring_drop(&ring, 5);
    ring_place(&ring, storage, 3, (const uint8_t *)"DEFGH", 5);
    ring_place(&ring, storage, 1, (const uint8_t *)"BC", 2);
    assert_int_equal(ring.count, 1);
    ring_extend(&ring, 7);
    uint8_t out[8];
    ring_copy(&ring, storage, 0, out, 8);
    assert_memory_equal(out, "xBCDEFGH", 8);
}

static void a_ring_without_storage_takes_nothing(void **state)
{
    (void)state;
    struct ring ring;
    ring_init(&ring, 0);
    assert_int_equal(ring_free(&ring), 0);
    assert_int_equal(ring_append(&ring, NULL, (const uint8_t *)"a", 1), 0);
    ring_place(&ring, NULL, 0, NULL, 0);
    ring_copy(&ring, NULL, 0, NULL, 0);
    ring_drop(&ring, 0);
    ring_extend(&ring, 0);
    assert_int_equal(ring.count, 0);
}

static void reaching_beyond_the_ring_is_asserted(void **state)
{
    (void)state;
    struct ring ring;
    uint8_t storage[8] = {0};
    uint8_t out[16] = {0};
    expect_assert_failure(ring_init(&ring, RING_CAPACITY_MAX + 1));
    ring_init(&ring, sizeof storage);
    assert_int_equal(ring_append(&ring, storage, out, 5), 5);
    expect_assert_failure(ring_place(&ring, storage, 4, out, 5));
    expect_assert_failure(ring_place(&ring, storage, 9, out, 0));
    expect_assert_failure(ring_place(&ring, storage, 1, out, UINT32_MAX));
    expect_assert_failure(ring_copy(&ring, storage, 0, out, 6));
    expect_assert_failure(ring_copy(&ring, storage, 3, out, 3));
    expect_assert_failure(ring_copy(&ring, storage, 6, out, 0));
    expect_assert_failure(ring_extend(&ring, 4));
    expect_assert_failure(ring_drop(&ring, 6));
    ring.head = 8;
    expect_assert_failure((void)ring_free(&ring));
}

/* Against a flat array in which nothing ever wraps. */
static void a_ring_behaves_like_an_endless_array(void **state)
{
    (void)state;
    enum { WRITTEN_MAX = 100000 };
    static uint8_t flat[WRITTEN_MAX];
    struct random_source random = {0x9e3779b97f4a7c15u};
    random_fill(&random, flat, sizeof flat);
    for (uint32_t capacity = 1; capacity <= 33; capacity++) {
        struct ring ring;
        uint8_t storage[33];
        uint32_t written = 0;
        uint32_t dropped = 0;
        ring_init(&ring, capacity);
        for (int turn = 0; turn < 1000; turn++) {
            const uint32_t offered = random_below(&random, capacity + 3);
            written += ring_append(&ring, storage, flat + written, offered);
            assert_int_equal(ring.count, written - dropped);
            assert_int_equal(ring_free(&ring), capacity - (written - dropped));
            uint8_t out[33];
            const uint32_t offset = random_below(&random, ring.count + 1);
            const uint32_t count = random_below(&random, ring.count - offset + 1);
            ring_copy(&ring, storage, offset, out, count);
            assert_memory_equal(out, flat + dropped + offset, count);
            const uint32_t gone = random_below(&random, ring.count + 1);
            ring_drop(&ring, gone);
            dropped += gone;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_is_not_taken),
        cmocka_unit_test(bytes_survive_the_wrap),
        cmocka_unit_test(dropping_up_to_the_end_of_storage_begins_anew),
        cmocka_unit_test(what_is_placed_counts_once_extended),
        cmocka_unit_test(a_ring_without_storage_takes_nothing),
        cmocka_unit_test(reaching_beyond_the_ring_is_asserted),
        cmocka_unit_test(a_ring_behaves_like_an_endless_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
