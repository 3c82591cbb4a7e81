/* In-order octets and islands in one ring; see receive_buffer.h. */
#include "stream/receive_buffer.h"

#include "base/assert.h"

/* Every distance within the ring must be one that ranges can order. */
_Static_assert(RING_CAPACITY_MAX <= RANGES_SPAN_MAX, "islands would leave the span of ranges");

void receive_buffer_init(struct receive_buffer *buffer, uint32_t buffer_bytes, uint32_t islands_max)
{
    ring_init(&buffer->ring, buffer_bytes);
    ranges_init(&buffer->islands, islands_max);
    buffer->next = 0;
}

/* Text at the edge: it and the islands that it reaches become readable. */
static uint32_t extend_edge(struct receive_buffer *buffer, struct range *items, uint32_t count)
{
    const uint32_t edge = ranges_join(&buffer->islands, items, buffer->next + count);
    const uint32_t advanced = edge - buffer->next;
    ring_extend(&buffer->ring, advanced);
    buffer->next = edge;
    return advanced;
}

bool receive_buffer_put(struct receive_buffer *buffer, uint8_t *storage, struct range *items,
                        uint32_t offset, const uint8_t *bytes, uint32_t count, uint32_t *advanced)
{
    const uint32_t free = ring_free(&buffer->ring);
    TCP_ASSERT(offset <= free && count <= free - offset);
    *advanced = 0;
    if (count == 0) {
        return true;
    }
    const uint32_t left = buffer->next + offset;
    if (offset > 0 && !ranges_add(&buffer->islands, items, buffer->next, left, left + count)) {
        return false;
    }
    ring_place(&buffer->ring, storage, buffer->ring.count + offset, bytes, count);
    if (offset == 0) {
        *advanced = extend_edge(buffer, items, count);
    }
    return true;
}

uint32_t receive_buffer_readable(const struct receive_buffer *buffer)
{
    return buffer->ring.count;
}

uint32_t receive_buffer_free(const struct receive_buffer *buffer)
{
    return ring_free(&buffer->ring);
}

uint32_t receive_buffer_take(struct receive_buffer *buffer, const uint8_t *storage, uint8_t *to,
                             uint32_t count)
{
    const uint32_t readable = buffer->ring.count;
    const uint32_t taken = count < readable ? count : readable;
    ring_copy(&buffer->ring, storage, 0, to, taken);
    ring_drop(&buffer->ring, taken);
    return taken;
}

void receive_buffer_forget(struct receive_buffer *buffer)
{
    ring_drop(&buffer->ring, buffer->ring.count);
    receive_buffer_forget_islands(buffer);
}

void receive_buffer_forget_islands(struct receive_buffer *buffer)
{
    ranges_init(&buffer->islands, buffer->islands.capacity);
}

bool receive_buffer_is_empty(const struct receive_buffer *buffer)
{
    return buffer->ring.count == 0 && buffer->islands.count == 0;
}

bool receive_buffer_is_sound(const struct receive_buffer *buffer, const struct range *items)
{
    if (!ring_is_sound(&buffer->ring)) {
        return false;
    }
    if (!ranges_are_sound(&buffer->islands, items, buffer->next, ring_free(&buffer->ring))) {
        return false;
    }
    return buffer->islands.count == 0 || items[0].left != buffer->next;
}
