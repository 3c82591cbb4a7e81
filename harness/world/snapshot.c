/* Snapshots: what of a world is in use, copied away and back. */
#include "world/world_state.h"

#include <string.h>

static const uint8_t *block_of(const struct world *world)
{
    return (const uint8_t *)world;
}

/* Records of the trace that stand in its own room: of those in the arena, the arena's span tells. */
static size_t records_to_copy(const struct world *world, uint8_t place)
{
    const struct trace *const trace = &world->one[place].trace;
    const void *const own = block_of(world) + world->records_at[place];
    return trace->records == own ? trace->record_count * sizeof *trace->records : 0;
}

bool world_snapshot(const struct world *world, void *to)
{
    uint8_t *const target = to;
    const uint8_t *const source = block_of(world);
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        const size_t span = arena_span(world->one[i].arena);
        if (span == 0) {
            return false;
        }
        memcpy(target + world->arena_at[i], source + world->arena_at[i], span);
        memcpy(target + world->records_at[i], source + world->records_at[i],
               records_to_copy(world, i));
        (void)tcp_host_copy(target + world->host_at[i], world->host_bytes, world->one[i].host);
    }
    struct world *const saved = to;
    memcpy(saved, world, offsetof(struct world, scratch));
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        saved->spans[i] = arena_span(world->one[i].arena);
    }
    return true;
}

/* All of one host's but the large lists, of which only what is in use. No free pending call has an
 * operation, and none in use means that all of them are free. */
static void restore_one(struct world_one *one, const struct world_one *saved)
{
    if (one->pending_count > 0 || saved->pending_count > 0) {
        memcpy(one->pending, saved->pending, sizeof one->pending);
    }
    memcpy(one->edits, saved->edits, saved->edit_count * sizeof *one->edits);
    memcpy(one, saved, offsetof(struct world_one, pending));
}

void world_restore(struct world *world, const void *from)
{
    const struct world *const saved = from;
    const uint8_t *const source = from;
    uint8_t *const target = (uint8_t *)world;
    for (uint8_t i = 0; i < saved->start.hosts; i++) {
        arena_destroy(world->one[i].arena); /* what outgrew the block */
        memcpy(target + saved->arena_at[i], source + saved->arena_at[i], saved->spans[i]);
        (void)tcp_host_copy(target + saved->host_at[i], saved->host_bytes,
                            (const struct tcp_host *)(const void *)(source + saved->host_at[i]));
        restore_one(&world->one[i], &saved->one[i]);
        memcpy(target + saved->records_at[i], source + saved->records_at[i],
               records_to_copy(world, i));
    }
    memcpy(world, saved, offsetof(struct world, one));
}
