/* Each invariant of tcp_host_check() fires when what it guards is scribbled on. Long because each has
 * its own damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/block.h"
#include "tests/support/one_host.h"

static struct tcb *tcb_of(struct one_host *one)
{
    return host_tcb(one->host, one->connection.slot);
}

static struct tcb_path *path_of(struct one_host *one)
{
    return host_path(one->host, tcb_of(one)->path);
}

static struct tcb_stream *stream_of(struct one_host *one)
{
    return host_stream(one->host, path_of(one)->stream);
}

static struct range *islands_of(struct one_host *one)
{
    return (struct range *)host_table(one->host, HOST_ISLANDS) +
           (size_t)path_of(one)->stream * one->limits.islands;
}

static struct host_timer *heap_of(struct one_host *one)
{
    return host_table(one->host, HOST_HEAP);
}

/* ---- damages to a connection in ESTABLISHED with ten octets unread, ten in flight, an island --- */

static void una_beyond_nxt(struct one_host *one)
{
    tcb_of(one)->snd_una.raw += 11;
}

static void a_ds_field_of_seven_bits(struct one_host *one)
{
    tcb_of(one)->own_ds = 65;
}

static void nxt_beyond_the_text(struct one_host *one)
{
    tcb_of(one)->snd_nxt.raw += 1;
}

static void a_fin_too_early(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_FIN_SENT);
}

static void rcv_nxt_beyond_the_edge(struct one_host *one)
{
    tcb_of(one)->rcv_nxt.raw = tcb_of(one)->rcv_edge.raw + 1;
}

static void a_window_too_large(struct one_host *one)
{
    tcb_of(one)->rcv_edge.raw += 1;
}

static void a_send_ring_too_full(struct one_host *one)
{
    stream_of(one)->send.head = stream_of(one)->send.capacity;
}

static void more_than_the_send_buffer(struct one_host *one)
{
    path_of(one)->send_bytes = 9;
}

static void islands_that_touch(struct one_host *one)
{
    islands_of(one)[0].left = stream_of(one)->receive.next;
}

static void an_island_beyond_the_window(struct one_host *one)
{
    tcb_of(one)->rcv_edge.raw = tcb_of(one)->rcv_nxt.raw + 19;
}

static void no_congestion_window(struct one_host *one)
{
    path_of(one)->congestion.window.cwnd_bytes = 999;
}

static void una_behind_the_iss(struct one_host *one)
{
    tcb_flag_clear(tcb_of(one), TCB_SYN_ACKED);
}

static void wl1_beyond_the_edge(struct one_host *one)
{
    path_of(one)->snd_wl1.raw = tcb_of(one)->rcv_edge.raw + 1;
}

static void wl2_beyond_una(struct one_host *one)
{
    path_of(one)->snd_wl2.raw = tcb_of(one)->snd_una.raw + 1;
}

static void a_fin_that_waits_behind_rcv_nxt(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_FIN_HELD);
    path_of(one)->peer_fin.raw = tcb_of(one)->rcv_nxt.raw - 1;
}

static void a_fin_that_waits_and_was_taken(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_FIN_HELD | TCB_FIN_RECEIVED);
    path_of(one)->peer_fin.raw = tcb_of(one)->rcv_nxt.raw + 20;
}

static void an_island_behind_the_fin(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_FIN_HELD);
    path_of(one)->peer_fin.raw = tcb_of(one)->rcv_nxt.raw + 19; /* it ends at 20 */
}

static void an_island_when_the_fin_is_taken(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_FIN_RECEIVED);
}

static void an_echo_nobody_promised(struct one_host *one)
{
    tcb_of(one)->ecn = TCB_ECN_ECHO;
}

static void a_cwr_for_nothing(struct one_host *one)
{
    tcb_of(one)->ecn = TCB_ECN_SENT | TCB_ECN_CAME_PLAIN | TCB_ECN_CWR;
}

static void reduced_beyond_nxt(struct one_host *one)
{
    tcb_of(one)->ecn = TCB_ECN_SENT | TCB_ECN_CAME | TCB_ECN_REDUCED;
    path_of(one)->ecn_reduced_end.raw = tcb_of(one)->snd_nxt.raw + 1;
}

static void resend_before_una(struct one_host *one)
{
    path_of(one)->resend_next.raw -= 1;
}

static void resend_beyond_nxt(struct one_host *one)
{
    path_of(one)->resend_end.raw = tcb_of(one)->snd_nxt.raw + 1;
}

static void resend_the_wrong_way(struct one_host *one)
{
    path_of(one)->resend_next.raw = tcb_of(one)->snd_nxt.raw;
}

static void both_timers(struct one_host *one)
{
    path_of(one)->persist_at = tcb_of(one)->retransmit_at + 1;
}

static void no_timer(struct one_host *one)
{
    tcb_of(one)->retransmit_at = TCB_NEVER; /* R2 still runs */
    heap_of(one)[0].deadline = tcb_of(one)->lifetime_at;
}

static void not_in_the_heap(struct one_host *one)
{
    tcb_of(one)->heap_position = TCB_NONE;
    one->host->timer_count = 0;
}

static void a_heap_position_elsewhere(struct one_host *one)
{
    tcb_of(one)->heap_position = 1;
}

static void a_deadline_unknown_to_the_heap(struct one_host *one)
{
    heap_of(one)[0].deadline += 1;
}

static void not_hashed(struct one_host *one)
{
    tcb_flag_clear(tcb_of(one), TCB_HASHED);
}

static void another_flow(struct one_host *one)
{
    one->host->recent_slot = TCB_NONE;
    const uint32_t buckets = one->host->bucket_count;
    uint32_t *bucket = host_table(one->host, HOST_BUCKETS);
    for (uint32_t i = 0; i < buckets; i++) {
        bucket[i] = TCB_NONE;
    }
}

static void no_path(struct one_host *one)
{
    tcb_of(one)->path = TCB_NONE;
}

static void a_lost_stream(struct one_host *one)
{
    path_of(one)->stream = TCB_NONE;
}

static void a_used_record_in_the_free_list(struct one_host *one)
{
    one->host->tcb_free = one->connection.slot;
}

static void a_free_list_cut_short(struct one_host *one)
{
    one->host->tcb_free = TCB_NONE;
}

static void a_free_list_that_goes_round(struct one_host *one)
{
    host_tcb(one->host, one->host->tcb_free)->hash_next = one->host->tcb_free;
}

static void a_path_list_that_goes_round(struct one_host *one)
{
    host_path(one->host, one->host->path_free)->next_free = one->host->path_free;
}

static void a_stream_list_that_goes_round(struct one_host *one)
{
    host_stream(one->host, one->host->stream_free)->next_free = one->host->stream_free;
}

static void a_backlog_of_nobody(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_COUNTED);
}

static void owed_but_not_listed(struct one_host *one)
{
    one->host->owed = (struct host_fifo){TCB_NONE, TCB_NONE};
    tcb_flag_set(tcb_of(one), TCB_IN_OWED);
}

static void events_in_a_ring(struct one_host *one)
{
    tcb_of(one)->event_next = one->connection.slot;
}

static void waiting_for_no_listener(struct one_host *one)
{
    tcb_flag_set(tcb_of(one), TCB_COMPLETED);
}

static void a_broken_guard(struct one_host *one)
{
    host_expose_all(one->block, one->block_bytes);
    *((uint8_t *)one->block + one->host->table_at[HOST_PATHS] - 1) ^= 1;
}

static void an_overrun_at_the_very_end(struct one_host *one)
{
    host_expose_all(one->block, one->block_bytes);
    *((uint8_t *)one->block + one->host->block_bytes - HOST_GUARD_BYTES) ^= 1;
}

static const struct {
    void (*damage)(struct one_host *one);
    const char *name;
} rows[] = {
    {una_beyond_nxt, "SND.UNA =< SND.NXT"},
    {a_ds_field_of_seven_bits, "the DS field has six bits"},
    {nxt_beyond_the_text, "SND.NXT - SND.UNA =< octets queued + SYN + FIN"},
    {a_fin_too_early, "a FIN that was sent stands behind every octet"},
    {rcv_nxt_beyond_the_edge, "RCV.NXT =< the right edge of the receive window"},
    {a_window_too_large, "unread octets and the offered window fit the receive buffer"},
    {a_send_ring_too_full, "the send ring is sound"},
    {more_than_the_send_buffer, "the send buffer holds no more than its size"},
    {islands_that_touch, "the receive buffer and its islands are sound"},
    {an_island_beyond_the_window, "islands lie inside the receive window"},
    {no_congestion_window, "cwnd >= 1 SMSS"},
    {una_behind_the_iss, "SND.UNA is the ISS until our SYN is acknowledged"},
    {wl1_beyond_the_edge, "SND.WL1 =< the right edge of the receive window"},
    {wl2_beyond_una, "SND.WL2 =< SND.UNA"},
    {a_fin_that_waits_behind_rcv_nxt, "a FIN that waits for what is before it lies beyond RCV.NXT"},
    {a_fin_that_waits_and_was_taken, "a FIN that waits for what is before it lies beyond RCV.NXT"},
    {an_island_behind_the_fin, "nothing is kept that lies behind the peer's FIN"},
    {an_island_when_the_fin_is_taken, "nothing is kept that lies behind the peer's FIN"},
    {an_echo_nobody_promised, "marks are echoed only where our SYN said that they would be"},
    {a_cwr_for_nothing, "echoes are answered only where text is ECN-capable"},
    {reduced_beyond_nxt, "the window that was reduced lies before SND.NXT"},
    {resend_before_una, "what is to be sent again lies between SND.UNA and SND.NXT"},
    {resend_beyond_nxt, "what is to be sent again lies between SND.UNA and SND.NXT"},
    {resend_the_wrong_way, "what is to be sent again lies between SND.UNA and SND.NXT"},
    {both_timers, "RTO and persist timer exclude each other"},
    {no_timer, "something outstanding has a timer"},
    {not_in_the_heap, "a connection is in the heap when it has a deadline, and only then"},
    {a_heap_position_elsewhere, "heap positions lead back to their entries"},
    {a_deadline_unknown_to_the_heap, "the heap knows each connection's earliest deadline"},
    {not_hashed, "living records, and only they, are entered in the demultiplexer"},
    {another_flow, "the demultiplexer finds each connection by its flow"},
    {no_path, "every path is free or belongs to one record"},
    {a_lost_stream, "every stream is free or belongs to one record"},
    {a_used_record_in_the_free_list, "the free list holds free records, each once"},
    {a_free_list_cut_short, "every record is free or in use"},
    {a_free_list_that_goes_round, "the free list holds free records, each once"},
    {a_path_list_that_goes_round, "every path is free or belongs to one record"},
    {a_stream_list_that_goes_round, "every stream is free or belongs to one record"},
    {a_backlog_of_nobody, "a listener's backlog counts its children"},
    {owed_but_not_listed, "the list of what is owed holds the records flagged for it, once"},
    {events_in_a_ring, "the list of events holds the records flagged for it, once"},
    {waiting_for_no_listener, "what waits to be accepted counts in the backlog"},
    {a_broken_guard, "guard words between tables are intact"},
    {an_overrun_at_the_very_end, "guard words between tables are intact"},
};

static void begin(struct one_host *one)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
    one_write(one, 10);
    one_out(one, "P. 1:11 ack 1");
    one_in(one, "P. 1:11 ack 1");
    one_in(one, "P. 21:31 ack 1");
    one_out(one, ". 11:11 ack 11");
    assert_null(tcp_host_check(one->host));
}

static void each_damage_to_a_connection_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        begin(&one);
        rows[i].damage(&one);
        assert_string_equal(tcp_host_check(one.host), rows[i].name);
        one_close(&one);
    }
}

/* ---- damages that need another state ------------------------------------------------------------ */

static void damages_to_timers_at_rest_are_named(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_TIME_WAIT);
    tcb_of(&one)->lifetime_at = TCB_NEVER;
    tcb_of(&one)->retransmit_at = heap_of(&one)[0].deadline;
    assert_string_equal(tcp_host_check(one.host), "TIME-WAIT has a deadline");
    one_close(&one);

    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:2 ack 1"); /* a delayed ACK waits, so that the heap has an entry */
    tcb_of(&one)->retransmit_at = TCB_NEVER - 1;
    assert_string_equal(tcp_host_check(one.host), "no RTO runs when nothing is outstanding");
    one_close(&one);

    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10);
    tcb_of(&one)->snd_wnd = 0;
    assert_string_equal(tcp_host_check(one.host),
                        "data before a shut window has the persist timer");
    one_close(&one);

    one_open(&one);
    one_listen(&one, 1);
    host_tcb(one.host, one.listener.slot)->heap_position = 0;
    assert_string_equal(
        tcp_host_check(one.host),
        "a listener is in the heap when its user's patience has an end, and only then");
    one_close(&one);
}

static void states_that_nothing_moves_are_named(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 10); /* and not polled */
    tcb_flag_clear(tcb_of(&one), TCB_IN_OWED);
    one.host->owed = (struct host_fifo){TCB_NONE, TCB_NONE};
    assert_string_equal(tcp_host_check(one.host), "what was not sent yet has a timer, or is owed");
    one_close(&one);

    one_open(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    tcb_of(&one)->state = TCB_FIN_WAIT_1;
    assert_string_equal(tcp_host_check(one.host),
                        "FIN-WAIT-1, CLOSING and LAST-ACK have a deadline");
    one_close(&one);

    one_open(&one);
    one_reach(&one, TCB_FIN_WAIT_2);
    tcb_flag_set(tcb_of(&one), TCB_RELEASED);
    assert_null(tcp_host_check(one.host));
    one.host->config.orphan_timeout_us = 1;
    assert_string_equal(tcp_host_check(one.host),
                        "an orphan in FIN-WAIT-2 has a deadline where settings say so");
    one_close(&one);
}

static void a_heap_out_of_order_is_named(void **state)
{
    (void)state;
    for (uint32_t is_equal = 0; is_equal < 2; is_equal++) {
        struct one_host one;
        one_open(&one);
        assert_int_equal(one_connect(&one), TCP_OK);
        one_pass(&one, is_equal ? 0 : 1);
        one.local.port++;
        assert_int_equal(one_connect(&one), TCP_OK);
        struct host_timer *heap = heap_of(&one);
        const struct host_timer first = heap[0];
        heap[0] = heap[1];
        heap[1] = first;
        host_tcb(one.host, heap[0].slot)->heap_position = 0;
        host_tcb(one.host, heap[1].slot)->heap_position = 1;
        assert_string_equal(tcp_host_check(one.host), "the heap is ordered by deadline");
        one_close(&one);
    }
}

static void damages_to_an_accept_queue_are_named(void **state)
{
    (void)state;
    struct one_host one;
    for (uint32_t damage = 0; damage < 4; damage++) {
        one_open(&one);
        one_reach_passive(&one, TCB_ESTABLISHED);
        struct tcb *listener = host_tcb(one.host, one.listener.slot);
        if (damage == 0) {
            listener->sibling = TCB_NONE;
        } else if (damage == 1) {
            tcb_of(&one)->sibling = one.connection.slot;
        } else if (damage == 2) {
            tcb_of(&one)->listener = one.connection.slot;
        } else {
            listener->accept_last = one.listener.slot;
        }
        assert_string_equal(tcp_host_check(one.host),
                            "accept queues hold the completed children, once");
        one_close(&one);
    }
}

static void a_synchronized_connection_without_a_path_is_named(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_TIME_WAIT); /* its path has gone back */
    tcb_of(&one)->state = TCB_CLOSING;
    assert_string_equal(tcp_host_check(one.host), "a synchronized connection has a path");
    one_close(&one);
}

static void a_dead_record_in_the_heap_is_named(void **state)
{
    (void)state;
    struct one_host one;
    begin(&one);
    struct tcb *tcb = tcb_of(&one);
    one_in(&one, "R. 11:11 ack 11");
    assert_int_equal(tcb->state, TCB_CLOSED);
    assert_null(tcp_host_check(one.host));
    tcb->heap_position = 0;
    assert_string_equal(tcp_host_check(one.host), "a record at rest has no timer");
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_damage_to_a_connection_is_named),
        cmocka_unit_test(damages_to_timers_at_rest_are_named),
        cmocka_unit_test(states_that_nothing_moves_are_named),
        cmocka_unit_test(a_heap_out_of_order_is_named),
        cmocka_unit_test(damages_to_an_accept_queue_are_named),
        cmocka_unit_test(a_synchronized_connection_without_a_path_is_named),
        cmocka_unit_test(a_dead_record_in_the_heap_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
