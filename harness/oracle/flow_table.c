/* A hash table of flows that grows in the arena; the flow of the last packet is tried first. */
#include "oracle/flow_table.h"

#include <string.h>

#include "tcp/address.h"

#define TABLE_PLACES_MIN 16

static bool has_ends(const struct flow *flow, const struct tcp_endpoint *local,
                     const struct tcp_endpoint *remote)
{
    return tcp_endpoint_equal(&flow->ends.remote, remote) &&
           tcp_endpoint_equal(&flow->ends.local, local);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_endpoint(uint64_t hash, const struct tcp_endpoint *endpoint)
{
    uint64_t words[2];
    memcpy(words, endpoint->address.bytes, sizeof words);
    return mix(mix(mix(hash, words[0]), words[1]), endpoint->port);
}

/* The place that holds the flow, or the free one where it belongs. */
static struct flow **find_place(struct flow **table, size_t capacity,
                                const struct tcp_endpoint *local, const struct tcp_endpoint *remote)
{
    size_t at = (size_t)mix_endpoint(mix_endpoint(0, local), remote) & (capacity - 1);
    while (table[at] != NULL && !has_ends(table[at], local, remote)) {
        at = (at + 1) & (capacity - 1);
    }
    return &table[at];
}

struct flow *flow_table_find(struct flow_model *model, const struct tcp_endpoint *local,
                             const struct tcp_endpoint *remote)
{
    if (model->latest != NULL && has_ends(model->latest, local, remote)) {
        return model->latest;
    }
    if (model->table_count == 0) {
        return NULL;
    }
    struct flow *flow = *find_place(model->table, model->table_capacity, local, remote);
    model->latest = flow != NULL ? flow : model->latest;
    return flow;
}

struct flow_life *flow_table_life(const struct flow_model *model, size_t place)
{
    const struct flow *flow = model->table[place];
    return flow == NULL ? NULL : flow->life;
}

/* At most half of the places are taken, so that a search ends. */
static void grow(struct flow_model *model)
{
    if (model->table_count * 2 < model->table_capacity) {
        return;
    }
    const size_t capacity =
        model->table_capacity == 0 ? TABLE_PLACES_MIN : model->table_capacity * 2;
    struct flow **table = arena_take(model->arena, capacity * sizeof(struct flow *));
    for (size_t i = 0; i < model->table_capacity; i++) {
        struct flow *flow = model->table[i];
        if (flow != NULL) {
            *find_place(table, capacity, &flow->ends.local, &flow->ends.remote) = flow;
        }
    }
    model->table = table;
    model->table_capacity = capacity;
}

struct flow *flow_table_add(struct flow_model *model, const struct tcp_endpoint *local,
                            const struct tcp_endpoint *remote)
{
    struct flow *flow = flow_table_find(model, local, remote);
    if (flow != NULL) {
        return flow;
    }
    grow(model);
    flow = arena_take(model->arena, sizeof *flow);
    flow->ends = (struct tcp_flow){.local = *local, .remote = *remote};
    *find_place(model->table, model->table_capacity, local, remote) = flow;
    model->table_count++;
    model->latest = flow;
    return flow;
}
