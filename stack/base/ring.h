/* A ring of bytes without its storage. The storage lies elsewhere in the host's block and is handed
 * to each call, so nothing here is a pointer and the block can move. Every access to ring memory in
 * the stack goes through these functions, whose bounds are asserted: a sanitizer cannot see one
 * buffer of a block run into the next.
 *
 * The `count` bytes in use begin at storage[head] and wrap at `capacity`. `storage` is always the
 * whole of it, `capacity` bytes; it may be NULL when the capacity is 0. */
#ifndef TCP_BASE_RING_H
#define TCP_BASE_RING_H

#include <stdbool.h>
#include <stdint.h>

/* The largest capacity: no window is larger (RFC 7323 2.3), and sums of two stay within 32 bits. */
#define RING_CAPACITY_MAX (1u << 30)

struct ring {
    uint32_t capacity; /* bytes of storage: 0..RING_CAPACITY_MAX */
    uint32_t head;     /* index of the oldest byte; below capacity, or 0 */
    uint32_t count;    /* bytes in use */
};

/* Makes an empty ring. */
void ring_init(struct ring *ring, uint32_t capacity);

/* For invariants: the count and the head lie within the capacity, that within its maximum. */
bool ring_is_sound(const struct ring *ring);

/* Bytes that can still be appended. */
uint32_t ring_free(const struct ring *ring);

/* Copies as many of `bytes` behind the bytes in use as fit and returns how many did. */
uint32_t ring_append(struct ring *ring, uint8_t *storage, const uint8_t *bytes, uint32_t count);

/* Writes at `offset` from the oldest byte, over bytes in use or over free room; `ring->count`
 * stays. offset + count must be within the capacity. */
void ring_place(const struct ring *ring, uint8_t *storage, uint32_t offset, const uint8_t *bytes,
                uint32_t count);

/* Takes `count` bytes that were placed behind those in use into use. They must fit. */
void ring_extend(struct ring *ring, uint32_t count);

/* Copies bytes in use out, from `offset` on; offset + count must be within ring->count. */
void ring_copy(const struct ring *ring, const uint8_t *storage, uint32_t offset, uint8_t *to,
               uint32_t count);

/* Lets go of the `count` oldest bytes, which must be in use. */
void ring_drop(struct ring *ring, uint32_t count);

#endif
