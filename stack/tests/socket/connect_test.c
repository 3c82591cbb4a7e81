/* connect(): blocking and not, and each way in which it can fail. */
#include "fixture.h"

static void a_blocking_connect_ends_with_the_handshake(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int fd = open_socket(&f, CLIENT);
    const uint32_t operation = pending(connect_to(&f, fd, 80));
    assert_int_equal(ready(&f, CLIENT), 0);
    assert_int_equal(resume(&f, CLIENT, operation, NULL, 0).error, TCP_SOCKET_PENDING);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), operation);
    assert_gives(resume(&f, CLIENT, operation, NULL, 0), 0);
    assert_int_equal(state_of(&f, CLIENT, fd), TCB_ESTABLISHED);
    assert_int_equal(ready(&f, CLIENT), 0);
    assert_fails(resume(&f, CLIENT, operation, NULL, 0), TCP_SOCKET_EINVAL); /* it has ended */
    done(&f);
}

static void a_nonblocking_connect_is_in_progress_then_already_then_connected(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int fd = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EINPROGRESS);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EALREADY);
    wire_pair_settle(&f.pair);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_ERROR), 0);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EISCONN);
    done(&f);
}

static void a_port_where_nobody_listens_refuses(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    const uint32_t operation = pending(connect_to(&f, fd, 80));
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), operation);
    assert_fails(resume(&f, CLIENT, operation, NULL, 0), TCP_SOCKET_ECONNREFUSED);
    (void)open_listener(&f, SERVER, 80, 1);
    const uint32_t second = pending(connect_to(&f, fd, 80)); /* it may try again */
    wire_pair_settle(&f.pair);
    assert_gives(resume(&f, CLIENT, second, NULL, 0), 0);
    done(&f);
}

static void a_refusal_is_told_once_to_a_nonblocking_socket(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EINPROGRESS);
    wire_pair_settle(&f.pair);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_ERROR), TCP_SOCKET_ECONNREFUSED);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_ERROR), 0);
    const int other = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, other, 80), TCP_SOCKET_EINPROGRESS);
    wire_pair_settle(&f.pair);
    assert_fails(connect_to(&f, other, 80), TCP_SOCKET_ECONNREFUSED);
    assert_fails(connect_to(&f, other, 80), TCP_SOCKET_EINPROGRESS);
    done(&f);
}

static void silence_times_out(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    f.pair.is_cut[CLIENT] = true;
    const int fd = open_socket(&f, CLIENT);
    const uint32_t operation = pending(connect_to(&f, fd, 80));
    wire_pair_run(&f.pair, 179 * UINT64_C(1000000));
    assert_int_equal(ready(&f, CLIENT), 0); /* MUST-23: not before three minutes */
    wire_pair_run(&f.pair, 600 * UINT64_C(1000000));
    assert_int_equal(ready(&f, CLIENT), operation);
    assert_fails(resume(&f, CLIENT, operation, NULL, 0), TCP_SOCKET_ETIMEDOUT);
    done(&f);
}

static void destinations_that_cannot_be_are_refused_at_once(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    struct tcp_host *host = host_of(&f, CLIENT);
    const struct tcp_address *source = &f.pair.address[CLIENT];
    const int fd = open_socket(&f, CLIENT);
    struct tcp_endpoint remote = wire_pair_endpoint(&f.pair, SERVER, 0);
    assert_fails(tcp_socket_connect(host, f.pair.now, fd, &remote, source),
                 TCP_SOCKET_EADDRNOTAVAIL);
    remote = any(80);
    assert_fails(tcp_socket_connect(host, f.pair.now, fd, &remote, source),
                 TCP_SOCKET_EADDRNOTAVAIL);
    remote = wire_pair_endpoint(&f.pair, SERVER, 80);
    remote.address.bytes[0] = 224; /* multicast, MUST-46 */
    assert_fails(tcp_socket_connect(host, f.pair.now, fd, &remote, source), TCP_SOCKET_ENETUNREACH);
    remote = wire_pair_endpoint(&f.pair, SERVER, 80);
    assert_fails(tcp_socket_connect(host, f.pair.now, fd, &remote, NULL), TCP_SOCKET_ENETUNREACH);
    remote.address.version = 6;
    assert_fails(tcp_socket_connect(host, f.pair.now, fd, &remote, source),
                 TCP_SOCKET_EAFNOSUPPORT);
    assert_int_equal(tcp_socket_handle(host, fd).generation, 0);
    done(&f);
}

static void a_bound_socket_connects_from_its_port(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int fd = open_bound(&f, CLIENT, 5555);
    const uint32_t operation = pending(connect_to(&f, fd, 80));
    struct tcp_flow flow;
    assert_gives(tcp_socket_flow(host_of(&f, CLIENT), fd, &flow), 0);
    assert_int_equal(flow.local.port, 5555);
    assert_memory_equal(flow.local.address.bytes, f.pair.address[CLIENT].bytes, 16);
    assert_int_equal(flow.remote.port, 80);
    wire_pair_settle(&f.pair);
    assert_gives(resume(&f, CLIENT, operation, NULL, 0), 0);
    done(&f);
}

static void a_flow_that_exists_is_not_available_again(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int first = open_socket(&f, CLIENT);
    const int second = open_socket(&f, CLIENT);
    assert_gives(set(&f, CLIENT, first, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(set(&f, CLIENT, second, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(bind_to(&f, CLIENT, first, 5555), 0);
    assert_gives(bind_to(&f, CLIENT, second, 5555), 0);
    (void)pending(connect_to(&f, first, 80));
    assert_fails(connect_to(&f, second, 80), TCP_SOCKET_EADDRNOTAVAIL);
    done(&f);
}

static void a_listener_does_not_connect(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_listener(&f, CLIENT, 80, 1);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EOPNOTSUPP);
    done(&f);
}

static void a_reset_after_the_handshake_is_no_refusal(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int fd = open_socket(&f, CLIENT);
    const uint32_t operation = pending(connect_to(&f, fd, 80));
    wire_pair_settle(&f.pair);
    assert_gives(close_fd(&f, SERVER, f.listener), 0); /* resets what nobody accepted */
    wire_pair_settle(&f.pair);
    assert_gives(resume(&f, CLIENT, operation, NULL, 0), 0);
    uint8_t byte = 0;
    assert_fails(read_into(&f, CLIENT, fd, &byte, 1), TCP_SOCKET_ECONNRESET);
    done(&f);
}

/* A read that waited for a connection is not a listener's, nor the next attempt's. */
static void what_waited_for_a_refused_connection_ends_with_it(void **state)
{
    (void)state;
    for (int then = 0; then < 2; then++) {
        struct fixture f;
        two_hosts(&f);
        const int fd = open_socket(&f, CLIENT);
        const uint32_t connecting = pending(connect_to(&f, fd, 80));
        uint8_t byte = 0;
        const uint32_t reading = pending(read_into(&f, CLIENT, fd, &byte, 1));
        wire_pair_settle(&f.pair);
        assert_fails(resume(&f, CLIENT, connecting, NULL, 0), TCP_SOCKET_ECONNREFUSED);
        if (then == 0) {
            assert_gives(tcp_socket_listen(host_of(&f, CLIENT), f.pair.now, fd, 1), 0);
        } else {
            (void)pending(connect_to(&f, fd, 81));
        }
        assert_null(tcp_socket_check(host_of(&f, CLIENT)));
        assert_int_equal(ready(&f, CLIENT), reading);
        assert_fails(resume(&f, CLIENT, reading, &byte, 1), TCP_SOCKET_ENOTCONN);
        done(&f);
    }
}

/* Two who ask for the outcome: one is told, the other that it is gone. */
static void an_outcome_is_told_to_one(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    const uint32_t connecting = pending(connect_to(&f, fd, 80));
    wire_pair_settle(&f.pair);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_ECONNREFUSED);
    assert_fails(resume(&f, CLIENT, connecting, NULL, 0), TCP_SOCKET_ECONNABORTED);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blocking_connect_ends_with_the_handshake),
        cmocka_unit_test(a_nonblocking_connect_is_in_progress_then_already_then_connected),
        cmocka_unit_test(a_port_where_nobody_listens_refuses),
        cmocka_unit_test(a_refusal_is_told_once_to_a_nonblocking_socket),
        cmocka_unit_test(silence_times_out),
        cmocka_unit_test(destinations_that_cannot_be_are_refused_at_once),
        cmocka_unit_test(a_bound_socket_connects_from_its_port),
        cmocka_unit_test(a_flow_that_exists_is_not_available_again),
        cmocka_unit_test(a_listener_does_not_connect),
        cmocka_unit_test(a_reset_after_the_handshake_is_no_refusal),
        cmocka_unit_test(what_waited_for_a_refused_connection_ends_with_it),
        cmocka_unit_test(an_outcome_is_told_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
