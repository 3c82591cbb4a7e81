/* The one file that touches ring memory; see ring.h. */
#include "base/ring.h"

#include <string.h>

#include "base/assert.h"

bool ring_is_sound(const struct ring *ring)
{
    return ring->capacity <= RING_CAPACITY_MAX && ring->count <= ring->capacity &&
           (ring->head < ring->capacity || ring->head == 0);
}

/* Where `offset` bytes from the oldest lie in the storage. Both terms are at most the capacity, so
 * one subtraction is a whole turn. */
static uint32_t index_of(const struct ring *ring, uint32_t offset)
{
    TCP_ASSERT(offset <= ring->capacity);
    const uint32_t index = ring->head + offset;
    return index >= ring->capacity ? index - ring->capacity : index;
}

static uint32_t lesser(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void ring_init(struct ring *ring, uint32_t capacity)
{
    TCP_ASSERT(capacity <= RING_CAPACITY_MAX);
    *ring = (struct ring){.capacity = capacity};
}

uint32_t ring_free(const struct ring *ring)
{
    TCP_ASSERT(ring_is_sound(ring));
    return ring->capacity - ring->count;
}

uint32_t ring_append(struct ring *ring, uint8_t *storage, const uint8_t *bytes, uint32_t count)
{
    const uint32_t taken = lesser(count, ring_free(ring));
    ring_place(ring, storage, ring->count, bytes, taken);
    ring->count += taken;
    return taken;
}

void ring_place(const struct ring *ring, uint8_t *storage, uint32_t offset, const uint8_t *bytes,
                uint32_t count)
{
    TCP_ASSERT(ring_is_sound(ring));
    TCP_ASSERT(offset <= ring->capacity && count <= ring->capacity - offset);
    if (count == 0) {
        return;
    }
    const uint32_t index = index_of(ring, offset);
    const uint32_t first = lesser(count, ring->capacity - index);
    memcpy(storage + index, bytes, first);
    if (count > first) {
        memcpy(storage, bytes + first, count - first);
    }
}

void ring_extend(struct ring *ring, uint32_t count)
{
    TCP_ASSERT(count <= ring_free(ring));
    ring->count += count;
}

void ring_copy(const struct ring *ring, const uint8_t *storage, uint32_t offset, uint8_t *to,
               uint32_t count)
{
    TCP_ASSERT(ring_is_sound(ring));
    TCP_ASSERT(offset <= ring->count && count <= ring->count - offset);
    if (count == 0) {
        return;
    }
    const uint32_t index = index_of(ring, offset);
    const uint32_t first = lesser(count, ring->capacity - index);
    memcpy(to, storage + index, first);
    if (count > first) {
        memcpy(to + first, storage, count - first);
    }
}

void ring_drop(struct ring *ring, uint32_t count)
{
    TCP_ASSERT(ring_is_sound(ring));
    TCP_ASSERT(count <= ring->count);
    ring->head = index_of(ring, count);
    ring->count -= count;
}
