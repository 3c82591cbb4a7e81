/* The receive buffer against a flat array that knows of each octet whether it has come.
 *
 * Input: octet 0 the buffer's size, octet 1 its islands, octets 2 to 5 the stream position it begins
 * at; then steps: an operation's octet, offset and count. */
#include <string.h>

#include "finding.h"
#include "input.h"
#include "stream/receive_buffer.h"
#include "target.h"

#define BUFFER_MAX  255u
#define ISLANDS_MAX 7u

/* Octets from the oldest readable one on. */
struct model {
    uint8_t octet[BUFFER_MAX];
    bool has[BUFFER_MAX];
    uint32_t readable;
};

struct bench {
    struct receive_buffer buffer;
    uint8_t storage[BUFFER_MAX];
    struct range items[ISLANDS_MAX];
    struct model model;
    uint32_t size, islands_max;
    uint32_t position; /* of the next in-order octet */
    uint8_t next;      /* the octet that comes next, never the same twice in a row */
};

static uint32_t islands(const struct bench *bench)
{
    uint32_t count = 0;
    for (uint32_t at = bench->model.readable; at < bench->size; at++) {
        count += bench->model.has[at] && (at == bench->model.readable || !bench->model.has[at - 1]);
    }
    return count;
}

static void put(struct bench *bench, struct input *input)
{
    struct model *model = &bench->model;
    const uint32_t room = bench->size - model->readable;
    const uint32_t offset = input_below(input, room + 1);
    const uint32_t count = input_below(input, room - offset + 1);
    uint8_t bytes[BUFFER_MAX];
    const struct model before = *model;
    for (uint32_t index = 0; index < count; index++) {
        bytes[index] = bench->next++;
        model->octet[model->readable + offset + index] = bytes[index];
        model->has[model->readable + offset + index] = true;
    }
    const bool fits = offset == 0 || count == 0 || islands(bench) <= bench->islands_max;
    uint32_t expected = 0;
    while (model->readable + expected < bench->size && model->has[model->readable + expected]) {
        expected++;
    }
    uint32_t advanced = UINT32_MAX;
    const bool taken = receive_buffer_put(&bench->buffer, bench->storage, bench->items, offset,
                                          bytes, count, &advanced);
    law(taken == fits, "receive buffer", "only a new island in a full table is refused");
    law(advanced == (taken ? expected : 0), "receive buffer", "the edge moves to the next hole");
    if (taken) {
        model->readable += expected;
        bench->position += expected;
    } else {
        *model = before;
    }
}

static void take(struct bench *bench, struct input *input)
{
    struct model *model = &bench->model;
    uint8_t bytes[BUFFER_MAX];
    const uint32_t wanted = input_u8(input);
    const uint32_t expected = wanted < model->readable ? wanted : model->readable;
    law(receive_buffer_take(&bench->buffer, bench->storage, bytes, wanted) == expected,
        "receive buffer", "as much is taken as is there");
    law(memcmp(bytes, model->octet, expected) == 0, "receive buffer",
        "what is taken is what came, in order");
    const uint32_t rest = bench->size - expected;
    memmove(model->octet, model->octet + expected, rest);
    memmove(model->has, model->has + expected, rest * sizeof(bool));
    memset(model->has + rest, 0, expected * sizeof(bool));
    model->readable -= expected;
}

static void forget(struct bench *bench)
{
    receive_buffer_forget_islands(&bench->buffer);
    memset(bench->model.has + bench->model.readable, 0,
           (bench->size - bench->model.readable) * sizeof(bool));
}

static void compare(const struct bench *bench)
{
    const struct receive_buffer *buffer = &bench->buffer;
    const struct model *model = &bench->model;
    law(receive_buffer_is_sound(buffer, bench->items), "receive buffer", "it is sound");
    law(buffer->next == bench->position, "receive buffer", "the position is right");
    law(receive_buffer_readable(buffer) == model->readable, "receive buffer",
        "what can be read is what is in order");
    law(receive_buffer_free(buffer) == bench->size - model->readable, "receive buffer",
        "the room is right");
    law(buffer->islands.count == islands(bench), "receive buffer", "the islands are right");
    law(receive_buffer_is_empty(buffer) == (model->readable == 0 && islands(bench) == 0),
        "receive buffer", "it is empty when nothing is in it");
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    struct input input = {bytes, count};
    struct bench bench = {.size = input_u8(&input)};
    bench.islands_max = input_below(&input, ISLANDS_MAX + 1);
    receive_buffer_init(&bench.buffer, bench.size, bench.islands_max);
    bench.buffer.next = bench.position = input_u32(&input);
    while (!input_is_over(&input)) {
        switch (input_below(&input, 8)) {
        case 0:
            forget(&bench);
            break;
        case 1:
        case 2:
            take(&bench, &input);
            break;
        default:
            put(&bench, &input);
        }
        compare(&bench);
    }
    return 0;
}
