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
                      : (int32_t)(chance_draw(chance) >> chance_below(chance, 32));
}

static inline struct cause_number any_number(struct chance *chance, enum scenario_base usual)
{
    const bool is_usual = chance_below(chance, 4) != 0;
    return (struct cause_number){
        .base = (uint8_t)(is_usual ? (uint32_t)usual
                                   : 1 + chance_below(chance, SCENARIO_BASE_RCV_EDGE)),
        .offset = near_nothing(chance),
    };
}

static inline uint16_t any_size(struct chance *chance)
{
    return (uint16_t)(chance_draw(chance) >> (16 + chance_below(chance, 16)));
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
