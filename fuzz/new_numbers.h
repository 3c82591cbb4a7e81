/* Numbers, sizes and targets made up by chance, likely to mean something. */
#ifndef FINWAIT_FUZZ_NEW_NUMBERS_H
#define FINWAIT_FUZZ_NEW_NUMBERS_H

#include "causes/cause.h"
#include "chance.h"

/* Near an edge: there the faults are. */
static inline int32_t near_nothing(struct chance *chance)
{
    const uint32_t kind = chance_below(chance, 8);
    return kind < 5   ? 0
           : kind < 7 ? (int32_t)chance_below(chance, 9) - 4
                      : (int32_t)chance_of_any_order(chance);
}

static inline struct cause_number any_number(struct chance *chance, enum scenario_base usual)
{
    struct cause_number number = {.base = (uint8_t)usual};
    if (chance_below(chance, 4) == 0) {
        number.base = (uint8_t)(1 + chance_below(chance, SCENARIO_BASE_RCV_EDGE));
    }
    number.offset = near_nothing(chance);
    return number;
}

static inline uint16_t any_size(struct chance *chance)
{
    const uint32_t word = chance_draw(chance);
    return (uint16_t)(word >> (16 + chance_below(chance, 16)));
}

/* One of the four-tuples, most often the first. */
static inline uint8_t any_pair(struct chance *chance)
{
    return (uint8_t)(chance_below(chance, 4) != 0 ? 0 : chance_below(chance, CAUSE_PAIRS));
}

static inline struct cause_target any_target(struct chance *chance)
{
    struct cause_target target = {.kind = CAUSE_PAIR, .index = any_pair(chance)};
    if (chance_below(chance, 4) == 0) {
        target.kind = (uint8_t)chance_below(chance, CAUSE_TARGET_COUNT);
        target.index = (uint8_t)chance_below(chance, 3);
    }
    return target;
}

#endif
