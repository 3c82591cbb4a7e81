/* How much may be in flight: slow start and congestion avoidance of RFC 5681, counted in octets. What
 * to send again is recovery's question. */
#ifndef TCP_CONGESTION_RENO_H
#define TCP_CONGESTION_RENO_H

#include <stdbool.h>
#include <stdint.h>

struct reno {
    uint32_t cwnd_bytes;
    uint32_t ssthresh_bytes;
    uint32_t acked_bytes; /* towards the next step of congestion avoidance */
};

/* The initial window (RFC 6928): at most `segments` of them and, beyond two, 14600 octets for ten.
 * After a lost SYN it is one segment (RFC 5681 3.1). */
void reno_init(struct reno *reno, uint32_t mss, uint32_t segments, bool syn_was_lost);

/* New data was acknowledged (RFC 5681 3.1). */
void reno_acknowledge(struct reno *reno, uint32_t mss, uint32_t octets);

/* The retransmission timer ran out with `flight_bytes` outstanding. `is_first` is false when the same
 * segment timed out before: ssthresh is held then (RFC 5681 3.1, equation 4). */
void reno_timeout(struct reno *reno, uint32_t mss, uint32_t flight_bytes, bool is_first);

#endif
