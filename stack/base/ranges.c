/* Sorted ranges modulo 2^32; see ranges.h. */
#include "base/ranges.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

void ranges_init(struct ranges *ranges, uint32_t capacity)
{
    *ranges = (struct ranges){.count = 0, .capacity = capacity};
}

/* The first range that ends at or beyond `left`: the first that [left, ...) can touch. */
static uint32_t first_reaching(const struct ranges *ranges, const struct range *items,
                               uint32_t base, uint32_t left)
{
    uint32_t low = 0;
    uint32_t high = ranges->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (items[middle].right - base < left - base) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Moves the ranges from `from` on so that they begin at index `to`. */
static void shift(struct ranges *ranges, struct range *items, uint32_t from, uint32_t to)
{
    TCP_ASSERT(from <= ranges->count);
    TCP_ASSERT(ranges->count - from <= ranges->capacity &&
               to <= ranges->capacity - (ranges->count - from));
    const uint32_t moved = ranges->count - from;
    if (moved > 0 && from != to) {
        memmove(items + to, items + from, (size_t)moved * sizeof *items);
    }
    ranges->count = to + moved;
}

static void assert_range(uint32_t base, uint32_t left, uint32_t right)
{
    TCP_ASSERT(left - base < right - base);
    TCP_ASSERT(right - base <= RANGES_SPAN_MAX);
}

bool ranges_add(struct ranges *ranges, struct range *items, uint32_t base, uint32_t left,
                uint32_t right)
{
    assert_range(base, left, right);
    const uint32_t first = first_reaching(ranges, items, base, left);
    uint32_t past = first;
    while (past < ranges->count && items[past].left - base <= right - base) {
        past++;
    }
    if (past == first) {
        if (ranges->count == ranges->capacity) {
            return false;
        }
        shift(ranges, items, first, first + 1);
        items[first] = (struct range){left, right};
        return true;
    }
    const struct range last = items[past - 1];
    if (left - base < items[first].left - base) {
        items[first].left = left;
    }
    items[first].right = last.right - base > right - base ? last.right : right;
    shift(ranges, items, past, first + 1);
    return true;
}

uint32_t ranges_join(struct ranges *ranges, struct range *items, uint32_t at)
{
    uint32_t joined = 0;
    while (joined < ranges->count && (int32_t)(items[joined].left - at) <= 0) {
        if ((int32_t)(items[joined].right - at) > 0) {
            at = items[joined].right;
        }
        joined++;
    }
    TCP_ASSERT(joined == ranges->count || items[joined].left - at <= RANGES_SPAN_MAX);
    shift(ranges, items, joined, 0);
    return at;
}

bool ranges_hold(const struct ranges *ranges, const struct range *items, uint32_t base,
                 uint32_t left, uint32_t right)
{
    assert_range(base, left, right);
    const uint32_t index = first_reaching(ranges, items, base, right);
    return index < ranges->count && items[index].left - base <= left - base;
}

bool ranges_are_sound(const struct ranges *ranges, const struct range *items, uint32_t base,
                      uint32_t span)
{
    if (ranges->count > ranges->capacity) {
        return false;
    }
    for (uint32_t index = 0; index < ranges->count; index++) {
        const uint32_t left = items[index].left - base;
        const uint32_t right = items[index].right - base;
        if (left >= right || right > span) {
            return false;
        }
        if (index > 0 && left <= items[index - 1].right - base) {
            return false;
        }
    }
    return true;
}
