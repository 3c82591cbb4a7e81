/* Two hosts that begin in CLOSED, the network between them and the applications on both: the input
 * says what calls are made, how time passes and what the network does to which packet. Input: causes,
 * see harness/causes/README.md. */
#include "play.h"
#include "target.h"

static const uint8_t prologues[] = {PROLOGUE_NONE};

const struct play_rules play_target_rules = {2, prologues, sizeof prologues};

int fuzz_one_input(const uint8_t *input, size_t count)
{
    return play_input(&play_target_rules, input, count);
}
