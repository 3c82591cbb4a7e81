/* Urgent data and PUSH (RFC 9293 3.8.5, 3.9.1.2), at the places where numbers wrap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static const uint32_t origins[] = {1000, UINT32_MAX, UINT32_MAX - 5, 0x7fffffff, 0x7ffffff0, 0};
#define ORIGIN_COUNT (sizeof origins / sizeof *origins)

static void open_at(struct one_host *one, uint32_t origin)
{
    one_prepare(one);
    one->iss = one->irs = origin;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
    (void)one_events(one);
}

static void write_with(struct one_host *one, uint32_t count, uint32_t flags)
{
    uint8_t bytes[100];
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = one_octet(0, one->written + i);
    }
    size_t taken = 0;
    assert_int_equal(
        tcp_host_send_with(one->host, one->now, one->connection, bytes, count, flags, &taken),
        TCP_OK);
    assert_int_equal(taken, count);
    one->written += count;
}

/* An urgent segment of ten octets at the given place, pointing `urgent` octets on. */
static void urgent_in(struct one_host *one, const char *line, uint16_t urgent)
{
    struct tcp_segment segment = one_segment(one, line);
    segment.urgent = urgent;
    one_deliver(one, &segment);
}

static void every_segment_before_the_end_points_at_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        struct one_host one;
        open_at(&one, origins[i]);
        write_with(&one, 10, TCP_SEND_URGENT);
        one_out(&one, "P.U 1:11 ack 1");
        assert_int_equal(one.last.urgent, 10); /* MUST-62: the octet behind the last */
        one_wait(&one, 1000000);
        one_out(&one, "P.U 1:11 ack 1"); /* again, when sent again */
        assert_int_equal(one.last.urgent, 10);
        one_in(&one, ". 1:1 ack 11");
        write_with(&one, 10, 0);
        one_out(&one, "P. 11:21 ack 1"); /* urgent mode is over */
        one_close(&one);
    }
}

/* MUST-32: told on the first and on every advance. */
static void the_user_hears_of_urgent_data_and_of_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        struct one_host one;
        open_at(&one, origins[i]);
        urgent_in(&one, "P.U 1:11 ack 1", 20); /* it may point beyond the segment */
        assert_int_equal(one_events(&one), TCP_EVENT_URGENT | TCP_EVENT_READABLE);
        assert_int_equal(one_status(&one).rcv_up.raw, one.irs + 21);
        urgent_in(&one, ".U 11:11 ack 1", 10); /* the same place */
        assert_int_equal(one_events(&one), 0);
        urgent_in(&one, ".U 11:11 ack 1", 5); /* it never goes back */
        assert_int_equal(one_events(&one), 0);
        assert_int_equal(one_status(&one).rcv_up.raw, one.irs + 21);
        urgent_in(&one, ".U 11:11 ack 1", 15);
        assert_int_equal(one_events(&one), TCP_EVENT_URGENT);
        assert_int_equal(one_status(&one).rcv_up.raw, one.irs + 26);
        one_close(&one);
    }
}

/* 3.9.1.3: the boundary stays visible. */
static void a_read_stops_behind_the_urgent_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        struct one_host one;
        open_at(&one, origins[i]);
        urgent_in(&one, "P.U 1:31 ack 1", 10);
        uint8_t bytes[40];
        const struct tcp_room room = {bytes, sizeof bytes};
        size_t taken = 0;
        assert_int_equal(tcp_host_receive(one.host, one.now, one.connection, room, &taken), TCP_OK);
        assert_int_equal(taken, 10);
        one.read = 10;
        one_read(&one, 20);
        one_close(&one);
    }
}

static void an_old_pointer_means_nothing(void **state)
{
    (void)state;
    struct one_host one;
    open_at(&one, 1000);
    one_in(&one, "P. 1:11 ack 1");
    one_read(&one, 10);
    (void)one_events(&one);
    urgent_in(&one, ".U 11:11 ack 1", 0); /* nothing ahead */
    assert_int_equal(one_events(&one), 0);
    one_close(&one);
    one_open(&one);
    one_reach(&one, TCB_CLOSE_WAIT);
    (void)one_events(&one);
    urgent_in(&one, ".U 2:2 ack 1", 10); /* sixth check: ignored after the peer's FIN */
    assert_int_equal(one_events(&one), 0);
    one_close(&one);
}

static void only_what_was_pushed_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        struct one_host one;
        open_at(&one, origins[i]);
        assert_int_equal(tcp_host_set_nagle(one.host, one.now, one.connection, false), TCP_OK);
        write_with(&one, 10, TCP_SEND_MORE);
        one_wait(&one, 200000); /* more was to follow: it may be held back for a while */
        one_out(&one, ". 1:11 ack 1");
        write_with(&one, 10, 0);
        one_out(&one, "P. 11:21 ack 1");
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_segment_before_the_end_points_at_it),
        cmocka_unit_test(the_user_hears_of_urgent_data_and_of_more),
        cmocka_unit_test(a_read_stops_behind_the_urgent_data),
        cmocka_unit_test(an_old_pointer_means_nothing),
        cmocka_unit_test(only_what_was_pushed_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
