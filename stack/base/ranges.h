/* A small sorted table of ranges of numbers modulo 2^32: the islands of text that arrived beyond a
 * hole, or the blocks that a peer reported. Ranges are half open, [left, right), never empty, and
 * two of them neither overlap nor touch (they would have been merged).
 *
 * Order needs an origin on a circle: callers pass `base`, a number at or before every range (such
 * as RCV.NXT), and ranges are sorted by distance from it. The base may move forward between calls
 * as long as it stays at or before every range that is kept; the order does not change by that.
 * All ranges must lie within 2^31 - 1 of the base.
 *
 * The table's memory lies elsewhere in the host's block and is handed to each call: `items`, with
 * room for `capacity` of them. It may be NULL when the capacity is 0. */
#ifndef TCP_BASE_RANGES_H
#define TCP_BASE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

struct range {
    uint32_t left;  /* first number held */
    uint32_t right; /* first number after it */
};

struct ranges {
    uint32_t count;
    uint32_t capacity;
};

/* The farthest that a range's right end may lie from the base. */
#define RANGES_SPAN_MAX 0x7fffffffu

void ranges_init(struct ranges *ranges, uint32_t capacity);

/* Adds [left, right) and merges it with all that it overlaps or touches. False, with nothing
 * changed, when it would have to stand alone and the table is full; merging never fails.
 * Asserted: left < right <= base + RANGES_SPAN_MAX, counted from the base. */
bool ranges_add(struct ranges *ranges, struct range *items, uint32_t base, uint32_t left,
                uint32_t right);

/* The edge that everything before is in order has come to `at`: drops every range that begins at or
 * before it, and returns the edge that results, which is `at` or, if it lies further on, the right
 * end of the last range dropped. A range that begins beyond `at` stays whole.
 * Asserted: no range lies 2^31 or more away from `at`. */
uint32_t ranges_join(struct ranges *ranges, struct range *items, uint32_t at);

/* Is all of [left, right) held? Asserted as for ranges_add(). */
bool ranges_hold(const struct ranges *ranges, const struct range *items, uint32_t base,
                 uint32_t left, uint32_t right);

/* For invariants: count within capacity; every range not empty, within [base, base + span], and
 * beyond the one before it with a hole between. Never asserts. */
bool ranges_are_sound(const struct ranges *ranges, const struct range *items, uint32_t base,
                      uint32_t span);

#endif
