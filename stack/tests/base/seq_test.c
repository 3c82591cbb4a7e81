/* Sequence arithmetic at its edges: wrap, zero, and distances around 2^31 (RFC 9293 3.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tcp/seq.h"

static tcp_seqno at(uint32_t number)
{
    return (tcp_seqno){number};
}

static void order_holds_across_the_wrap(void **state)
{
    (void)state;
    assert_true(tcp_seq_before(at(0xffffffffu), at(0)));
    assert_true(tcp_seq_after(at(5), at(0xfffffff0u)));
    assert_false(tcp_seq_before(at(0), at(0xffffffffu)));
    assert_int_equal(tcp_seq_distance(at(0xfffffff0u), at(0x10)), 0x20);
    assert_int_equal(tcp_seq_add(at(0xffffffffu), 2).raw, 1);
    assert_int_equal(tcp_seq_sub(at(1), 2).raw, 0xffffffffu);
}

static void a_number_is_neither_before_nor_after_itself(void **state)
{
    (void)state;
    assert_false(tcp_seq_before(at(7), at(7)));
    assert_false(tcp_seq_after(at(7), at(7)));
    assert_true(tcp_seq_at_or_before(at(7), at(7)));
    assert_true(tcp_seq_at_or_after(at(7), at(7)));
    assert_true(tcp_seq_equal(at(7), at(7)));
}

static void order_holds_up_to_two_to_the_31_less_one(void **state)
{
    (void)state;
    assert_true(tcp_seq_before(at(1), at(0x80000000u)));
    assert_false(tcp_seq_before(at(0x80000000u), at(1)));
    assert_true(tcp_seq_before(at(0x80000001u), at(0)));
    assert_true(tcp_seq_before(at(0), at(0x80000000u)));
    assert_true(tcp_seq_before(at(0x80000000u), at(0)));
}

static void ranges_are_half_open_and_may_wrap(void **state)
{
    (void)state;
    assert_true(tcp_seq_in_range(at(10), at(10), 1));
    assert_false(tcp_seq_in_range(at(11), at(10), 1));
    assert_false(tcp_seq_in_range(at(9), at(10), 1));
    assert_false(tcp_seq_in_range(at(10), at(10), 0));
    assert_true(tcp_seq_in_range(at(3), at(0xfffffffeu), 6));
    assert_false(tcp_seq_in_range(at(4), at(0xfffffffeu), 6));
}

static void later_and_earlier_choose_by_order_not_by_size(void **state)
{
    (void)state;
    assert_int_equal(tcp_seq_later(at(0xffffffffu), at(2)).raw, 2);
    assert_int_equal(tcp_seq_earlier(at(0xffffffffu), at(2)).raw, 0xffffffffu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_holds_across_the_wrap),
        cmocka_unit_test(a_number_is_neither_before_nor_after_itself),
        cmocka_unit_test(order_holds_up_to_two_to_the_31_less_one),
        cmocka_unit_test(ranges_are_half_open_and_may_wrap),
        cmocka_unit_test(later_and_earlier_choose_by_order_not_by_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
