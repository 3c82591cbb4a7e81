/* Every call carries the time, and what fell due before it happens before it: none may act in the
 * past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

enum call {
    CALL_LISTEN,
    CALL_ACCEPT,
    CALL_CONNECT,
    CALL_SEND,
    CALL_RECEIVE,
    CALL_CLOSE,
    CALL_ABORT,
    CALL_RELEASE,
    CALL_ACTIVATE,
    CALL_PUSH,
    CALL_BACKLOG,
    CALL_BUFFERS,
    CALL_MSS,
    CALL_KEEP_ALIVE_TIMES,
    CALL_USER_TIMEOUT,
    CALL_KEEP_ALIVE,
    CALL_NAGLE,
    CALL_CONFIGURE,
    CALLS
};

/* Whether the call succeeds is not the question. */
static void set(struct one_host *one, enum call which)
{
    struct tcp_host *host = one->host;
    const tcp_time now = one->now;
    const tcp_handle connection = one->connection;
    const struct tcp_config config = *tcp_host_config(host);
    switch (which) {
    case CALL_BACKLOG:
        (void)tcp_host_set_backlog(host, now, connection, 1);
        break;
    case CALL_BUFFERS:
        (void)tcp_host_set_buffers(host, now, connection, 0, 0);
        break;
    case CALL_MSS:
        (void)tcp_host_set_mss(host, now, connection, 500);
        break;
    case CALL_KEEP_ALIVE_TIMES:
        (void)tcp_host_set_keep_alive_times(host, now, connection, 0, 0, 0);
        break;
    case CALL_USER_TIMEOUT:
        (void)tcp_host_set_user_timeout(host, now, connection, 0);
        break;
    case CALL_KEEP_ALIVE:
        (void)tcp_host_set_keep_alive(host, now, connection, true);
        break;
    case CALL_NAGLE:
        (void)tcp_host_set_nagle(host, now, connection, false);
        break;
    case CALL_CONFIGURE:
        (void)tcp_host_configure(host, now, &config);
        break;
    default:
        fail_msg("no call %d", (int)which);
    }
}

static void call(struct one_host *one, enum call which)
{
    struct tcp_host *host = one->host;
    const tcp_time now = one->now;
    const tcp_handle connection = one->connection;
    const struct tcp_endpoint free_port = {.address = one->local.address, .port = 4711};
    const struct tcp_flow flow = {.local = free_port, .remote = one->remote};
    uint8_t octets[16] = {0};
    tcp_handle made;
    size_t taken;
    switch (which) {
    case CALL_LISTEN:
        (void)tcp_host_listen(host, now, &free_port, 1, &made);
        break;
    case CALL_ACCEPT:
        (void)tcp_host_accept(host, now, connection, &made);
        break;
    case CALL_CONNECT:
        (void)tcp_host_connect(host, now, &flow, &made);
        break;
    case CALL_SEND:
        (void)tcp_host_send(host, now, connection, octets, sizeof octets, &taken);
        break;
    case CALL_RECEIVE:
        (void)tcp_host_receive(host, now, connection,
                               (struct tcp_room){.bytes = octets, .count = 16}, &taken);
        break;
    case CALL_CLOSE:
        (void)tcp_host_close(host, now, connection);
        break;
    case CALL_ABORT:
        (void)tcp_host_abort(host, now, connection);
        break;
    case CALL_RELEASE:
        (void)tcp_host_release(host, now, connection);
        break;
    case CALL_ACTIVATE:
        (void)tcp_host_activate(host, now, connection, &flow);
        break;
    case CALL_PUSH:
        (void)tcp_host_push(host, now, connection);
        break;
    default:
        set(one, which);
    }
}

static void what_fell_due_before_a_call_happens_before_it(void **state)
{
    (void)state;
    for (enum call which = 0; which < CALLS; which++) {
        struct one_host one;
        one_open(&one);
        one_reach(&one, TCB_ESTABLISHED);
        one_in(&one, "P. 1:11 ack 1"); /* the ACK falls due at 200 ms */
        const uint64_t before = one_step(&one).number;
        one_pass(&one, 200001);
        call(&one, which);
        if (tcp_host_time(one.host).us != one.now.us) {
            fail_msg("call %d left the host in the past", (int)which);
        }
        if (one_step(&one).number == before) {
            fail_msg("call %d overtook a deadline", (int)which);
        }
        one_close(&one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fell_due_before_a_call_happens_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
