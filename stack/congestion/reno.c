#include "congestion/reno.h"

#include "base/numbers.h"

void reno_acknowledge(struct reno *reno, struct congestion_window *window, uint32_t mss,
                      uint32_t octets)
{
    if (window->cwnd_bytes < window->ssthresh_bytes) {
        window_slow_start(window, mss, octets);
        return;
    }
    /* Congestion avoidance by octets counted: one segment for each window acknowledged. */
    reno->acked_bytes += octets;
    if (reno->acked_bytes >= window->cwnd_bytes) {
        reno->acked_bytes -= window->cwnd_bytes;
        window->cwnd_bytes = smaller(window->cwnd_bytes + mss, CWND_MAX_BYTES);
    }
}

void reno_timeout(struct reno *reno, struct congestion_window *window, uint32_t mss,
                  uint32_t flight_bytes, bool is_first)
{
    if (is_first) {
        window->ssthresh_bytes = larger(flight_bytes / 2, 2 * mss); /* equation 4 */
    }
    window->cwnd_bytes = mss; /* the loss window */
    reno->acked_bytes = 0;
}

void reno_reduce(struct reno *reno, struct congestion_window *window, uint32_t mss,
                 uint32_t flight_bytes)
{
    window->ssthresh_bytes = larger(flight_bytes / 2, 2 * mss);
    window->cwnd_bytes = larger(flight_bytes / 2, mss);
    reno->acked_bytes = 0;
}
