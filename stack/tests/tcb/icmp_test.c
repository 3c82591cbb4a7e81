/* ICMP ARRIVES (RFC 9293 3.9.2.2): soft and hard errors in every state, source quench, and the quoted
 * number (RFC 5927). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

/* A router about the segment that was sent at `offset` from ISS. */
static void router_says(struct one_host *one, uint8_t type, uint8_t code, uint32_t offset)
{
    const struct tcp_icmp icmp = {
        .source = one->remote.address,
        .destination = one->local.address,
        .type = type,
        .code = code,
        .quoted_source = one->local,
        .quoted_destination = one->remote,
        .quoted_seq = {one->iss + offset},
        .quoted_header_bytes = 20,
        .quoted_packet_bytes = 40,
    };
    tcp_host_icmp(one->host, one->now, &icmp);
    assert_null(tcp_host_check(one->host));
}

static void open_in(struct one_host *one, enum tcb_state state)
{
    one_open(one);
    one_reach(one, state);
    (void)one_events(one);
}

static const enum tcb_state all_states[] = {
    TCB_SYN_SENT,   TCB_SYN_RECEIVED, TCB_ESTABLISHED, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2,
    TCB_CLOSE_WAIT, TCB_CLOSING,      TCB_LAST_ACK,    TCB_TIME_WAIT,
};
#define STATES (sizeof all_states / sizeof all_states[0])

static void soft_errors_are_told_and_end_nothing(void **state)
{
    (void)state;
    static const uint8_t kinds[][2] = {{3, 0},  {3, 1},  {3, 5},  {3, 6}, {3, 13},
                                       {11, 0}, {11, 1}, {12, 0}, {12, 1}};
    for (size_t i = 0; i < STATES; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            struct one_host one;
            one_prepare(&one);
            one.config.icmp_in_flight = 0;
            one_start(&one);
            one_reach(&one, all_states[i]);
            (void)one_events(&one);
            router_says(&one, kinds[k][0], kinds[k][1], 0);
            assert_int_equal(one_state(&one), all_states[i]);
            assert_int_equal(one_events(&one), TCP_EVENT_SOFT_ERROR);
            assert_int_equal(one_step(&one).cause, TCP_CAUSE_ICMP);
            one_silent(&one);
            one_close(&one);
        }
    }
}

static void
hard_errors_end_what_is_not_synchronized_and_the_rest_only_if_so_configured(void **state)
{
    (void)state;
    static const uint8_t codes[] = {2, 3};
    for (size_t i = 0; i < STATES; i++) {
        for (uint32_t aborts = 0; aborts < 2; aborts++) {
            for (size_t k = 0; k < 2; k++) {
                struct one_host one;
                one_prepare(&one);
                one.config.icmp_in_flight = 0;
                one.config.icmp_hard_aborts = aborts;
                one_start(&one);
                one_reach(&one, all_states[i]);
                (void)one_events(&one);
                router_says(&one, 3, codes[k], 0);
                const bool ends =
                    all_states[i] < TCB_ESTABLISHED || (aborts && all_states[i] != TCB_TIME_WAIT);
                assert_int_equal(one_state(&one), ends ? TCB_CLOSED : all_states[i]);
                assert_int_equal(one_events(&one), ends ? TCP_EVENT_ENDED : TCP_EVENT_SOFT_ERROR);
                const enum tcp_error how =
                    codes[k] == 3 ? TCP_ERROR_REFUSED : TCP_ERROR_PROTOCOL_UNREACHABLE;
                assert_int_equal(one_status(&one).ended, ends ? how : TCP_OK);
                one_silent(&one); /* nobody is told by an RST */
                one_close(&one);
            }
        }
    }
}

static void source_quench_does_nothing_at_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATES; i++) {
        struct one_host one;
        open_in(&one, all_states[i]);
        const struct tcp_status before = one_status(&one);
        router_says(&one, 4, 0, 0);
        assert_int_equal(one_state(&one), all_states[i]);
        assert_int_equal(one_events(&one), 0);
        assert_int_equal(one_status(&one).cwnd_bytes, before.cwnd_bytes);
        one_silent(&one);
        one_close(&one);
    }
}

static void only_what_is_outstanding_may_be_quoted(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_ESTABLISHED);
    one_write(&one, 500);
    one_out(&one, "P. 1:501 ack 1");
    (void)one_events(&one);
    router_says(&one, 3, 1, 0); /* before SND.UNA */
    assert_int_equal(one_events(&one), 0);
    assert_int_equal(one_step(&one).check, TCP_CHECK_SEQUENCE);
    router_says(&one, 3, 1, 501); /* SND.NXT */
    assert_int_equal(one_events(&one), 0);
    assert_int_equal(tcp_host_counters(one.host).icmp_drops, 2);
    router_says(&one, 3, 1, 1); /* SND.UNA */
    assert_int_equal(one_events(&one), TCP_EVENT_SOFT_ERROR);
    router_says(&one, 3, 1, 500); /* SND.NXT - 1 */
    assert_int_equal(one_events(&one), TCP_EVENT_SOFT_ERROR);
    assert_int_equal(one_status(&one).soft_error, TCP_ERROR_HOST_UNREACHABLE);
    assert_int_equal(tcp_host_counters(one.host).icmp_drops, 2);
    one_close(&one);
}

static void the_last_soft_error_is_taken_once(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_SYN_SENT);
    assert_int_equal(tcp_host_take_soft_error(one.host, one.connection), TCP_OK);
    router_says(&one, 3, 1, 0);
    router_says(&one, 3, 0, 0);
    assert_int_equal(tcp_host_take_soft_error(one.host, one.connection), TCP_ERROR_NET_UNREACHABLE);
    assert_int_equal(tcp_host_take_soft_error(one.host, one.connection), TCP_OK);
    assert_int_equal(tcp_host_take_soft_error(one.host, TCP_HANDLE_NONE), TCP_OK);
    one_close(&one);
}

static void reports_can_be_switched_off(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.soft_error_reports = 0;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    (void)one_events(&one);
    router_says(&one, 3, 1, 0);
    assert_int_equal(one_events(&one), 0);
    for (uint32_t i = 0; i < 5; i++) {
        one_wait(&one, 60000000);
        const struct tcp_room room = {one.room, sizeof one.room};
        (void)tcp_host_poll_segment(one.host, room, &one.last);
    }
    assert_int_equal(one_events(&one) & TCP_EVENT_SOFT_ERROR, 0);
    one_close(&one);
}

static void a_message_about_no_connection_is_counted(void **state)
{
    (void)state;
    struct one_host one;
    open_in(&one, TCB_SYN_SENT);
    one.local.port++;
    router_says(&one, 3, 3, 0);
    assert_int_equal(one_step(&one).check, TCP_CHECK_DEMUX);
    assert_int_equal(tcp_host_counters(one.host).icmp_drops, 1);
    one.local.port--;
    one.remote.port++;
    router_says(&one, 3, 3, 0);
    one.remote.port--;
    assert_int_equal(tcp_host_counters(one.host).icmp_drops, 2);
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    assert_int_equal(one_events(&one), 0);
    one_close(&one);
}

static void a_child_in_syn_received_ends_and_leaves_the_backlog(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    router_says(&one, 3, 1, 0);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    router_says(&one, 3, 3, 0);
    (void)one_events(&one);
    struct tcp_status status;
    assert_int_equal(tcp_host_status(one.host, one.connection, &status), TCP_ERROR_NO_CONNECTION);
    assert_int_equal(tcp_host_status(one.host, one.listener, &status), TCP_OK);
    assert_int_equal(status.backlog_used, 0);
    one_silent(&one);
    one_close(&one);
}

static void fragmentation_needed_is_hard_without_discovery(void **state)
{
    (void)state;
    for (uint32_t discovers = 0; discovers < 2; discovers++) {
        struct one_host one;
        one_prepare(&one);
        one.config.path_mtu_discovery = discovers;
        one_start(&one);
        one_reach(&one, TCB_SYN_SENT);
        router_says(&one, 3, 4, 0);
        assert_int_equal(one_state(&one), discovers ? TCB_SYN_SENT : TCB_CLOSED);
        assert_int_equal(one_status(&one).ended, discovers ? TCP_OK : TCP_ERROR_TOO_BIG);
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soft_errors_are_told_and_end_nothing),
        cmocka_unit_test(
            hard_errors_end_what_is_not_synchronized_and_the_rest_only_if_so_configured),
        cmocka_unit_test(source_quench_does_nothing_at_all),
        cmocka_unit_test(only_what_is_outstanding_may_be_quoted),
        cmocka_unit_test(the_last_soft_error_is_taken_once),
        cmocka_unit_test(reports_can_be_switched_off),
        cmocka_unit_test(a_message_about_no_connection_is_counted),
        cmocka_unit_test(a_child_in_syn_received_ends_and_leaves_the_backlog),
        cmocka_unit_test(fragmentation_needed_is_hard_without_discovery),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
