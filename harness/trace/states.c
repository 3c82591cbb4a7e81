#include "trace/states.h"

static bool begins_in(uint64_t states, uint32_t count, enum tcb_state state)
{
    return count < STATES_MAX && states_at(states, count) == state;
}

enum tcb_state states_first(uint64_t states, uint32_t count, enum tcb_state known)
{
    if (known == TCB_LISTEN && begins_in(states, count, TCB_TIME_WAIT)) {
        return TCB_TIME_WAIT; /* no child of a listener: a SYN met TIME-WAIT (RFC 9293 MAY-2) */
    }
    if (known == TCB_CLOSED && begins_in(states, count, TCB_LISTEN)) {
        return TCB_LISTEN; /* an OPEN or a SEND made a listener active (3.10.1, 3.10.2) */
    }
    return known;
}
