/* The retransmission timeout of RFC 6298 as a value: smoothed round-trip time, its variation, and the
 * timeout that follows from them. Back-off is the TCB's matter. */
#ifndef TCP_RECOVERY_RTO_H
#define TCP_RECOVERY_RTO_H

#include "tcp/config.h"

struct rto {
    uint32_t srtt_us;
    uint32_t rttvar_us;
    uint32_t is_measured; /* 0 until the first sample */
};

/* Takes a round-trip time (RFC 6298 2.2, 2.3). Samples beyond 2^31 us count as that. */
void rto_sample(struct rto *rto, uint64_t rtt_us);

/* The same for one of `samples` (not 0) that a round trip gives: each weighs as much less, so that the
 * past counts for as long as with one (RFC 7323 4.2, appendix G). */
void rto_sample_of_many(struct rto *rto, uint64_t rtt_us, uint32_t samples);

/* The timeout before any back-off, inside the configured bounds (RFC 6298 2.1-2.5), which must fit
 * 32 bits of microseconds (tcp_config_check). */
uint32_t rto_timeout_us(const struct rto *rto, const struct tcp_config *config);

#endif
