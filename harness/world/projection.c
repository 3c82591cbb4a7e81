#include "world/projection.h"

#include <string.h>

#include "trace/icmp_names.h"
#include "world/world_state.h"

#define EPHEMERAL_PORT_MIN 10000 /* above those of all pairs */

/* On host b a pair's ports change places; alone it is host a. The pair whose ports are those of `pair` with
 * local and remote exchanged, as far as there is one. */
static uint8_t turned(uint8_t pair)
{
    static const uint8_t pairs[CAUSE_PAIRS] = {0, 4, 5, 6, 1, 2, 3, 7};
    return pairs[pair % CAUSE_PAIRS];
}

void world_projection_begin(struct world_projection *projection, enum cause_host host,
                            struct arena *arena)
{
    *projection = (struct world_projection){.host = host, .arena = arena};
}

void world_project(struct world *world, struct world_projection *projection)
{
    world->projection = projection;
    if (projection != NULL) {
        projection->at = world->now;
        projection->list.start =
            (struct cause_start){.hosts = 1, .ip_version = world->start.ip_version};
    }
}

static struct cause *add(struct world_projection *projection, enum cause_kind kind)
{
    struct cause_list *const list = &projection->list;
    void *items = list->items;
    arena_grow(projection->arena, &items, &list->capacity, list->count, sizeof *list->items);
    list->items = items;
    struct cause *const cause = &list->items[list->count++];
    memset(cause, 0, sizeof *cause);
    cause->kind = (uint8_t)kind;
    return cause;
}

static void reach(struct world_projection *projection, tcp_time now, bool is_new_instant)
{
    if (now.us > projection->at.us || is_new_instant) {
        add(projection, CAUSE_WAIT)->as.wait = (struct cause_wait){
            .kind = CAUSE_WAIT_FOR, .us = (int64_t)(now.us - projection->at.us)};
        projection->at = now;
        projection->owes_wait = false;
    }
}

void world_projection_finish(struct world_projection *projection, tcp_time end)
{
    reach(projection, end, projection->owes_wait);
}

/* ---- calls and settings ------------------------------------------------------------------------------ */

static void project_sleep(struct world_projection *projection, tcp_time now,
                          const struct cause_wait *wait)
{
    const int64_t us = wait->us < CAUSE_WAIT_US_MAX ? wait->us : CAUSE_WAIT_US_MAX;
    add(projection, CAUSE_WAIT)->as.wait = *wait;
    projection->at = (tcp_time){now.us + (uint64_t)us};
    projection->owes_wait = false;
}

void world_project_cause(struct world *world, const struct cause *cause)
{
    struct world_projection *const projection = world->projection;
    if (cause->kind == CAUSE_WAIT) {
        reach(projection, world->now, false); /* where the last one ended: its deadlines come now */
        projection->owes_wait = true;
        if (cause->as.wait.kind == CAUSE_WAIT_ASLEEP && cause->host == projection->host) {
            project_sleep(projection, world->now, &cause->as.wait);
        }
        return;
    }
    if (cause->host != projection->host ||
        (cause->kind != CAUSE_CALL && cause->kind != CAUSE_SET)) {
        return; /* what is injected is given to the host like all others */
    }
    reach(projection, world->now, projection->owes_wait);
    struct cause *const own = add(projection, (enum cause_kind)cause->kind);
    own->as = cause->as;
    if (cause->kind == CAUSE_CALL && projection->host == CAUSE_HOST_B) {
        own->as.call.pair = turned(cause->as.call.pair);
    }
}

/* ---- whom a packet is for ---------------------------------------------------------------------------- */

static bool is_flow(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return a->local.port == b->local.port && a->remote.port == b->remote.port;
}

static bool has_name(const struct world_one *one, const struct tcp_flow *flow,
                     struct cause_target *out)
{
    for (uint8_t i = 0; i < CAUSE_NAMES; i++) {
        if (is_flow(&one->name_flows[i], flow)) {
            *out = (struct cause_target){CAUSE_NAME, i};
            return true;
        }
        if (is_flow(&one->descriptor_flows[i], flow)) {
            *out = (struct cause_target){CAUSE_DESCRIPTOR, i};
            return true;
        }
    }
    return false;
}

/* The pair's ports as the run has them at this host. */
static struct cause_ports ports_of(const struct world_projection *projection, uint8_t pair)
{
    if (projection->host == CAUSE_HOST_A) {
        return cause_pair_ports(pair);
    }
    if (turned(pair) == pair && pair != 0) {
        return (struct cause_ports){0}; /* no pair has its ports exchanged */
    }
    const struct cause_ports other = cause_pair_ports(turned(pair));
    return (struct cause_ports){.local = other.remote, .remote = other.local};
}

static bool has_record(struct world_one *one, const struct tcp_flow *flow,
                       struct tcp_status *status)
{
    return tcp_host_look(one->host, tcp_host_find(one->host, flow), status) == TCP_OK;
}

/* Are the pair's own ports another record's? */
static bool is_taken(const struct world_projection *projection, struct world_one *one,
                     const struct tcp_flow *flow, uint8_t pair)
{
    const struct cause_ports ports = ports_of(projection, pair);
    struct tcp_flow own = *flow;
    own.local.port = ports.local;
    own.remote.port = ports.remote;
    struct tcp_status status;
    return !is_flow(&own, flow) && has_record(one, &own, &status);
}

/* How well a pair can stand for a flow: 0 not at all, since it stands for a record's, or its ports are
 * another's. */
static uint32_t fitness(const struct world_projection *projection, struct world_one *one,
                        const struct tcp_flow *flow, uint8_t pair)
{
    const struct cause_ports ports = ports_of(projection, pair);
    const struct tcp_flow *const held = &projection->stands_for[pair];
    const bool is_held = held->local.port != 0;
    struct tcp_status status;
    if (ports.local != flow->local.port || is_taken(projection, one, flow, pair)) {
        return 0;
    }
    if (is_held && is_flow(held, flow)) {
        return 5;
    }
    if (is_held && has_record(one, held, &status)) {
        return 0;
    }
    return (is_held ? 1u : 2u) + (ports.remote == flow->remote.port ? 2u : 0u);
}

/* The best pair, or the one that it had. */
static bool find_pair(struct world_projection *projection, struct world_one *one,
                      const struct tcp_flow *flow, struct cause_target *out)
{
    uint32_t best = 0;
    for (uint8_t pair = 0; pair < CAUSE_PAIRS; pair++) {
        const uint32_t fit = fitness(projection, one, flow, pair);
        if (fit > best) {
            best = fit;
            *out = (struct cause_target){CAUSE_PAIR, pair};
        }
    }
    if (best > 0) {
        projection->stands_for[out->index] = *flow;
    }
    return best > 0;
}

/* The pair that stands for the flow of a record that is there, or the one that has its ports. */
static bool known_pair(const struct world_projection *projection, const struct tcp_flow *flow,
                       bool is_passive, struct cause_target *out)
{
    for (uint8_t pair = 0; pair < CAUSE_PAIRS; pair++) {
        const struct cause_ports ports = ports_of(projection, pair);
        const bool is_it =
            is_passive ? is_flow(&projection->stands_for[pair], flow)
                       : ports.local == flow->local.port && ports.remote == flow->remote.port;
        if (is_it) {
            *out = (struct cause_target){CAUSE_PAIR, pair};
            return true;
        }
    }
    return false;
}

/* The name of a connection that is no more, and had ports that chance chose: no pair stands for it. */
static bool has_lone_name(const struct world_projection *projection, const struct world_one *one,
                          const struct tcp_flow *flow, struct cause_target *out)
{
    struct cause_target pair;
    return !known_pair(projection, flow, true, &pair) && flow->local.port >= EPHEMERAL_PORT_MIN &&
           has_name(one, flow, out);
}

/* For a connection that was opened here its name, since chance may have chosen its ports; for one that a
 * packet opened, the pair of that packet. */
static bool find_target(struct world_projection *projection, struct world_one *one,
                        const struct tcp_flow *flow, struct cause_target *out)
{
    struct tcp_status status;
    const bool is_live = has_record(one, flow, &status);
    const bool is_found =
        !is_live
            ? find_pair(projection, one, flow, out) || has_lone_name(projection, one, flow, out)
        : status.is_passive ? known_pair(projection, flow, true, out) || has_name(one, flow, out)
                            : has_name(one, flow, out) || known_pair(projection, flow, false, out);
    projection->is_incomplete = projection->is_incomplete || !is_found;
    return is_found;
}

/* ---- packets ------------------------------------------------------------------------------------------- */

/* What numbers are counted from: the record that the packet meets, or nothing. */
struct origin {
    bool has_iss, has_irs;
    tcp_seqno iss, irs;
};

static struct origin origin_of(struct world_one *one, const struct tcp_flow *flow)
{
    struct tcp_status status;
    struct origin origin = {0};
    if (has_record(one, flow, &status)) {
        origin = (struct origin){.has_iss = true,
                                 .has_irs = status.state != TCB_SYN_SENT,
                                 .iss = status.iss,
                                 .irs = status.irs};
    }
    return origin;
}

static struct cause_number from_iss(const struct origin *origin, tcp_seqno number)
{
    return (struct cause_number){
        .base = (uint8_t)(origin->has_iss ? SCENARIO_BASE_ISS : SCENARIO_BASE_ABSOLUTE),
        .offset = (int32_t)(number.raw - (origin->has_iss ? origin->iss.raw : 0))};
}

static struct cause_number from_irs(const struct origin *origin, tcp_seqno number)
{
    return (struct cause_number){
        .base = (uint8_t)(origin->has_irs ? SCENARIO_BASE_IRS : SCENARIO_BASE_ABSOLUTE),
        .offset = (int32_t)(number.raw - (origin->has_irs ? origin->irs.raw : 0))};
}

/* False: a cause has no room for all of them. */
static bool set_options(const struct tcp_options *options, const struct origin *origin,
                        struct cause_packet *out)
{
    out->options = (uint8_t)((options->has_mss ? CAUSE_OPTION_MSS : 0) |
                             (options->has_window_scale ? CAUSE_OPTION_WINDOW_SCALE : 0) |
                             (options->sack_permitted ? CAUSE_OPTION_SACK_PERMITTED : 0) |
                             (options->has_timestamps ? CAUSE_OPTION_TIMESTAMPS : 0) |
                             (options->sack_count > 0 ? CAUSE_OPTION_SACK : 0));
    out->mss = options->mss;
    out->window_scale = options->window_scale;
    out->timestamp_value = options->timestamp_value;
    out->timestamp_echo = options->timestamp_echo;
    out->sack_count = options->sack_count;
    for (uint8_t i = 0; i < out->sack_count; i++) {
        out->sack[i].left = from_iss(origin, options->sack[i].left);
        out->sack[i].right = from_iss(origin, options->sack[i].right);
    }
    return out->sack_count <= cause_sack_most(out->options);
}

static void project_segment(struct world_projection *projection, struct world_one *one,
                            const struct tcp_segment *segment, bool is_readable)
{
    const struct tcp_flow flow = {.local = segment->destination, .remote = segment->source};
    const struct origin origin = origin_of(one, &flow);
    struct cause_packet packet = {
        .damage = is_readable ? CAUSE_DAMAGE_NONE : CAUSE_DAMAGE_CHECKSUM,
        .damage_value = is_readable ? 0 : 1,
        .traffic_class = segment->traffic_class,
        .ttl = segment->ttl,
        .has_text = segment->payload_bytes > 0,
        .flags = segment->flags,
        .window = segment->window,
        .urgent = segment->urgent,
        .payload_bytes =
            (uint16_t)(segment->payload_bytes < CAUSE_PAYLOAD_MAX ? segment->payload_bytes
                                                                  : CAUSE_PAYLOAD_MAX),
        .seq = from_irs(&origin, segment->seq),
        .ack = from_iss(&origin, segment->ack),
    };
    const bool has_room = set_options(&segment->options, &origin, &packet);
    projection->is_incomplete =
        projection->is_incomplete || !has_room || segment->payload_bytes > CAUSE_PAYLOAD_MAX;
    if (find_target(projection, one, &flow, &packet.from)) {
        add(projection, CAUSE_PACKET)->as.packet = packet;
    }
}

static void project_icmp(struct world_projection *projection, struct world_one *one,
                         const struct tcp_icmp *icmp)
{
    const struct tcp_flow flow = {.local = icmp->quoted_source, .remote = icmp->quoted_destination};
    const struct origin origin = origin_of(one, &flow);
    const bool is_6 = icmp->source.version == 6;
    const struct icmp_kind *const kind =
        is_6 ? icmp_kind_numbered(6, icmp->type, icmp->code) : NULL;
    const bool is_translated = kind != NULL && kind->type4 != ICMP_NONE;
    const uint32_t quoted = icmp->quoted_packet_bytes - icmp->quoted_header_bytes;
    struct cause_icmp cause = {
        .type = is_translated ? (uint8_t)kind->type4 : icmp->type,
        .code = is_translated ? (uint8_t)kind->code4 : icmp->code,
        .mtu = (uint16_t)(icmp->mtu - (is_6 && icmp->mtu != 0 ? WORLD_MTU_EXTRA_IPV6 : 0)),
        .quoted_seq = from_iss(&origin, icmp->quoted_seq),
        .quoted_bytes = (uint16_t)(quoted - TCP_WIRE_TCP_HEADER_BYTES),
    };
    if (cause.quoted_bytes < CAUSE_QUOTED_MIN) {
        cause.quoted_bytes = CAUSE_QUOTED_MIN;
    }
    if (find_target(projection, one, &flow, &cause.about)) {
        add(projection, CAUSE_ICMP)->as.icmp = cause;
    }
}

/* What is not readable, and no segment of anybody's, is dropped: a damaged packet stands for it. */
void world_project_given(struct world *world, struct world_one *one,
                         const struct world_packet *packet)
{
    struct world_projection *const projection = world->projection;
    struct tcp_segment segment = packet->segment;
    struct tcp_icmp icmp;
    if (world_place(world, one) != projection->host) {
        return;
    }
    reach(projection, world->now, false);
    const bool is_readable = packet->bytes == NULL || tcp_wire_read(packet->bytes, packet->count,
                                                                    &segment, NULL) == TCP_WIRE_OK;
    if (!is_readable && tcp_icmp_read(packet->bytes, packet->count, &icmp) == TCP_WIRE_OK) {
        project_icmp(projection, one, &icmp);
        return;
    }
    if (!is_readable) {
        segment = packet->segment; /* as it was before it was damaged */
    }
    project_segment(projection, one, &segment, is_readable);
}
