/* The states that a connection went through, as a host tells of them (struct tcp_event): nibbles, the latest
 * lowest; behind those, the one before the first. */
#ifndef FINWAIT_TRACE_STATES_H
#define FINWAIT_TRACE_STATES_H

#include "tcp/state.h"

/* Nibbles that one word holds. */
#define STATES_MAX 16

/* How many of `count` the word holds still. */
static inline uint32_t states_told(uint32_t count)
{
    return count < STATES_MAX ? count : STATES_MAX;
}

/* The one that came `back` places before the latest. */
static inline enum tcb_state states_at(uint64_t states, uint32_t back)
{
    return (enum tcb_state)(states >> 4 * back & 15);
}

/* In which state did a connection begin what is told, that was thought to be in `known`? */
enum tcb_state states_first(uint64_t states, uint32_t count, enum tcb_state known);

#endif
