/* Keep-alive (RFC 9293 3.8.4) and the user timeout (3.9.1, MUST-21). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

#define IDLE_US     UINT64_C(7200000000)
#define INTERVAL_US UINT64_C(75000000)

static void it_is_off_at_first(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX); /* MUST-25 */
    one_close(&one);
}

static void silence_draws_probes_and_their_silence_ends_it(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, IDLE_US - 1); /* MUST-28 */
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 0:0 ack 1"); /* at SND.NXT - 1 */
    one_silent(&one);
    for (uint32_t probe = 2; probe <= 9; probe++) {
        one_wait(&one, INTERVAL_US - 1);
        one_silent(&one);
        one_wait(&one, 1);
        one_out(&one, ". 0:0 ack 1");
    }
    assert_int_equal(one_status(&one).keep_alive_unanswered, 9);
    one_wait(&one, INTERVAL_US - 1);
    assert_int_equal(one_state(&one), TCB_ESTABLISHED); /* MUST-29 */
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
    one_close(&one);
}

static void an_answer_begins_the_silence_anew(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, IDLE_US);
    one_out(&one, ". 0:0 ack 1");
    one_wait(&one, INTERVAL_US);
    one_out(&one, ". 0:0 ack 1");
    one_in(&one, ". 1:1 ack 1");
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_unanswered, 0);
    one_wait(&one, IDLE_US - 1);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 0:0 ack 1");
    one_close(&one);
}

/* MUST-26: what is outstanding has timers of its own. */
static void nothing_is_probed_while_data_is_outstanding(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    one_wait(&one, IDLE_US - 1);
    one_write(&one, 1);
    one_out(&one, "P. 1:2 ack 1");
    one_wait(&one, 1);
    one_silent(&one);
    assert_int_equal(one_status(&one).keep_alive_at.us, UINT64_MAX);
    one_in(&one, ". 1:1 ack 2");
    assert_int_equal(one_status(&one).keep_alive_at.us, one.now.us + IDLE_US);
    one_close(&one);
}

/* The peer's side of it: an old number draws an ACK, with its garbage octet or without. */
static void a_probe_of_the_peers_is_answered(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_in(&one, ". 0:0 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_in(&one, ". 0:1 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_silent(&one);
    assert_int_equal(one_read_error(&one), TCP_ERROR_AGAIN);
    one_close(&one);
}

static void it_can_be_switched_off_again(void **state)
{
    (void)state;
    struct one_host one;
    one_open_kept_alive(&one);
    assert_int_equal(tcp_host_set_keep_alive(one.host, one.now, one.connection, false), TCP_OK);
    assert_int_equal(tcp_host_deadline(one.host).us, UINT64_MAX);
    one_close(&one);
}

/* MAY-6: an octet of garbage, behind an old number, for peers that answer to text only. */
static void a_probe_may_carry_an_octet(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.keep_alive_octet = 1;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    assert_int_equal(tcp_host_set_keep_alive(one.host, one.now, one.connection, true), TCP_OK);
    one_pass(&one, UINT64_C(7200000000));
    tcp_host_tick(one.host, one.now);
    struct tcp_segment probe;
    const struct tcp_room room = {one.room, sizeof one.room};
    memset(one.room, 0xee, sizeof one.room);
    assert_true(tcp_host_poll_segment(one.host, room, &probe));
    assert_int_equal(probe.seq.raw, ONE_ISS);
    assert_int_equal(probe.payload_bytes, 1);
    assert_ptr_equal(probe.payload, one.room + TCP_WIRE_HEADROOM);
    assert_int_equal(probe.payload[0], 0);
    one_close(&one);
}

static void a_connection_may_have_its_own_patience(void **state)
{
    (void)state;
    for (uint32_t seconds = 5; seconds <= 500; seconds *= 100) {
        struct one_host one;
        one_open(&one);
        one_reach(&one, TCB_ESTABLISHED);
        assert_int_equal(tcp_host_set_user_timeout(one.host, one.now, one.connection,
                                                   seconds * UINT64_C(1000000)),
                         TCP_OK);
        one_write(&one, 10);
        one_out(&one, "P. 1:11 ack 1");
        one_wait(&one, seconds * UINT64_C(1000000) - 1);
        assert_int_equal(one_state(&one), TCB_ESTABLISHED);
        one_wait(&one, 1);
        assert_int_equal(one_status(&one).ended, TCP_ERROR_TIMEOUT);
        assert_int_equal(one_step(&one).cause, TCP_CAUSE_USER_TIMEOUT);
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_off_at_first),
        cmocka_unit_test(silence_draws_probes_and_their_silence_ends_it),
        cmocka_unit_test(an_answer_begins_the_silence_anew),
        cmocka_unit_test(nothing_is_probed_while_data_is_outstanding),
        cmocka_unit_test(a_probe_of_the_peers_is_answered),
        cmocka_unit_test(it_can_be_switched_off_again),
        cmocka_unit_test(a_probe_may_carry_an_octet),
        cmocka_unit_test(a_connection_may_have_its_own_patience),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
