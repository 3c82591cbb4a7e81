/* The octets of a stream do not depend on where one began to write them, nor on how many at once; not
 * where the numbers begin anew either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world/pattern.h"

#define KEY       UINT64_C(0xfedcba9876543210)
#define OCTETS    100u
#define BEFORE    50u /* octets before the one whose number is asked for */
#define UNTOUCHED 0x5a

static uint8_t octet_at(uint32_t number)
{
    uint8_t octet;
    pattern_fill(KEY, (tcp_seqno){number}, &octet, 1);
    return octet;
}

/* Every part of the octets around `middle` is what they are one by one, and nothing is written behind it. */
static void expect_parts_agree(uint32_t middle)
{
    for (uint32_t from = 0; from < OCTETS; from++) {
        for (uint32_t count = 0; from + count <= OCTETS; count++) {
            uint8_t bytes[OCTETS + 1];
            bytes[count] = UNTOUCHED;
            const uint32_t first = middle - BEFORE + from;
            pattern_fill(KEY, (tcp_seqno){first}, bytes, count);
            assert_int_equal(bytes[count], UNTOUCHED);
            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(bytes[i], octet_at(first + i));
            }
            assert_int_equal(pattern_check(KEY, (tcp_seqno){first}, bytes, count), count);
        }
    }
}

static void parts_agree_wherever_they_begin(void **state)
{
    (void)state;
    expect_parts_agree(1000);
    expect_parts_agree(UINT32_C(0x80000000));
}

static void parts_agree_where_numbers_begin_anew(void **state)
{
    (void)state;
    expect_parts_agree(0);
}

static void the_first_wrong_octet_is_told(void **state)
{
    (void)state;
    uint8_t bytes[600];
    for (uint32_t wrong = 0; wrong < sizeof bytes; wrong++) {
        pattern_fill(KEY, (tcp_seqno){UINT32_MAX - 300}, bytes, sizeof bytes);
        bytes[wrong] ^= 1;
        assert_int_equal(pattern_check(KEY, (tcp_seqno){UINT32_MAX - 300}, bytes, sizeof bytes),
                         wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_agree_wherever_they_begin),
        cmocka_unit_test(parts_agree_where_numbers_begin_anew),
        cmocka_unit_test(the_first_wrong_octet_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
