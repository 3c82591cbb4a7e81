#include "congestion/congestion.h"

#include <string.h>

static bool is_cubic(const struct congestion *congestion)
{
    return congestion->control == TCP_CONGESTION_CUBIC;
}

static void forget(struct congestion *congestion)
{
    memset(&congestion->cubic, 0, sizeof congestion->cubic);
    _Static_assert(sizeof(struct reno) <= sizeof(struct cubic), "all of the union is forgotten");
}

void congestion_choose(struct congestion *congestion, enum tcp_congestion_control control)
{
    if (congestion->control != (uint32_t)control) {
        congestion->control = control;
        forget(congestion);
    }
}

void congestion_init(struct congestion *congestion, uint32_t mss, uint32_t segments,
                     bool syn_was_lost)
{
    window_init(&congestion->window, mss, segments, syn_was_lost);
    forget(congestion);
}

void congestion_note_flight(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                            uint64_t now_us)
{
    if (is_cubic(congestion)) {
        cubic_note_flight(&congestion->cubic, &congestion->window, mss, flight_bytes, now_us);
    }
}

void congestion_acknowledge(struct congestion *congestion, const struct congestion_ack *ack)
{
    if (is_cubic(congestion)) {
        cubic_acknowledge(&congestion->cubic, &congestion->window, ack);
    } else {
        reno_acknowledge(&congestion->reno, &congestion->window, ack->mss, ack->octets);
    }
}

void congestion_timeout(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                        bool is_first)
{
    struct congestion_window *window = &congestion->window;
    if (is_cubic(congestion)) {
        cubic_timeout(&congestion->cubic, window, mss, flight_bytes, is_first);
    } else {
        reno_timeout(&congestion->reno, window, mss, flight_bytes, is_first);
    }
}

void congestion_marked(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes)
{
    struct congestion_window *window = &congestion->window;
    if (is_cubic(congestion)) {
        cubic_reduce(&congestion->cubic, window, mss, flight_bytes);
    } else {
        reno_reduce(&congestion->reno, window, mss, flight_bytes);
    }
}
