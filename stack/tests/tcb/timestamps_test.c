/* RFC 7323's rules where many values matter: which timestamps are old, and what a refusal leaves alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/random.h"
#include "tests/support/one_host.h"

#define RECENT UINT32_C(0xfffffff0)

static void deliver(struct one_host *one, const char *line, uint32_t value, uint32_t echo)
{
    struct tcp_segment segment = one_segment(one, line);
    segment.options.has_timestamps = true;
    segment.options.timestamp_value = value;
    segment.options.timestamp_echo = echo;
    one_deliver(one, &segment);
}

/* ESTABLISHED with timestamps, TS.Recent is RECENT. */
static void open_stamped(struct one_host *one)
{
    one_prepare(one);
    one->config.timestamps = 1;
    one_start(one);
    one_listen(one, 1);
    deliver(one, "S 0:0 mss 1000", RECENT, 0);
    one_out(one, "S. 0:0 ack 1");
    deliver(one, ". 1:1 ack 1", RECENT, one->last.options.timestamp_value);
    assert_int_equal(one_accept(one), TCP_OK);
    assert_int_equal(one_status(one).timestamp_recent, RECENT);
}

/* Of all differences half are old. */
static void old_is_what_lies_less_than_half_of_all_numbers_back(void **state)
{
    (void)state;
    struct random_source source = {77};
    for (int i = 0; i < 300; i++) {
        struct one_host one;
        open_stamped(&one);
        static const uint32_t edges[] = {0, 1, 0x7fffffff, 0x80000000, 0x80000001, UINT32_MAX};
        const uint32_t ahead = i < 6 ? edges[i] : random_next(&source);
        deliver(&one, ". 1:101 ack 1", RECENT + ahead, 0);
        const bool is_old = ahead >= UINT32_C(0x80000000);
        assert_int_equal(one_status(&one).rcv_nxt.raw, ONE_IRS + (is_old ? 1 : 101));
        assert_int_equal(one_status(&one).timestamp_recent, is_old ? RECENT : RECENT + ahead);
        if (is_old) {
            one_out(&one, ". 1:1 ack 1");
            assert_int_equal(one.last.options.timestamp_echo, RECENT);
        }
        one_silent(&one);
        one_close(&one);
    }
}

static void the_clock_is_the_same_for_each_incarnation_of_a_flow(void **state)
{
    (void)state;
    struct one_host one;
    open_stamped(&one);
    one_write(&one, 1);
    one_out(&one, "P. 1:2 ack 1");
    const uint32_t first = one.last.options.timestamp_value;
    assert_int_equal(one_abort(&one), TCP_OK);
    one_out(&one, "R 2:2");
    assert_int_equal(one.last.options.timestamp_value, first);
    one_wait(&one, 7999);
    deliver(&one, "S 0:0 mss 1000", RECENT, 0);
    one_out(&one, "S. 0:0 ack 1");
    assert_int_equal(one.last.options.timestamp_value, first + 7);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_is_what_lies_less_than_half_of_all_numbers_back),
        cmocka_unit_test(the_clock_is_the_same_for_each_incarnation_of_a_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
