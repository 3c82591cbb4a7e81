/* Silly windows on both sides, and Nagle (RFC 9293 3.8.6.2, 3.7.4). The peer's MSS is 1000. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void open_with_window(struct one_host *one, uint32_t receive_bytes)
{
    one_prepare(one);
    one->config.receive_buffer_bytes = receive_bytes;
    one->config.ack_every_segments = 1;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
}

/* ---- the receiver ------------------------------------------------------------------------------- */

static void the_window_falls_while_nobody_reads(void **state)
{
    (void)state;
    struct one_host one;
    open_with_window(&one, 3000);
    one_in(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1:1 ack 1001 win 2000");
    one_in(&one, ". 1001:2001 ack 1");
    one_out(&one, ". 1:1 ack 2001 win 1000");
    one_in(&one, ". 2001:3001 ack 1");
    one_out(&one, ". 1:1 ack 3001 win 0");
    one_close(&one);
}

/* SHLD-14, MUST-39: the edge moves by min(half the buffer, MSS) or not at all. */
static void the_right_edge_moves_in_large_steps_only(void **state)
{
    (void)state;
    struct one_host one;
    open_with_window(&one, 8000);
    for (uint32_t i = 0; i < 8; i++) {
        struct tcp_segment segment = one_segment(&one, ". 1:1001 ack 1");
        segment.seq.raw += i * 1000;
        uint8_t text[1000];
        for (uint32_t j = 0; j < sizeof text; j++) {
            text[j] = one_octet(1, i * 1000 + j);
        }
        segment.payload = text;
        one_deliver(&one, &segment);
    }
    one_out(&one, ". 1:1 ack 8001 win 0");
    one_read(&one, 1459); /* our MSS is 1460 */
    one_silent(&one);
    one_in(&one, ". 8000:8000 ack 1"); /* an ACK that leaves anyway says nothing of it */
    one_out(&one, ". 1:1 ack 8001 win 0");
    one_read(&one, 1);
    one_silent(&one); /* no ACK for it alone: two segments or half the buffer */
    one_in(&one, ". 8000:8000 ack 1");
    one_out(&one, ". 1:1 ack 8001 win 1460");
    one_read(&one, 2919);
    one_silent(&one);
    one_read(&one, 1);
    one_out(&one, ". 1:1 ack 8001 win 4380");
    one_silent(&one);
    one_close(&one);
}

static void a_small_buffer_opens_by_its_half(void **state)
{
    (void)state;
    struct one_host one;
    open_with_window(&one, 100);
    one_in(&one, "P. 1:101 ack 1");
    one_out(&one, ". 1:1 ack 101 win 0");
    one_read(&one, 49);
    one_silent(&one);
    one_read(&one, 1);
    one_out(&one, ". 1:1 ack 101 win 50");
    one_close(&one);
}

static void the_window_is_no_more_than_16_bits_can_say(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.receive_buffer_bytes = one.config.receive_buffer_bytes = 200000;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    assert_int_equal(one.last.window, 65535);
    one_in(&one, "S. 0:0 ack 1");
    one_out(&one, ". 1:1 ack 1 win 65535");
    one_in(&one, "P. 1:2001 ack 1");
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 2001 win 65535");
    one_close(&one);
}

/* ---- the sender --------------------------------------------------------------------------------- */

static void a_full_segment_goes_a_small_one_waits_for_the_ack(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 2500);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1001:2001 ack 1");
    one_silent(&one); /* SHLD-7 */
    one_in(&one, ". 1:1 ack 1001");
    one_silent(&one);
    one_write(&one, 500);
    one_out(&one, "P. 2001:3001 ack 1"); /* full now */
    one_write(&one, 1);
    one_in(&one, ". 1:1 ack 3001");
    one_out(&one, "P. 3001:3002 ack 1"); /* nothing is outstanding */
    one_silent(&one);
    one_close(&one);
}

/* MUST-17. */
static void nagle_can_be_switched_off(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 1);
    one_out(&one, "P. 1:2 ack 1");
    one_write(&one, 1);
    one_silent(&one);
    assert_int_equal(tcp_host_set_nagle(one.host, one.now, one.connection, false), TCP_OK);
    one_out(&one, "P. 2:3 ack 1");
    one_write(&one, 1);
    one_out(&one, "P. 3:4 ack 1");
    assert_int_equal(tcp_host_set_nagle(one.host, one.now, one.connection, true), TCP_OK);
    one_write(&one, 1);
    one_silent(&one);
    one_close(&one);
    one_prepare(&one);
    one.config.nagle = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 1);
    one_out(&one, "P. 1:2 ack 1");
    one_write(&one, 1);
    one_out(&one, "P. 2:3 ack 1");
    one_close(&one);
}

/* RFC 2525 2.15: a user who has closed will not add to it. */
static void a_fin_does_not_wait_for_the_ack(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_write(&one, 10);
    one_silent(&one);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_out(&one, "FP. 11:21 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void the_peers_window_is_never_overrun(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 1 win 2000");
    one_write(&one, 5000);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1001:2001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1001 win 1000"); /* the edge stays */
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1001 win 1999");
    one_silent(&one); /* 999 octets would be a silly segment */
    one_in(&one, ". 1:1 ack 1001 win 2000");
    one_out(&one, ". 2001:3001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1001 win 500"); /* the edge goes left: MUST-34 */
    one_silent(&one);
    one_close(&one);
}

/* 3.8.6.2.1 (3): half of the largest window ever seen is worth a segment. */
static void half_of_the_largest_window_is_not_silly(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, "S. 0:0 ack 1 win 800 mss 1000");
    one_out(&one, ". 1:1 ack 1");
    one_write(&one, 2000);
    one_out(&one, ". 1:801 ack 1"); /* all of it is at least half */
    one_in(&one, ". 1:1 ack 801 win 399");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 801 win 400");
    one_out(&one, ". 801:1201 ack 1");
    one_close(&one);
}

/* 3.8.6.2.1 (4). */
static void what_is_held_back_goes_when_the_override_runs_out(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 1 win 10");
    one_write(&one, 1500);
    one_silent(&one);
    one_wait(&one, 199999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 1:11 ack 1");
    one_silent(&one);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_SWS_OVERRIDE_TIMEOUT);
    one_in(&one, ". 1:1 ack 11 win 10");
    one_silent(&one);
    one_wait(&one, 200000);
    one_out(&one, ". 11:21 ack 1");
    one_close(&one);
}

/* The override falls due and the window shuts in one call: it counts for that window only. */
static void an_override_that_came_too_late_is_forgotten(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1 ack 1 win 10");
    one_write(&one, 1500);
    one_pass(&one, 200001);
    one_in(&one, ". 1:1 ack 1 win 0");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1 win 1");
    one_silent(&one);
    one_wait(&one, 200000);
    one_out(&one, ". 1:2 ack 1");
    one_close(&one);
}

static void the_congestion_window_holds_too(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.initial_window_segments = 2;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10000);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1001:2001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1001");
    one_out(&one, ". 2001:3001 ack 1");
    one_out(&one, ". 3001:4001 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void the_last_octets_of_a_send_are_pushed(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 2000);
    one_out(&one, ". 1:1001 ack 1");
    one_out(&one, "P. 1001:2001 ack 1");
    one_close(&one);
}

/* Without scaling, what lies beyond 65535 octets can neither be said nor be taken. */
static void a_large_buffer_offers_no_more_than_the_field_holds(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = 200000;
    one.config.ack_every_segments = 1;
    one.limits.receive_buffer_bytes = 200000;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1:1 ack 1001 win 64535"); /* a thousand more would be less than a segment */
    one_in(&one, ". 1001:2001 ack 1");
    one_out(&one, ". 1:1 ack 2001 win 65535");
    assert_int_equal(one_status(&one).rcv_wnd, 65535);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_falls_while_nobody_reads),
        cmocka_unit_test(the_right_edge_moves_in_large_steps_only),
        cmocka_unit_test(a_small_buffer_opens_by_its_half),
        cmocka_unit_test(the_window_is_no_more_than_16_bits_can_say),
        cmocka_unit_test(a_large_buffer_offers_no_more_than_the_field_holds),
        cmocka_unit_test(a_full_segment_goes_a_small_one_waits_for_the_ack),
        cmocka_unit_test(nagle_can_be_switched_off),
        cmocka_unit_test(a_fin_does_not_wait_for_the_ack),
        cmocka_unit_test(the_peers_window_is_never_overrun),
        cmocka_unit_test(half_of_the_largest_window_is_not_silly),
        cmocka_unit_test(what_is_held_back_goes_when_the_override_runs_out),
        cmocka_unit_test(an_override_that_came_too_late_is_forgotten),
        cmocka_unit_test(the_congestion_window_holds_too),
        cmocka_unit_test(the_last_octets_of_a_send_are_pushed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
