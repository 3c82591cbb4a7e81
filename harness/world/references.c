/* What the numbers of a cause are counted from: the live record of its connection, or 0 when there is
 * none. */
#include "world/world_state.h"

#include "scenario/scenario.h"

struct tcp_flow world_flow_of_pair(const struct world *world, const struct world_one *one,
                                   uint8_t pair)
{
    const struct cause_ports ports = cause_pair_ports(pair % CAUSE_PAIRS);
    const bool is_b = world_place(world, one) == CAUSE_HOST_B;
    struct tcp_address remote = one->address;
    remote.bytes[one->address.version == 4 ? 3 : 15] ^= 3; /* 1 and 2 change places */
    return (struct tcp_flow){
        .local = {one->address, is_b ? ports.remote : ports.local},
        .remote = {remote, is_b ? ports.local : ports.remote},
    };
}

static void read_status(const struct tcp_status *status, struct world_numbers *out)
{
    *out = (struct world_numbers){
        .flow = status->flow,
        .iss = status->iss,
        .irs = status->irs,
        .snd_una = status->snd_una,
        .snd_nxt = status->snd_nxt,
        .snd_edge = tcp_seq_add(status->snd_una, status->snd_wnd),
        .rcv_nxt = status->rcv_nxt,
        .rcv_edge = tcp_seq_add(status->rcv_nxt, status->rcv_wnd),
    };
}

/* The four-tuple of what a target names, as long as it is known, or of its pair. */
static struct tcp_flow flow_of(const struct world *world, const struct world_one *one,
                               const struct cause_target *target)
{
    const struct tcp_flow *const known =
        target->kind == CAUSE_NAME ? &one->name_flows[target->index % CAUSE_NAMES]
                                   : &one->descriptor_flows[target->index % CAUSE_DESCRIPTORS];
    return target->kind != CAUSE_PAIR && known->remote.port != 0
               ? *known
               : world_flow_of_pair(world, one, target->index);
}

void world_look_at(struct world *world, struct world_one *one, const struct cause_target *target,
                   struct world_numbers *out)
{
    struct tcp_status status;
    *out = (struct world_numbers){.flow = flow_of(world, one, target)};
    const tcp_handle handle = tcp_host_find(one->host, &out->flow);
    if (tcp_host_look(one->host, handle, &status) == TCP_OK) {
        read_status(&status, out);
    }
}

tcp_seqno world_number(const struct world_numbers *numbers, const struct cause_number *number)
{
    const uint32_t offset = (uint32_t)number->offset;
    switch ((enum scenario_base)number->base) {
    case SCENARIO_BASE_SCRIPT:
    case SCENARIO_BASE_ABSOLUTE:
        break;
    case SCENARIO_BASE_ISS:
        return tcp_seq_add(numbers->iss, offset);
    case SCENARIO_BASE_IRS:
        return tcp_seq_add(numbers->irs, offset);
    case SCENARIO_BASE_SND_UNA:
        return tcp_seq_add(numbers->snd_una, offset);
    case SCENARIO_BASE_SND_NXT:
        return tcp_seq_add(numbers->snd_nxt, offset);
    case SCENARIO_BASE_SND_EDGE:
        return tcp_seq_add(numbers->snd_edge, offset);
    case SCENARIO_BASE_RCV_NXT:
        return tcp_seq_add(numbers->rcv_nxt, offset);
    case SCENARIO_BASE_RCV_EDGE:
        return tcp_seq_add(numbers->rcv_edge, offset);
    }
    return (tcp_seqno){offset};
}
