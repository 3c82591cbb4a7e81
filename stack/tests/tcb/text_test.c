/* Seventh check of 3.10.7.4: text in order and out of it, and when its ACK leaves (RFC 9293 3.8.6.3, RFC
 * 5681 4.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/block.h"
#include "tests/support/one_host.h"

static void open_established(struct one_host *one)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
}

static void the_first_segment_waits_for_the_delayed_ack(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_in(&one, "P. 1:11 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).delayed_ack_at.us, ONE_START_US + 200000);
    one_wait(&one, 199999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 1:1 ack 11");
    one_silent(&one);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_DELAYED_ACK_TIMEOUT);
    assert_int_equal(one_status(&one).delayed_ack_at.us, UINT64_MAX);
    one_close(&one);
}

static void every_second_segment_is_acknowledged_at_once(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_in(&one, ". 1:1001 ack 1");
    one_silent(&one);
    one_in(&one, ". 1001:2001 ack 1");
    one_out(&one, ". 1:1 ack 2001");
    one_in(&one, ". 2001:3001 ack 1");
    one_silent(&one);
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 3001");
    one_silent(&one);
    one_close(&one);
}

static void the_number_of_segments_and_the_delay_can_be_set(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.ack_every_segments = 1;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1:1 ack 1001");
    one_close(&one);
    one_prepare(&one);
    one.config.delayed_ack_us = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 1:1001 ack 1");
    one_out(&one, ". 1:1 ack 1001");
    one_close(&one);
}

static void data_carries_the_ack_that_waits(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_in(&one, "P. 1:11 ack 1");
    one_write(&one, 5);
    one_out(&one, "P. 1:6 ack 11");
    one_silent(&one);
    assert_int_equal(one_status(&one).delayed_ack_at.us, UINT64_MAX);
    one_in(&one, "P. 11:21 ack 6"); /* and the count begins anew */
    one_silent(&one);
    one_close(&one);
}

/* MUST-58: one ACK for all that was in order. */
static void a_batch_in_order_draws_one_ack(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    for (uint32_t i = 0; i < 10; i++) {
        struct tcp_segment segment = one_segment(&one, ". 1:1001 ack 1");
        segment.seq.raw += i * 1000;
        uint8_t text[1000];
        for (uint32_t j = 0; j < sizeof text; j++) {
            text[j] = one_octet(1, i * 1000 + j);
        }
        segment.payload = text;
        one_deliver(&one, &segment);
    }
    one_out(&one, ". 1:1 ack 10001");
    one_silent(&one);
    one_read(&one, 10000);
    one_close(&one);
}

/* RFC 5681 4.2: each costs its own, so that the sender can count them. */
static void a_batch_out_of_order_draws_one_ack_each(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_in(&one, "P. 11:21 ack 1");
    one_in(&one, "P. 31:41 ack 1");
    one_in(&one, "P. 21:31 ack 1");
    for (uint32_t i = 0; i < 3; i++) {
        one_out(&one, ". 1:1 ack 1");
    }
    one_silent(&one);
    assert_int_equal(one_status(&one).islands, 1);
    one_in(&one, "P. 1:11 ack 1"); /* fills the gap: acknowledged at once */
    one_out(&one, ". 1:1 ack 41");
    one_silent(&one);
    one_read(&one, 40);
    one_close(&one);
}

static void filling_part_of_a_gap_is_acknowledged_at_once(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_in(&one, "P. 21:31 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_in(&one, "P. 1:11 ack 1");
    one_out(&one, ". 1:1 ack 11");
    one_in(&one, "P. 11:26 ack 1"); /* overlaps the island */
    one_out(&one, ". 1:1 ack 31");
    one_silent(&one);
    one_read(&one, 30);
    one_close(&one);
}

static void refused_empty_segments_draw_ten_acks_in_five_seconds(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    for (uint32_t row = 0; row < 2; row++) {
        for (uint32_t i = 0; i < 12; i++) {
            one_in(&one, "F. 100000:100000 ack 1"); /* a FIN is not one of them */
            one_out(&one, ". 1:1 ack 1");
            one_in(&one, i % 2 == 0 ? ". 0:0 ack 1" : ". 1:1 ack 2");
            if (i < 10) {
                one_out(&one, ". 1:1 ack 1");
            }
            one_silent(&one);
        }
        one_wait(&one, 4999999);
        one_in(&one, ". 0:0 ack 1");
        one_silent(&one);
        one_wait(&one, 1);
    }
    one_close(&one);
}

static void a_batch_of_many_duplicates_draws_at_most_255(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.ack_limit = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    for (uint32_t i = 0; i < 300; i++) {
        one_in(&one, ". 0:0 ack 1");
    }
    for (uint32_t i = 0; i < 255; i++) {
        one_out(&one, ". 1:1 ack 1");
    }
    one_silent(&one);
    one_close(&one);
}

/* SHLD-31; ACK and window of a segment beyond a hole count at once. */
static void the_ack_of_text_beyond_a_hole_counts(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    one_write(&one, 10);
    one_out(&one, "P. 1:11 ack 1");
    one_in(&one, "P. 11:21 ack 11 win 123");
    one_out(&one, ". 11:11 ack 1");
    assert_int_equal(one_status(&one).unacked_bytes, 0);
    assert_int_equal(one_status(&one).snd_wnd, 123);
    one_close(&one);
}

static void islands_beyond_their_table_are_dropped_but_acknowledged(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.islands = 2;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 11:21 ack 1");
    one_in(&one, "P. 31:41 ack 1");
    one_in(&one, "P. 51:61 ack 1");
    for (uint32_t i = 0; i < 3; i++) {
        one_out(&one, ". 1:1 ack 1");
    }
    one_silent(&one);
    assert_int_equal(tcp_host_counters(one.host).islands_full, 1);
    assert_int_equal(one_step(&one).text_taken, 0);
    one_in(&one, "P. 1:11 ack 1"); /* at RCV.NXT: always taken */
    one_out(&one, ". 1:1 ack 21");
    one_in(&one, "P. 41:51 ack 1"); /* touches one: needs no other */
    one_out(&one, ". 1:1 ack 21");
    assert_int_equal(one_status(&one).islands, 1);
    one_in(&one, "P. 21:31 ack 1");
    one_out(&one, ". 1:1 ack 51");
    one_read(&one, 50);
    one_close(&one);
}

static void without_islands_only_text_in_order_is_taken(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.islands = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 11:21 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_in(&one, "P. 1:21 ack 1");
    one_read(&one, 20);
    one_close(&one);
}

static void text_that_finds_no_stream_is_not_acknowledged(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.streams = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "FP. 1:11 ack 1"); /* nor is the FIN behind it */
    one_wait(&one, 1000000);
    one_silent(&one);
    assert_int_equal(tcp_host_counters(one.host).streams_full, 1);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    assert_int_equal(one_status(&one).rcv_nxt.raw, ONE_IRS + 1);
    assert_int_equal(one_write_error(&one), TCP_ERROR_RESOURCES);
    one_in(&one, "F. 1:1 ack 1"); /* without text no stream is needed */
    one_out(&one, ". 1:1 ack 2");
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_close(&one);
}

static void a_buffer_may_end_inside_a_segment(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = 15;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:11 ack 1");
    one_in(&one, "P. 11:21 ack 1");
    one_out(&one, ". 1:1 ack 16 win 0");
    one_read(&one, 15);
    one_out(&one, ". 1:1 ack 16 win 15");
    one_in(&one, "P. 11:21 ack 1"); /* again, as the peer would */
    one_wait(&one, 200000);
    one_out(&one, ". 1:1 ack 21 win 10");
    one_read(&one, 5);
    one_close(&one);
}

static void text_is_told_of_and_handed_over_in_order(void **state)
{
    (void)state;
    struct one_host one;
    open_established(&one);
    (void)one_events(&one);
    assert_int_equal(one_read_error(&one), TCP_ERROR_AGAIN);
    one_in(&one, "P. 11:21 ack 1");
    assert_int_equal(one_events(&one), 0);
    assert_int_equal(one_read_error(&one), TCP_ERROR_AGAIN);
    one_in(&one, "P. 1:11 ack 1");
    assert_int_equal(one_events(&one), TCP_EVENT_READABLE);
    assert_int_equal(one_step(&one).text_taken, 10);
    one_read(&one, 1);
    one_read(&one, 19);
    assert_int_equal(one_read_error(&one), TCP_ERROR_AGAIN);
    one_close(&one);
}

/* Text goes through the ring's end again and again. */
static void a_stream_may_be_longer_than_its_buffer(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.receive_buffer_bytes = one.limits.receive_buffer_bytes = 1000;
    one.irs = UINT32_MAX - 5000;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    uint8_t text[700];
    for (uint32_t i = 0; i < 100; i++) {
        struct tcp_segment segment = one_segment(&one, ". 1:701 ack 1");
        segment.seq.raw += i * 700;
        for (uint32_t j = 0; j < sizeof text; j++) {
            text[j] = one_octet(1, i * 700 + j);
        }
        segment.payload = text;
        one_deliver(&one, &segment);
        one_read(&one, 700);
        struct tcp_segment ack;
        const struct tcp_room room = {one.room, sizeof one.room};
        assert_true(tcp_host_poll_segment(one.host, room, &ack));
        assert_int_equal(ack.window, 1000);
    }
    one_close(&one);
}

/* So that the mark stays comparable however much comes without a push. */
static void a_push_that_was_handed_out_is_forgotten(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:11 ack 1");
    const struct tcb *tcb = host_tcb_read(one.host, one.connection.slot);
    assert_true(host_path_read(one.host, tcb->path)->was_pushed);
    uint8_t bytes[10];
    size_t taken;
    assert_int_equal(tcp_host_receive(one.host, one.now, one.connection,
                                      (struct tcp_room){bytes, sizeof bytes}, &taken),
                     TCP_OK);
    assert_int_equal(taken, sizeof bytes);
    assert_false(host_path_read(one.host, tcb->path)->was_pushed);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_push_that_was_handed_out_is_forgotten),
        cmocka_unit_test(the_first_segment_waits_for_the_delayed_ack),
        cmocka_unit_test(every_second_segment_is_acknowledged_at_once),
        cmocka_unit_test(the_number_of_segments_and_the_delay_can_be_set),
        cmocka_unit_test(data_carries_the_ack_that_waits),
        cmocka_unit_test(a_batch_in_order_draws_one_ack),
        cmocka_unit_test(a_batch_out_of_order_draws_one_ack_each),
        cmocka_unit_test(filling_part_of_a_gap_is_acknowledged_at_once),
        cmocka_unit_test(refused_empty_segments_draw_ten_acks_in_five_seconds),
        cmocka_unit_test(a_batch_of_many_duplicates_draws_at_most_255),
        cmocka_unit_test(the_ack_of_text_beyond_a_hole_counts),
        cmocka_unit_test(islands_beyond_their_table_are_dropped_but_acknowledged),
        cmocka_unit_test(without_islands_only_text_in_order_is_taken),
        cmocka_unit_test(text_that_finds_no_stream_is_not_acknowledged),
        cmocka_unit_test(a_buffer_may_end_inside_a_segment),
        cmocka_unit_test(text_is_told_of_and_handed_over_in_order),
        cmocka_unit_test(a_stream_may_be_longer_than_its_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
