/* A list of chunks, one a send, searched from the one that was found last. */
#include "oracle/written.h"

#include <string.h>

void written_begin(struct written *written, struct arena *arena, uint32_t cookie,
                   const uint8_t *bytes, size_t count)
{
    void *chunks = written->chunks;
    arena_grow(arena, &chunks, &written->capacity, written->count, sizeof *written->chunks);
    written->chunks = chunks;
    written->chunks[written->count++] = (struct written_chunk){
        .start = written->octets, .bytes = bytes, .count = count, .cookie = cookie};
    written->octets += count;
    written->calls_open++;
}

/* A chunk became shorter: those behind it close up. */
static void renumber(struct written *written, size_t from)
{
    for (size_t i = from + 1; i < written->count; i++) {
        const struct written_chunk *before = &written->chunks[i - 1];
        written->chunks[i].start = before->start + before->count;
    }
    const struct written_chunk *last = &written->chunks[written->count - 1];
    written->octets = last->start + last->count;
}

void written_end(struct written *written, uint32_t cookie, size_t taken)
{
    for (size_t i = written->count; i-- > 0;) {
        struct written_chunk *chunk = &written->chunks[i];
        if (chunk->cookie != cookie) {
            continue;
        }
        written->calls_open -= written->calls_open > 0 ? 1 : 0;
        if (taken < chunk->count) {
            chunk->count = taken;
            renumber(written, i);
        }
        return;
    }
}

/* The chunk that holds `offset`, which lies before the end. */
static struct written_chunk *find_chunk(struct written *written, uint64_t offset)
{
    size_t at = written->hint < written->count ? written->hint : 0;
    while (written->chunks[at].start > offset) {
        at--;
    }
    while (offset - written->chunks[at].start >= written->chunks[at].count) {
        at++;
    }
    written->hint = at;
    return &written->chunks[at];
}

static size_t common_length(const uint8_t *a, const uint8_t *b, size_t count)
{
    if (memcmp(a, b, count) == 0) {
        return count;
    }
    size_t same = 0;
    while (a[same] == b[same]) {
        same++;
    }
    return same;
}

enum written_match written_compare(struct written *written, uint64_t offset, const uint8_t *bytes,
                                   size_t count, uint64_t *where)
{
    while (count > 0) {
        if (offset >= written->octets) {
            *where = offset;
            return WRITTEN_BEYOND;
        }
        const struct written_chunk *chunk = find_chunk(written, offset);
        const size_t skip = (size_t)(offset - chunk->start);
        const size_t piece = count < chunk->count - skip ? count : chunk->count - skip;
        const size_t same =
            chunk->bytes == NULL ? piece : common_length(chunk->bytes + skip, bytes, piece);
        if (same < piece) {
            *where = offset + same;
            return WRITTEN_OTHER;
        }
        offset += piece;
        bytes += piece;
        count -= piece;
    }
    return WRITTEN_SAME;
}
