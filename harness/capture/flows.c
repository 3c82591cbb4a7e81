/* A hash table that finds a flow by its endpoints in either order; the flow of the last packet is
 * tried first. */
#include "capture/flows.h"

#include <string.h>

#include "tcp/address.h"

#define PLACES_MIN 64

struct capture_flows {
    struct arena *arena;
    struct capture_flow **places; /* open addressing, a power of two of them, half of them free */
    size_t capacity;
    uint64_t count;
    struct capture_flow *latest;
};

struct capture_flows *capture_flows_create(struct arena *arena)
{
    struct capture_flows *flows = arena_take(arena, sizeof *flows);
    flows->arena = arena;
    flows->capacity = PLACES_MIN;
    flows->places = arena_take(arena, PLACES_MIN * sizeof(struct capture_flow *));
    return flows;
}

uint64_t capture_flows_count(const struct capture_flows *flows)
{
    return flows->count;
}

static bool joins(const struct capture_flow *flow, const struct tcp_segment *segment)
{
    return (tcp_endpoint_equal(&flow->ends[0], &segment->source) &&
            tcp_endpoint_equal(&flow->ends[1], &segment->destination)) ||
           (tcp_endpoint_equal(&flow->ends[1], &segment->source) &&
            tcp_endpoint_equal(&flow->ends[0], &segment->destination));
}

static uint64_t hash_of(const struct tcp_endpoint *end)
{
    uint64_t words[2];
    memcpy(words, end->address.bytes, sizeof words);
    uint64_t hash = (words[0] ^ end->port) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29 ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/* The same for both orders of two ends. */
static size_t place_of(const struct capture_flows *flows, const struct tcp_endpoint *a,
                       const struct tcp_endpoint *b)
{
    return (size_t)(hash_of(a) + hash_of(b)) & (flows->capacity - 1);
}

static void grow(struct capture_flows *flows)
{
    if (flows->count * 2 < flows->capacity) {
        return;
    }
    struct capture_flow **const old = flows->places;
    const size_t old_capacity = flows->capacity;
    flows->capacity *= 2;
    flows->places = arena_take(flows->arena, flows->capacity * sizeof(struct capture_flow *));
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i] == NULL) {
            continue;
        }
        size_t at = place_of(flows, &old[i]->ends[0], &old[i]->ends[1]);
        while (flows->places[at] != NULL) {
            at = (at + 1) & (flows->capacity - 1);
        }
        flows->places[at] = old[i];
    }
}

static struct capture_flow *find(struct capture_flows *flows, const struct tcp_segment *segment)
{
    if (flows->latest != NULL && joins(flows->latest, segment)) {
        return flows->latest;
    }
    grow(flows);
    size_t at = place_of(flows, &segment->source, &segment->destination);
    while (flows->places[at] != NULL && !joins(flows->places[at], segment)) {
        at = (at + 1) & (flows->capacity - 1);
    }
    if (flows->places[at] == NULL) {
        struct capture_flow *flow = arena_take(flows->arena, sizeof *flow);
        const bool is_answer =
            tcp_segment_has(segment, TCP_FLAG_SYN) && tcp_segment_has(segment, TCP_FLAG_ACK);
        flow->number = ++flows->count;
        flow->ends[0] = is_answer ? segment->destination : segment->source;
        flow->ends[1] = is_answer ? segment->source : segment->destination;
        flows->places[at] = flow;
    }
    return flows->latest = flows->places[at];
}

struct capture_flow *capture_flows_note(struct capture_flows *flows,
                                        const struct capture_packet *packet, enum capture_end *end)
{
    const struct tcp_segment *segment = &packet->segment;
    const bool is_sound = packet->wire == TCP_WIRE_OK && packet->sum != CAPTURE_SUM_WRONG;
    struct capture_flow *flow = find(flows, segment);
    *end = tcp_endpoint_equal(&flow->ends[0], &segment->source) ? CAPTURE_A : CAPTURE_B;
    flow->packets++;
    if (is_sound && tcp_segment_has(segment, TCP_FLAG_SYN)) {
        flow->has_isn[*end] = true;
        flow->isn[*end] = segment->seq;
    }
    return flow;
}
