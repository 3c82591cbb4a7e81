/* Inputs that are lists of causes (harness/causes/), played in a world (harness/world/) with the
 * oracles watching each event. Starting points are reached once; every input begins with a copy. */
#ifndef FINWAIT_FUZZ_PLAY_H
#define FINWAIT_FUZZ_PLAY_H

#include <stddef.h>
#include <stdint.h>

#include "causes/prologue.h"

/* Causes of one input; what comes behind is not read. */
#define PLAY_CAUSES_MAX 512

/* Where the inputs of one target may begin. */
struct play_rules {
    uint8_t hosts;            /* 1 or 2 */
    const uint8_t *prologues; /* enum prologue; one host: the input's number modulo them */
    size_t prologue_count;    /* at least 1 */
};

/* Plays one input. Whatever an oracle finds ends the process, after saying which and in what state. */
int play_input(const struct play_rules *rules, const uint8_t *bytes, size_t count);

/* Reads an input as a target of these rules does: the start is one that it has. The list stays until
 * the next call. */
void play_decode(const struct play_rules *rules, const uint8_t *bytes, size_t count,
                 struct cause_list *out);

/* The rules of the target that is linked. */
extern const struct play_rules play_target_rules;

#endif
