/* What applications write and read: octets by pattern, so that a world of one host knows what its
 * peer would have sent, and a world of two what the other end has written. */
#include "world/world_state.h"

#include "world/pattern.h"

#include <string.h>

/* How much of a write can be taken at once. */
static size_t room_for(const struct world *world, const struct world_one *one,
                       const struct world_life *life, size_t count)
{
    struct tcp_status status;
    if (world->config.oracles == WORLD_ORACLES_ALL || /* which show what is handed over */
        tcp_host_look(one->host, life->handle, &status) != TCP_OK) {
        return count;
    }
    return status.send_room_bytes < count ? status.send_room_bytes : count;
}

const uint8_t *world_written(struct world *world, struct world_one *one, uint32_t life,
                             size_t count)
{
    const struct world_life *known = world_life_at(one, life);
    if (known == NULL || count == 0) {
        return world->room; /* refused, or nothing: whatever stands there */
    }
    const tcp_seqno first = tcp_seq_add(one->trace.incarnations[life].local_isn, 1);
    uint8_t *const bytes = arena_take_unset(one->arena, count);
    pattern_fill(known->key, tcp_seq_add(first, (uint32_t)known->queued), bytes,
                 room_for(world, one, known, count));
    return bytes;
}

void world_write_waits(struct world_one *one, const struct trace_call *said)
{
    const struct world_life *known = world_life_at(one, said->incarnation);
    if (known == NULL || !said->is_send || said->count == 0) {
        return;
    }
    const tcp_seqno first = tcp_seq_add(one->trace.incarnations[said->incarnation].local_isn, 1);
    const uint32_t before = (uint32_t)(known->queued - said->count);
    pattern_fill(known->key, tcp_seq_add(first, before), (uint8_t *)(uintptr_t)said->bytes,
                 said->count);
}

static bool is_other_end(const struct trace_incarnation *at, const struct tcp_status *status)
{
    return at->has_local_isn && tcp_seq_equal(at->local_isn, status->irs) &&
           at->flow.local.port == status->flow.remote.port &&
           at->flow.remote.port == status->flow.local.port;
}

/* The life at the other host whose numbers begin at IRS; NULL when there are several, which an ISN that
 * comes again makes one to TCP. */
static const struct world_life *other_end(const struct world *world, const struct world_one *one,
                                          const struct tcp_status *status)
{
    const struct world_one *other = &world->one[one == &world->one[0] ? 1 : 0];
    const struct world_life *found = NULL;
    for (size_t i = other->lives.count; i-- > 0;) {
        if (is_other_end(&other->trace.incarnations[i], status)) {
            if (found != NULL) {
                return NULL;
            }
            found = &other->lives.items[i];
        }
    }
    return found;
}

/* Who writes what this life reads: NULL with one host, or when it cannot be known. */
static const struct world_life *find_source(struct world *world, struct world_one *one,
                                            struct world_life *life)
{
    struct tcp_status status;
    life->has_source = tcp_host_look(one->host, life->handle, &status) == TCP_OK;
    if (!life->has_source) {
        return NULL;
    }
    life->first = tcp_seq_add(status.irs, 1);
    life->source_key = world_inbound_key(&status.flow);
    if (world->start.hosts < 2) {
        return NULL;
    }
    const struct world_life *const other = other_end(world, one, &status);
    life->has_source = other != NULL && !other->is_torn && !life->is_mixed && !world->is_disturbed;
    life->source_key = other != NULL ? other->key : 0;
    return life->has_source ? other : NULL;
}

void world_was_read(struct world *world, struct world_one *one, uint32_t life, const uint8_t *bytes,
                    size_t count)
{
    struct world_life *const known = world_life_at(one, life);
    if (known == NULL || count == 0) {
        return;
    }
    world_mix(world, (uint64_t)count << 32 | (uint32_t)bytes[0] << 8 | bytes[count - 1]);
    const struct world_life *const source = find_source(world, one, known);
    const tcp_seqno from = tcp_seq_add(known->first, (uint32_t)known->read);
    known->read += count;
    if (!known->has_source) {
        return;
    }
    const char *broken = NULL;
    if (pattern_check(known->source_key, from, bytes, count) < count) {
        broken = "an octet was read that the other end did not write there";
    } else if (source != NULL && known->read > source->queued) {
        broken = "more was read than the other end wrote";
    }
    world_report(world, world_place(world, one), ORACLE_REPORTED_OCTETS, broken);
}

void world_met_end(struct world *world, struct world_one *one, uint32_t life)
{
    struct world_life *const known = world_life_at(one, life);
    const struct world_life *const source =
        known == NULL || world->start.hosts < 2 ? NULL : find_source(world, one, known);
    struct tcp_status status;
    if (source == NULL || tcp_host_look(one->host, known->handle, &status) != TCP_OK ||
        !status.fin_received || status.ended != TCP_OK) {
        return; /* an end of another kind: a reset that was told, reading shut down */
    }
    known->has_met_end = true;
    const char *const broken = !source->is_closed ? "the end was met, but nobody closed"
                               : known->read != source->written
                                   ? "the end was met before the last octet written"
                                   : NULL;
    world_report(world, world_place(world, one), ORACLE_REPORTED_END, broken);
}

void world_was_closed(struct world_one *one, uint32_t life)
{
    struct world_life *const known = world_life_at(one, life);
    if (known != NULL) {
        known->is_closed = true;
    }
}
