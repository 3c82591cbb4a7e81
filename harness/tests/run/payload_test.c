/* Position-coded octets and the strings over them. */
#include "run/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void an_octet_depends_on_direction_connection_and_place(void **state)
{
    (void)state;
    uint32_t same[3] = {0};
    for (uint32_t i = 0; i < 4096; i++) {
        const uint8_t octet = payload_byte(true, 3, i);
        assert_int_equal(octet, payload_byte(true, 3, i));
        same[0] += octet == payload_byte(false, 3, i);
        same[1] += octet == payload_byte(true, 4, i);
        same[2] += octet == payload_byte(true, 3, i + 1);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(same[i], 0, 64); /* one in 256 by chance */
    }
}

static void the_period_is_a_long_prime(void **state)
{
    (void)state;
    const uint32_t period = 16777213;
    uint32_t same = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(payload_byte(false, 0, i), payload_byte(false, 0, i + period));
        same += payload_byte(false, 0, i) == payload_byte(false, 0, i + (1u << 16));
    }
    assert_in_range(same, 0, 30);
}

static void a_string_lies_over_the_code_where_it_was_given(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct stream stream = {.connection = 1};
    uint8_t bytes[12];
    payload_overlay(arena, &stream, 4, (const uint8_t *)"HELLO", 5);
    payload_fill(&stream, 0, bytes, sizeof bytes);
    assert_memory_equal(bytes + 4, "HELLO", 5);
    assert_int_equal(bytes[3], payload_byte(false, 1, 3));
    assert_int_equal(bytes[9], payload_byte(false, 1, 9));
    assert_int_equal(payload_check(&stream, 0, bytes, sizeof bytes), sizeof bytes);
    payload_fill(&stream, 6, bytes, 2);
    assert_memory_equal(bytes, "LL", 2);
    bytes[1] = 'l';
    assert_int_equal(payload_check(&stream, 6, bytes, 2), 1);
    arena_destroy(arena);
}

static void where_strings_overlap_either_is_right(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct stream stream = {.connection = 1, .is_inbound = true};
    payload_overlay(arena, &stream, 0, (const uint8_t *)"AAAA", 4);
    payload_overlay(arena, &stream, 2, (const uint8_t *)"BBBB", 4);
    assert_int_equal(payload_check(&stream, 0, (const uint8_t *)"AAAABB", 6), 6);
    assert_int_equal(payload_check(&stream, 0, (const uint8_t *)"AABBBB", 6), 6);
    assert_int_equal(payload_check(&stream, 0, (const uint8_t *)"BABBBB", 6), 0);
    assert_int_equal(payload_check(&stream, 0, (const uint8_t *)"AAAAAB", 6), 4);
    arena_destroy(arena);
}

static void nothing_is_right_about_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct stream stream = {.connection = 1};
    payload_overlay(arena, &stream, 0, (const uint8_t *)"", 0);
    assert_int_equal(stream.count, 0);
    assert_int_equal(payload_check(&stream, 7, (const uint8_t *)"", 0), 0);
    payload_overlay(arena, &stream, UINT32_MAX, (const uint8_t *)"Z", 1);
    uint8_t byte;
    payload_fill(&stream, UINT32_MAX, &byte, 1);
    assert_int_equal(byte, 'Z');
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_octet_depends_on_direction_connection_and_place),
        cmocka_unit_test(the_period_is_a_long_prime),
        cmocka_unit_test(a_string_lies_over_the_code_where_it_was_given),
        cmocka_unit_test(where_strings_overlap_either_is_right),
        cmocka_unit_test(nothing_is_right_about_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
