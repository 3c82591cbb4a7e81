#include "congestion/reno.h"

#define IW_BYTES_PER_SEGMENT 1460u
#define CWND_MAX_BYTES       UINT32_C(0x3fffffff)

static uint32_t at_least(uint32_t number, uint32_t bound)
{
    return number < bound ? bound : number;
}

static uint32_t at_most(uint32_t number, uint32_t bound)
{
    return number > bound ? bound : number;
}

void reno_init(struct reno *reno, uint32_t mss, uint32_t segments, bool syn_was_lost)
{
    /* RFC 6928 2: min(10 * MSS, max(2 * MSS, 14600)), for any number of segments. */
    const uint32_t window =
        at_most(segments * mss, at_least(2 * mss, segments * IW_BYTES_PER_SEGMENT));
    reno->cwnd_bytes = syn_was_lost ? mss : at_least(window, mss);
    reno->ssthresh_bytes = CWND_MAX_BYTES; /* RFC 5681 3.1: arbitrarily high */
    reno->acked_bytes = 0;
}

void reno_acknowledge(struct reno *reno, uint32_t mss, uint32_t octets)
{
    if (reno->cwnd_bytes < reno->ssthresh_bytes) {
        /* Slow start, equation 2: at most one segment for each ACK. */
        reno->cwnd_bytes = at_most(reno->cwnd_bytes + at_most(octets, mss), CWND_MAX_BYTES);
        return;
    }
    /* Congestion avoidance by octets counted: one segment for each window acknowledged. */
    reno->acked_bytes += octets;
    if (reno->acked_bytes >= reno->cwnd_bytes) {
        reno->acked_bytes -= reno->cwnd_bytes;
        reno->cwnd_bytes = at_most(reno->cwnd_bytes + mss, CWND_MAX_BYTES);
    }
}

void reno_timeout(struct reno *reno, uint32_t mss, uint32_t flight_bytes, bool is_first)
{
    if (is_first) {
        reno->ssthresh_bytes = at_least(flight_bytes / 2, 2 * mss); /* equation 4 */
    }
    reno->cwnd_bytes = mss; /* the loss window */
    reno->acked_bytes = 0;
}
