/* Ephemeral ports (RFC 6056, algorithm 3): a walk through the range that begins at a place only the
 * holder of the secret can tell, for each destination another one. */
#include "host/demux.h"
#include "host/reserved.h"

static bool is_taken(const struct tcp_host *host, const struct tcp_flow *flow)
{
    /* A listener or a connection in any state, TIME-WAIT among them, holds its port. */
    return host_demux_listener(host, &flow->local) != TCB_NONE ||
           host_demux_rival(host, &flow->local) != TCB_NONE ||
           host_demux_find(host, flow) != TCB_NONE;
}

enum tcp_error host_choose_port(struct tcp_host *host, const struct tcp_flow *flow, uint16_t *out)
{
    struct tcp_flow candidate = *flow;
    candidate.local.port = 0;
    const uint32_t range = host->config.port_max - host->config.port_min + 1;
    const uint32_t offset = (uint32_t)host_flow_hash(host, &candidate, HOST_SALT_PORT) % range;
    for (uint32_t tries = 0; tries < range; tries++) {
        const uint32_t step = (offset + host->port_counter) % range;
        host->port_counter = (host->port_counter + 1) % range;
        candidate.local.port = (uint16_t)(host->config.port_min + step);
        if (!is_taken(host, &candidate)) {
            *out = candidate.local.port;
            return TCP_OK;
        }
    }
    return TCP_ERROR_NO_PORT;
}
