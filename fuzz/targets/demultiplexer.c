/* The demultiplexer against a search through all records.
 *
 * Input: steps: an operation's octet, an octet that names a record, and three that make a flow out of
 * few addresses and ports, so that flows differ in little and chains are long. */
#include <string.h>

#include "finding.h"
#include "host.h"
#include "host/demux.h"
#include "host/slots.h"
#include "input.h"
#include "segment.h"
#include "target.h"
#include "tcb/open.h"

#define RECORDS   32u
#define LISTENERS 8u /* the first of them are listeners */

struct model {
    struct tcp_host *host;
    bool is_in[RECORDS];
};

static struct tcp_address address(uint8_t version, uint8_t last)
{
    struct tcp_address out = {.version = version};
    if (last != 0) { /* 0: the wildcard */
        out.bytes[0] = version == 4 ? 10 : 0xfd;
        out.bytes[version == 4 ? 3 : 15] = last;
    }
    return out;
}

static void take_flow(struct input *input, struct tcp_flow *flow)
{
    const uint8_t kind = input_u8(input);
    const uint8_t version = kind & 1 ? 6 : 4;
    memset(flow, 0, sizeof *flow);
    flow->local.address = address(version, kind >> 1 & 3);
    flow->local.port = (uint16_t)(1 + input_below(input, 70)); /* more than there are buckets */
    flow->remote.address = address(version, (uint8_t)(1 + (kind >> 3 & 3)));
    flow->remote.port = (uint16_t)(65535 - input_below(input, 8));
}

static bool is_wildcard(const struct tcp_endpoint *endpoint)
{
    const struct tcp_address none = {.version = endpoint->address.version};
    return memcmp(endpoint->address.bytes, none.bytes, 16) == 0;
}

static uint32_t search(const struct model *model, const struct tcp_flow *flow)
{
    for (uint32_t slot = LISTENERS; slot < RECORDS; slot++) {
        const struct tcp_flow *own = &host_tcb_read(model->host, slot)->flow;
        if (model->is_in[slot] && endpoint_same(&own->local, &flow->local) &&
            endpoint_same(&own->remote, &flow->remote)) {
            return slot;
        }
    }
    return TCB_NONE;
}

static uint32_t search_listener(const struct model *model, const struct tcp_endpoint *local)
{
    uint32_t wild = TCB_NONE;
    for (uint32_t slot = 0; slot < LISTENERS; slot++) {
        const struct tcp_endpoint *own = &host_tcb_read(model->host, slot)->flow.local;
        if (!model->is_in[slot] || own->port != local->port ||
            own->address.version != local->address.version) {
            continue;
        }
        if (endpoint_same(own, local)) {
            return slot;
        }
        wild = is_wildcard(own) ? slot : wild;
    }
    return wild;
}

static uint32_t search_rival(const struct model *model, const struct tcp_endpoint *local)
{
    for (uint32_t slot = 0; slot < LISTENERS; slot++) {
        if (model->is_in[slot] &&
            endpoint_same(&host_tcb_read(model->host, slot)->flow.local, local)) {
            return slot;
        }
    }
    return TCB_NONE;
}

static void compare(const struct model *model, const struct tcp_flow *flow)
{
    law(host_demux_find(model->host, flow) == search(model, flow), "demultiplexer",
        "it finds the connection that a search finds");
    law(host_demux_listener(model->host, &flow->local) == search_listener(model, &flow->local),
        "demultiplexer", "it finds the listener that a search finds");
    law(host_demux_rival(model->host, &flow->local) == search_rival(model, &flow->local),
        "demultiplexer", "it finds the rival that a search finds");
}

static void enter_or_leave(struct model *model, uint32_t slot, const struct tcp_flow *flow)
{
    struct tcb *tcb = host_tcb(model->host, slot);
    if (model->is_in[slot]) {
        host_demux_remove(model->host, tcb);
        host_demux_remove(model->host, tcb); /* the second does nothing */
        model->is_in[slot] = false;
        return;
    }
    const bool is_listener = slot < LISTENERS;
    if (is_listener ? search_rival(model, &flow->local) != TCB_NONE
                    : search(model, flow) != TCB_NONE) {
        return; /* the host never enters two of the same */
    }
    tcb->flow = *flow;
    if (is_listener) {
        memset(&tcb->flow.remote, 0, sizeof tcb->flow.remote);
    }
    host_demux_add(model->host, tcb);
    model->is_in[slot] = true;
}

static void prepare(struct start_host *start)
{
    struct tcp_limits limits = tcp_limits_small();
    limits.connections = RECORDS;
    limits.paths = limits.streams = 1;
    start_host_make(start, &limits, NULL);
    for (uint32_t slot = 0; slot < RECORDS; slot++) {
        struct tcb *tcb = host_take_tcb(start->host);
        law(tcb == host_tcb(start->host, slot), "demultiplexer", "records are taken in order");
        if (slot < LISTENERS) {
            tcb_open_passive(tcb, 1);
        }
    }
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static struct start_host start;
    if (start.host == NULL) {
        prepare(&start);
    }
    struct input input = {bytes, count};
    struct model model = {.host = start_host_copy(&start)};
    while (!input_is_over(&input)) {
        const uint32_t kind = input_below(&input, 4);
        const uint32_t slot = input_below(&input, RECORDS);
        struct tcp_flow flow;
        take_flow(&input, &flow);
        if (kind == 0) { /* as a segment leaves it */
            model.host->recent_slot = host_demux_find(model.host, &flow);
        } else if (kind != 1) {
            enter_or_leave(&model, slot, &flow);
        }
        compare(&model, &flow);
    }
    return 0;
}
