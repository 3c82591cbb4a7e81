/* Changes to lists of causes that mean something: a cause more or less, one moved, one field of one
 * changed a little, a piece of another list. What comes out is canonical. Engines mix these with their
 * own changes of octets, since neither alone gets as far.
 *
 * Pure: the same input and seed give the same output. */
#ifndef FINWAIT_FUZZ_MUTATOR_H
#define FINWAIT_FUZZ_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

/* Causes of a list; the rest is dropped. */
#define MUTATOR_CAUSES_MAX 256

/* Writes a changed `input` into `room`, and returns how long it is: 0 when it does not fit. */
size_t mutator_change(const uint8_t *input, size_t count, uint8_t *room, size_t room_bytes,
                      uint32_t seed);

/* Writes a list made of pieces of both. */
size_t mutator_cross(const uint8_t *first, size_t first_bytes, const uint8_t *second,
                     size_t second_bytes, uint8_t *room, size_t room_bytes, uint32_t seed);

#endif
