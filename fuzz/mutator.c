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
        start->delay_us = chance_draw(chance) >> chance_below(chance, 32);
    } else {
        start->prologue = (uint8_t)chance_below(chance, CAUSE_PROLOGUE_COUNT);
    }
}

static void change_list(struct chance *chance, struct cause_list *list)
{
    const uint32_t kind = list->count == 0 ? 0 : chance_below(chance, 10);
    const size_t at = chance_below(chance, (uint32_t)list->count + 1);
    const size_t one = list->count == 0 ? 0 : chance_below(chance, (uint32_t)list->count);
    if (kind < 3) {
        const struct cause made = new_cause(chance, &list->start);
        insert(list, at, &made);
    } else if (kind < 7) {
        change_cause(chance, &list->start, &list->items[one]);
    } else if (kind == 7) {
        take_out(list, one, 1);
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

static size_t encode(struct cause_list *list, uint8_t *room, size_t room_bytes)
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
        list->count -= (list->count + 3) / 4; /* too long: the end goes */
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
    return encode(&list, room, room_bytes);
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
    return encode(&list, room, room_bytes);
}
