/* A router, or somebody who pretends to be one, speaks of what the stack has sent. */
#include "random_dice.h"

#include "tcp/seq.h"

#define QUOTE_BYTES_MAX 64

void traffic_choose_icmp_caution(struct traffic *traffic)
{
    traffic->config.icmp_in_flight = chance(traffic, 4) ? 0 : 1;
    traffic->config.icmp_distrust_size = below(traffic, 2);
    traffic->config.icmp_hard_aborts = below(traffic, 2);
}

static tcp_seqno choose_quoted(struct traffic *traffic, const struct tcp_status *status)
{
    const uint32_t flight = tcp_seq_distance(status->snd_una, status->snd_nxt);
    switch (below(traffic, 8)) {
    case 0:
        return status->snd_nxt;
    case 1:
        return tcp_seq_sub(status->snd_una, 1);
    case 2:
        return (tcp_seqno){(uint32_t)draw(traffic)};
    case 3:
        return flight == 0 ? status->snd_una : tcp_seq_add(status->snd_una, below(traffic, flight));
    default:
        return status->snd_una;
    }
}

void traffic_give_icmp(struct traffic *traffic, struct traffic_peer *peer)
{
    const struct sut_call ask = {.kind = SUT_CALL_INSPECT, .flow = peer->flow};
    const struct tcp_status status =
        traffic->sut->call(traffic->instance, traffic->now, &ask).status;
    const bool is_4 = peer->flow.local.address.version == 4;
    const bool is_too_big = !chance(traffic, 4);
    uint8_t *room = arena_take(traffic->arena, 2048 + TCP_WIRE_HEADROOM);
    uint8_t *bytes = arena_take(traffic->arena, 512);
    const struct tcp_segment quoted = {
        .source = peer->flow.local,
        .destination = peer->flow.remote,
        .seq = choose_quoted(traffic, &status),
        .flags = TCP_FLAG_ACK,
        .payload = room + TCP_WIRE_HEADROOM,
        .payload_bytes = ONE_OF(traffic, 1, 100, 500, 1260, 1460),
    };
    const struct tcp_room packet =
        tcp_wire_write(&quoted, (struct tcp_room){room, 2048 + TCP_WIRE_HEADROOM});
    struct tcp_icmp icmp = {.source = peer->flow.remote.address,
                            .destination = peer->flow.local.address,
                            .type = (uint8_t)below(traffic, 14),
                            .code = (uint8_t)below(traffic, 7),
                            .mtu = ONE_OF(traffic, 0, 67, 68, 100, 500, 1000, 1280, 1299, 1400)};
    if (is_too_big) {
        icmp.type = is_4 ? TCP_ICMP4_UNREACHABLE : TCP_ICMP6_PACKET_TOO_BIG;
        icmp.code = is_4 ? TCP_ICMP4_FRAGMENTATION_NEEDED : 0;
    }
    const size_t quote = 20 + below(traffic, QUOTE_BYTES_MAX);
    const struct tcp_room message =
        tcp_icmp_write(&icmp, packet.bytes, quote < packet.count ? quote : packet.count,
                       (struct tcp_room){bytes, 512});
    if (chance(traffic, 20)) {
        message.bytes[below(traffic, (uint32_t)message.count)] ^= 0x10;
    }
    traffic_record_packet(traffic, TRACE_TO_SUT, message.bytes, message.count);
    traffic->sut->input(traffic->instance, traffic->now, message.bytes, message.count);
}
