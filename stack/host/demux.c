#include "host/demux.h"

#include <string.h>

#include "base/bytes.h"
#include "base/siphash.h"
#include "tcp/address.h"

uint64_t host_flow_hash(const struct tcp_host *host, const struct tcp_flow *flow, uint8_t salt)
{
    uint8_t input[38];
    uint8_t *at = input;
    memcpy(at, flow->local.address.bytes, 16);
    memcpy(at + 16, flow->remote.address.bytes, 16);
    at = bytes_put16(at + 32, flow->local.port);
    at = bytes_put16(at, flow->remote.port);
    at = bytes_put8(at, flow->local.address.version);
    (void)bytes_put8(at, salt);
    return siphash(host->config.secret, input, sizeof input);
}

static bool is_listener(const struct tcb *tcb)
{
    return tcb->state == TCB_LISTEN && !tcb_has(tcb, TCB_PASSIVE);
}

static uint32_t *bucket_of_flow(struct tcp_host *host, const struct tcp_flow *flow)
{
    const uint64_t hash = host_flow_hash(host, flow, HOST_SALT_DEMUX);
    return (uint32_t *)host_table(host, HOST_BUCKETS) + (hash & (host->bucket_count - 1));
}

static uint32_t *bucket_of_port(struct tcp_host *host, uint16_t port)
{
    return (uint32_t *)host_table(host, HOST_PORTS) + (port & (host->bucket_count - 1));
}

/* A listener has no remote endpoint; everything else has. */
static uint32_t *bucket_of(struct tcp_host *host, const struct tcb *tcb)
{
    return tcb->flow.remote.port == 0 ? bucket_of_port(host, tcb->flow.local.port)
                                      : bucket_of_flow(host, &tcb->flow);
}

void host_demux_add(struct tcp_host *host, struct tcb *tcb)
{
    TCP_ASSERT(!tcb_has(tcb, TCB_HASHED));
    uint32_t *bucket = bucket_of(host, tcb);
    tcb->hash_next = *bucket;
    *bucket = host_slot_of(host, tcb);
    tcb_flag_set(tcb, TCB_HASHED);
}

void host_demux_remove(struct tcp_host *host, struct tcb *tcb)
{
    if (!tcb_has(tcb, TCB_HASHED)) {
        return;
    }
    const uint32_t slot = host_slot_of(host, tcb);
    uint32_t *link = bucket_of(host, tcb);
    while (*link != slot) { /* the chain ends: the record is in it */
        TCP_ASSERT(*link != TCB_NONE);
        link = &host_tcb(host, *link)->hash_next;
    }
    *link = tcb->hash_next;
    tcb->hash_next = TCB_NONE;
    tcb_flag_clear(tcb, TCB_HASHED);
    if (host->recent_slot == slot) {
        host->recent_slot = TCB_NONE;
    }
}

static bool flow_equal(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return tcp_endpoint_equal(&a->remote, &b->remote) && tcp_endpoint_equal(&a->local, &b->local);
}

uint32_t host_demux_find(const struct tcp_host *host, const struct tcp_flow *flow)
{
    if (host->recent_slot != TCB_NONE &&
        flow_equal(&host_tcb_read(host, host->recent_slot)->flow, flow)) {
        return host->recent_slot;
    }
    const uint64_t hash = host_flow_hash(host, flow, HOST_SALT_DEMUX);
    const uint32_t *buckets = host_table_read(host, HOST_BUCKETS);
    uint32_t slot = buckets[hash & (host->bucket_count - 1)];
    while (slot != TCB_NONE && !flow_equal(&host_tcb_read(host, slot)->flow, flow)) {
        slot = host_tcb_read(host, slot)->hash_next;
    }
    return slot;
}

static uint32_t first_at_port(const struct tcp_host *host, uint16_t port)
{
    const uint32_t *buckets = host_table_read(host, HOST_PORTS);
    return buckets[port & (host->bucket_count - 1)];
}

uint32_t host_demux_listener(const struct tcp_host *host, const struct tcp_endpoint *local)
{
    uint32_t best = TCB_NONE;
    for (uint32_t slot = first_at_port(host, local->port); slot != TCB_NONE;
         slot = host_tcb_read(host, slot)->hash_next) {
        const struct tcb *tcb = host_tcb_read(host, slot);
        const struct tcp_endpoint *bound = &tcb->flow.local;
        if (!is_listener(tcb) || bound->port != local->port ||
            bound->address.version != local->address.version) {
            continue;
        }
        if (tcp_address_equal(&bound->address, &local->address)) {
            return slot;
        }
        if (tcp_address_is_wildcard(&bound->address)) {
            best = slot;
        }
    }
    return best;
}

uint32_t host_demux_rival(const struct tcp_host *host, const struct tcp_endpoint *local)
{
    for (uint32_t slot = first_at_port(host, local->port); slot != TCB_NONE;
         slot = host_tcb_read(host, slot)->hash_next) {
        if (tcp_endpoint_equal(&host_tcb_read(host, slot)->flow.local, local)) {
            return slot;
        }
    }
    return TCB_NONE;
}
