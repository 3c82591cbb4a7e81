#include "congestion/window.h"

#include "base/numbers.h"

#define IW_BYTES_PER_SEGMENT 1460u

void window_init(struct congestion_window *window, uint32_t mss, uint32_t segments,
                 bool syn_was_lost)
{
    /* RFC 6928 2: min(10 * MSS, max(2 * MSS, 14600)), for any number of segments. */
    const uint32_t octets =
        smaller(segments * mss, larger(2 * mss, segments * IW_BYTES_PER_SEGMENT));
    window->cwnd_bytes = syn_was_lost ? mss : larger(octets, mss);
    window->ssthresh_bytes = CWND_MAX_BYTES; /* RFC 5681 3.1: arbitrarily high */
}

void window_slow_start(struct congestion_window *window, uint32_t mss, uint32_t octets)
{
    window->cwnd_bytes = smaller(window->cwnd_bytes + smaller(octets, mss), CWND_MAX_BYTES);
}
