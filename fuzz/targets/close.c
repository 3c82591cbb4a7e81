/* The end of connections: FIN exchange, TIME-WAIT, and the port used again, from each state on the
 * way. Input: causes for one host, see harness/causes/README.md. */
#include "play.h"
#include "target.h"

static const uint8_t prologues[] = {PROLOGUE_FIN_WAIT_1, PROLOGUE_FIN_WAIT_2, PROLOGUE_CLOSE_WAIT,
                                    PROLOGUE_CLOSING,    PROLOGUE_LAST_ACK,   PROLOGUE_TIME_WAIT};

const struct play_rules play_target_rules = {1, prologues, sizeof prologues};

int fuzz_one_input(const uint8_t *input, size_t count)
{
    return play_input(&play_target_rules, input, count);
}
