/* Bringing a host into a state, for one_host.h: by the shortest exchange that leads there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

static void reach_established(struct one_host *one)
{
    one_in(one, "S. 0:0 ack 1 win 10000 mss 1000");
    one_out(one, ". 1:1 ack 1");
}

static void reach_by_closing(struct one_host *one, enum tcb_state state)
{
    assert_int_equal(one_shut(one), TCP_OK);
    one_out(one, "F. 1:1 ack 1");
    if (state == TCB_CLOSING) {
        one_in(one, "F. 1:1 ack 1");
        one_out(one, ". 2:2 ack 2");
    } else if (state != TCB_FIN_WAIT_1) {
        one_in(one, ". 1:1 ack 2");
    }
    if (state == TCB_TIME_WAIT) {
        one_in(one, "F. 1:1 ack 2");
        one_out(one, ". 2:2 ack 2");
    }
}

static void reach_by_being_closed(struct one_host *one, enum tcb_state state)
{
    one_in(one, "F. 1:1 ack 1");
    one_out(one, ". 1:1 ack 2");
    if (state == TCB_LAST_ACK) {
        assert_int_equal(one_shut(one), TCP_OK);
        one_out(one, "F. 1:1 ack 2");
    }
}

void one_reach(struct one_host *one, enum tcb_state state)
{
    assert_int_equal(one_connect(one), TCP_OK);
    one_out(one, "S 0:0");
    if (state == TCB_SYN_RECEIVED) {
        one_in(one, "S 0:0 win 10000 mss 1000");
        one_out(one, "S. 0:0 ack 1");
    } else if (state != TCB_SYN_SENT) {
        reach_established(one);
    }
    if (state == TCB_FIN_WAIT_1 || state == TCB_FIN_WAIT_2 || state == TCB_CLOSING ||
        state == TCB_TIME_WAIT) {
        reach_by_closing(one, state);
    } else if (state == TCB_CLOSE_WAIT || state == TCB_LAST_ACK) {
        reach_by_being_closed(one, state);
    }
    one_silent(one);
    assert_int_equal(one_state(one), state);
}

void one_reach_passive(struct one_host *one, enum tcb_state state)
{
    one_listen(one, 4);
    one_in(one, "S 0:0 win 10000 mss 1000");
    one_out(one, "S. 0:0 ack 1");
    const struct tcp_flow flow = {.local = one->local, .remote = one->remote};
    one->connection = tcp_host_find(one->host, &flow);
    if (state == TCB_ESTABLISHED) {
        one_in(one, ". 1:1 ack 1");
    }
    one_silent(one);
    assert_int_equal(one_state(one), state);
}

void one_open_kept_alive(struct one_host *one)
{
    one_open(one);
    one_reach(one, TCB_ESTABLISHED);
    assert_int_equal(tcp_host_set_keep_alive(one->host, one->now, one->connection, true), TCP_OK);
}
