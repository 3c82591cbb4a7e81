/* What the mutator makes is canonical, fits, and depends on nothing but its arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "causes/encoding.h"
#include "mutator.h"

enum { ROOM = 4000, CAUSES = 300, ROUNDS = 3000 };

static void assert_canonical(const uint8_t *bytes, size_t count)
{
    static struct cause causes[CAUSES];
    static uint8_t again[CAUSE_HEAD_BYTES + CAUSES * CAUSE_RECORD_BYTES_MAX];
    struct cause_list list;
    cause_decode(bytes, count, causes, CAUSES, &list);
    assert_int_equal(cause_encode(&list, (struct tcp_room){again, sizeof again}), count);
    assert_memory_equal(bytes, again, count);
}

/* From nothing, change upon change. */
static void changes_are_canonical_and_repeatable(void **state)
{
    (void)state;
    for (uint8_t hosts = 0; hosts < 2; hosts++) {
        uint8_t input[ROOM] = {CAUSE_ENCODING_VERSION, hosts};
        uint8_t first[ROOM], second[ROOM];
        size_t count = CAUSE_HEAD_BYTES, sum = 0;
        for (uint32_t seed = 0; seed < ROUNDS; seed++) {
            const size_t changed = mutator_change(input, count, first, sizeof first, seed);
            assert_in_range(changed, CAUSE_HEAD_BYTES, sizeof first);
            assert_int_equal(mutator_change(input, count, second, sizeof second, seed), changed);
            assert_memory_equal(first, second, changed);
            assert_canonical(first, changed);
            memcpy(input, first, changed);
            count = changed;
            sum += count;
        }
        assert_true(sum / ROUNDS >
                    10 * (size_t)CAUSE_HEAD_BYTES); /* they grow and shrink, by and by */
    }
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    uint8_t long_one[ROOM] = {CAUSE_ENCODING_VERSION};
    uint8_t room[64];
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        assert_in_range(mutator_change(long_one, sizeof long_one, room, sizeof room, seed),
                        CAUSE_HEAD_BYTES, sizeof room);
    }
    assert_int_equal(mutator_change(long_one, sizeof long_one, room, 4, 1), 0);
}

static void a_crossing_begins_as_the_first(void **state)
{
    (void)state;
    uint8_t one[ROOM] = {CAUSE_ENCODING_VERSION, 0, 1},
            other[ROOM] = {CAUSE_ENCODING_VERSION, 0, 2};
    uint8_t made[ROOM];
    size_t one_bytes = CAUSE_HEAD_BYTES, other_bytes = CAUSE_HEAD_BYTES;
    for (uint32_t seed = 0; seed < 200; seed++) {
        one_bytes = mutator_change(one, one_bytes, made, sizeof made, seed);
        memcpy(one, made, one_bytes);
        other_bytes = mutator_change(other, other_bytes, made, sizeof made, seed + 1000);
        memcpy(other, made, other_bytes);
    }
    for (uint32_t seed = 0; seed < ROUNDS; seed++) {
        const size_t count =
            mutator_cross(one, one_bytes, other, other_bytes, made, sizeof made, seed);
        assert_in_range(count, CAUSE_HEAD_BYTES, sizeof made);
        assert_canonical(made, count);
        assert_int_equal(made[2], one[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_canonical_and_repeatable),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(a_crossing_begins_as_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
