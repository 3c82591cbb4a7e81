/* What the two directions of a connection carry. */
#ifndef FINWAIT_RUN_PAYLOAD_H
#define FINWAIT_RUN_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Octets of a stream that the script gave as a string. */
struct overlay {
    uint32_t offset;
    uint32_t count;
    const uint8_t *bytes;
};

/* What one direction of a connection carries. Where no overlay lies, octets are position-coded. */
struct stream {
    struct overlay *items;
    size_t count, capacity;
    uint32_t connection; /* the direction and the connection that the code depends on */
    bool is_inbound;
};

/* Octet `offset` of a stream: a function of its arguments alone, with a prime period of more than 16
 * million octets, so that a shifted, repeated or foreign octet does not pass for the right one. */
uint8_t payload_byte(bool is_inbound, uint32_t connection, uint32_t offset);

/* Writes what the stream holds at [offset, offset + count). */
void payload_fill(const struct stream *stream, uint32_t offset, uint8_t *bytes, size_t count);

/* The script says what is at [offset, offset + count); `bytes` must outlive the run. */
void payload_overlay(struct arena *arena, struct stream *stream, uint32_t offset,
                     const uint8_t *bytes, uint32_t count);

/* Index of the first octet that is nothing the stream can hold there; `count` when all are right.
 * Where strings overlap, each of them is right. */
size_t payload_check(const struct stream *stream, uint32_t offset, const uint8_t *bytes,
                     size_t count);

#endif
