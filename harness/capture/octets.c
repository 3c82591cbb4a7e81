/* A ring that holds one run of octets without holes; a hole begins a new run. */
#include "capture/octets.h"

#include <string.h>

#define CAPACITY_MIN ((uint32_t)4096)

static void restart(struct capture_octets *octets, tcp_seqno at)
{
    octets->is_started = true;
    octets->left = octets->right = at;
}

static uint32_t held(const struct capture_octets *octets)
{
    return tcp_seq_distance(octets->left, octets->right);
}

/* Room for `count` octets behind those held, the oldest of which make way when there are too many. */
static void make_room(struct capture_octets *octets, struct arena *arena, uint32_t count)
{
    const uint32_t wanted = held(octets) + count;
    if (wanted <= octets->capacity) {
        return;
    }
    uint32_t capacity = octets->capacity == 0 ? CAPACITY_MIN : octets->capacity;
    while (capacity < wanted && capacity < CAPTURE_OCTETS_MAX) {
        capacity *= 2;
    }
    if (capacity > octets->capacity) {
        uint8_t *ring = arena_take(arena, capacity);
        for (tcp_seqno at = octets->left; !tcp_seq_equal(at, octets->right);
             at = tcp_seq_add(at, 1)) {
            ring[at.raw & (capacity - 1)] = octets->ring[at.raw & (octets->capacity - 1)];
        }
        octets->ring = ring;
        octets->capacity = capacity;
    }
    if (wanted > capacity) {
        const uint32_t excess = wanted - capacity;
        octets->left = excess < held(octets) ? tcp_seq_add(octets->left, excess) : octets->right;
    }
}

/* Octets up to the end of the ring's memory from `at` on. */
static uint32_t piece_at(const struct capture_octets *octets, tcp_seqno at, uint32_t count)
{
    const uint32_t there = octets->capacity - (at.raw & (octets->capacity - 1));
    return count < there ? count : there;
}

static void append(struct capture_octets *octets, struct arena *arena, const uint8_t *text,
                   uint32_t count)
{
    make_room(octets, arena, count);
    if (count > octets->capacity) { /* more than is ever remembered: its end */
        text += count - octets->capacity;
        octets->left = octets->right = tcp_seq_add(octets->right, count - octets->capacity);
        count = octets->capacity;
    }
    while (count > 0) {
        const uint32_t piece = piece_at(octets, octets->right, count);
        memcpy(octets->ring + (octets->right.raw & (octets->capacity - 1)), text, piece);
        octets->right = tcp_seq_add(octets->right, piece);
        text += piece;
        count -= piece;
    }
}

/* The first of `count` octets at `at`, all of which are held, that differs; or `count`. */
static uint32_t compare(const struct capture_octets *octets, tcp_seqno at, const uint8_t *text,
                        uint32_t count)
{
    uint32_t done = 0;
    while (done < count) {
        const tcp_seqno here = tcp_seq_add(at, done);
        const uint32_t piece = piece_at(octets, here, count - done);
        const uint8_t *known = octets->ring + (here.raw & (octets->capacity - 1));
        if (memcmp(known, text + done, piece) != 0) {
            uint32_t same = 0;
            while (known[same] == text[done + same]) {
                same++;
            }
            return done + same;
        }
        done += piece;
    }
    return count;
}

/* The part of [seq, seq + count) within what is held. Returns its length. */
static uint32_t overlap(const struct capture_octets *octets, tcp_seqno seq, uint32_t count,
                        uint32_t *skip)
{
    *skip = tcp_seq_before(seq, octets->left) ? tcp_seq_distance(seq, octets->left) : 0;
    const tcp_seqno from = tcp_seq_later(seq, octets->left);
    const tcp_seqno to = tcp_seq_earlier(tcp_seq_add(seq, count), octets->right);
    return tcp_seq_before(from, to) ? tcp_seq_distance(from, to) : 0;
}

uint32_t capture_octets_add(struct capture_octets *octets, struct arena *arena, tcp_seqno seq,
                            const uint8_t *text, uint32_t count, bool *differs, tcp_seqno *where)
{
    *differs = false;
    const tcp_seqno end = tcp_seq_add(seq, count);
    const bool is_ahead = !octets->is_started || tcp_seq_after(seq, octets->right);
    if (is_ahead || text == NULL) {
        const bool is_new = is_ahead || tcp_seq_after(end, octets->right);
        if (is_new) {
            restart(octets, text == NULL ? end : seq);
        }
        if (text == NULL) {
            return 0;
        }
    }
    uint32_t skip = 0;
    const uint32_t both = overlap(octets, seq, count, &skip);
    const uint32_t same =
        both == 0 ? 0 : compare(octets, tcp_seq_add(seq, skip), text + skip, both);
    if (same < both) {
        *differs = true;
        *where = tcp_seq_add(seq, skip + same);
    }
    if (tcp_seq_after(end, octets->right)) {
        const uint32_t known = tcp_seq_distance(seq, octets->right);
        append(octets, arena, text + known, count - known);
    }
    return both;
}

void capture_octets_acked(struct capture_octets *octets, tcp_seqno ack)
{
    if (!octets->is_started || tcp_seq_at_or_before(ack, octets->left)) {
        return;
    }
    if (tcp_seq_after(ack, octets->right)) {
        octets->right = ack; /* more than was seen */
    }
    octets->left = ack;
}
