/* The receive buffer: holes that close, islands that meet, a full table, a full ring, positions
 * that pass 2^32, and a long comparison with a flat array that never forgets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stream/receive_buffer.h"
#include "tests/expect_assert.h"
#include "tests/random.h"

enum { BYTES = 16, ISLANDS = 3 };

struct fixture {
    struct receive_buffer buffer;
    uint8_t storage[BYTES];
    struct range items[ISLANDS];
};

static struct fixture empty_at(uint32_t next)
{
    struct fixture made = {0};
    receive_buffer_init(&made.buffer, BYTES, ISLANDS);
    made.buffer.next = next;
    return made;
}

static bool put(struct fixture *fixture, uint32_t offset, const char *text, uint32_t *advanced)
{
    const bool kept = receive_buffer_put(&fixture->buffer, fixture->storage, fixture->items, offset,
                                         (const uint8_t *)text, (uint32_t)strlen(text), advanced);
    assert_true(receive_buffer_is_sound(&fixture->buffer, fixture->items));
    return kept;
}

static void expect_put(struct fixture *fixture, uint32_t offset, const char *text,
                       uint32_t advanced_wanted)
{
    uint32_t advanced = 77;
    assert_true(put(fixture, offset, text, &advanced));
    assert_int_equal(advanced, advanced_wanted);
}

static void expect_take(struct fixture *fixture, uint32_t count, const char *text)
{
    char out[BYTES + 1] = {0};
    const uint32_t taken =
        receive_buffer_take(&fixture->buffer, fixture->storage, (uint8_t *)out, count);
    assert_int_equal(taken, strlen(text));
    assert_string_equal(out, text);
    assert_true(receive_buffer_is_sound(&fixture->buffer, fixture->items));
}

static void text_in_order_is_readable_at_once(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(1000);
    assert_true(receive_buffer_is_empty(&fixture.buffer));
    expect_put(&fixture, 0, "hello ", 6);
    expect_put(&fixture, 0, "world", 5);
    assert_int_equal(fixture.buffer.next, 1011);
    assert_int_equal(receive_buffer_readable(&fixture.buffer), 11);
    assert_int_equal(receive_buffer_free(&fixture.buffer), 5);
    assert_false(receive_buffer_is_empty(&fixture.buffer));
    expect_take(&fixture, 3, "hel");
    expect_take(&fixture, 16, "lo world");
    expect_take(&fixture, 16, "");
    assert_true(receive_buffer_is_empty(&fixture.buffer));
}

static void a_hole_that_closes_frees_every_island_it_reaches(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(0xfffffffcu);
    expect_put(&fixture, 3, "de", 0);
    expect_put(&fixture, 6, "gh", 0);
    expect_put(&fixture, 9, "j", 0);
    assert_int_equal(receive_buffer_readable(&fixture.buffer), 0);
    assert_false(receive_buffer_is_empty(&fixture.buffer));
    expect_put(&fixture, 5, "f", 0);
    assert_int_equal(fixture.buffer.islands.count, 2);
    expect_put(&fixture, 0, "abc", 8);
    assert_int_equal(fixture.buffer.next, 4);
    expect_take(&fixture, 16, "abcdefgh");
    expect_put(&fixture, 0, "i", 2);
    expect_take(&fixture, 16, "ij");
    assert_true(receive_buffer_is_empty(&fixture.buffer));
}

static void text_at_the_edge_may_swallow_islands(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(5);
    expect_put(&fixture, 2, "c", 0);
    expect_put(&fixture, 6, "gh", 0);
    expect_put(&fixture, 0, "abcdefg", 8);
    assert_int_equal(fixture.buffer.islands.count, 0);
    expect_take(&fixture, 16, "abcdefgh");
}

static void reading_does_not_disturb_islands(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(0);
    expect_put(&fixture, 0, "abcdefghij", 10);
    expect_put(&fixture, 2, "MNOP", 0);
    expect_take(&fixture, 9, "abcdefghi");
    expect_put(&fixture, 8, "STUVWXY", 0);
    expect_put(&fixture, 0, "KL", 6);
    expect_take(&fixture, 16, "jKLMNOP");
    expect_put(&fixture, 0, "QR", 9);
    expect_take(&fixture, 16, "QRSTUVWXY");
}

static void with_the_table_full_only_the_edge_and_merges_are_taken(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(0);
    uint32_t advanced = 77;
    expect_put(&fixture, 2, "c", 0);
    expect_put(&fixture, 4, "e", 0);
    expect_put(&fixture, 6, "g", 0);
    const struct fixture before = fixture;
    assert_false(put(&fixture, 8, "i", &advanced));
    assert_int_equal(advanced, 0);
    assert_memory_equal(&fixture, &before, sizeof fixture);
    expect_put(&fixture, 7, "h", 0);
    expect_put(&fixture, 0, "ab", 3);
    expect_take(&fixture, 16, "abc");
    expect_put(&fixture, 0, "d", 2);
    expect_put(&fixture, 0, "f", 3);
    expect_take(&fixture, 16, "defgh");
}

static void a_buffer_without_islands_takes_text_in_order_only(void **state)
{
    (void)state;
    struct receive_buffer buffer;
    uint8_t storage[4];
    uint32_t advanced = 77;
    receive_buffer_init(&buffer, sizeof storage, 0);
    assert_false(receive_buffer_put(&buffer, storage, NULL, 1, (const uint8_t *)"b", 1, &advanced));
    assert_true(
        receive_buffer_put(&buffer, storage, NULL, 0, (const uint8_t *)"abcd", 4, &advanced));
    assert_int_equal(advanced, 4);
    assert_int_equal(receive_buffer_free(&buffer), 0);
    assert_true(receive_buffer_is_sound(&buffer, NULL));
}

static void no_text_changes_nothing(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(9);
    expect_put(&fixture, 0, "", 0);
    expect_put(&fixture, BYTES, "", 0);
    assert_true(receive_buffer_is_empty(&fixture.buffer));
    assert_int_equal(fixture.buffer.next, 9);
}

static void text_beyond_the_room_is_asserted(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(0);
    uint32_t advanced;
    expect_put(&fixture, 0, "abcdefgh", 8);
    expect_put(&fixture, 7, "p", 0);
    expect_assert_failure((void)put(&fixture, 0, "123456789", &advanced));
    expect_assert_failure((void)put(&fixture, 8, "1", &advanced));
    expect_assert_failure((void)put(&fixture, UINT32_MAX, "1", &advanced));
}

static void broken_buffers_are_seen(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(0);
    expect_put(&fixture, 4, "efg", 0);
    struct fixture broken = fixture;
    broken.items[0].left = 0; /* no hole before it */
    assert_false(receive_buffer_is_sound(&broken.buffer, broken.items));
    broken = fixture;
    broken.items[0].right = BYTES + 1; /* outside the ring */
    assert_false(receive_buffer_is_sound(&broken.buffer, broken.items));
    broken = fixture;
    broken.buffer.ring.count = BYTES + 1;
    assert_false(receive_buffer_is_sound(&broken.buffer, broken.items));
}

/* ---- against a flat array ---------------------------------------------------------------- */

enum { STREAM_BYTES = 2000 };

struct model {
    uint8_t text[STREAM_BYTES]; /* the whole stream, as the peer has it */
    bool held[STREAM_BYTES];
    uint32_t read; /* the application has everything before it */
    uint32_t next; /* everything before it has arrived */
};

static uint32_t model_islands(const struct model *model)
{
    uint32_t count = 0;
    for (uint32_t at = model->next; at < STREAM_BYTES && at < model->read + BYTES; at++) {
        count += model->held[at] && !model->held[at - 1] ? 1 : 0;
    }
    return count;
}

static void step_put(struct random_source *random, struct fixture *fixture, struct model *model)
{
    const uint32_t room = receive_buffer_free(&fixture->buffer);
    assert_int_equal(room, BYTES - (model->next - model->read));
    const uint32_t offset = random_below(random, 2) == 0 ? 0 : random_below(random, room + 1);
    const uint32_t count = random_below(random, room - offset + 1);
    const uint32_t left = model->next + offset;
    if (left + count > STREAM_BYTES) {
        return;
    }
    static struct model wanted;
    wanted = *model;
    memset(wanted.held + left, true, count);
    while (wanted.next < STREAM_BYTES && wanted.held[wanted.next]) {
        wanted.next++;
    }
    const bool fits = offset == 0 || model_islands(&wanted) <= ISLANDS;
    uint32_t advanced = 77;
    assert_int_equal(receive_buffer_put(&fixture->buffer, fixture->storage, fixture->items, offset,
                                        model->text + left, count, &advanced),
                     fits);
    assert_int_equal(advanced, fits ? wanted.next - model->next : 0);
    if (fits) {
        *model = wanted;
    }
}

static void step_take(struct random_source *random, struct fixture *fixture, struct model *model)
{
    uint8_t out[BYTES + 4];
    const uint32_t wanted = random_below(random, BYTES + 4);
    const uint32_t readable = model->next - model->read;
    const uint32_t taken = receive_buffer_take(&fixture->buffer, fixture->storage, out, wanted);
    assert_int_equal(taken, wanted < readable ? wanted : readable);
    assert_memory_equal(out, model->text + model->read, taken);
    model->read += taken;
}

static void the_buffer_behaves_like_a_flat_array(void **state)
{
    (void)state;
    static struct model model;
    struct random_source random = {0xfeedface12345678u};
    for (uint32_t run = 0; run < 40; run++) {
        memset(&model, 0, sizeof model);
        random_fill(&random, model.text, STREAM_BYTES);
        model.held[0] = true; /* as if the octet before the stream were there */
        model.next = model.read = 1;
        struct fixture fixture = empty_at(0u - STREAM_BYTES / 2 + run);
        const uint32_t origin = fixture.buffer.next - 1;
        for (int turn = 0; turn < 1500; turn++) {
            if (random_below(&random, 3) == 0) {
                step_take(&random, &fixture, &model);
            } else {
                step_put(&random, &fixture, &model);
            }
            assert_true(receive_buffer_is_sound(&fixture.buffer, fixture.items));
            assert_int_equal(fixture.buffer.next, origin + model.next);
            assert_int_equal(fixture.buffer.islands.count, model_islands(&model));
            assert_int_equal(receive_buffer_is_empty(&fixture.buffer),
                             model.next == model.read && model_islands(&model) == 0);
        }
        assert_true(model.next > STREAM_BYTES / 2 + 100); /* the wrap was passed */
    }
}

static void what_is_forgotten_is_gone_and_its_room_free(void **state)
{
    (void)state;
    struct fixture fixture = empty_at(UINT32_MAX - 1);
    expect_put(&fixture, 0, "abc", 3);
    expect_put(&fixture, 2, "f", 0);
    receive_buffer_forget(&fixture.buffer);
    assert_true(receive_buffer_is_empty(&fixture.buffer));
    assert_int_equal(receive_buffer_free(&fixture.buffer), BYTES);
    expect_put(&fixture, 0, "def", 3);
    expect_take(&fixture, 9, "def");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_forgotten_is_gone_and_its_room_free),
        cmocka_unit_test(text_in_order_is_readable_at_once),
        cmocka_unit_test(a_hole_that_closes_frees_every_island_it_reaches),
        cmocka_unit_test(text_at_the_edge_may_swallow_islands),
        cmocka_unit_test(reading_does_not_disturb_islands),
        cmocka_unit_test(with_the_table_full_only_the_edge_and_merges_are_taken),
        cmocka_unit_test(a_buffer_without_islands_takes_text_in_order_only),
        cmocka_unit_test(no_text_changes_nothing),
        cmocka_unit_test(text_beyond_the_room_is_asserted),
        cmocka_unit_test(broken_buffers_are_seen),
        cmocka_unit_test(the_buffer_behaves_like_a_flat_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
