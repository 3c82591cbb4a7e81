/* Records, paths and streams come from free lists and go back; handles outlive them without harm; the
 * lists of what is owed keep the order of causes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/fifo.h"
#include "host/slots.h"
#include "tests/random.h"
#include "tests/support/one_host.h"

static void every_record_can_be_taken_once(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    bool seen[16] = {false};
    for (uint32_t i = 0; i < 16; i++) {
        const struct tcb *tcb = host_take_tcb(one.host);
        assert_non_null(tcb);
        const uint32_t slot = host_slot_of(one.host, tcb);
        assert_false(seen[slot]);
        seen[slot] = true;
    }
    assert_null(host_take_tcb(one.host));
    assert_int_equal(tcp_host_counters(one.host).connections_full, 1);
    one_close(&one);
}

static void a_record_that_comes_back_has_another_generation(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    struct tcb *tcb = host_take_tcb(one.host);
    const tcp_handle first = host_handle(one.host, tcb);
    assert_int_not_equal(first.generation, 0);
    host_try_free(one.host, tcb); /* CLOSED, and nobody holds it */
    assert_true(host_is_free(tcb));
    assert_ptr_equal(host_take_tcb(one.host), tcb);
    const tcp_handle second = host_handle(one.host, tcb);
    assert_int_equal(second.slot, first.slot);
    assert_int_not_equal(second.generation, first.generation);
    one_close(&one);
}

static void nothing_that_is_held_is_freed(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    struct tcb *tcb = host_take_tcb(one.host);
    static const uint16_t holders[] = {TCB_OWNED, TCB_IN_OWED, TCB_IN_EVENTS};
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
        tcb_flag_set(tcb, holders[i]);
        host_try_free(one.host, tcb);
        assert_false(host_is_free(tcb));
        tcb_flag_clear(tcb, holders[i]);
    }
    tcb->state = TCB_ESTABLISHED; /* alive */
    host_try_free(one.host, tcb);
    assert_false(host_is_free(tcb));
    one_close(&one);
}

static void parts_are_attached_once_and_go_back(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.paths = 2;
    one.limits.streams = 1;
    one_start(&one);
    struct tcb *a = host_take_tcb(one.host);
    struct tcb *b = host_take_tcb(one.host);
    struct tcb *c = host_take_tcb(one.host);
    assert_true(host_attach_path(one.host, a));
    const uint32_t path = a->path;
    assert_true(host_attach_path(one.host, a));
    assert_int_equal(a->path, path);
    assert_true(host_attach_path(one.host, b));
    assert_false(host_attach_path(one.host, c));
    assert_int_equal(tcp_host_counters(one.host).paths_full, 1);
    assert_true(host_attach_stream(one.host, a));
    assert_true(host_attach_stream(one.host, a));
    assert_false(host_attach_stream(one.host, b));
    host_detach_path(one.host, a); /* takes its stream along */
    host_detach_path(one.host, a);
    assert_true(host_attach_stream(one.host, b));
    assert_true(host_attach_path(one.host, c));
    one_close(&one);
}

/* A handle of any age and make gets an error from every call, never another connection. */
static void expect_stale(struct one_host *one, tcp_handle handle)
{
    const struct tcp_room room = {one->room, 1};
    struct tcp_status status;
    size_t taken = 0;
    tcp_handle out = TCP_HANDLE_NONE;
    struct tcp_host *host = one->host;
    const tcp_time now = one->now;
    const enum tcp_error none = TCP_ERROR_NO_CONNECTION;
    assert_int_equal(tcp_host_status(host, handle, &status), none);
    assert_int_equal(tcp_host_accept(host, now, handle, &out), none);
    assert_int_equal(tcp_host_send(host, now, handle, one->room, 1, &taken), none);
    assert_int_equal(tcp_host_receive(host, now, handle, room, &taken), none);
    assert_int_equal(tcp_host_close(host, now, handle), none);
    assert_int_equal(tcp_host_abort(host, now, handle), none);
    assert_int_equal(tcp_host_release(host, now, handle), none);
    assert_int_equal(tcp_host_set_nagle(host, now, handle, true), none);
}

static void stale_handles_reach_nobody(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    const tcp_handle first = one.connection;
    expect_stale(&one, TCP_HANDLE_NONE);
    expect_stale(&one, (tcp_handle){first.slot, first.generation + 1});
    expect_stale(&one, (tcp_handle){first.slot, first.generation - 1});
    expect_stale(&one, (tcp_handle){first.slot + 1, first.generation});
    expect_stale(&one, (tcp_handle){16, 1});
    expect_stale(&one, (tcp_handle){UINT32_MAX, UINT32_MAX});
    assert_int_equal(one_abort(&one), TCP_OK);
    assert_int_equal(tcp_host_release(one.host, one.now, first), TCP_OK);
    one_out(&one, "R 1:1");
    one_silent(&one);
    (void)one_events(&one);
    expect_stale(&one, first);
    one_reach(&one, TCB_ESTABLISHED); /* the same slot, the same flow */
    assert_int_equal(one.connection.slot, first.slot);
    expect_stale(&one, first);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    one_close(&one);
}

/* ---- lists -------------------------------------------------------------------------------------- */

static void lists_are_first_in_first_out(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    struct tcb *tcb[16];
    for (uint32_t i = 0; i < 16; i++) {
        tcb[i] = host_take_tcb(one.host);
    }
    for (uint32_t i = 0; i < 16; i++) {
        host_fifo_add_owed(one.host, tcb[(i * 5) % 16]);
        host_fifo_add_owed(one.host, tcb[(i * 5) % 16]); /* once */
    }
    for (uint32_t i = 0; i < 16; i++) {
        assert_ptr_equal(host_fifo_take_owed(one.host), tcb[(i * 5) % 16]);
    }
    assert_null(host_fifo_take_owed(one.host));
    one_close(&one);
}

static void an_event_can_be_withdrawn_from_anywhere(void **state)
{
    (void)state;
    struct random_source random = {99};
    for (uint32_t run = 0; run < 200; run++) {
        struct one_host one;
        one_open(&one);
        struct tcb *line[16];
        uint32_t count = 1 + random_below(&random, 16);
        for (uint32_t i = 0; i < count; i++) {
            line[i] = host_take_tcb(one.host);
            host_fifo_add_event(one.host, line[i]);
        }
        while (count > 0) {
            const uint32_t at = random_below(&random, count);
            host_fifo_remove_event(one.host, host_slot_of(one.host, line[at]));
            assert_false(tcb_has(line[at], TCB_IN_EVENTS));
            if (random_below(&random, 2) == 0) { /* to the end of the line */
                struct tcb *again = line[at];
                memmove(&line[at], &line[at + 1], (count - at - 1) * sizeof *line);
                line[count - 1] = again;
                host_fifo_add_event(one.host, again);
            } else {
                memmove(&line[at], &line[at + 1], (count - at - 1) * sizeof *line);
                count--;
            }
            uint32_t slot = one.host->events.first;
            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(slot, host_slot_of(one.host, line[i]));
                slot = host_tcb(one.host, slot)->event_next;
            }
            assert_int_equal(slot, TCB_NONE);
        }
        assert_int_equal(one.host->events.last, TCB_NONE);
        one_close(&one);
    }
}

/* The dead that only wait to be polled make way for the living. */
static void an_ended_record_nobody_asks_for_gives_up_its_place(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.limits.connections = 3;
    one_start(&one);
    one_listen(&one, 8);
    for (uint16_t i = 0; i < 10; i++) { /* never a poll for events */
        one.remote.port = (uint16_t)(ONE_PEER_PORT + i);
        one_in(&one, "S 0:0");
        one_out(&one, "S. 0:0 ack 1");
        one_in(&one, "R 1:1");
        one_silent(&one);
    }
    assert_int_equal(tcp_host_counters(one.host).connections_full, 0);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_can_be_taken_once),
        cmocka_unit_test(a_record_that_comes_back_has_another_generation),
        cmocka_unit_test(nothing_that_is_held_is_freed),
        cmocka_unit_test(parts_are_attached_once_and_go_back),
        cmocka_unit_test(stale_handles_reach_nobody),
        cmocka_unit_test(lists_are_first_in_first_out),
        cmocka_unit_test(an_event_can_be_withdrawn_from_anywhere),
        cmocka_unit_test(an_ended_record_nobody_asks_for_gives_up_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
