/* What every congestion controller keeps, and what all of them do alike: the initial window and slow
 * start. Everything is counted in octets. */
#ifndef TCP_CONGESTION_WINDOW_H
#define TCP_CONGESTION_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/* No window grows beyond it: sequence space has no room for more (RFC 7323 2.3). */
#define CWND_MAX_BYTES UINT32_C(0x3fffffff)

struct congestion_window {
    uint32_t cwnd_bytes;
    uint32_t ssthresh_bytes;
};

/* The initial window (RFC 6928): at most `segments` of them and, beyond two, 14600 octets for ten.
 * After a lost SYN it is one segment (RFC 5681 3.1). ssthresh is out of reach. */
void window_init(struct congestion_window *window, uint32_t mss, uint32_t segments,
                 bool syn_was_lost);

/* RFC 5681 3.1, equation 2: `octets` were acknowledged; at most one segment for each ACK. */
void window_slow_start(struct congestion_window *window, uint32_t mss, uint32_t octets);

#endif
