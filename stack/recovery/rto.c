#include "recovery/rto.h"

#define RTT_MAX_US UINT32_C(0x80000000)
/* The clock of the stack counts microseconds. */
#define GRANULARITY_US UINT64_C(1)

void rto_sample(struct rto *rto, uint64_t rtt_us)
{
    rto_sample_of_many(rto, rtt_us, 1);
}

void rto_sample_of_many(struct rto *rto, uint64_t rtt_us, uint32_t samples)
{
    const uint32_t rtt = rtt_us > RTT_MAX_US ? RTT_MAX_US : (uint32_t)rtt_us;
    if (!rto->is_measured) { /* RFC 6298 2.2 */
        rto->srtt_us = rtt;
        rto->rttvar_us = rtt / 2;
        rto->is_measured = 1;
        return;
    }
    /* RFC 6298 2.3, alpha = 1/8 and beta = 1/4; RTTVAR is computed before SRTT changes. */
    const uint32_t error = rto->srtt_us > rtt ? rto->srtt_us - rtt : rtt - rto->srtt_us;
    const uint64_t beta = UINT64_C(4) * samples;
    const uint64_t alpha = UINT64_C(8) * samples;
    rto->rttvar_us = (uint32_t)(((beta - 1) * rto->rttvar_us + error) / beta);
    rto->srtt_us = (uint32_t)(((alpha - 1) * rto->srtt_us + rtt) / alpha);
}

uint32_t rto_timeout_us(const struct rto *rto, const struct tcp_config *config)
{
    uint64_t timeout_us = config->rto_initial_us;
    if (rto->is_measured) {
        const uint64_t spread_us = UINT64_C(4) * rto->rttvar_us;
        timeout_us = rto->srtt_us + (spread_us > GRANULARITY_US ? spread_us : GRANULARITY_US);
        if (timeout_us < config->rto_min_us) { /* RFC 6298 2.4 */
            timeout_us = config->rto_min_us;
        }
    }
    return (uint32_t)(timeout_us > config->rto_max_us ? config->rto_max_us : timeout_us);
}
