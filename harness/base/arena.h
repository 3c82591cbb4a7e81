/* Memory that is taken in small pieces and given back all at once: everything that is parsed, run
 * and recorded for one script lives in one arena. Running out of memory ends the process with a
 * message and exit code 3 (the environment is broken), so no caller has to check. */
#ifndef FINWAIT_BASE_ARENA_H
#define FINWAIT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);

/* An arena in a block of the caller's, aligned for any type and of ARENA_PLACE_BYTES_MIN at least. As
 * long as arena_span() is not 0, all that was taken lies in the block, the arena's own accounts too:
 * copying the first arena_span() octets away and back later takes it back to where it was. What does
 * not fit the block comes from elsewhere; arena_destroy() gives that back, the block stays. */
struct arena *arena_place(void *block, size_t bytes);
#define ARENA_PLACE_BYTES_MIN 256

/* The octets at the start of the block that hold the arena and all that was taken; 0 when the block is
 * outgrown, or the arena has none. */
size_t arena_span(const struct arena *arena);

/* Forgets everything taken so far and keeps the memory for the next round. */
void arena_reset(struct arena *arena);

/* Bytes taken since the last reset, rounding included: what a limit on memory is tested by. */
size_t arena_bytes(const struct arena *arena);

/* Zeroed memory, aligned for any type. Never NULL; 0 bytes give a valid unique pointer. */
void *arena_take(struct arena *arena, size_t bytes);

/* The same with whatever was in it before: for what is written whole at once. */
void *arena_take_unset(struct arena *arena, size_t bytes);

/* A copy of `length` characters, terminated. */
char *arena_copy_text(struct arena *arena, const char *text, size_t length);

/* printf into the arena. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes room for element `count` of an array that lives in the arena, doubling it when it is full.
 * `*items` (elements of `item_bytes`) may move; the old copy is not given back. What is new is unset. */
void arena_grow(struct arena *arena, void **items, size_t *capacity, size_t count,
                size_t item_bytes);

#endif
