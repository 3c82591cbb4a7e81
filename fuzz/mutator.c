#include "mutator.h"

#include <stdbool.h>
#include <string.h>

#include "causes/encoding.h"
#include "new_causes.h"

#define CHANGES_MAX 4

static void insert(struct cause_list *list, size_t at, const struct cause *cause)
{
    if (list->count < list->capacity) {
        memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
        list->items[at] = *cause;
        list->count++;
    }
}

static void take_out(struct cause_list *list, size_t at, size_t count)
{
    memmove(list->items + at, list->items + at + count,
            (list->count - at - count) * sizeof *list->items);
    list->count -= count;
}

static void change_start(struct chance *chance, struct cause_start *start)
{
    if (chance_below(chance, 8) == 0) {
        start->ip_version = start->ip_version == 6 ? 4 : 6;
    } else if (start->hosts == 2) {
        start->delay_us = chance_of_any_order(chance);
    } else {
        start->prologue = (uint8_t)chance_below(chance, CAUSE_PROLOGUE_COUNT);
    }
}

/* Something new, as often at the end as anywhere else: there the connection is furthest. Between two
 * hosts a call is followed by the time that its packets take, half the time. */
static void add_new(struct chance *chance, struct cause_list *list)
{
    const size_t at = chance_below(chance, 2) == 0
                          ? list->count
                          : chance_below(chance, (uint32_t)list->count + 1);
    const struct cause made = new_cause(chance, list, at);
    insert(list, at, &made);
    if (list->start.hosts == 2 && made.kind == CAUSE_CALL && chance_below(chance, 2) == 0) {
        const struct cause pause = new_pause(chance);
        insert(list, at + 1 < list->count ? at + 1 : list->count, &pause);
    }
}

/* One cause, or up to a quarter of all in a row. */
static void take_some_out(struct chance *chance, struct cause_list *list, size_t one)
{
    const size_t most =
        list->count - one < 1 + list->count / 4 ? list->count - one : 1 + list->count / 4;
    take_out(list, one,
             chance_below(chance, 2) == 0 ? 1 : 1 + chance_below(chance, (uint32_t)most));
}

static void change_list(struct chance *chance, struct cause_list *list)
{
    const uint32_t kind = list->count == 0 ? 0 : chance_below(chance, 10);
    const size_t at = chance_below(chance, (uint32_t)list->count + 1);
    const size_t one = list->count == 0 ? 0 : chance_below(chance, (uint32_t)list->count);
    if (kind < 3) {
        add_new(chance, list);
    } else if (kind < 6) {
        change_cause(chance, &list->start, &list->items[one]);
    } else if (kind < 8) {
        take_some_out(chance, list, one);
    } else if (kind == 8) {
        const struct cause again = list->items[one]; /* what came once may come again */
        insert(list, at, &again);
    } else if (chance_below(chance, 4) == 0) {
        change_start(chance, &list->start);
    } else {
        const struct cause moved = list->items[one];
        take_out(list, one, 1);
        insert(list, chance_below(chance, (uint32_t)list->count + 1), &moved);
    }
}

/* What is too long loses a row from its middle: its end is what was hard to get to. */
static size_t encode(struct chance *chance, struct cause_list *list, uint8_t *room,
                     size_t room_bytes)
{
    cause_list_normalise(list);
    while (true) {
        const size_t count = cause_encode(list, (struct tcp_room){room, room_bytes});
        if (count <= room_bytes) {
            return count;
        }
        if (list->count == 0) {
            return 0;
        }
        const size_t row = (list->count + 7) / 8;
        take_out(list, chance_below(chance, (uint32_t)(list->count - row) + 1), row);
        cause_list_normalise(list); /* what was joined to a packet that went */
    }
}

size_t mutator_change(const uint8_t *input, size_t count, uint8_t *room, size_t room_bytes,
                      uint32_t seed)
{
    struct cause causes[MUTATOR_CAUSES_MAX];
    struct cause_list list;
    struct chance chance = chance_begin(seed);
    cause_decode(input, count, causes, MUTATOR_CAUSES_MAX, &list);
    list.capacity = MUTATOR_CAUSES_MAX;
    const uint32_t changes = 1 + chance_below(&chance, CHANGES_MAX);
    for (uint32_t change = 0; change < changes; change++) {
        change_list(&chance, &list);
    }
    return encode(&chance, &list, room, room_bytes);
}

size_t mutator_cross(const uint8_t *first, size_t first_bytes, const uint8_t *second,
                     size_t second_bytes, uint8_t *room, size_t room_bytes, uint32_t seed)
{
    struct cause causes[MUTATOR_CAUSES_MAX], others[MUTATOR_CAUSES_MAX];
    struct cause_list list, other;
    struct chance chance = chance_begin(seed);
    cause_decode(first, first_bytes, causes, MUTATOR_CAUSES_MAX, &list);
    cause_decode(second, second_bytes, others, MUTATOR_CAUSES_MAX, &other);
    /* The beginning of one, and of the other everything from somewhere on: what led into a state
     * stays whole. */
    const size_t kept = chance_below(&chance, (uint32_t)list.count + 1);
    const size_t from = chance_below(&chance, (uint32_t)other.count + 1);
    list.count = kept;
    for (size_t at = from; at < other.count && list.count < MUTATOR_CAUSES_MAX; at++) {
        causes[list.count++] = others[at];
    }
    list.items = causes;
    list.capacity = MUTATOR_CAUSES_MAX;
    return encode(&chance, &list, room, room_bytes);
}
