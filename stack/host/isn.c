#include "host/isn.h"

#include "host/demux.h"

#define TICK_US 4u

tcp_seqno host_isn(const struct tcp_host *host, const struct tcp_flow *flow)
{
    if (host->config.fixed_iss != 0) {
        return (tcp_seqno){host->config.iss};
    }
    const uint64_t hash = host_flow_hash(host, flow, HOST_SALT_ISN);
    return (tcp_seqno){(uint32_t)(host->now / TICK_US + hash)};
}
