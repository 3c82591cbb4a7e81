#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES_MIN ((size_t)64 * 1024)
#define ALIGNMENT       ((size_t)16)

struct chunk {
    struct chunk *next;
    size_t capacity;
    size_t used;
    size_t padding; /* keeps the bytes aligned */
    unsigned char bytes[];
};

struct arena {
    struct chunk *first;
    struct chunk *current;
    bool is_placed; /* it and its first chunk stand in a block of the caller's */
};

static void *must(void *memory)
{
    if (memory == NULL) {
        (void)fputs("finwait: out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

static struct chunk *chunk_create(size_t bytes)
{
    const size_t capacity = bytes < CHUNK_BYTES_MIN ? CHUNK_BYTES_MIN : bytes;
    struct chunk *chunk = must(malloc(sizeof *chunk + capacity));
    *chunk = (struct chunk){.capacity = capacity};
    return chunk;
}

struct arena *arena_create(void)
{
    struct arena *arena = must(malloc(sizeof *arena));
    *arena = (struct arena){.first = chunk_create(CHUNK_BYTES_MIN)};
    arena->current = arena->first;
    return arena;
}

#define PLACED_BYTES                                                                               \
    (sizeof(struct arena) + (ALIGNMENT - 1) - (sizeof(struct arena) - 1) % ALIGNMENT)

struct arena *arena_place(void *block, size_t bytes)
{
    assert(bytes >= ARENA_PLACE_BYTES_MIN && (uintptr_t)block % ALIGNMENT == 0);
    struct arena *arena = block;
    struct chunk *chunk = (struct chunk *)(void *)((unsigned char *)block + PLACED_BYTES);
    *chunk = (struct chunk){.capacity = bytes - PLACED_BYTES - sizeof *chunk};
    *arena = (struct arena){.first = chunk, .current = chunk, .is_placed = true};
    return arena;
}

size_t arena_span(const struct arena *arena)
{
    const struct chunk *chunk = arena->first;
    return arena->is_placed && chunk->next == NULL ? PLACED_BYTES + sizeof *chunk + chunk->used : 0;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    const bool is_placed = arena->is_placed;
    for (struct chunk *chunk = is_placed ? arena->first->next : arena->first, *next; chunk != NULL;
         chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    if (!is_placed) {
        free(arena);
    }
}

void arena_reset(struct arena *arena)
{
    for (struct chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        chunk->used = 0;
    }
    arena->current = arena->first;
}

size_t arena_bytes(const struct arena *arena)
{
    size_t total = 0;
    for (const struct chunk *chunk = arena->first; chunk != NULL; chunk = chunk->next) {
        total += chunk->used;
    }
    return total;
}

void *arena_take_unset(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2) {
        must(NULL);
    }
    const size_t wanted = bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (arena->current->capacity - arena->current->used < wanted) {
        struct chunk *next = arena->current->next;
        if (next == NULL || next->capacity < wanted) {
            struct chunk *fresh = chunk_create(wanted);
            fresh->next = next;
            arena->current->next = fresh;
            next = fresh;
        }
        arena->current = next;
    }
    void *memory = arena->current->bytes + arena->current->used;
    arena->current->used += wanted;
    return memory;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    return memset(arena_take_unset(arena, bytes), 0, bytes);
}

char *arena_copy_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    char small[128]; /* what fits, as most does, is formatted once */
    const int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    char *result = arena_take_unset(arena, (size_t)length + 1);
    if ((size_t)length < sizeof small) {
        memcpy(result, small, (size_t)length + 1);
    } else {
        (void)vsnprintf(result, (size_t)length + 1, format, again);
    }
    va_end(again);
    return result;
}

void arena_grow(struct arena *arena, void **items, size_t *capacity, size_t count,
                size_t item_bytes)
{
    if (count < *capacity) {
        return;
    }
    const size_t grown = *capacity == 0 ? 16 : *capacity * 2;
    unsigned char *larger = arena_take_unset(arena, grown * item_bytes);
    if (count > 0) {
        memcpy(larger, *items, count * item_bytes);
    }
    *items = larger;
    *capacity = grown;
}
