/* The network between two hosts: every packet takes the same time, but for what an edit does to it.
 * Packets that arrive at one time do so in the order in which they left. */
#include "world/world_state.h"

#include "tcp/address.h"

#include <string.h>

#define EDITS_CLEANING    16 /* every so many packets */
#define ECN_BITS          3  /* both set: congestion experienced (RFC 3168 5) */
#define LINK_MTU_MIN_IPV4 68
#define LINK_MTU_MIN_IPV6 1280

/* One that changes the path, not a packet. */
static bool lasts(const struct cause_edit *edit)
{
    return (edit->kind == CAUSE_EDIT_MTU && edit->value == 0) || edit->kind == CAUSE_EDIT_PART;
}

/* Edits that are over make room; what is left keeps its order. */
static void forget_old(struct world_one *one)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < one->edit_count; i++) {
        const struct cause_edit *old = &one->edits[i];
        if ((uint64_t)old->packet + old->count > one->sent_count) {
            one->edits[kept++] = *old;
        }
    }
    one->edit_count = kept;
}

void world_edit(struct world_one *one, const struct cause_edit *edit)
{
    if (one->edit_count == WORLD_EDITS_MAX) {
        forget_old(one);
    }
    if (one->edit_count == WORLD_EDITS_MAX) {
        return;
    }
    uint32_t at = one->edit_count++; /* by packet; those of one packet in the order of the causes */
    for (; at > 0 && one->edits[at - 1].packet > edit->packet; at--) {
        one->edits[at] = one->edits[at - 1];
    }
    one->edits[at] = *edit;
}

static struct world_packet *take_packet(struct world *world, struct world_one *one)
{
    struct world_packet *packet = world->spare;
    if (packet == NULL) {
        return world_take(one, sizeof *packet);
    }
    world->spare = packet->next;
    return packet;
}

/* Behind all that arrive before it or at the same time. The place is looked for from both ends: little of
 * what is on its way arrives later than what leaves now, but what is for a host that is asleep. */
static struct world_packet *place_behind(const struct world *world, tcp_time arrives)
{
    struct world_packet *before = world->last, *after = world->first;
    while (before != NULL && before->arrives.us > arrives.us) {
        if (after->arrives.us > arrives.us) {
            return after->previous;
        }
        before = before->previous;
        after = after->next;
    }
    return before;
}

static void enqueue(struct world *world, struct world_packet *packet)
{
    struct world_packet *const before = place_behind(world, packet->arrives);
    struct world_packet *const after = before == NULL ? world->first : before->next;
    packet->previous = before;
    packet->next = after;
    *(before == NULL ? &world->first : &before->next) = packet;
    *(after == NULL ? &world->last : &after->previous) = packet;
}

static struct world_packet *dequeue(struct world *world)
{
    struct world_packet *const packet = world->first;
    world->first = packet->next;
    *(world->first == NULL ? &world->last : &world->first->previous) = NULL;
    return packet;
}

static uint64_t bounded(uint64_t us)
{
    return us < CAUSE_WAIT_US_MAX ? us : (uint64_t)CAUSE_WAIT_US_MAX;
}

static void launch(struct world *world, struct world_one *one, uint8_t to,
                   const struct world_packet *packet, uint64_t extra_us)
{
    struct world_packet *copy = take_packet(world, one);
    *copy = *packet;
    copy->to = to;
    const uint64_t delay =
        world->start.delay_us < WORLD_DELAY_MIN_US ? WORLD_DELAY_MIN_US : world->start.delay_us;
    copy->arrives = (tcp_time){world->now.us + delay + bounded(extra_us)};
    enqueue(world, copy);
}

/* The packet as octets of its own; NULL payloads and all. */
static void make_octets(struct world *world, struct world_one *one, struct world_packet *packet)
{
    const uint8_t *from = packet->bytes;
    if (from == NULL) {
        struct tcp_segment segment = packet->segment;
        uint8_t *const payload = world->scratch + TCP_WIRE_HEADROOM;
        if (segment.payload_bytes > 0) {
            memcpy(payload, segment.payload, segment.payload_bytes);
        }
        segment.payload = payload;
        const struct tcp_room room = {world->scratch, sizeof world->scratch};
        const struct tcp_room written = tcp_wire_write(&segment, room);
        from = written.bytes;
        packet->count = written.count;
    }
    packet->bytes = memcpy(world_take(one, packet->count), from, packet->count);
}

/* Do these octets of one length say the same to TCP? IPv6 has no sum over its first word and the hop
 * limit, and TCP asks for neither. */
static bool says_the_same(const uint8_t *a, const uint8_t *b, size_t count)
{
    enum { LENGTH_AT = 4, HOP_LIMIT_AT = 7, ADDRESSES_AT = 8 };
    if (a[0] >> 4 != 6) {
        return memcmp(a, b, count) == 0;
    }
    return memcmp(a + LENGTH_AT, b + LENGTH_AT, HOP_LIMIT_AT - LENGTH_AT) == 0 &&
           memcmp(a + ADDRESSES_AT, b + ADDRESSES_AT, count - ADDRESSES_AT) == 0;
}

/* What several edits did to a packet may cancel out in its sums: then it is a segment that nobody sent,
 * as an injected one, and nobody knows how its connection ends. */
static void note_unseen_damage(struct world *world, struct world_one *one,
                               struct world_packet *packet)
{
    struct tcp_segment read;
    struct tcp_wire_layout layout;
    if (tcp_wire_read(packet->bytes, packet->count, &read, &layout) != TCP_WIRE_OK) {
        return;
    }
    struct world_packet sent = *packet;
    sent.bytes = NULL;
    make_octets(world, one, &sent);
    if (sent.count == packet->count && says_the_same(packet->bytes, sent.bytes, sent.count)) {
        return;
    }
    world->is_disturbed = true;
    if (packet->connection != WORLD_NONE) {
        world->connections[packet->connection].is_broken = true;
    }
    if (!tcp_endpoint_equal(&read.source, &packet->segment.source) ||
        !tcp_endpoint_equal(&read.destination, &packet->segment.destination)) {
        packet->life = packet->connection = WORLD_NONE;
    }
    packet->segment = read;
}

static void corrupt(struct world *world, struct world_one *one, const struct cause_edit *edit,
                    struct world_packet *packet)
{
    make_octets(world, one, packet);
    ((uint8_t *)(uintptr_t)packet->bytes)[edit->place % packet->count] ^= edit->value;
    note_unseen_damage(world, one, packet);
}

static unsigned word_at(const uint8_t *bytes)
{
    return (unsigned)(bytes[0] << 8 | bytes[1]);
}

/* A router does not make IPv4's checksum anew, which would mend damage, but amends it (RFC 1624 3). */
static void mark_ipv4(uint8_t *bytes)
{
    enum { CHECKSUM_AT = 10 };
    const unsigned before = word_at(bytes);
    bytes[1] |= ECN_BITS;
    unsigned sum = (~word_at(bytes + CHECKSUM_AT) & 0xffff) + (~before & 0xffff) + word_at(bytes);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    bytes[CHECKSUM_AT] = (uint8_t)(sum >> 8);
    bytes[CHECKSUM_AT + 1] = (uint8_t)sum;
}

static void mark(struct world *world, struct world_one *one, struct world_packet *packet)
{
    packet->segment.traffic_class |= ECN_BITS;
    if (packet->bytes == NULL) {
        return;
    }
    make_octets(world, one, packet); /* others may have the same */
    uint8_t *const bytes = (uint8_t *)(uintptr_t)packet->bytes;
    if (packet->segment.source.address.version == 4) {
        mark_ipv4(bytes);
    } else {
        bytes[1] |= ECN_BITS << 4;
    }
}

/* ---- what holds from a packet on ------------------------------------------------------------------- */

/* The MTU of a link, as routers must have at least (RFC 791 3.2, RFC 8200 5). */
static uint32_t link_mtu(const struct world *world, uint32_t mtu)
{
    const bool is_6 = world->start.ip_version == 6;
    const uint32_t least = is_6 ? LINK_MTU_MIN_IPV6 : LINK_MTU_MIN_IPV4;
    const uint32_t wanted = mtu + (is_6 ? WORLD_MTU_EXTRA_IPV6 : 0);
    return mtu == 0 ? 0 : wanted < least ? least : wanted;
}

static void begin_what_lasts(struct world *world, struct world_one *one, uint32_t number)
{
    for (uint32_t i = 0; i < one->edit_count && one->edits[i].packet <= number; i++) {
        const struct cause_edit *const edit = &one->edits[i];
        if (edit->packet != number || !lasts(edit)) {
            continue;
        }
        if (edit->kind == CAUSE_EDIT_MTU) {
            one->path_mtu = link_mtu(world, edit->place);
        } else if (edit->kind == CAUSE_EDIT_PART) {
            const uint64_t until_us = world->now.us + bounded(edit->us);
            world->parted_until.us =
                until_us > world->parted_until.us ? until_us : world->parted_until.us;
        }
    }
}

static uint32_t packet_bytes(const struct world_packet *packet)
{
    const struct tcp_segment *const segment = &packet->segment;
    const uint32_t ip_bytes = segment->source.address.version == 6 ? TCP_WIRE_IPV6_HEADER_BYTES
                                                                   : TCP_WIRE_IPV4_HEADER_BYTES;
    return packet->bytes != NULL
               ? (uint32_t)packet->count
               : ip_bytes + TCP_WIRE_TCP_HEADER_BYTES + tcp_wire_options_bytes(&segment->options) +
                     segment->payload_bytes;
}

/* A router of `one`'s drops the packet and says why; half of the way there, half of it back. */
static void answer(struct world *world, struct world_one *one, const struct world_packet *packet,
                   uint8_t code, uint32_t mtu)
{
    struct world_packet message = *packet;
    if (message.bytes == NULL) {
        make_octets(world, one, &message);
    }
    world_write_answer(world, one, code, mtu, &message);
    launch(world, one, (uint8_t)world_place(world, one), &message, 0);
}

static bool is_too_big(const struct world_packet *packet, uint32_t mtu)
{
    return mtu != 0 && !packet->segment.may_fragment && packet_bytes(packet) > mtu;
}

/* Does it get no further, whatever else the network would do to it? */
static bool is_stopped(struct world *world, struct world_one *one,
                       const struct world_packet *packet)
{
    if (world->now.us < world->parted_until.us) {
        world->edited[CAUSE_EDIT_PART]++;
        return true;
    }
    if (is_too_big(packet, one->path_mtu)) {
        world->edited[CAUSE_EDIT_MTU]++;
        answer(world, one, packet, TCP_ICMP4_FRAGMENTATION_NEEDED, one->path_mtu);
        return true;
    }
    return false;
}

/* ---- sending ----------------------------------------------------------------------------------------- */

void world_send(struct world *world, struct world_one *one, struct world_packet *packet)
{
    const uint8_t far = world_place(world, one) == CAUSE_HOST_A ? CAUSE_HOST_B : CAUSE_HOST_A;
    uint64_t delay_us = 0;
    const uint32_t number = one->sent_count;
    if (number % EDITS_CLEANING == 0) {
        forget_old(one);
    }
    one->sent_count++;
    begin_what_lasts(world, one, number);
    if (is_stopped(world, one, packet)) {
        return;
    }
    for (uint32_t i = 0; i < one->edit_count && one->edits[i].packet <= number; i++) {
        const struct cause_edit *edit = &one->edits[i];
        if (number - edit->packet >= edit->count || lasts(edit)) {
            continue;
        }
        if (edit->kind == CAUSE_EDIT_MTU && !is_too_big(packet, link_mtu(world, edit->place))) {
            continue;
        }
        world->edited[edit->kind % CAUSE_EDIT_COUNT]++;
        switch ((enum cause_edit_kind)(edit->kind % CAUSE_EDIT_COUNT)) {
        case CAUSE_EDIT_DROP:
        case CAUSE_EDIT_MTU:
            return;
        case CAUSE_EDIT_DELAY:
            delay_us += bounded(edit->us);
            break;
        case CAUSE_EDIT_DUPLICATE:
            launch(world, one, far, packet, delay_us + bounded(edit->us));
            break;
        case CAUSE_EDIT_CORRUPT:
            corrupt(world, one, edit, packet);
            break;
        case CAUSE_EDIT_MARK:
            mark(world, one, packet);
            break;
        case CAUSE_EDIT_UNREACHABLE:
            answer(world, one, packet, edit->value, 0);
            return;
        case CAUSE_EDIT_PART:
            break;
        }
    }
    launch(world, one, far, packet, delay_us);
}

tcp_time world_next_arrival(const struct world *world)
{
    return world->first == NULL ? TCP_TIME_NEVER : world->first->arrives;
}

void world_arrive(struct world *world)
{
    struct world_packet *const packet = dequeue(world);
    struct world_one *one = &world->one[packet->to];
    if (world->now.us < one->wakes_at.us) { /* it meets the host when that wakes */
        packet->arrives = one->wakes_at;
        enqueue(world, packet);
        return;
    }
    world_give(world, one, packet);
    packet->next = world->spare;
    world->spare = packet;
    world_drain(world, one);
}
