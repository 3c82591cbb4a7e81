/* Slow start and congestion avoidance of RFC 5681. */
#ifndef TCP_CONGESTION_RENO_H
#define TCP_CONGESTION_RENO_H

#include "congestion/window.h"

struct reno {
    uint32_t acked_bytes; /* towards the next step of congestion avoidance */
};

/* New data was acknowledged (RFC 5681 3.1). */
void reno_acknowledge(struct reno *reno, struct congestion_window *window, uint32_t mss,
                      uint32_t octets);

/* The retransmission timer ran out with `flight_bytes` outstanding. `is_first` is false when the same
 * segment timed out before: ssthresh is held then (RFC 5681 3.1, equation 4). */
void reno_timeout(struct reno *reno, struct congestion_window *window, uint32_t mss,
                  uint32_t flight_bytes, bool is_first);

/* Congestion without a timeout: half the flight stays, at least a segment (RFC 3168 6.1.2). */
void reno_reduce(struct reno *reno, struct congestion_window *window, uint32_t mss,
                 uint32_t flight_bytes);

#endif
