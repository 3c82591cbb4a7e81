/* Packets that a cause injects, and how any packet is given to a host. What is well formed goes as a
 * segment; what is damaged, or has options of its own making, as octets. */
#include "world/world_state.h"

#include "oracle/encounter.h"
#include "world/pattern.h"

#include <assert.h>
#include <string.h>

#define OPTIONS_MAX  TCP_OPTION_BYTES_MAX
#define OPTIONS_ROOM 56 /* all options with four SACK blocks, were they not bounded together */

uint64_t world_inbound_key(const struct tcp_flow *flow)
{
    return ((uint64_t)flow->remote.port << 16 | flow->local.port) * UINT64_C(0xff51afd7ed558ccd);
}

/* ---- a segment ----------------------------------------------------------------------------------- */

static void set_options(const struct cause_packet *packet, const struct world_numbers *numbers,
                        struct tcp_options *out)
{
    out->has_mss = (packet->options & CAUSE_OPTION_MSS) != 0;
    out->mss = packet->mss;
    out->has_window_scale = (packet->options & CAUSE_OPTION_WINDOW_SCALE) != 0;
    out->window_scale = packet->window_scale;
    out->sack_permitted = (packet->options & CAUSE_OPTION_SACK_PERMITTED) != 0;
    out->has_timestamps = (packet->options & CAUSE_OPTION_TIMESTAMPS) != 0;
    out->timestamp_value = packet->timestamp_value;
    out->timestamp_echo = packet->timestamp_echo;
    if ((packet->options & CAUSE_OPTION_SACK) != 0) {
        const uint8_t most = cause_sack_most(packet->options);
        out->sack_count = packet->sack_count < most ? packet->sack_count : most;
    }
    for (uint8_t i = 0; i < out->sack_count; i++) {
        out->sack[i].left = world_number(numbers, &packet->sack[i].left);
        out->sack[i].right = world_number(numbers, &packet->sack[i].right);
    }
}

/* The payload stands in the world's scratch, with room for headers and options before it. */
static void build(struct world *world, const struct cause_packet *packet,
                  const struct world_numbers *numbers, struct tcp_segment *out)
{
    *out = (struct tcp_segment){
        .source = numbers->flow.remote,
        .destination = numbers->flow.local,
        .seq = world_number(numbers, &packet->seq),
        .ack = world_number(numbers, &packet->ack), /* stands there without its flag, too */
        .flags = packet->flags,
        .window = packet->window,
        .urgent = packet->urgent,
        .ttl = packet->ttl,
        .traffic_class = packet->traffic_class,
    };
    set_options(packet, numbers, &out->options);
    if (packet->has_text == 0 || packet->payload_bytes == 0) {
        return;
    }
    uint8_t *const payload = world->scratch + TCP_WIRE_HEADROOM + OPTIONS_MAX;
    out->payload_bytes =
        packet->payload_bytes < CAUSE_PAYLOAD_MAX ? packet->payload_bytes : CAUSE_PAYLOAD_MAX;
    out->payload = payload;
    const uint32_t syn = tcp_segment_has(out, TCP_FLAG_SYN) ? 1 : 0;
    pattern_fill(world_inbound_key(&numbers->flow), tcp_seq_add(out->seq, syn), payload,
                 out->payload_bytes);
}

/* ---- octets -------------------------------------------------------------------------------------- */

static uint8_t *put_32(uint8_t *at, uint32_t number)
{
    at[0] = (uint8_t)(number >> 24);
    at[1] = (uint8_t)(number >> 16);
    at[2] = (uint8_t)(number >> 8);
    at[3] = (uint8_t)number;
    return at + 4;
}

static uint8_t *put_head(uint8_t *at, uint8_t kind, uint8_t bytes)
{
    *at++ = kind;
    *at++ = bytes;
    return at;
}

/* Options one behind the other without padding, so that raw octets may follow. */
static uint8_t *put_options(uint8_t *at, const struct tcp_options *options)
{
    if (options->has_mss) {
        at = put_head(at, 2, 4);
        *at++ = (uint8_t)(options->mss >> 8);
        *at++ = (uint8_t)options->mss;
    }
    if (options->has_window_scale) {
        at = put_head(at, 3, 3);
        *at++ = options->window_scale;
    }
    if (options->sack_permitted) {
        at = put_head(at, 4, 2);
    }
    if (options->has_timestamps) {
        at = put_head(at, 8, 10);
        at = put_32(put_32(at, options->timestamp_value), options->timestamp_echo);
    }
    if (options->sack_count > 0) {
        at = put_head(at, 5, (uint8_t)(2 + 8 * options->sack_count));
        for (uint8_t i = 0; i < options->sack_count; i++) {
            at = put_32(put_32(at, options->sack[i].left.raw), options->sack[i].right.raw);
        }
    }
    return at;
}

static uint32_t lay_options(const struct cause_packet *packet, const struct tcp_segment *segment,
                            uint8_t out[OPTIONS_ROOM])
{
    uint8_t *at = put_options(out, &segment->options);
    assert(at - out <= OPTIONS_MAX); /* a normal cause has no more SACK blocks than fit */
    if ((packet->options & CAUSE_OPTION_RAW) != 0) {
        size_t raw = packet->raw_count < CAUSE_RAW_BYTES_MAX ? packet->raw_count
                                                             : (size_t)CAUSE_RAW_BYTES_MAX;
        const size_t left = OPTIONS_MAX - (size_t)(at - out);
        raw = raw < left ? raw : left;
        memcpy(at, packet->raw_bytes, raw);
        at += raw;
    }
    while ((at - out) % 4 != 0) {
        *at++ = 0;
    }
    return (uint32_t)(at - out);
}

static size_t tcp_offset(const uint8_t *packet)
{
    return packet[0] >> 4 == 6 ? TCP_WIRE_IPV6_HEADER_BYTES : TCP_WIRE_IPV4_HEADER_BYTES;
}

static void store_16(uint8_t *bytes, uint32_t number)
{
    bytes[0] = (uint8_t)(number >> 8);
    bytes[1] = (uint8_t)number;
}

static void set_checksum(const struct tcp_segment *segment, struct tcp_room packet)
{
    const size_t offset = tcp_offset(packet.bytes);
    uint8_t *const tcp = packet.bytes + offset;
    store_16(tcp + 16, 0);
    store_16(tcp + 16, tcp_wire_checksum(&segment->source.address, &segment->destination.address,
                                         tcp, packet.count - offset));
}

static void damage(const struct cause_packet *packet, const struct tcp_segment *segment,
                   struct tcp_room *bytes)
{
    uint8_t *const tcp = bytes->bytes + tcp_offset(bytes->bytes);
    const uint8_t value = packet->damage_value;
    switch ((enum cause_damage)packet->damage) {
    case CAUSE_DAMAGE_NONE:
        return;
    case CAUSE_DAMAGE_CHECKSUM:
        tcp[17] ^= value;
        return;
    case CAUSE_DAMAGE_DATA_OFFSET:
        tcp[12] = (uint8_t)((tcp[12] & 0x0f) | (value & 15) << 4);
        break;
    case CAUSE_DAMAGE_RESERVED:
        tcp[12] = (uint8_t)((tcp[12] & 0xf1) | (value & 7) << 1);
        break;
    case CAUSE_DAMAGE_LENGTH: {
        const size_t count = tcp_offset(bytes->bytes) + value;
        bytes->count = count < bytes->count ? count : bytes->count;
        return;
    }
    }
    set_checksum(segment, *bytes);
}

/* Where the border between options and text has moved, the text is still what the peer writes at these
 * numbers: its octets are a function of their place. */
static void say_the_same_text(const struct tcp_segment *segment,
                              const struct world_numbers *numbers, struct tcp_room *packet)
{
    uint8_t *const tcp = packet->bytes + tcp_offset(packet->bytes);
    const size_t header = (size_t)(tcp[12] >> 4) * 4;
    const size_t rest = packet->count - tcp_offset(packet->bytes);
    if (header < 20 || header >= rest) {
        return; /* no text, or not readable at all */
    }
    const uint32_t syn = tcp_segment_has(segment, TCP_FLAG_SYN) ? 1 : 0;
    pattern_fill(world_inbound_key(&numbers->flow), tcp_seq_add(segment->seq, syn), tcp + header,
                 rest - header);
    set_checksum(segment, *packet);
}

/* The options go in front of the payload as if they were part of it; then the border is moved. */
static struct tcp_room write_octets(struct world *world, const struct cause_packet *packet,
                                    const struct world_numbers *numbers,
                                    struct tcp_segment *segment)
{
    uint8_t options[OPTIONS_ROOM];
    const uint32_t option_bytes = lay_options(packet, segment, options);
    uint8_t *const payload = world->scratch + TCP_WIRE_HEADROOM + OPTIONS_MAX - option_bytes;
    memcpy(payload, options, option_bytes);
    segment->options = (struct tcp_options){0};
    segment->payload = payload;
    segment->payload_bytes += option_bytes;
    const struct tcp_room room = {world->scratch, sizeof world->scratch};
    struct tcp_room written = tcp_wire_write(segment, room);
    uint8_t *const tcp = written.bytes + tcp_offset(written.bytes);
    tcp[12] = (uint8_t)((tcp[12] & 0x0f) | (5 + option_bytes / 4) << 4);
    set_checksum(segment, written);
    damage(packet, segment, &written);
    if (packet->damage == CAUSE_DAMAGE_DATA_OFFSET) {
        say_the_same_text(segment, numbers, &written);
    }
    return written;
}

/* ---- giving it ----------------------------------------------------------------------------------- */

/* Has a life that is listed later, on the same four-tuple, an older connection? A SYN came late; which
 * packets are old is not for the order of the list to say. */
static bool is_out_of_order(const struct world_one *one, uint32_t life, uint32_t connection)
{
    const struct tcp_flow *const flow = &one->trace.incarnations[life].flow;
    for (size_t i = life + 1; i < one->lives.count; i++) {
        const struct tcp_flow *const other = &one->trace.incarnations[i].flow;
        if (one->lives.items[i].connection < connection &&
            other->remote.port == flow->remote.port && other->local.port == flow->local.port) {
            return true;
        }
    }
    return false;
}

/* Has the life that sent it come to its end? */
static bool is_over(const struct world *world, const struct world_packet *packet)
{
    const struct world_one *const sender =
        &world->one[packet->to == CAUSE_HOST_A ? CAUSE_HOST_B : CAUSE_HOST_A];
    const struct world_life *const life = &sender->lives.items[packet->life];
    return life->state == TCB_CLOSED || sender->slots[life->handle.slot].life != packet->life;
}

/* Does TIME-WAIT promise that this packet, if it is old, is accepted by no later connection? */
static bool is_guarded(const struct world *world, const struct world_one *one,
                       const struct world_packet *packet, uint32_t life)
{
    const struct world_connection *const connection = &world->connections[packet->connection];
    return !connection->is_broken && !connection->is_unguarded && is_over(world, packet) &&
           world->now.us - packet->sent.us < one->config.msl_us &&
           !is_out_of_order(one, life, packet->connection);
}

static void record_given(struct world *world, struct world_one *one,
                         const struct world_packet *packet)
{
    struct trace_packet *const entry = &world_record(world, one, TRACE_PACKET)->as.packet;
    entry->direction = TRACE_TO_SUT;
    entry->bytes = packet->bytes;
    entry->count = packet->count;
    entry->segment = packet->segment;
    entry->incarnation = TRACE_NO_EVENT;
    if (packet->bytes != NULL) {
        entry->wire = tcp_wire_read(packet->bytes, packet->count, &entry->segment, &entry->layout);
        entry->is_icmp = entry->wire == TCP_WIRE_NOT_TCP &&
                         tcp_icmp_read(packet->bytes, packet->count, &entry->icmp) == TCP_WIRE_OK;
    }
    if (packet->connection != WORLD_NONE) {
        entry->incarnation =
            world_life_of_connection(world, one, packet->connection, &packet->segment);
        entry->has_origin = true;
        entry->origin_incarnation =
            is_guarded(world, one, packet, entry->incarnation) ? entry->incarnation : WORLD_NONE;
    }
}

/* The connection that a segment meets, as it was before (T04, T05, T07). */
static void look_before(const struct world *world, const struct world_one *one,
                        const struct world_packet *packet, struct encounter *out)
{
    out->connection = TCP_HANDLE_NONE;
    out->step = tcp_host_last_step(one->host).number;
    if (world_traces(world) && encounter_is_on_time(tcp_host_deadline(one->host), world->now)) {
        const struct tcp_flow flow = {.local = packet->segment.destination,
                                      .remote = packet->segment.source};
        out->connection = tcp_host_find(one->host, &flow);
        (void)tcp_host_look(one->host, out->connection, &out->before);
    }
}

/* What the segment of this record did to the connection that it met, if it did anything. */
static void judge_given(struct world *world, struct world_one *one, const struct encounter *met,
                        size_t record)
{
    if (met->connection.generation == 0) {
        return;
    }
    const struct encounter_outcome outcome = {
        .step = tcp_host_last_step(one->host),
        .segment = &one->trace.records[record].as.packet.segment,
        .config = &one->config,
        /* As often as invariants are: a window that is wrong stays wrong for a while. */
        .asks_window = one->drains % world->config.check_every == 0,
    };
    struct tcp_status after;
    if (encounter_judge(met, &outcome, one->oracles) &&
        tcp_host_look(one->host, met->connection, &after) == TCP_OK) {
        encounter_judge_change(met, &outcome, &after, one->oracles);
    }
    world_judge(world, one);
}

void world_give(struct world *world, struct world_one *one, const struct world_packet *packet)
{
    if (world->projection != NULL) {
        world_project_given(world, one, packet);
    }
    const size_t at = one->trace.record_count;
    if (world_traces(world)) {
        record_given(world, one, packet);
    }
    world->given_connection = packet->connection;
    world->given_has_fin = tcp_segment_has(&packet->segment, TCP_FLAG_FIN);
    struct encounter met;
    look_before(world, one, packet, &met);
    if (packet->bytes != NULL) {
        tcp_host_packet(one->host, world->now, packet->bytes, packet->count);
    } else {
        tcp_host_segment(one->host, world->now, &packet->segment);
    }
    world_note_step(world, one);
    judge_given(world, one, &met, at);
    world->given_connection = WORLD_NONE;
}

void world_inject(struct world *world, struct world_one *one, const struct cause_packet *packet)
{
    struct world_numbers numbers;
    world_look_at(world, one, &packet->from, &numbers);
    struct world_packet given = {.connection = WORLD_NONE};
    build(world, packet, &numbers, &given.segment);
    world->is_disturbed = true;
    const bool is_made_by_hand = packet->damage % CAUSE_DAMAGE_COUNT != CAUSE_DAMAGE_NONE ||
                                 (packet->options & CAUSE_OPTION_RAW) != 0 ||
                                 world->config.oracles == WORLD_ORACLES_ALL;
    if (is_made_by_hand) {
        const struct tcp_room octets = write_octets(world, packet, &numbers, &given.segment);
        given.bytes = world_keep(one, octets.bytes, octets.count);
        given.count = octets.count;
    } else {
        given.segment.payload = world_keep(one, given.segment.payload, given.segment.payload_bytes);
    }
    world_give(world, one, &given);
}
