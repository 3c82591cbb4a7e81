/* Hostile segments, calls and time from CLOSED, LISTEN, SYN-SENT and SYN-RECEIVED. Input: causes for
 * one host, see harness/causes/README.md. */
#include "play.h"
#include "target.h"

static const uint8_t prologues[] = {PROLOGUE_NONE, PROLOGUE_LISTEN, PROLOGUE_SYN_SENT,
                                    PROLOGUE_SYN_RECEIVED};

const struct play_rules play_target_rules = {1, prologues, sizeof prologues};

int fuzz_one_input(const uint8_t *input, size_t count)
{
    return play_input(&play_target_rules, input, count);
}
