#include "congestion/congestion.h"

void congestion_init(struct congestion *congestion, uint32_t mss, uint32_t segments,
                     bool syn_was_lost)
{
    window_init(&congestion->window, mss, segments, syn_was_lost);
    congestion->reno = (struct reno){0};
}

void congestion_acknowledge(struct congestion *congestion, uint32_t mss, uint32_t octets)
{
    reno_acknowledge(&congestion->reno, &congestion->window, mss, octets);
}

void congestion_timeout(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                        bool is_first)
{
    reno_timeout(&congestion->reno, &congestion->window, mss, flight_bytes, is_first);
}

void congestion_signal(struct congestion *congestion, uint32_t mss, uint32_t flight_bytes,
                       enum congestion_event event)
{
    const uint32_t floor_bytes = event == CONGESTION_LOSS ? 2 * mss : mss;
    reno_reduce(&congestion->reno, &congestion->window, mss, flight_bytes, floor_bytes);
}
