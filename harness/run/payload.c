/* What the streams carry: position-coded octets, and the strings that a script gave. Never zeros, so
 * that an octet that is lost, doubled, moved or somebody else's shows. */
#include "run/payload.h"

#include "base/arena.h"

#include <string.h>

#define PAYLOAD_PERIOD 16777213u /* the largest prime below 2^24 */

uint8_t payload_byte(bool is_inbound, uint32_t connection, uint32_t offset)
{
    uint32_t mixed = offset % PAYLOAD_PERIOD * UINT32_C(2654435761);
    mixed += connection * UINT32_C(0x9e3779b9) + (is_inbound ? UINT32_C(0x85ebca6b) : 0);
    mixed = (mixed ^ mixed >> 15) * UINT32_C(0x2c1b3c6d);
    return (uint8_t)(mixed >> 24);
}

static bool overlaps(const struct overlay *overlay, uint32_t offset, size_t count)
{
    return overlay->offset < (uint64_t)offset + count &&
           offset < (uint64_t)overlay->offset + overlay->count;
}

void payload_fill(const struct stream *stream, uint32_t offset, uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = payload_byte(stream->is_inbound, stream->connection, offset + (uint32_t)i);
    }
    for (size_t k = 0; k < stream->count; k++) {
        const struct overlay *overlay = &stream->items[k];
        if (!overlaps(overlay, offset, count)) {
            continue;
        }
        const uint32_t from = overlay->offset > offset ? overlay->offset : offset;
        uint64_t to = (uint64_t)overlay->offset + overlay->count;
        if (to > (uint64_t)offset + count) {
            to = (uint64_t)offset + count;
        }
        memcpy(bytes + (from - offset), overlay->bytes + (from - overlay->offset),
               (size_t)(to - from));
    }
}

void payload_overlay(struct arena *arena, struct stream *stream, uint32_t offset,
                     const uint8_t *bytes, uint32_t count)
{
    if (count == 0) {
        return;
    }
    void *items = stream->items;
    arena_grow(arena, &items, &stream->capacity, stream->count, sizeof *stream->items);
    stream->items = items;
    stream->items[stream->count++] = (struct overlay){offset, count, bytes};
}

static bool byte_fits(const struct stream *stream, uint32_t offset, uint8_t byte)
{
    bool is_covered = false;
    for (size_t k = 0; k < stream->count; k++) {
        const struct overlay *overlay = &stream->items[k];
        if (overlaps(overlay, offset, 1)) {
            is_covered = true;
            if (overlay->bytes[offset - overlay->offset] == byte) {
                return true;
            }
        }
    }
    return !is_covered && payload_byte(stream->is_inbound, stream->connection, offset) == byte;
}

size_t payload_check(const struct stream *stream, uint32_t offset, const uint8_t *bytes,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!byte_fits(stream, offset + (uint32_t)i, bytes[i])) {
            return i;
        }
    }
    return count;
}
