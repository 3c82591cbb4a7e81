/* listen() and accept(): order, blocking, full tables, and listeners that go away. */
#include "fixture.h"

static struct tcp_socket_result accept_on(struct fixture *f, int fd)
{
    return tcp_socket_accept(host_of(f, SERVER), f->pair.now, fd);
}

/* A client connects from this port, which tells the connections apart. */
static int connect_from(struct fixture *f, uint16_t port)
{
    const int fd = open_bound(f, CLIENT, port);
    const uint32_t operation = pending(connect_to(f, fd, 80));
    wire_pair_settle(&f->pair);
    assert_gives(resume(f, CLIENT, operation, NULL, 0), 0);
    return fd;
}

static uint16_t peer_port(struct fixture *f, int fd)
{
    struct tcp_flow flow;
    assert_gives(tcp_socket_flow(host_of(f, SERVER), fd, &flow), 0);
    assert_int_equal(flow.local.port, 80);
    return flow.remote.port;
}

static void connections_are_accepted_in_the_order_in_which_they_completed(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    (void)connect_from(&f, 1003);
    (void)connect_from(&f, 1001);
    (void)connect_from(&f, 1002);
    assert_gives(accept_on(&f, f.listener), 4);
    assert_gives(accept_on(&f, f.listener), 5);
    assert_gives(accept_on(&f, f.listener), 6);
    assert_int_equal(peer_port(&f, 4), 1003);
    assert_int_equal(peer_port(&f, 5), 1001);
    assert_int_equal(peer_port(&f, 6), 1002);
    done(&f);
}

static void a_blocked_accept_ends_with_the_connection(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const uint32_t first = pending(accept_on(&f, f.listener));
    const uint32_t second = pending(accept_on(&f, f.listener));
    assert_int_not_equal(first, second);
    assert_int_equal(ready(&f, SERVER), 0);
    (void)connect_from(&f, 1001);
    assert_int_equal(ready(&f, SERVER), first);
    assert_int_equal(resume(&f, SERVER, second, NULL, 0).error, TCP_SOCKET_PENDING); /* its turn */
    assert_gives(resume(&f, SERVER, first, NULL, 0), 4);
    assert_int_equal(ready(&f, SERVER), 0);
    (void)connect_from(&f, 1002);
    assert_int_equal(ready(&f, SERVER), second);
    assert_gives(resume(&f, SERVER, second, NULL, 0), 5);
    assert_int_equal(peer_port(&f, 5), 1002);
    done(&f);
}

static void a_later_accept_does_not_overtake_a_blocked_one(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const uint32_t first = pending(accept_on(&f, f.listener));
    (void)connect_from(&f, 1001);
    const uint32_t second = pending(accept_on(&f, f.listener));
    assert_gives(resume(&f, SERVER, first, NULL, 0), 4);
    assert_int_equal(ready(&f, SERVER), 0);
    assert_gives(tcp_socket_cancel(host_of(&f, SERVER), f.pair.now, second), 0);
    done(&f);
}

static void a_nonblocking_accept_says_eagain(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    assert_gives(set(&f, SERVER, f.listener, TCP_SOCKET_O_NONBLOCK, 1), 0);
    assert_fails(accept_on(&f, f.listener), TCP_SOCKET_EAGAIN);
    (void)connect_from(&f, 1001);
    assert_gives(accept_on(&f, f.listener), 4);
    assert_gives(get(&f, SERVER, 4, TCP_SOCKET_O_NONBLOCK), 0); /* it is not inherited */
    assert_fails(accept_on(&f, f.listener), TCP_SOCKET_EAGAIN);
    done(&f);
}

static void options_are_inherited(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    assert_gives(set(&f, SERVER, f.listener, TCP_SOCKET_TCP_NODELAY, 1), 0);
    assert_gives(set(&f, SERVER, f.listener, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    (void)connect_from(&f, 1001);
    assert_gives(accept_on(&f, f.listener), 4);
    assert_gives(get(&f, SERVER, 4, TCP_SOCKET_TCP_NODELAY), 1);
    assert_gives(get(&f, SERVER, 4, TCP_SOCKET_SO_REUSEADDR), 1);
    done(&f);
}

static void without_a_descriptor_the_child_waits(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_limits limits = tcp_limits_small();
    limits.sockets = 2;
    two_hosts_with(&f, 4, NULL, &limits);
    f.listener = open_listener(&f, SERVER, 80, 4);
    const int other = open_socket(&f, SERVER);
    (void)connect_from(&f, 1001);
    assert_fails(accept_on(&f, f.listener), TCP_SOCKET_EMFILE);
    assert_gives(close_fd(&f, SERVER, other), 0);
    assert_gives(accept_on(&f, f.listener), other);
    done(&f);
}

static void only_listeners_accept(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_fails(accept_on(&f, open_socket(&f, SERVER)), TCP_SOCKET_EINVAL);
    assert_fails(accept_on(&f, f.server), TCP_SOCKET_EINVAL);
    assert_fails(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, f.server, 1),
                 TCP_SOCKET_EINVAL);
    assert_gives(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, f.listener, 5), 0);
    done(&f);
}

static void an_unbound_socket_listens_on_an_ephemeral_port(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, SERVER);
    assert_gives(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, fd, 1), 0);
    struct tcp_flow flow;
    assert_gives(tcp_socket_flow(host_of(&f, SERVER), fd, &flow), 0);
    assert_in_range(flow.local.port, 49152, 65535);
    done(&f);
}

static void a_backlog_of_any_number_lets_at_least_one_wait(void **state)
{
    (void)state;
    const int backlogs[] = {INT32_MIN, -1, 0, 1, 65536, INT32_MAX};
    for (size_t index = 0; index < sizeof backlogs / sizeof backlogs[0]; index++) {
        struct fixture f;
        two_hosts(&f);
        f.listener = open_listener(&f, SERVER, 80, backlogs[index]);
        (void)connect_from(&f, 1001);
        const int second = open_nonblocking(&f, CLIENT);
        assert_fails(connect_to(&f, second, 80), TCP_SOCKET_EINPROGRESS);
        wire_pair_settle(&f.pair);
        const bool has_room = backlogs[index] > 1;
        assert_int_equal(state_of(&f, CLIENT, second), has_room ? TCB_ESTABLISHED : TCB_SYN_SENT);
        assert_gives(accept_on(&f, f.listener), 4);
        done(&f);
    }
}

static void closing_a_listener_resets_its_children(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int waiting = connect_from(&f, 1001);
    const uint32_t blocked_read = pending(read_into(&f, CLIENT, waiting, &(uint8_t){0}, 1));
    const int half_open = open_nonblocking(&f, CLIENT);
    f.pair.delay_us = 1000;
    assert_fails(connect_to(&f, half_open, 80), TCP_SOCKET_EINPROGRESS);
    wire_pair_run(&f.pair, 1000); /* the SYN has arrived, its answer has not */
    assert_gives(close_fd(&f, SERVER, f.listener), 0);
    wire_pair_run(&f.pair, 10000);
    assert_int_equal(ready(&f, CLIENT), blocked_read);
    assert_fails(resume(&f, CLIENT, blocked_read, &(uint8_t){0}, 1), TCP_SOCKET_ECONNRESET);
    assert_int_equal(state_of(&f, CLIENT, half_open), TCB_CLOSED);
    for (uint32_t slot = 0; slot < tcp_limits_small().connections; slot++)
        assert_int_equal(tcp_host_at_slot(host_of(&f, SERVER), slot).generation, 0);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_accepted_in_the_order_in_which_they_completed),
        cmocka_unit_test(a_blocked_accept_ends_with_the_connection),
        cmocka_unit_test(a_later_accept_does_not_overtake_a_blocked_one),
        cmocka_unit_test(a_nonblocking_accept_says_eagain),
        cmocka_unit_test(options_are_inherited),
        cmocka_unit_test(without_a_descriptor_the_child_waits),
        cmocka_unit_test(only_listeners_accept),
        cmocka_unit_test(an_unbound_socket_listens_on_an_ephemeral_port),
        cmocka_unit_test(a_backlog_of_any_number_lets_at_least_one_wait),
        cmocka_unit_test(closing_a_listener_resets_its_children),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
