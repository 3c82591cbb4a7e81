/* What is remembered of a direction, at its edges: the wrap, a full ring, holes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/octets.h"

#include <string.h>

#define START ((tcp_seqno){UINT32_C(0xfffffff0)})

static uint8_t text[2 * CAPTURE_OCTETS_MAX];
static struct arena *arena;
static struct capture_octets octets;

static int begin(void **state)
{
    (void)state;
    arena = arena_create();
    octets = (struct capture_octets){0};
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(i * 31 + i / 251);
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* Octets [from, from + count) of the text are sent; how many were compared, all being the same. */
static uint32_t send(uint32_t from, uint32_t count)
{
    bool differs = true;
    tcp_seqno where;
    const uint32_t compared = capture_octets_add(&octets, arena, tcp_seq_add(START, from),
                                                 text + from, count, &differs, &where);
    assert_false(differs);
    return compared;
}

static void what_comes_again_is_compared_across_the_wrap(void **state)
{
    (void)state;
    assert_int_equal(send(0, 100), 0);
    assert_int_equal(send(0, 100), 100);
    assert_int_equal(send(90, 20), 10);
    assert_int_equal(send(105, 5), 5);
}

static void the_first_octet_that_differs_is_named(void **state)
{
    (void)state;
    (void)send(0, 5000);
    uint8_t other[100];
    memcpy(other, text + 4000, sizeof other);
    other[96] ^= 1; /* 4096: where the ring's memory begins anew */
    bool differs = false;
    tcp_seqno where = {0};
    assert_int_equal(
        capture_octets_add(&octets, arena, tcp_seq_add(START, 4000), other, 100, &differs, &where),
        100);
    assert_true(differs);
    assert_int_equal(where.raw, tcp_seq_add(START, 4096).raw);
}

static void what_was_acknowledged_is_forgotten(void **state)
{
    (void)state;
    (void)send(0, 100);
    capture_octets_acked(&octets, tcp_seq_add(START, 60));
    assert_int_equal(send(0, 100), 40);
    capture_octets_acked(&octets, tcp_seq_add(START, 50)); /* an old one */
    assert_int_equal(send(0, 100), 40);
    capture_octets_acked(&octets, tcp_seq_add(START, 200)); /* beyond what was seen */
    assert_int_equal(send(150, 100), 0);
    assert_int_equal(send(200, 50), 50);
}

static void a_hole_begins_a_new_run(void **state)
{
    (void)state;
    (void)send(0, 100);
    assert_int_equal(send(110, 10), 0);
    assert_int_equal(send(0, 100), 0);
    assert_int_equal(send(100, 20), 10);
}

static void octets_that_were_not_captured_are_not_compared(void **state)
{
    (void)state;
    bool differs = true;
    tcp_seqno where;
    (void)send(0, 100);
    assert_int_equal(
        capture_octets_add(&octets, arena, tcp_seq_add(START, 100), NULL, 50, &differs, &where), 0);
    assert_int_equal(send(100, 50), 0);
    assert_int_equal(send(150, 10), 0);
    assert_int_equal(send(150, 10), 10);
}

static void a_full_ring_forgets_the_oldest(void **state)
{
    (void)state;
    const uint32_t piece = 60000;
    uint32_t at = 0;
    for (; at + piece <= sizeof text; at += piece) {
        assert_int_equal(send(at, piece), 0);
    }
    assert_int_equal(octets.capacity, CAPTURE_OCTETS_MAX);
    assert_int_equal(send(0, 1000), 0);
    assert_int_equal(send(at - CAPTURE_OCTETS_MAX - 1, 10), 9);
    assert_int_equal(send(at - piece, piece), piece);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_comes_again_is_compared_across_the_wrap, begin, end),
        cmocka_unit_test_setup_teardown(the_first_octet_that_differs_is_named, begin, end),
        cmocka_unit_test_setup_teardown(what_was_acknowledged_is_forgotten, begin, end),
        cmocka_unit_test_setup_teardown(a_hole_begins_a_new_run, begin, end),
        cmocka_unit_test_setup_teardown(octets_that_were_not_captured_are_not_compared, begin, end),
        cmocka_unit_test_setup_teardown(a_full_ring_forgets_the_oldest, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
