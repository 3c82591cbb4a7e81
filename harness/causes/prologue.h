/* Where an input may begin: for each name in the table of prologues, the causes that lead there. */
#ifndef FINWAIT_CAUSES_PROLOGUE_H
#define FINWAIT_CAUSES_PROLOGUE_H

#include "causes/encoding.h"
#include "tcp/state.h"

#define PROLOGUE_CAUSES_MAX 8

/* By index of the table. */
enum prologue {
    PROLOGUE_NONE,
    PROLOGUE_ESTABLISHED,
    PROLOGUE_SYN_RECEIVED,
    PROLOGUE_FIN_WAIT_1,
    PROLOGUE_FIN_WAIT_2,
    PROLOGUE_CLOSE_WAIT,
    PROLOGUE_CLOSING,
    PROLOGUE_LAST_ACK,
    PROLOGUE_TIME_WAIT,
    PROLOGUE_LISTEN,
    PROLOGUE_SYN_SENT,
};

/* Writes them to `out` and returns how many there are. The connection is pair 0's; its user's name
 * for it is 1, for its listener 0. */
size_t prologue_causes(enum prologue prologue, struct cause out[PROLOGUE_CAUSES_MAX]);

/* The state in which pair 0's connection is then; CLOSED where there is none. */
enum tcb_state prologue_state(enum prologue prologue);

#endif
