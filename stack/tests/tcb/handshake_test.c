/* Answers of CLOSED and LISTEN, the handshake from both sides, and both at once (RFC 9293 3.10.7.1 to
 * 3.10.7.3, 3.5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void closed_resets_at_the_number_acknowledged(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_in(&one, ". 7:7 ack 9");
    one_out(&one, "R 9:9");
    one_in(&one, "S. 7:7 ack 0");
    one_out(&one, "R 0:0");
    one_in(&one, "F. 7:17 ack -5");
    one_out(&one, "R -5:-5");
    one_silent(&one);
    one_close(&one);
}

static void closed_acknowledges_every_octet_of_what_had_no_ack(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_in(&one, "S 7:7");
    one_out(&one, "R. -1000:-1000 ack 8"); /* SEQ 0: our ISS is 1000 */
    one_in(&one, "F 7:17");
    one_out(&one, "R. -1000:-1000 ack 18");
    one_in(&one, "FS 7:17");
    one_out(&one, "R. -1000:-1000 ack 19");
    one.irs = UINT32_MAX;
    one_in(&one, "FS 0:10"); /* wraps */
    one_out(&one, "R. -1000:-1000 ack 12");
    assert_int_equal(one.last.ack.raw, 11);
    one_close(&one);
}

static void closed_never_answers_a_reset(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_in(&one, "R 7:7");
    one_in(&one, "R. 7:7 ack 9");
    one_in(&one, "SR 7:7");
    one_in(&one, "FR. 7:9 ack 9");
    one_silent(&one);
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DROP);
    assert_int_equal(one_step(&one).check, TCP_CHECK_DEMUX);
    one_close(&one);
}

static void listen_looks_at_rst_then_ack_then_syn(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    one_in(&one, "SR. 7:7 ack 3"); /* first: RST */
    one_in(&one, "SR 7:7");
    one_in(&one, "R 7:7");
    one_silent(&one);
    one_in(&one, "S. 7:7 ack 3"); /* second: ACK, with a SYN or not */
    one_out(&one, "R 3:3");
    one_in(&one, "F. 7:9 ack 4");
    one_out(&one, "R 4:4");
    one_in(&one, "F 7:9"); /* fourth: nothing of the three */
    one_in(&one, "P 7:9");
    one_silent(&one);
    one_in(&one, "SFPU 0:0"); /* third: other controls may come along */
    one_out(&one, "S. 0:0 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void a_syn_from_ones_own_endpoint_is_dropped(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    one.remote = one.local;
    one_in(&one, "S 0:0");
    one_silent(&one);
    assert_int_equal(one_step(&one).verdict, TCP_VERDICT_DROP);
    one_close(&one);
}

static void text_and_fin_on_a_syn_are_not_acknowledged(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    one_in(&one, "FS 0:20 win 10000");
    one_out(&one, "S. 0:0 ack 1");
    one_in(&one, "F. 1:21 ack 1");
    one_out(&one, ". 1:1 ack 22");
    one_silent(&one);
    assert_int_equal(one_accept(&one), TCP_OK);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_read(&one, 20);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

static void a_passive_open_takes_both_numbers_window_and_mss(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    one_in(&one, "S 0:0 win 4321 mss 700");
    one_out(&one, "S. 0:0 ack 1 win 65535 mss 1460");
    const struct tcp_flow flow = {.local = one.local, .remote = one.remote};
    one.connection = tcp_host_find(one.host, &flow);
    struct tcp_status status = one_status(&one);
    assert_int_equal(status.state, TCB_SYN_RECEIVED);
    assert_int_equal(status.irs.raw, ONE_IRS);
    assert_int_equal(status.rcv_nxt.raw, ONE_IRS + 1);
    assert_int_equal(status.snd_una.raw, ONE_ISS);
    assert_int_equal(status.snd_nxt.raw, ONE_ISS + 1);
    assert_true(status.is_passive);
    one_in(&one, ". 1:1 ack 1 win 999");
    one_silent(&one);
    status = one_status(&one);
    assert_int_equal(status.state, TCB_ESTABLISHED);
    assert_int_equal(status.snd_wnd, 999);
    assert_int_equal(status.snd_wl1.raw, ONE_IRS + 1);
    assert_int_equal(status.snd_wl2.raw, ONE_ISS + 1);
    assert_int_equal(status.send_mss, 700);
    assert_false(status.is_owned);
    assert_int_equal(one_accept(&one), TCP_OK);
    assert_true(one_status(&one).is_owned);
    one_close(&one);
}

/* MUST-15, MUST-16, and a floor of our own. */
static void the_peers_mss_is_bounded_on_both_sides(void **state)
{
    (void)state;
    static const struct {
        const char *syn;
        uint32_t send_mss;
    } rows[] = {
        {"S 0:0", 536},
        {"S 0:0 mss 0", 48},
        {"S 0:0 mss 47", 48},
        {"S 0:0 mss 49", 49},
        {"S 0:0 mss 1460", 1460},
        {"S 0:0 mss 1461", 1460},
        {"S 0:0 mss 65535", 1460},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct one_host one;
        one_open(&one);
        one_listen(&one, 4);
        one_in(&one, rows[i].syn);
        const struct tcp_flow flow = {.local = one.local, .remote = one.remote};
        one.connection = tcp_host_find(one.host, &flow);
        assert_int_equal(one_status(&one).send_mss, rows[i].send_mss);
        one_close(&one);
    }
}

static void an_active_open_takes_both_numbers_window_and_mss(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    assert_int_equal(one_connect(&one), TCP_OK);
    one_out(&one, "S 0:0 win 65535 mss 1460");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    one_in(&one, "S. 0:0 ack 1 win 777 mss 700");
    one_out(&one, ". 1:1 ack 1 win 65535");
    one_silent(&one);
    const struct tcp_status status = one_status(&one);
    assert_int_equal(status.state, TCB_ESTABLISHED);
    assert_int_equal(status.snd_wnd, 777); /* RFC 1122 4.2.2.20(c) */
    assert_int_equal(status.max_snd_wnd, 777);
    assert_int_equal(status.snd_wl1.raw, ONE_IRS);
    assert_int_equal(status.snd_wl2.raw, ONE_ISS + 1);
    assert_int_equal(status.send_mss, 700);
    assert_false(status.is_passive);
    assert_int_equal(one_events(&one) & TCP_EVENT_CONNECTED, TCP_EVENT_CONNECTED);
    one_close(&one);
}

static void syn_sent_refuses_acks_outside_its_syn(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, ". 7:7 ack 0");
    one_out(&one, "R 0:0");
    one_in(&one, "S. 7:7 ack 2");
    one_out(&one, "R 2:2");
    one_in(&one, "S. 7:7 ack -2147483647");
    one_out(&one, "R -2147483647:-2147483647");
    one_in(&one, "R. 7:7 ack 0"); /* the same with RST: silence */
    one_in(&one, "R. 7:7 ack 2");
    one_in(&one, "SR. 7:7 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    one_close(&one);
}

static void syn_sent_ignores_what_has_neither_syn_nor_rst(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, ". 7:7 ack 1");
    one_in(&one, "F. 7:9 ack 1");
    one_in(&one, "F 7:9");
    one_in(&one, "R 0:0"); /* RST without ACK */
    one_in(&one, "SR 0:0");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    one_close(&one);
}

static void a_reset_that_acknowledges_the_syn_refuses_the_connection(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, "R. 12345:12345 ack 1"); /* its sequence number means nothing (erratum 8167) */
    one_silent(&one);
    assert_int_equal(one_status(&one).ended, TCP_ERROR_REFUSED);
    assert_int_equal(one_read_error(&one), TCP_ERROR_REFUSED);
    assert_int_equal(one_write_error(&one), TCP_ERROR_REFUSED);
    assert_int_equal(one_events(&one), TCP_EVENT_ENDED);
    one_close(&one);
}

static void text_and_fin_on_a_syn_ack_are_taken(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, "FS. 0:10 ack 1");
    one_out(&one, ". 1:1 ack 12");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_read(&one, 10);
    assert_int_equal(one_read_error(&one), TCP_ERROR_END);
    one_close(&one);
}

static void both_may_open_at_once(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_in(&one, "S 0:0 win 500");
    one_out(&one, "S. 0:0 ack 1 win 65535 mss 1460"); /* the same ISS (Figure 7) */
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    assert_int_equal(one_status(&one).snd_wnd, 500);
    one_in(&one, "S. 0:0 ack 1 win 600"); /* at IRS, before the window */
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    assert_int_equal(one_status(&one).snd_wnd, 600);
    one_close(&one);
}

static void a_simultaneous_open_also_ends_with_a_plain_ack(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach(&one, TCB_SYN_RECEIVED);
    one_in(&one, "F. 1:1 ack 1");
    one_out(&one, ". 1:1 ack 2");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_CLOSE_WAIT);
    one_close(&one);
}

static void syn_received_resets_acks_outside_its_syn(void **state)
{
    (void)state;
    for (uint32_t is_passive = 0; is_passive < 2; is_passive++) {
        struct one_host one;
        one_open(&one);
        (is_passive ? one_reach_passive : one_reach)(&one, TCB_SYN_RECEIVED);
        one_in(&one, ". 1:1 ack 0"); /* ACK = ISS does not cover the SYN (erratum 3301) */
        one_out(&one, "R 0:0");
        one_in(&one, ". 1:1 ack 2");
        one_out(&one, "R 2:2");
        one_in(&one, ". 1:1 ack -70000"); /* MAY-12 is for synchronized states */
        one_out(&one, "R -70000:-70000");
        one_in(&one, "P 1:11"); /* no ACK: dropped */
        one_silent(&one);
        assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
        one_in(&one, "P. 1:11 ack 1");
        assert_int_equal(one_state(&one), TCB_ESTABLISHED);
        one_close(&one);
    }
}

static void the_peers_syn_again_draws_the_syn_ack_again(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    one_in(&one, "S 0:0");
    one_out(&one, "S. 0:0 ack 1 win 65535 mss 1460");
    one_silent(&one);
    one_in(&one, "S 0:20"); /* with text that reaches into the window, too */
    one_out(&one, "S. 0:0 ack 1");
    one_silent(&one);
    assert_int_equal(one_state(&one), TCB_SYN_RECEIVED);
    one_close(&one);
}

/* A cause lets earlier deadlines take effect before it acts: the repeated SYN,ACK falls due and is
 * acknowledged in one call, and must not leave any more. */
static void a_syn_that_fell_due_is_not_sent_once_acknowledged(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    one_pass(&one, 1000001);
    one_in(&one, ". 1:1 ack 1");
    one_silent(&one);
    one_close(&one);

    one_open(&one);
    one_reach(&one, TCB_SYN_SENT);
    one_pass(&one, 1000001);
    one_in(&one, "S. 0:0 ack 1");
    one_out(&one, ". 1:1 ack 1");
    one_silent(&one);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_resets_at_the_number_acknowledged),
        cmocka_unit_test(closed_acknowledges_every_octet_of_what_had_no_ack),
        cmocka_unit_test(closed_never_answers_a_reset),
        cmocka_unit_test(listen_looks_at_rst_then_ack_then_syn),
        cmocka_unit_test(a_syn_from_ones_own_endpoint_is_dropped),
        cmocka_unit_test(text_and_fin_on_a_syn_are_not_acknowledged),
        cmocka_unit_test(a_passive_open_takes_both_numbers_window_and_mss),
        cmocka_unit_test(the_peers_mss_is_bounded_on_both_sides),
        cmocka_unit_test(an_active_open_takes_both_numbers_window_and_mss),
        cmocka_unit_test(syn_sent_refuses_acks_outside_its_syn),
        cmocka_unit_test(syn_sent_ignores_what_has_neither_syn_nor_rst),
        cmocka_unit_test(a_reset_that_acknowledges_the_syn_refuses_the_connection),
        cmocka_unit_test(text_and_fin_on_a_syn_ack_are_taken),
        cmocka_unit_test(both_may_open_at_once),
        cmocka_unit_test(a_simultaneous_open_also_ends_with_a_plain_ack),
        cmocka_unit_test(syn_received_resets_acks_outside_its_syn),
        cmocka_unit_test(the_peers_syn_again_draws_the_syn_ack_again),
        cmocka_unit_test(a_syn_that_fell_due_is_not_sent_once_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
