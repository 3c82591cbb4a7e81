/* ICMP errors: those that a cause makes up, and those that a router between two hosts answers with. They
 * are octets in every mode; there are few of them, and what a host does with one that is none of its
 * kinds is for its own reading to say. */
#include "world/world_state.h"

#include <assert.h>
#include <string.h>

#include "trace/icmp_names.h"

#define QUOTED_TTL 63 /* one router has passed it on */
/* RFC 792 wants 8 octets behind the IP header; RFC 4443 3.1 as much as fits the smallest MTU. */
#define ANSWER_BYTES_MAX_IPV6 (1280 - TCP_WIRE_IPV6_HEADER_BYTES - TCP_ICMP_HEADER_BYTES)

static size_t ip_header_bytes(const struct world *world)
{
    return world->start.ip_version == 6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
}

/* The MTU that a cause says is meant as the setting `mtu` is: segments are as large as over IPv4. */
static uint32_t mtu_on_the_wire(const struct world *world, uint32_t mtu)
{
    return mtu + (mtu != 0 && world->start.ip_version == 6 ? WORLD_MTU_EXTRA_IPV6 : 0);
}

/* IPv4's numbers as they are, or those of IPv6 where it has the kind. */
static void set_kind(const struct world *world, uint8_t type, uint8_t code, struct tcp_icmp *out)
{
    const struct icmp_kind *const kind = icmp_kind_numbered(4, type, code);
    const bool is_translated =
        world->start.ip_version == 6 && kind != NULL && kind->type6 != ICMP_NONE;
    out->type = is_translated ? (uint8_t)kind->type6 : type;
    out->code = is_translated ? (uint8_t)kind->code6 : code;
}

/* The message around the first `quote_bytes` of a packet of the host's, kept. */
static void write_message(struct world *world, struct world_one *one, const struct tcp_icmp *icmp,
                          const uint8_t *quote, size_t quote_bytes, struct world_packet *out)
{
    const struct tcp_room room = {world->room, sizeof world->room};
    static_assert(sizeof world->room >=
                      TCP_WIRE_HEADROOM + TCP_WIRE_IPV6_HEADER_BYTES + (size_t)CAUSE_QUOTED_MAX,
                  "a message fits");
    const struct tcp_room message = tcp_icmp_write(icmp, quote, quote_bytes, room);
    out->bytes = world_keep(one, message.bytes, message.count);
    out->count = message.count;
}

/* The segment that a message quotes, as octets in the world's scratch: of its text nothing but the
 * length is known. */
static struct tcp_room write_quoted(struct world *world, const struct world_numbers *numbers,
                                    const struct cause_icmp *icmp)
{
    const size_t headroom = TCP_WIRE_HEADROOM;
    struct tcp_segment segment = {
        .source = numbers->flow.local,
        .destination = numbers->flow.remote,
        .seq = world_number(numbers, &icmp->quoted_seq),
        .flags = TCP_FLAG_ACK,
        .window = UINT16_MAX,
        .ttl = QUOTED_TTL,
        .payload = world->scratch + headroom,
        .payload_bytes = icmp->quoted_bytes,
    };
    memset(world->scratch, 0, headroom + icmp->quoted_bytes);
    return tcp_wire_write(&segment, (struct tcp_room){world->scratch, sizeof world->scratch});
}

void world_inject_icmp(struct world *world, struct world_one *one, const struct cause_icmp *cause)
{
    struct world_numbers numbers;
    struct world_packet given = {.life = WORLD_NONE, .connection = WORLD_NONE};
    struct cause_icmp icmp = *cause;
    icmp.quoted_bytes = icmp.quoted_bytes < CAUSE_QUOTED_MAX ? icmp.quoted_bytes : CAUSE_QUOTED_MAX;
    world_look_at(world, one, &icmp.about, &numbers);
    struct tcp_icmp message = {
        .source = numbers.flow.remote.address,
        .destination = numbers.flow.local.address,
        .mtu = mtu_on_the_wire(world, icmp.mtu),
    };
    set_kind(world, icmp.type, icmp.code, &message);
    const struct tcp_room quoted = write_quoted(world, &numbers, &icmp);
    const size_t wanted = ip_header_bytes(world) + icmp.quoted_bytes;
    write_message(world, one, &message, quoted.bytes, wanted < quoted.count ? wanted : quoted.count,
                  &given);
    world_give(world, one, &given);
}

void world_write_answer(struct world *world, struct world_one *one, uint8_t code, uint32_t mtu,
                        struct world_packet *packet)
{
    const bool is_6 = world->start.ip_version == 6;
    const size_t most = is_6 ? ANSWER_BYTES_MAX_IPV6 : ip_header_bytes(world) + CAUSE_QUOTED_MIN;
    const size_t quoted = packet->count < most ? packet->count : most;
    struct tcp_icmp message = {
        .source = packet->segment.destination.address,
        .destination = packet->segment.source.address,
        .mtu = mtu,
    };
    set_kind(world, TCP_ICMP4_UNREACHABLE, code, &message);
    *packet = (struct world_packet){
        .sent = world->now, .life = WORLD_NONE, .connection = WORLD_NONE, .bytes = packet->bytes};
    write_message(world, one, &message, packet->bytes, quoted, packet);
}
