/* The checksum: RFC 1071's own example, odd counts, every alignment, carries that come round more
 * than once, and a plain 16-bit sum to compare with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/wire.h"
#include "tests/expect_assert.h"
#include "tests/random.h"
#include "wire/checksum.h"

/* As RFC 1071 1 describes it, with no thought of speed. */
static uint16_t plain_checksum(const uint8_t *bytes, size_t count)
{
    uint32_t sum = 0;
    for (size_t at = 0; at < count; at++) {
        sum += at % 2 == 0 ? (uint32_t)bytes[at] << 8 : bytes[at];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

static uint16_t checksum(const uint8_t *bytes, size_t count)
{
    return checksum_finish(checksum_add(0, bytes, count));
}

static void the_example_of_rfc_1071_comes_out(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    assert_int_equal(checksum(bytes, sizeof bytes), 0xffff - 0xddf2);
}

static void an_odd_byte_is_padded_with_zero(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x12, 0x34, 0x56, 0xff};
    assert_int_equal(checksum(bytes, 1), 0xffff - 0x1200);
    assert_int_equal(checksum(bytes, 3), 0xffff - 0x1234 - 0x5600);
}

static void nothing_and_zeros_sum_to_zero(void **state)
{
    (void)state;
    const uint8_t zeros[64] = {0};
    assert_int_equal(checksum(NULL, 0), 0xffff);
    assert_int_equal(checksum(zeros, sizeof zeros), 0xffff);
}

static void carries_come_round_at_every_length(void **state)
{
    (void)state;
    static uint8_t ones[65535];
    memset(ones, 0xff, sizeof ones);
    for (size_t count = 1; count < 200; count++) {
        assert_int_equal(checksum(ones, count), plain_checksum(ones, count));
    }
    assert_int_equal(checksum(ones, sizeof ones), plain_checksum(ones, sizeof ones));
    /* A carry whose addition carries again: ffff ffff ffff ffff + 1, folded. */
    assert_int_equal(checksum_finish(UINT64_MAX), 0);
    assert_int_equal(checksum_finish(0), 0xffff);
    assert_int_equal(checksum_finish(0xffffffff00000001u), checksum_finish(1));
    assert_int_equal(checksum_finish(0xffff0001u), checksum_finish(1));
}

static void any_bytes_at_any_alignment_agree_with_a_plain_sum(void **state)
{
    (void)state;
    struct random_source source = {0x5eed5eed5eed5eedu};
    static uint8_t bytes[1600];
    for (int turn = 0; turn < 3000; turn++) {
        random_fill(&source, bytes, turn % 3 == 0 ? sizeof bytes : 64);
        const uint32_t offset = random_below(&source, 16);
        const uint32_t count = random_below(&source, turn % 3 == 0 ? 1500 : 48);
        assert_int_equal(checksum(bytes + offset, count), plain_checksum(bytes + offset, count));
    }
}

static void pieces_of_even_length_may_be_added_one_by_one(void **state)
{
    (void)state;
    struct random_source source = {0xabcdef0123456789u};
    uint8_t bytes[301];
    random_fill(&source, bytes, sizeof bytes);
    for (size_t cut = 0; cut < sizeof bytes; cut += 2) {
        const uint64_t sum = checksum_add(0, bytes, cut);
        assert_int_equal(checksum_finish(checksum_add(sum, bytes + cut, sizeof bytes - cut)),
                         plain_checksum(bytes, sizeof bytes));
    }
}

static void one_flipped_bit_is_always_seen(void **state)
{
    (void)state;
    struct random_source source = {0x1111222233334444u};
    uint8_t bytes[60];
    random_fill(&source, bytes, sizeof bytes);
    const uint16_t right = checksum(bytes, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_int_not_equal(checksum(bytes, sizeof bytes), right);
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

static void the_pseudo_header_is_that_of_each_version(void **state)
{
    (void)state;
    struct tcp_address source = {{192, 168, 0, 1}, 4};
    struct tcp_address destination = {{192, 0, 2, 1}, 4};
    const uint8_t tcp[5] = {1, 2, 3, 4, 5};
    const uint8_t pseudo4[] = {192, 168, 0, 1, 192, 0, 2, 1, 0, 6, 0, 5, 1, 2, 3, 4, 5};
    assert_int_equal(tcp_wire_checksum(&source, &destination, tcp, sizeof tcp),
                     plain_checksum(pseudo4, sizeof pseudo4));

    source = (struct tcp_address){{0x20, 1, 0xd, 0xb8, [15] = 1}, 6};
    destination = (struct tcp_address){{0xfd, 0x3d, 0xfa, 0x7b, 0xd1, 0x7d, [15] = 9}, 6};
    uint8_t pseudo6[45] = {[35] = 5, [39] = 6, [40] = 1, 2, 3, 4, 5};
    memcpy(pseudo6, source.bytes, 16);
    memcpy(pseudo6 + 16, destination.bytes, 16);
    assert_int_equal(tcp_wire_checksum(&source, &destination, tcp, sizeof tcp),
                     plain_checksum(pseudo6, sizeof pseudo6));
}

static void addresses_of_two_versions_are_asserted(void **state)
{
    (void)state;
    const struct tcp_address four = {{192, 168, 0, 1}, 4};
    const struct tcp_address six = {{0xfd, [15] = 1}, 6};
    const struct tcp_address none = {{0}, 0};
    const uint8_t tcp[20] = {0};
    expect_assert_failure((void)tcp_wire_checksum(&four, &six, tcp, sizeof tcp));
    expect_assert_failure((void)tcp_wire_checksum(&none, &none, tcp, sizeof tcp));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_rfc_1071_comes_out),
        cmocka_unit_test(an_odd_byte_is_padded_with_zero),
        cmocka_unit_test(nothing_and_zeros_sum_to_zero),
        cmocka_unit_test(carries_come_round_at_every_length),
        cmocka_unit_test(any_bytes_at_any_alignment_agree_with_a_plain_sum),
        cmocka_unit_test(pieces_of_even_length_may_be_added_one_by_one),
        cmocka_unit_test(one_flipped_bit_is_always_seen),
        cmocka_unit_test(the_pseudo_header_is_that_of_each_version),
        cmocka_unit_test(addresses_of_two_versions_are_asserted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
