/* Sorted ranges: merging in every position, the wrap at 2^32, the full table, and a long comparison
 * with a plain array of booleans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ranges.h"
#include "tests/expect_assert.h"
#include "tests/random.h"

enum { CAPACITY = 4 };

struct table {
    struct ranges ranges;
    struct range items[CAPACITY];
};

static struct table empty(void)
{
    struct table table = {0};
    ranges_init(&table.ranges, CAPACITY);
    return table;
}

static bool add(struct table *table, uint32_t base, uint32_t left, uint32_t right)
{
    return ranges_add(&table->ranges, table->items, base, left, right);
}

static void expect_range(const struct table *table, uint32_t index, uint32_t left, uint32_t right)
{
    assert_true(index < table->ranges.count);
    assert_int_equal(table->items[index].left, left);
    assert_int_equal(table->items[index].right, right);
}

static void ranges_are_kept_in_order_of_distance(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 100, 300, 310));
    assert_true(add(&table, 100, 110, 120));
    assert_true(add(&table, 100, 200, 210));
    assert_int_equal(table.ranges.count, 3);
    expect_range(&table, 0, 110, 120);
    expect_range(&table, 1, 200, 210);
    expect_range(&table, 2, 300, 310);
    assert_true(ranges_are_sound(&table.ranges, table.items, 100, 210));
    assert_false(ranges_are_sound(&table.ranges, table.items, 100, 209));
}

static void order_and_merging_work_across_two_to_the_32(void **state)
{
    (void)state;
    struct table table = empty();
    const uint32_t base = 0xfffffff0u;
    assert_true(add(&table, base, 0x10, 0x20));
    assert_true(add(&table, base, 0xfffffff8u, 0xfffffffcu));
    assert_int_equal(table.ranges.count, 2);
    expect_range(&table, 0, 0xfffffff8u, 0xfffffffcu);
    expect_range(&table, 1, 0x10, 0x20);
    assert_true(add(&table, base, 0xfffffffeu, 4));
    expect_range(&table, 1, 0xfffffffeu, 4);
    assert_true(ranges_hold(&table.ranges, table.items, base, 0xffffffffu, 3));
    assert_true(add(&table, base, 0xfffffffau, 0x12));
    assert_int_equal(table.ranges.count, 1);
    expect_range(&table, 0, 0xfffffff8u, 0x20);
    /* A right end of exactly 2^32 is written 0. */
    struct table other = empty();
    assert_true(add(&other, base, 0xfffffff8u, 0));
    expect_range(&other, 0, 0xfffffff8u, 0);
    assert_int_equal(ranges_join(&other.ranges, other.items, 0xfffffff8u), 0);
    assert_int_equal(other.ranges.count, 0);
}

static void touching_ranges_become_one(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 10, 20));
    assert_true(add(&table, 0, 20, 30));
    assert_true(add(&table, 0, 5, 10));
    assert_int_equal(table.ranges.count, 1);
    expect_range(&table, 0, 5, 30);
    assert_true(add(&table, 0, 31, 40));
    assert_int_equal(table.ranges.count, 2);
}

static void one_range_may_swallow_three(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 10, 20));
    assert_true(add(&table, 0, 30, 40));
    assert_true(add(&table, 0, 50, 60));
    assert_true(add(&table, 0, 70, 80));
    assert_true(add(&table, 0, 15, 55));
    assert_int_equal(table.ranges.count, 2);
    expect_range(&table, 0, 10, 60);
    expect_range(&table, 1, 70, 80);
    assert_true(add(&table, 0, 1, 90));
    assert_int_equal(table.ranges.count, 1);
    expect_range(&table, 0, 1, 90);
    assert_true(add(&table, 0, 5, 6));
    expect_range(&table, 0, 1, 90);
}

static void a_full_table_still_merges(void **state)
{
    (void)state;
    struct table table = empty();
    for (uint32_t index = 0; index < CAPACITY; index++) {
        assert_true(add(&table, 0, index * 10 + 1, index * 10 + 5));
    }
    const struct table before = table;
    assert_false(add(&table, 0, 7, 9));
    assert_false(add(&table, 0, 90, 91));
    assert_memory_equal(&table, &before, sizeof table);
    assert_true(add(&table, 0, 5, 7));
    expect_range(&table, 0, 1, 7);
    assert_true(add(&table, 0, 7, 11));
    assert_int_equal(table.ranges.count, CAPACITY - 1);
    assert_true(add(&table, 0, 90, 91));
}

static void a_table_without_room_takes_nothing(void **state)
{
    (void)state;
    struct ranges ranges;
    ranges_init(&ranges, 0);
    assert_false(ranges_add(&ranges, NULL, 0, 1, 2));
    assert_int_equal(ranges_join(&ranges, NULL, 7), 7);
    assert_false(ranges_hold(&ranges, NULL, 0, 1, 2));
    assert_true(ranges_are_sound(&ranges, NULL, 0, 0));
}

static void joining_takes_what_the_edge_reached(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 10, 20));
    assert_true(add(&table, 0, 30, 40));
    assert_true(add(&table, 0, 50, 60));
    assert_int_equal(ranges_join(&table.ranges, table.items, 9), 9);
    assert_int_equal(table.ranges.count, 3);
    assert_int_equal(ranges_join(&table.ranges, table.items, 10), 20);
    assert_int_equal(table.ranges.count, 2);
    assert_int_equal(ranges_join(&table.ranges, table.items, 35), 40);
    assert_int_equal(ranges_join(&table.ranges, table.items, 70), 70);
    assert_int_equal(table.ranges.count, 0);
}

static void joining_takes_several_at_once_across_the_wrap(void **state)
{
    (void)state;
    struct table table = empty();
    const uint32_t base = 0xffffff00u;
    assert_true(add(&table, base, 0xffffff10u, 0xffffff20u));
    assert_true(add(&table, base, 0xfffffff0u, 0x10));
    assert_true(add(&table, base, 0x20, 0x30));
    assert_int_equal(ranges_join(&table.ranges, table.items, 2), 0x10);
    assert_int_equal(table.ranges.count, 1);
    expect_range(&table, 0, 0x20, 0x30);
}

static void only_what_lies_in_one_range_is_held(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 10, 20));
    assert_true(add(&table, 0, 30, 40));
    assert_true(ranges_hold(&table.ranges, table.items, 0, 10, 20));
    assert_true(ranges_hold(&table.ranges, table.items, 0, 19, 20));
    assert_false(ranges_hold(&table.ranges, table.items, 0, 9, 11));
    assert_false(ranges_hold(&table.ranges, table.items, 0, 19, 21));
    assert_false(ranges_hold(&table.ranges, table.items, 0, 20, 30));
    assert_false(ranges_hold(&table.ranges, table.items, 0, 15, 35));
}

static void empty_and_far_ranges_are_asserted(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 0x7ffffffe, 0x7fffffff));
    expect_assert_failure((void)add(&table, 0, 5, 5));
    expect_assert_failure((void)add(&table, 0, 6, 5));
    expect_assert_failure((void)add(&table, 10, 9, 12));
    expect_assert_failure((void)add(&table, 0, 5, 0x80000000u));
}

static void unsound_tables_are_seen(void **state)
{
    (void)state;
    struct table table = empty();
    assert_true(add(&table, 0, 10, 20));
    assert_true(add(&table, 0, 30, 40));
    struct table broken = table;
    broken.items[1].left = 20; /* touches */
    assert_false(ranges_are_sound(&broken.ranges, broken.items, 0, 100));
    broken = table;
    broken.items[1].right = 30; /* empty */
    assert_false(ranges_are_sound(&broken.ranges, broken.items, 0, 100));
    broken = table;
    broken.items[1] = (struct range){1, 2}; /* out of order */
    assert_false(ranges_are_sound(&broken.ranges, broken.items, 0, 100));
    broken = table;
    broken.ranges.count = CAPACITY + 1;
    assert_false(ranges_are_sound(&broken.ranges, broken.items, 0, 100));
    assert_false(ranges_are_sound(&table.ranges, table.items, 11, 100)); /* before the base */
    assert_true(ranges_are_sound(&table.ranges, table.items, 10, 100));
}

/* ---- against a bitmap -------------------------------------------------------------------- */

enum { SPAN = 64 };

struct model {
    bool held[SPAN];
};

static uint32_t model_count(const struct model *model)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < SPAN; at++) {
        count += model->held[at] && (at == 0 || !model->held[at - 1]) ? 1 : 0;
    }
    return count;
}

static void expect_same(const struct table *table, const struct model *model, uint32_t base)
{
    assert_true(ranges_are_sound(&table->ranges, table->items, base, SPAN));
    assert_int_equal(table->ranges.count, model_count(model));
    for (uint32_t at = 0; at < SPAN; at++) {
        assert_int_equal(ranges_hold(&table->ranges, table->items, base, base + at, base + at + 1),
                         model->held[at]);
    }
}

static void step_add(struct random_source *random, struct table *table, struct model *model,
                     uint32_t base)
{
    const uint32_t left = random_below(random, SPAN);
    const uint32_t bound = random_below(random, 4) == 0 ? SPAN - left : 6;
    uint32_t right = left + 1 + random_below(random, bound);
    right = right > SPAN ? SPAN : right;
    struct model wanted = *model;
    memset(wanted.held + left, true, right - left);
    const bool fits = model_count(&wanted) <= CAPACITY;
    assert_int_equal(add(table, base, base + left, base + right), fits);
    if (fits) {
        *model = wanted;
    }
}

/* Moves the edge and shifts the model so that its first place is the new base. */
static uint32_t step_join(struct random_source *random, struct table *table, struct model *model,
                          uint32_t base)
{
    uint32_t at = random_below(random, 12);
    const uint32_t edge = ranges_join(&table->ranges, table->items, base + at);
    while (at < SPAN && model->held[at]) {
        at++;
    }
    assert_int_equal(edge, base + at);
    memmove(model->held, model->held + at, SPAN - at);
    memset(model->held + SPAN - at, false, at);
    return edge;
}

static void ranges_behave_like_a_bitmap(void **state)
{
    (void)state;
    struct random_source random = {0x123456789abcdefu};
    for (int run = 0; run < 200; run++) {
        struct table table = empty();
        struct model model = {0};
        uint32_t base = run % 2 == 0 ? 0xffffffe0u : random_next(&random);
        for (int turn = 0; turn < 100; turn++) {
            if (random_below(&random, 5) == 0) {
                base = step_join(&random, &table, &model, base);
            } else {
                step_add(&random, &table, &model, base);
            }
            expect_same(&table, &model, base);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_kept_in_order_of_distance),
        cmocka_unit_test(order_and_merging_work_across_two_to_the_32),
        cmocka_unit_test(touching_ranges_become_one),
        cmocka_unit_test(one_range_may_swallow_three),
        cmocka_unit_test(a_full_table_still_merges),
        cmocka_unit_test(a_table_without_room_takes_nothing),
        cmocka_unit_test(joining_takes_what_the_edge_reached),
        cmocka_unit_test(joining_takes_several_at_once_across_the_wrap),
        cmocka_unit_test(only_what_lies_in_one_range_is_held),
        cmocka_unit_test(empty_and_far_ranges_are_asserted),
        cmocka_unit_test(unsound_tables_are_seen),
        cmocka_unit_test(ranges_behave_like_a_bitmap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
