/* TCP options: each one, each cut short at every byte, illegal lengths, garbage after the end, and
 * the bytes that are written for every combination. Bytes to be read stand in memory of exactly
 * their size, so that a sanitizer sees the first one too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/expect_assert.h"
#include "tests/random.h"
#include "wire/options.h"

static enum tcp_wire_result read_exactly(const uint8_t *bytes, uint32_t count,
                                         struct tcp_options *out)
{
    uint8_t *copy = malloc(count > 0 ? count : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    memset(out, 0xa5, sizeof *out);
    const enum tcp_wire_result result = options_read(copy, count, out);
    free(copy);
    return result;
}

#define READ(result, out, ...)                                                                     \
    do {                                                                                           \
        const uint8_t bytes_[] = {__VA_ARGS__};                                                    \
        assert_int_equal(read_exactly(bytes_, sizeof bytes_, out), result);                        \
    } while (0)

static void each_option_is_understood(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 2, 4, 0x05, 0xb4);
    assert_true(out.has_mss);
    assert_int_equal(out.mss, 1460);
    READ(TCP_WIRE_OK, &out, 3, 3, 14);
    assert_true(out.has_window_scale);
    assert_int_equal(out.window_scale, 14);
    READ(TCP_WIRE_OK, &out, 4, 2);
    assert_true(out.sack_permitted);
    READ(TCP_WIRE_OK, &out, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8);
    assert_true(out.has_timestamps);
    assert_int_equal(out.timestamp_value, 0x01020304);
    assert_int_equal(out.timestamp_echo, 0x05060708);
    READ(TCP_WIRE_OK, &out, 5, 10, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 7);
    assert_int_equal(out.sack_count, 1);
    assert_int_equal(out.sack[0].left.raw, 0xfffffffeu);
    assert_int_equal(out.sack[0].right.raw, 7);
    assert_false(out.has_mss || out.has_window_scale || out.sack_permitted || out.has_timestamps);
}

static void values_are_given_as_received(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 3, 3, 255, 2, 4, 0, 0);
    assert_int_equal(out.window_scale, 255);
    assert_true(out.has_mss);
    assert_int_equal(out.mss, 0);
}

static void four_blocks_fill_the_table(void **state)
{
    (void)state;
    uint8_t bytes[40] = {1, 1, 5, 34};
    for (uint8_t index = 0; index < 8; index++) {
        bytes[4 + index * 4 + 3] = (uint8_t)(index + 1);
    }
    struct tcp_options out;
    assert_int_equal(read_exactly(bytes, 36, &out), TCP_WIRE_OK);
    assert_int_equal(out.sack_count, 4);
    for (uint32_t index = 0; index < 4; index++) {
        assert_int_equal(out.sack[index].left.raw, 2 * index + 1);
        assert_int_equal(out.sack[index].right.raw, 2 * index + 2);
    }
}

static void nothing_is_sound(void **state)
{
    (void)state;
    const struct tcp_options none = {0};
    struct tcp_options out;
    assert_int_equal(read_exactly((const uint8_t *)"", 0, &out), TCP_WIRE_OK);
    assert_memory_equal(&out, &none, sizeof out);
}

static void an_option_cut_short_is_bad_and_what_came_before_stays(void **state)
{
    (void)state;
    static const uint8_t options[][10] = {
        {2, 4, 5, 0xb4},
        {3, 3, 7},
        {8, 10, 1, 2, 3, 4, 5, 6, 7, 8},
        {4, 2},
        {5, 10, 1, 2, 3, 4, 5, 6, 7, 8},
        {200, 5, 1, 2, 3},
    };
    for (size_t index = 0; index < sizeof options / sizeof options[0]; index++) {
        for (uint32_t count = 1; count < options[index][1]; count++) {
            uint8_t bytes[14] = {2, 4, 1, 0};
            memcpy(bytes + 4, options[index], count);
            struct tcp_options out;
            assert_int_equal(read_exactly(bytes, 4 + count, &out), TCP_WIRE_BAD_OPTION);
            assert_true(out.has_mss);
            assert_int_equal(out.mss, 256);
            assert_false(out.has_window_scale || out.sack_permitted || out.has_timestamps);
            assert_int_equal(out.sack_count, 0);
        }
    }
}

static void lengths_of_zero_and_one_are_bad(void **state)
{
    (void)state;
    struct tcp_options out;
    for (unsigned kind = 2; kind < 256; kind++) {
        for (uint8_t length = 0; length < 2; length++) {
            READ(TCP_WIRE_BAD_OPTION, &out, 2, 4, 1, 0, (uint8_t)kind, length, 4, 2);
            assert_int_equal(out.mss, 256);
            assert_false(out.sack_permitted);
        }
    }
}

static void a_kind_without_a_length_is_bad(void **state)
{
    (void)state;
    struct tcp_options out;
    for (unsigned kind = 2; kind < 256; kind++) {
        READ(TCP_WIRE_BAD_OPTION, &out, 1, 1, 1, (uint8_t)kind);
    }
    READ(TCP_WIRE_OK, &out, 1, 1, 1, 1);
    READ(TCP_WIRE_OK, &out, 1, 1, 1, 0);
}

static void what_stands_behind_the_end_is_not_looked_at(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 2, 4, 1, 0, 0, 2, 0, 255, 4, 2, 8);
    assert_int_equal(out.mss, 256);
    assert_false(out.sack_permitted);
}

static void unknown_options_are_skipped(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 254, 6, 1, 2, 3, 4, 6, 2, 3, 3, 5);
    assert_int_equal(out.window_scale, 5);
}

static void a_known_option_of_another_length_is_skipped(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 2, 3, 9, 2, 5, 9, 9, 9, 3, 2, 3, 4, 9, 9, 4, 3, 9, 8, 2, 5, 2, 5, 9, 9,
         9, 9, 9, 9, 9, 9, 3, 3, 6);
    assert_false(out.has_mss || out.sack_permitted || out.has_timestamps);
    assert_int_equal(out.sack_count, 0);
    assert_true(out.has_window_scale);
    assert_int_equal(out.window_scale, 6);
    /* Five blocks fit no header, but options_read() must not believe in that. */
    uint8_t five[42] = {5, 42};
    assert_int_equal(read_exactly(five, sizeof five, &out), TCP_WIRE_OK);
    assert_int_equal(out.sack_count, 0);
}

static void the_first_of_two_counts(void **state)
{
    (void)state;
    struct tcp_options out;
    READ(TCP_WIRE_OK, &out, 2, 4, 0, 1, 2, 4, 0, 2, 3, 3, 1, 3, 3, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1,
         8, 10, 0, 0, 0, 2, 0, 0, 0, 2, 5, 10, 0, 0, 0, 1, 0, 0, 0, 1, 5, 10, 0, 0, 0, 2, 0, 0, 0,
         2);
    assert_int_equal(out.mss, 1);
    assert_int_equal(out.window_scale, 1);
    assert_int_equal(out.timestamp_value, 1);
    assert_int_equal(out.timestamp_echo, 1);
    assert_int_equal(out.sack_count, 1);
    assert_int_equal(out.sack[0].left.raw, 1);
}

static void any_bytes_can_be_read(void **state)
{
    (void)state;
    struct random_source source = {0xdeadbeefcafef00du};
    for (int turn = 0; turn < 20000; turn++) {
        uint8_t bytes[TCP_OPTION_BYTES_MAX];
        const uint32_t count = random_below(&source, sizeof bytes + 1);
        for (uint32_t at = 0; at < count; at++) {
            bytes[at] = (uint8_t)random_below(&source, turn % 2 == 0 ? 256 : 12);
        }
        struct tcp_options out;
        const enum tcp_wire_result result = read_exactly(bytes, count, &out);
        assert_true(result == TCP_WIRE_OK || result == TCP_WIRE_BAD_OPTION);
        assert_true(out.sack_count <= TCP_SACK_BLOCKS_MAX);
    }
}

/* ---- writing ----------------------------------------------------------------------------- */

#define EXPECT_WRITTEN(options, ...)                                                               \
    do {                                                                                           \
        const uint8_t wanted_[] = {__VA_ARGS__};                                                   \
        uint8_t written_[TCP_OPTION_BYTES_MAX];                                                    \
        assert_int_equal(tcp_wire_options_bytes(options), sizeof wanted_);                         \
        options_write(options, written_);                                                          \
        assert_memory_equal(written_, wanted_, sizeof wanted_);                                    \
    } while (0)

static void written_options_are_whole_aligned_words(void **state)
{
    (void)state;
    struct tcp_options options = {.has_mss = true, .mss = 1460};
    EXPECT_WRITTEN(&options, 2, 4, 5, 0xb4);
    options.sack_permitted = true;
    EXPECT_WRITTEN(&options, 2, 4, 5, 0xb4, 1, 1, 4, 2);
    options.has_timestamps = true;
    options.timestamp_value = 0x01020304;
    options.timestamp_echo = 0x05060708;
    EXPECT_WRITTEN(&options, 2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8);
    options.has_window_scale = true;
    options.window_scale = 7;
    EXPECT_WRITTEN(&options, 2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7);
    options = (struct tcp_options){
        .has_timestamps = true,
        .timestamp_value = 1,
        .timestamp_echo = 2,
        .sack_count = 1,
        .sack = {{{0xfffffff0u}, {16}}},
    };
    EXPECT_WRITTEN(&options, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 5, 10, 0xff, 0xff, 0xff,
                   0xf0, 0, 0, 0, 16);
}

static struct tcp_options combination(struct random_source *source, unsigned bits,
                                      uint8_t sack_count)
{
    struct tcp_options options = {
        .has_mss = bits & 1,
        .has_window_scale = bits & 2,
        .sack_permitted = bits & 4,
        .has_timestamps = bits & 8,
        .sack_count = sack_count,
    };
    options.mss = options.has_mss ? (uint16_t)random_next(source) : 0;
    options.window_scale = options.has_window_scale ? (uint8_t)random_next(source) : 0;
    if (options.has_timestamps) {
        options.timestamp_value = random_next(source);
        options.timestamp_echo = random_next(source);
    }
    for (uint32_t index = 0; index < sack_count; index++) {
        options.sack[index].left.raw = random_next(source);
        options.sack[index].right.raw = random_next(source);
    }
    return options;
}

static void every_combination_reads_back_as_written(void **state)
{
    (void)state;
    struct random_source source = {0x0123456789abcdefu};
    unsigned fitting = 0;
    for (unsigned bits = 0; bits < 16; bits++) {
        for (uint8_t blocks = 0; blocks <= TCP_SACK_BLOCKS_MAX; blocks++) {
            const struct tcp_options options = combination(&source, bits, blocks);
            const uint32_t count = tcp_wire_options_bytes(&options);
            uint8_t written[TCP_OPTION_BYTES_MAX + 8];
            assert_int_equal(count % 4, 0);
            if (count > TCP_OPTION_BYTES_MAX) {
                continue;
            }
            memset(written, 0xee, sizeof written);
            options_write(&options, written);
            for (uint32_t at = count; at < sizeof written; at++) {
                assert_int_equal(written[at], 0xee);
            }
            struct tcp_options out;
            assert_int_equal(read_exactly(written, count, &out), TCP_WIRE_OK);
            assert_memory_equal(&out, &options, sizeof out);
            fitting++;
        }
    }
    /* 12 + 4 + 3 * 8 is exactly 40. */
    assert_true(fitting > 40);
}

static void more_than_a_header_holds_is_asserted(void **state)
{
    (void)state;
    const struct tcp_options five = {.sack_count = 5};
    const struct tcp_options forty_four = {
        .sack_count = 4, .has_window_scale = true, .has_mss = true};
    const struct tcp_options forty_eight = {.sack_count = 4, .has_timestamps = true};
    uint8_t written[64];
    expect_assert_failure(options_write(&five, written));
    expect_assert_failure(options_write(&forty_four, written));
    expect_assert_failure(options_write(&forty_eight, written));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_is_understood),
        cmocka_unit_test(values_are_given_as_received),
        cmocka_unit_test(four_blocks_fill_the_table),
        cmocka_unit_test(nothing_is_sound),
        cmocka_unit_test(an_option_cut_short_is_bad_and_what_came_before_stays),
        cmocka_unit_test(lengths_of_zero_and_one_are_bad),
        cmocka_unit_test(a_kind_without_a_length_is_bad),
        cmocka_unit_test(what_stands_behind_the_end_is_not_looked_at),
        cmocka_unit_test(unknown_options_are_skipped),
        cmocka_unit_test(a_known_option_of_another_length_is_skipped),
        cmocka_unit_test(the_first_of_two_counts),
        cmocka_unit_test(any_bytes_can_be_read),
        cmocka_unit_test(written_options_are_whole_aligned_words),
        cmocka_unit_test(every_combination_reads_back_as_written),
        cmocka_unit_test(more_than_a_header_holds_is_asserted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
