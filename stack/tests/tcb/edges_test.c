/* The edges between states: which are legal (RFC 9293 Figure 5, its notes and 3.10), and that each that
 * can be reached is, by the event that should take it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tcb/transition.h"
#include "tests/expect_assert.h"
#include "tests/support/one_host.h"

struct edge {
    enum tcb_state from, to;
    void (*take)(struct one_host *one);
    const char *sent; /* by this, or "" */
};

static void shut(struct one_host *one)
{
    assert_int_equal(one_shut(one), TCP_OK);
}

static void end(struct one_host *one)
{
    assert_int_equal(one_abort(one), TCP_OK);
}

static void syn(struct one_host *one)
{
    one_in(one, "S 0:0");
}

static void syn_ack(struct one_host *one)
{
    one_in(one, "S. 0:0 ack 1");
}

static void ack(struct one_host *one)
{
    one_in(one, ". 1:1 ack 1");
}

static void fin(struct one_host *one)
{
    one_in(one, "F. 1:1 ack 1");
}

static void ack_of_fin(struct one_host *one)
{
    one_in(one, ". 1:1 ack 2");
}

static void ack_of_fin_behind_fin(struct one_host *one)
{
    one_in(one, ". 2:2 ack 2");
}

static void fin_behind_ack_of_fin(struct one_host *one)
{
    one_in(one, "F. 1:1 ack 2");
}

static void refusal(struct one_host *one)
{
    one_in(one, "R. 0:0 ack 1");
}

static void reset(struct one_host *one)
{
    one_in(one, "R 1:1");
}

static void reset_behind_fin(struct one_host *one)
{
    one_in(one, "R 2:2");
}

static void patience_ends(struct one_host *one)
{
    one_lose(one, 1000000000);
}

/* By an active open from CLOSED, one edge each. */
static const struct edge edges[] = {
    {TCB_SYN_SENT, TCB_CLOSED, shut, ""},
    {TCB_SYN_SENT, TCB_CLOSED, end, ""},
    {TCB_SYN_SENT, TCB_CLOSED, refusal, ""},
    {TCB_SYN_SENT, TCB_CLOSED, patience_ends, ""},
    {TCB_SYN_SENT, TCB_SYN_RECEIVED, syn, "S. 0:0 ack 1"},
    {TCB_SYN_SENT, TCB_ESTABLISHED, syn_ack, ". 1:1 ack 1"},
    {TCB_SYN_RECEIVED, TCB_CLOSED, end, "R 1:1"},
    {TCB_SYN_RECEIVED, TCB_CLOSED, reset, ""},
    {TCB_SYN_RECEIVED, TCB_CLOSED, patience_ends, ""},
    {TCB_SYN_RECEIVED, TCB_ESTABLISHED, ack, ""},
    {TCB_SYN_RECEIVED, TCB_ESTABLISHED, syn_ack, ""},
    {TCB_SYN_RECEIVED, TCB_FIN_WAIT_1, shut, "F. 1:1 ack 1"},
    {TCB_ESTABLISHED, TCB_CLOSED, end, "R 1:1"},
    {TCB_ESTABLISHED, TCB_CLOSED, reset, ""},
    {TCB_ESTABLISHED, TCB_FIN_WAIT_1, shut, "F. 1:1 ack 1"},
    {TCB_ESTABLISHED, TCB_CLOSE_WAIT, fin, ". 1:1 ack 2"},
    {TCB_FIN_WAIT_1, TCB_CLOSED, end, "R 2:2"},
    {TCB_FIN_WAIT_1, TCB_CLOSED, reset, ""},
    {TCB_FIN_WAIT_1, TCB_CLOSED, patience_ends, ""},
    {TCB_FIN_WAIT_1, TCB_FIN_WAIT_2, ack_of_fin, ""},
    {TCB_FIN_WAIT_1, TCB_CLOSING, fin, ". 2:2 ack 2"},
    {TCB_FIN_WAIT_1, TCB_TIME_WAIT, fin_behind_ack_of_fin, ". 2:2 ack 2"},
    {TCB_FIN_WAIT_2, TCB_CLOSED, end, "R 2:2"},
    {TCB_FIN_WAIT_2, TCB_CLOSED, reset, ""},
    {TCB_FIN_WAIT_2, TCB_TIME_WAIT, fin_behind_ack_of_fin, ". 2:2 ack 2"},
    {TCB_CLOSE_WAIT, TCB_CLOSED, end, "R 1:1"},
    {TCB_CLOSE_WAIT, TCB_CLOSED, reset_behind_fin, ""},
    {TCB_CLOSE_WAIT, TCB_LAST_ACK, shut, "F. 1:1 ack 2"},
    {TCB_CLOSING, TCB_CLOSED, end, ""},
    {TCB_CLOSING, TCB_CLOSED, reset_behind_fin, ""},
    {TCB_CLOSING, TCB_CLOSED, patience_ends, ""},
    {TCB_CLOSING, TCB_TIME_WAIT, ack_of_fin_behind_fin, ""},
    {TCB_LAST_ACK, TCB_CLOSED, end, ""},
    {TCB_LAST_ACK, TCB_CLOSED, reset_behind_fin, ""},
    {TCB_LAST_ACK, TCB_CLOSED, ack_of_fin_behind_fin, ""},
    {TCB_LAST_ACK, TCB_CLOSED, patience_ends, ""},
    {TCB_TIME_WAIT, TCB_CLOSED, end, ""},
    {TCB_TIME_WAIT, TCB_CLOSED, reset_behind_fin, ""},
    {TCB_TIME_WAIT, TCB_CLOSED, patience_ends, ""},
};
#define EDGE_COUNT (sizeof edges / sizeof *edges)

static void each_event_takes_its_edge(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        struct one_host one;
        one_open(&one);
        one_reach(&one, edges[i].from);
        edges[i].take(&one);
        one_out(&one, edges[i].sent);
        one_silent(&one);
        assert_int_equal(one_state(&one), edges[i].to);
        one_close(&one);
    }
}

/* The table of 31 pairs; those that one segment takes in two steps are two of them. A child's "back to
 * LISTEN" is the end of its record. */
static void exactly_the_edges_of_the_rfc_are_legal(void **state)
{
    (void)state;
    bool legal[TCB_STATE_COUNT][TCB_STATE_COUNT] = {{false}};
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        legal[edges[i].from][edges[i].to] = true;
    }
    legal[TCB_CLOSED][TCB_LISTEN] = true;
    legal[TCB_CLOSED][TCB_SYN_SENT] = true;
    legal[TCB_LISTEN][TCB_CLOSED] = true;
    legal[TCB_LISTEN][TCB_SYN_SENT] = true;
    legal[TCB_LISTEN][TCB_SYN_RECEIVED] = true;
    legal[TCB_SYN_RECEIVED][TCB_LISTEN] = true;
    legal[TCB_TIME_WAIT][TCB_SYN_RECEIVED] = true; /* MAY-2 */
    legal[TCB_SYN_RECEIVED][TCB_TIME_WAIT] = true; /* MAY-2 (2): lawful, and not built here */
    for (uint32_t from = 0; from < TCB_STATE_COUNT; from++) {
        for (uint32_t to = 0; to < TCB_STATE_COUNT; to++) {
            assert_int_equal(tcb_state_edge_is_legal((enum tcb_state)from, (enum tcb_state)to),
                             legal[from][to]);
        }
    }
}

static void an_illegal_edge_is_our_own_bug(void **state)
{
    (void)state;
    struct tcb tcb = {.state = TCB_ESTABLISHED};
    expect_assert_failure(tcb_transition(&tcb, TCB_SYN_SENT));
    assert_int_equal(tcb.state, TCB_ESTABLISHED);
    assert_int_equal(tcb.states_unreported, 0);
}

/* 64 bits hold sixteen states; longer stories lose their beginning. */
static void the_last_sixteen_states_are_kept(void **state)
{
    (void)state;
    struct tcb tcb = {.state = TCB_CLOSED};
    for (uint32_t i = 0; i < 20; i++) {
        tcb_transition(&tcb, TCB_LISTEN);
        tcb_transition(&tcb, TCB_CLOSED);
    }
    assert_int_equal(tcb.states_unreported, 16);
    assert_true(tcb.states == UINT64_C(0x1010101010101010));
}

/* A listener turned into an active open (3.10.1), and what it answers. */
static void a_listener_may_turn_active(void **state)
{
    (void)state;
    struct one_host one;
    one_open(&one);
    one_listen(&one, 4);
    one_in(&one, "S 0:0"); /* a child that nobody will accept */
    one_out(&one, "S. 0:0 ack 1");
    one.remote.port++;
    struct tcp_flow flow = {.local = one.local, .remote = one.remote};
    one.connection = one.listener;
    assert_int_equal(tcp_host_activate(one.host, one.now, one.listener, &flow), TCP_OK);
    assert_int_equal(one_state(&one), TCB_SYN_SENT);
    one_out(&one, "R 1:1");
    one_out(&one, "S 0:0");
    one_silent(&one);
    one_in(&one, "S. 0:0 ack 1");
    one_out(&one, ". 1:1 ack 1");
    assert_int_equal(one_state(&one), TCB_ESTABLISHED);
    assert_int_equal(tcp_host_activate(one.host, one.now, one.listener, &flow), TCP_ERROR_EXISTS);
    one.remote.port++;
    one_in(&one, "S 0:0"); /* the port listens no more */
    one_out(&one, "R. -1000:-1000 ack 1");
    one_close(&one);
    one_open(&one);
    one_listen(&one, 4);
    flow.remote = (struct tcp_endpoint){.address = {.version = 4}};
    assert_int_equal(tcp_host_activate(one.host, one.now, one.listener, &flow),
                     TCP_ERROR_REMOTE_MISSING);
    assert_null(tcp_host_check(one.host));
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_takes_its_edge),
        cmocka_unit_test(exactly_the_edges_of_the_rfc_are_legal),
        cmocka_unit_test(an_illegal_edge_is_our_own_bug),
        cmocka_unit_test(the_last_sixteen_states_are_kept),
        cmocka_unit_test(a_listener_may_turn_active),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
