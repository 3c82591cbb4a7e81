/* The table of ranges against a bit for every number.
 *
 * Input: four octets of base (so that numbers wrap anywhere), one of capacity, then steps: an
 * operation's octet, and the distances from the base that it needs. */
#include <string.h>

#include "base/ranges.h"
#include "finding.h"
#include "input.h"
#include "target.h"

#define NUMBERS      512u /* that the model knows, counted from the base */
#define CAPACITY_MAX 12u

struct bench {
    struct ranges ranges;
    struct range items[CAPACITY_MAX];
    uint32_t base;
    bool is_held[NUMBERS];
};

/* Runs of numbers that are held. */
static uint32_t runs(const bool *held)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < NUMBERS; at++) {
        count += held[at] && (at == 0 || !held[at - 1]);
    }
    return count;
}

static void compare(const struct bench *bench)
{
    law(ranges_are_sound(&bench->ranges, bench->items, bench->base, NUMBERS), "ranges",
        "the table is sound");
    bool found[NUMBERS] = {false};
    for (uint32_t index = 0; index < bench->ranges.count; index++) {
        for (uint32_t at = bench->items[index].left; at != bench->items[index].right; at++) {
            found[at - bench->base] = true;
        }
    }
    law(memcmp(found, bench->is_held, sizeof found) == 0, "ranges",
        "the numbers are those that were added");
}

/* Two distances of which the first is smaller. */
static void take_range(struct input *input, uint32_t *left, uint32_t *right)
{
    *left = input_below(input, NUMBERS);
    *right = *left + 1 + input_below(input, NUMBERS - *left);
}

static void add(struct bench *bench, struct input *input)
{
    uint32_t left, right;
    take_range(input, &left, &right);
    bool wanted[NUMBERS];
    memcpy(wanted, bench->is_held, sizeof wanted);
    for (uint32_t at = left; at < right; at++) {
        wanted[at] = true;
    }
    const bool fits = runs(wanted) <= bench->ranges.capacity;
    const bool taken = ranges_add(&bench->ranges, bench->items, bench->base, bench->base + left,
                                  bench->base + right);
    law(taken == fits, "ranges", "only what would stand alone in a full table is refused");
    if (taken) {
        memcpy(bench->is_held, wanted, sizeof wanted);
    }
}

static void hold(const struct bench *bench, struct input *input)
{
    uint32_t left, right;
    take_range(input, &left, &right);
    bool all = true;
    for (uint32_t at = left; at < right; at++) {
        all = all && bench->is_held[at];
    }
    law(ranges_hold(&bench->ranges, bench->items, bench->base, bench->base + left,
                    bench->base + right) == all,
        "ranges", "a range is held when each of its numbers is");
}

/* Everything before `at` is in order, and the base goes there, as RCV.NXT does. */
static void join(struct bench *bench, struct input *input)
{
    const uint32_t at = input_below(input, NUMBERS);
    uint32_t edge = at;
    while (edge < NUMBERS && bench->is_held[edge]) {
        edge++;
    }
    law(ranges_join(&bench->ranges, bench->items, bench->base + at) == bench->base + edge, "ranges",
        "the edge moves over what is held behind it");
    /* A range that ends exactly at `at` is dropped with those before. */
    memmove(bench->is_held, bench->is_held + edge, (NUMBERS - edge) * sizeof(bool));
    memset(bench->is_held + (NUMBERS - edge), 0, edge * sizeof(bool));
    bench->base += edge;
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    struct bench bench = {.base = input_u32(&input)};
    ranges_init(&bench.ranges, input_below(&input, CAPACITY_MAX + 1));
    while (!input_is_over(&input)) {
        switch (input_below(&input, 4)) {
        case 0:
            hold(&bench, &input);
            break;
        case 1:
            join(&bench, &input);
            break;
        default:
            add(&bench, &input);
        }
        compare(&bench);
    }
    return 0;
}
