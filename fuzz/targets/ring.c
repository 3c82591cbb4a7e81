/* The ring of bytes against an array that is moved by hand.
 *
 * Input: octet 0 the capacity; then steps of an operation's octet and what it needs. Whatever the
 * ring's contract forbids is bent into what it allows, so no assertion may fail. */
#include <string.h>

#include "base/ring.h"
#include "finding.h"
#include "input.h"
#include "target.h"

#define CAPACITY_MAX 255u

/* All octets that were placed, those in use first: what a ring is, without the wrapping. */
struct model {
    uint8_t bytes[CAPACITY_MAX];
    uint32_t capacity, count;
};

struct bench {
    struct ring ring;
    struct model model;
    uint8_t storage[CAPACITY_MAX];
    uint8_t next; /* the octet to be written next, never the same twice in a row */
};

static void fill(struct bench *bench, uint8_t *bytes, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        bytes[index] = bench->next++;
    }
}

static void append(struct bench *bench, uint32_t count)
{
    uint8_t bytes[CAPACITY_MAX];
    fill(bench, bytes, count);
    const uint32_t room = bench->model.capacity - bench->model.count;
    const uint32_t expected = count < room ? count : room;
    law(ring_append(&bench->ring, bench->storage, bytes, count) == expected, "ring",
        "append takes what fits");
    memcpy(bench->model.bytes + bench->model.count, bytes, expected);
    bench->model.count += expected;
}

static void place(struct bench *bench, uint32_t offset, uint32_t count)
{
    uint8_t bytes[CAPACITY_MAX];
    offset %= bench->model.capacity + 1;
    count %= bench->model.capacity - offset + 1;
    fill(bench, bytes, count);
    ring_place(&bench->ring, bench->storage, offset, bytes, count);
    memcpy(bench->model.bytes + offset, bytes, count);
}

static void extend(struct bench *bench, uint32_t count)
{
    count %= bench->model.capacity - bench->model.count + 1;
    ring_extend(&bench->ring, count);
    bench->model.count += count;
}

static void drop(struct bench *bench, uint32_t count)
{
    count %= bench->model.count + 1;
    ring_drop(&bench->ring, count);
    bench->model.count -= count;
    /* What was placed behind those in use keeps its distance; what wraps round to the end is what
     * was dropped. */
    uint8_t turned[CAPACITY_MAX];
    const uint32_t rest = bench->model.capacity - count;
    memcpy(turned, bench->model.bytes + count, rest);
    memcpy(turned + rest, bench->model.bytes, count);
    memcpy(bench->model.bytes, turned, bench->model.capacity);
}

static void compare(const struct bench *bench)
{
    uint8_t bytes[CAPACITY_MAX];
    law(ring_is_sound(&bench->ring), "ring", "it is sound");
    law(bench->ring.count == bench->model.count, "ring", "the count is right");
    law(ring_free(&bench->ring) == bench->model.capacity - bench->model.count, "ring",
        "the free room is right");
    ring_copy(&bench->ring, bench->storage, 0, bytes, bench->model.count);
    law(memcmp(bytes, bench->model.bytes, bench->model.count) == 0, "ring",
        "the octets are those that were put");
}

static void copy_part(const struct bench *bench, uint32_t offset, uint32_t count)
{
    uint8_t bytes[CAPACITY_MAX];
    offset %= bench->model.count + 1;
    count %= bench->model.count - offset + 1;
    ring_copy(&bench->ring, bench->storage, offset, bytes, count);
    law(memcmp(bytes, bench->model.bytes + offset, count) == 0, "ring",
        "a part is what stands there");
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    struct bench bench = {.model.capacity = input_u8(&input)};
    ring_init(&bench.ring, bench.model.capacity);
    while (!input_is_over(&input)) {
        const uint32_t kind = input_below(&input, 5);
        const uint32_t first = input_u8(&input);
        switch (kind) {
        case 0:
            append(&bench, first);
            break;
        case 1:
            place(&bench, first, input_u8(&input));
            break;
        case 2:
            extend(&bench, first);
            break;
        case 3:
            drop(&bench, first);
            break;
        default:
            copy_part(&bench, first, input_u8(&input));
        }
        compare(&bench);
    }
    return 0;
}
