/* The user's calls in each state (RFC 9293 3.10.2 to 3.10.6): what they answer, and what they do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void open_in(struct one_host *one, enum tcb_state state)
{
    one_open(one);
    one_reach(one, state);
}

static void send_answers_by_state(void **state)
{
    (void)state;
    static const struct {
        enum tcb_state state;
        enum tcp_error error;
    } rows[] = {
        {TCB_SYN_SENT, TCP_OK},
        {TCB_SYN_RECEIVED, TCP_OK},
        {TCB_ESTABLISHED, TCP_OK},
        {TCB_CLOSE_WAIT, TCP_OK},
        {TCB_FIN_WAIT_1, TCP_ERROR_CLOSING},
        {TCB_FIN_WAIT_2, TCP_ERROR_CLOSING},
        {TCB_CLOSING, TCP_ERROR_CLOSING},
        {TCB_LAST_ACK, TCP_ERROR_CLOSING},
        {TCB_TIME_WAIT, TCP_ERROR_CLOSING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        open_in(&one, rows[i].state);
        assert_int_equal(one_write_error(&one), rows[i].error);
        assert_int_equal(one_state(&one), rows[i].state);
        assert_null(tcp_host_check(one.host));
        one_close(&one);
    }
    struct one_host one;
    one_open(&one);
    one_listen(&one, 1);
    one.connection = one.listener;
    assert_int_equal(one_write_error(&one), TCP_ERROR_REMOTE_MISSING);
    assert_int_equal(one_read_error(&one), TCP_ERROR_AGAIN);
    one.connection = TCP_HANDLE_NONE;
    assert_int_equal(one_write_error(&one), TCP_ERROR_NO_CONNECTION);
    assert_int_equal(one_read_error(&one), TCP_ERROR_NO_CONNECTION);
    assert_int_equal(one_shut(&one), TCP_ERROR_NO_CONNECTION);
    assert_int_equal(one_abort(&one), TCP_ERROR_NO_CONNECTION);
    one_close(&one);
}

static void what_is_sent_early_waits_for_the_handshake(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_SYN_SENT);
    one_write(&one, 10);
    one_silent(&one);
    one_in(&one, "S. 0:0 ack 1");
    one_out(&one, "P. 1:11 ack 1");
    one_silent(&one);
    one_close(&one);
    open_in(&one, TCB_SYN_RECEIVED);
    one_write(&one, 10);
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1");
    one_out(&one, "P. 1:11 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void send_takes_what_fits(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.send_buffer_bytes = 100;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    uint8_t bytes[150] = {0};
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = one_octet(0, i);
    }
    size_t taken = 0;
    assert_int_equal(tcp_host_send(one.host, one.now, one.connection, bytes, 150, &taken), TCP_OK);
    assert_int_equal(taken, 100);
    assert_int_equal(one_status(&one).send_room_bytes, 0);
    assert_int_equal(one_write_error(&one), TCP_ERROR_RESOURCES);
    assert_int_equal(tcp_host_send(one.host, one.now, one.connection, bytes, 0, &taken), TCP_OK);
    assert_int_equal(taken, 0);
    one_out(&one, "P. 1:101 ack 1");
    one_silent(&one);
    (void)one_events(&one);
    one_in(&one, ". 1:1 ack 2");
    assert_int_equal(one_events(&one), TCP_EVENT_WRITABLE);
    one.written = 100;
    one_write(&one, 1);
    assert_int_equal(one_write_error(&one), TCP_ERROR_RESOURCES);
    one_close(&one);
}

/* Unread octets are handed out in every state; then the end, or how it ended. */
static void receive_answers_by_state(void **state)
{
    (void)state;
    static const struct {
        enum tcb_state state;
        enum tcp_error error;
    } rows[] = {
        {TCB_SYN_SENT, TCP_ERROR_AGAIN},    {TCB_SYN_RECEIVED, TCP_ERROR_AGAIN},
        {TCB_ESTABLISHED, TCP_ERROR_AGAIN}, {TCB_FIN_WAIT_1, TCP_ERROR_AGAIN},
        {TCB_FIN_WAIT_2, TCP_ERROR_AGAIN},  {TCB_CLOSE_WAIT, TCP_ERROR_END},
        {TCB_CLOSING, TCP_ERROR_END},       {TCB_LAST_ACK, TCP_ERROR_END},
        {TCB_TIME_WAIT, TCP_ERROR_END},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        open_in(&one, rows[i].state);
        assert_int_equal(one_read_error(&one), rows[i].error);
        one_close(&one);
    }
}

static void unread_text_outlives_an_orderly_end(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "FP. 1:11 ack 1");
    one_out(&one, ". 1:1 ack 12");
    assert_int_equal(one_shut(&one), TCP_OK);
    one_out(&one, "F. 1:1 ack 12");
    one_in(&one, ". 12:12 ack 2");
    assert_int_equal(one_state(&one), TCB_CLOSED);
    one_read(&one, 4);
    one_read(&one, 6);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    assert_int_equal(one_write_error(&one), TCP_ERROR_NO_CONNECTION);
    one_close(&one);
    /* And through TIME-WAIT. */
    open_in(&one, TCB_FIN_WAIT_2);
    one_in(&one, "FP. 1:11 ack 2");
    one_out(&one, ". 2:2 ack 12");
    one_wait(&one, 240000000);
    one_read(&one, 10);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

static void unread_text_does_not_outlive_a_reset(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "P. 1:11 ack 1");
    one_in(&one, "R 11:11");
    assert_int_equal(one_read_error(&one), TCP_ERROR_RESET);
    assert_int_equal(one_write_error(&one), TCP_ERROR_RESET);
    assert_int_equal(one_shut(&one), TCP_ERROR_NO_CONNECTION);
    one_close(&one);
}

static void close_answers_by_state(void **state)
{
    (void)state;
    static const struct {
        enum tcb_state state, after;
        enum tcp_error error;
        const char *sent;
    } rows[] = {
        {TCB_SYN_SENT, TCB_CLOSED, TCP_OK, ""},
        {TCB_SYN_RECEIVED, TCB_FIN_WAIT_1, TCP_OK, "F. 1:1 ack 1"},
        {TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCP_OK, "F. 1:1 ack 1"},
        {TCB_CLOSE_WAIT, TCB_LAST_ACK, TCP_OK, "F. 1:1 ack 2"},
        {TCB_FIN_WAIT_1, TCB_FIN_WAIT_1, TCP_ERROR_CLOSING, ""},
        {TCB_FIN_WAIT_2, TCB_FIN_WAIT_2, TCP_ERROR_CLOSING, ""},
        {TCB_CLOSING, TCB_CLOSING, TCP_ERROR_CLOSING, ""},
        {TCB_LAST_ACK, TCB_LAST_ACK, TCP_ERROR_CLOSING, ""},
        {TCB_TIME_WAIT, TCB_TIME_WAIT, TCP_ERROR_CLOSING, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        open_in(&one, rows[i].state);
        assert_int_equal(one_shut(&one), rows[i].error);
        one_out(&one, rows[i].sent);
        one_silent(&one);
        assert_int_equal(one_state(&one), rows[i].after);
        assert_int_not_equal(one_shut(&one), TCP_OK); /* never a second FIN */
        one_silent(&one);
        one_close(&one);
    }
}

/* EP-CLOSE-SYNRCVD-01 and -02. */
static void close_in_syn_received_waits_only_for_data(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_SYN_RECEIVED);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_out(&one, "F. 1:1 ack 1"); /* behind a SYN that is not acknowledged */
    one_wait(&one, 1000000);
    one_out(&one, "S. 0:0 ack 1"); /* both are sent again */
    one_in(&one, ". 1:1 ack 2");   /* and acknowledged by one ACK */
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_2);
    one_close(&one);
    open_in(&one, TCB_SYN_RECEIVED);
    one_write(&one, 10);
    assert_int_equal(one_shut(&one), TCP_OK);
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    one_in(&one, ". 1:1 ack 1");
    one_out(&one, "FP. 1:11 ack 1");
    assert_int_equal(one_state(&one), TCB_FIN_WAIT_1);
    one_close(&one);
}

static void abort_answers_by_state(void **state)
{
    (void)state;
    static const struct {
        enum tcb_state state;
        const char *sent;
    } rows[] = {
        {TCB_SYN_SENT, ""},        {TCB_SYN_RECEIVED, "R 1:1"}, {TCB_ESTABLISHED, "R 1:1"},
        {TCB_FIN_WAIT_1, "R 2:2"}, {TCB_FIN_WAIT_2, "R 2:2"},   {TCB_CLOSE_WAIT, "R 1:1"},
        {TCB_CLOSING, ""},         {TCB_LAST_ACK, ""},          {TCB_TIME_WAIT, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        open_in(&one, rows[i].state);
        assert_int_equal(one_abort(&one), TCP_OK);
        one_out(&one, rows[i].sent); /* <SEQ=SND.NXT><CTL=RST> */
        one_silent(&one);
        assert_int_equal(one_status(&one).ended, TCP_ERROR_ABORTED);
        assert_int_equal(one_read_error(&one), TCP_ERROR_ABORTED);
        assert_int_equal(one_abort(&one), TCP_ERROR_NO_CONNECTION);
        assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
        one_close(&one);
    }
}

static void abort_forgets_what_was_queued(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_write(&one, 1500);
    one_out(&one, ". 1:1001 ack 1");
    one_in(&one, "P. 5:10 ack 1"); /* a duplicate ACK is owed, too */
    assert_int_equal(one_abort(&one), TCP_OK);
    one_out(&one, "R 1001:1001");
    one_silent(&one);
    one_close(&one);
}

/* ---- the handle --------------------------------------------------------------------------------- */

static void text_for_nobody_is_answered_with_a_reset(void **state)
{
    (void)state;
    static const enum tcb_state states[] = {TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct one_host one;
        open_in(&one, states[i]);
        assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
        one_in(&one, ". 1:1 ack 1");
        one_silent(&one);
        one_in(&one, "P. 1:11 ack 1"); /* SHLD-3 */
        one_out(&one, states[i] == TCB_ESTABLISHED ? "R 1:1" : "R 2:2");
        one_silent(&one);
        assert_int_equal(one_step(&one).verdict, TCP_VERDICT_RESET);
        (void)one_events(&one);
        assert_int_equal(one_state(&one), TCB_CLOSED);
        one_close(&one);
    }
}

/* With the buffer full, the peer's probes would find the window shut for ever. */
static void text_that_was_not_read_is_told_lost_when_the_user_lets_go(void **state)
{
    (void)state;
    static const enum tcb_state states[] = {TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct one_host one;
        open_in(&one, states[i]);
        one_in(&one, "P. 1:11 ack 1");
        assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
        one_out(&one, states[i] == TCB_ESTABLISHED ? "R 1:1" : "R 2:2");
        one_silent(&one);
        (void)one_events(&one);
        assert_int_equal(one_state(&one), TCB_CLOSED);
        one_close(&one);
    }
}

static void a_released_connection_closes_by_itself(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_FIN_WAIT_1);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_ERROR_NO_CONNECTION);
    one_in(&one, "F. 1:1 ack 2");
    one_out(&one, ". 2:2 ack 2");
    assert_int_equal(one_state(&one), TCB_TIME_WAIT);
    one_silent(&one);
    one_wait(&one, 240000000);
    (void)one_events(&one);
    struct tcp_status status;
    assert_int_equal(tcp_host_status(one.host, one.connection, &status), TCP_ERROR_NO_CONNECTION);
    one_close(&one);
}

static void a_record_stays_until_its_user_lets_go(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_in(&one, "R 1:1");
    (void)one_events(&one);
    struct tcp_status status;
    assert_int_equal(tcp_host_status(one.host, one.connection, &status), TCP_OK);
    assert_int_equal(status.ended, TCP_ERROR_RESET);
    assert_int_equal(tcp_host_release(one.host, one.now, one.connection), TCP_OK);
    assert_int_equal(tcp_host_status(one.host, one.connection, &status), TCP_ERROR_NO_CONNECTION);
    one_close(&one);
}

static void events_tell_of_every_state_on_the_way(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_TIME_WAIT);
    struct tcp_event event;
    assert_true(tcp_host_poll_event(one.host, &event));
    assert_int_equal(event.connection.slot, one.connection.slot);
    assert_int_equal(event.connection.generation, one.connection.generation);
    assert_int_equal(event.state_count, 5);
    assert_int_equal(event.states & 0xfffff, 0x2456a); /* the latest lowest */
    assert_int_equal(event.bits, TCP_EVENT_CONNECTED | TCP_EVENT_WRITABLE | TCP_EVENT_PEER_CLOSED |
                                     TCP_EVENT_READABLE);
    assert_false(tcp_host_poll_event(one.host, &event));
    one_wait(&one, 240000000);
    assert_true(tcp_host_poll_event(one.host, &event));
    assert_int_equal(event.state_count, 1);
    assert_int_equal(event.bits, TCP_EVENT_ENDED);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(send_answers_by_state),
        cmocka_unit_test(what_is_sent_early_waits_for_the_handshake),
        cmocka_unit_test(send_takes_what_fits),
        cmocka_unit_test(receive_answers_by_state),
        cmocka_unit_test(unread_text_outlives_an_orderly_end),
        cmocka_unit_test(unread_text_does_not_outlive_a_reset),
        cmocka_unit_test(close_answers_by_state),
        cmocka_unit_test(close_in_syn_received_waits_only_for_data),
        cmocka_unit_test(abort_answers_by_state),
        cmocka_unit_test(abort_forgets_what_was_queued),
        cmocka_unit_test(text_for_nobody_is_answered_with_a_reset),
        cmocka_unit_test(text_that_was_not_read_is_told_lost_when_the_user_lets_go),
        cmocka_unit_test(a_released_connection_closes_by_itself),
        cmocka_unit_test(a_record_stays_until_its_user_lets_go),
        cmocka_unit_test(events_tell_of_every_state_on_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
