/* W28: what a router says of a packet that was too big is heeded, by whoever forbids fragments. The model
 * notes only reports that nobody may doubt: they quote what is outstanding, claim no less than the IP
 * version's floor, less than what was sent and no less than what has arrived (RFC 5927 4.1, 7.2). */
#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"
#include "oracle/oracle_table.h"

#define MTU_FLOOR_IPV4 68u
#define MTU_FLOOR_IPV6 1280u
/* RFC 1191 3, RFC 8201 4: no attempt to send more within five minutes. */
#define HEEDED_US UINT64_C(300000000)

/* A system may be told to try sooner; a connection may have learned of the path before the report. */
static uint64_t heeded_us(const struct tcp_config *config)
{
    const uint64_t told_us = config == NULL ? 0 : config->path_mtu_raise_us / 2;
    return told_us == 0 || told_us > HEEDED_US ? HEEDED_US : told_us;
}

/* ---- the wire model's part ------------------------------------------------------------------------ */

uint32_t flow_packet_bytes(const struct trace_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    const uint32_t ip_bytes = segment->source.address.version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES
                                                                   : TCP_WIRE_IPV6_HEADER_BYTES;
    const uint32_t options_bytes = packet->bytes != NULL
                                       ? packet->layout.options_bytes
                                       : tcp_wire_options_bytes(&segment->options);
    return ip_bytes + TCP_WIRE_TCP_HEADER_BYTES + options_bytes + segment->payload_bytes;
}

void flow_note_packet_size(struct flow_life *life, uint32_t packet_bytes, tcp_seqno end)
{
    if (packet_bytes > life->largest_sent) {
        life->largest_sent = packet_bytes;
        life->largest_end = end;
    }
}

void flow_note_size_acknowledged(struct flow_life *life)
{
    if (tcp_seq_at_or_after(life->acked, life->largest_end)) {
        life->largest_acked = life->largest_sent;
        life->largest_end = life->acked;
    }
}

/* RFC 9293 3.9.2.2: hard errors end a connection, always or at times (SHLD-26). */
static bool may_end(const struct tcp_icmp *icmp)
{
    if (icmp->source.version == 4) {
        return icmp->type == TCP_ICMP4_UNREACHABLE && icmp->code >= TCP_ICMP4_PROTOCOL &&
               icmp->code <= TCP_ICMP4_PORT;
    }
    return icmp->type == TCP_ICMP6_UNREACHABLE &&
           (icmp->code == TCP_ICMP6_PROHIBITED || icmp->code == TCP_ICMP6_PORT);
}

static bool says_too_big(const struct tcp_icmp *icmp)
{
    return icmp->source.version == 4
               ? icmp->type == TCP_ICMP4_UNREACHABLE && icmp->code == TCP_ICMP4_FRAGMENTATION_NEEDED
               : icmp->type == TCP_ICMP6_PACKET_TOO_BIG;
}

static bool is_beyond_doubt(const struct flow_life *life, const struct tcp_icmp *icmp)
{
    const uint32_t floor = icmp->source.version == 4 ? MTU_FLOOR_IPV4 : MTU_FLOOR_IPV6;
    const uint32_t outstanding = tcp_seq_distance(life->acked, life->snd_max);
    /* A SYN may have been acknowledged before it was polled. */
    return !tcp_seq_equal(life->acked, life->iss) && icmp->mtu >= floor &&
           icmp->mtu < life->largest_sent && icmp->mtu >= life->largest_acked &&
           tcp_seq_in_range(icmp->quoted_seq, life->acked, outstanding);
}

void flow_note_sharing(struct flow_model *model)
{
    const bool is_shared = model->config == NULL || model->config->path_mtu_shared != 0;
    model->shares_too_big = model->shares_too_big || (model->saw_too_big && is_shared);
}

/* RFC 8201 4: who does not discover the path makes nothing of what routers say of it. */
static bool discovers(const struct flow_model *model)
{
    return model->config == NULL || model->config->path_mtu_discovery != 0;
}

static void note_least(struct flow_model *model, const struct flow *flow, uint32_t mtu)
{
    const bool is_first = model->too_big_flow == NULL;
    model->least_too_big = is_first || mtu < model->least_too_big ? mtu : model->least_too_big;
    model->are_several_too_big |= !is_first && model->too_big_flow != flow;
    model->too_big_flow = is_first ? flow : model->too_big_flow;
}

/* Another flow may have taught this one of a narrower path, which it believes until that is forgotten: then
 * this report told it nothing. */
static bool may_know_less(const struct flow_model *model, const struct flow *flow, uint32_t mtu)
{
    const bool is_of_others = model->are_several_too_big || model->too_big_flow != flow;
    return model->shares_too_big && is_of_others && mtu > model->least_too_big;
}

void flow_apply_icmp(struct flow_model *model, const struct trace_record *record)
{
    const struct tcp_icmp *icmp = &record->as.packet.icmp;
    model->batch_given++;
    model->saw_too_big = model->saw_too_big || says_too_big(icmp);
    flow_note_sharing(model);
    struct flow *flow = flow_table_find(model, &icmp->quoted_source, &icmp->quoted_destination);
    if (flow != NULL) {
        flow->has_icmp = true;
        flow->icmp_batch = model->batch;
    }
    struct flow_life *life = flow == NULL ? NULL : flow->life;
    if (flow != NULL && says_too_big(icmp)) {
        note_least(model, flow, icmp->mtu);
    }
    if (life == NULL) {
        return;
    }
    life->saw_icmp = true;
    life->saw_too_big = life->saw_too_big || says_too_big(icmp);
    if (!says_too_big(icmp)) {
        life->was_reset = life->was_reset || may_end(icmp);
        return;
    }
    if (life->was_reset || !discovers(model) || !is_beyond_doubt(life, icmp) ||
        may_know_less(model, flow, icmp->mtu)) {
        return;
    }
    life->path_mtu = icmp->mtu;
    life->path_mtu_at = record->at;
    life->largest_sent = icmp->mtu; /* more than that is on its way no longer */
}

/* ---- the oracle ------------------------------------------------------------------------------------- */

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    if (life->path_mtu == 0 || !discovers(watch->model) || watch->view->segment->may_fragment ||
        watch->record->at.us - life->path_mtu_at.us >= heeded_us(watch->model->config)) {
        return;
    }
    const uint32_t bytes = flow_packet_bytes(&watch->record->as.packet);
    if (!oracle_holds(watch, bytes <= life->path_mtu)) {
        oracle_fire(watch, "%u octets, but a router said that %u are the most", bytes,
                    life->path_mtu);
    }
}

const struct oracle oracle_path_mtu_heeded = {
    .description =
        {
            .id = "W28",
            .name = "path-mtu-heeded",
            .level = ORACLE_MUST,
            .reads = "path_mtu_discovery path_mtu_raise_us",
            .reference = "RFC 8201 4, RFC 1191 3, RFC 5927 7.2",
            .statement =
                "For five minutes, or half of path_mtu_raise_us, after a report beyond doubt "
                "that a packet was too big, no packet of the connection is larger than it says, "
                "unless it may be fragmented.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe,
};
