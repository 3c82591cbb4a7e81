/* shutdown() and close(): what goes on the wire, what the blocked calls are told, and when the port
 * is free again. */
#include "fixture.h"

#define SECOND UINT64_C(1000000)

static void close_sends_fin_and_the_connection_ends_by_itself(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    size_t since = f.pair.log_count;
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(wire_pair_count(&f.pair, SERVER, TCP_FLAG_FIN, since), 1);
    assert_int_equal(wire_pair_count(&f.pair, SERVER, TCP_FLAG_RST, since), 0);
    assert_gives(close_fd(&f, CLIENT, f.client), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(wire_pair_count(&f.pair, CLIENT, TCP_FLAG_FIN, since), 1);
    for (uint32_t slot = 0; slot < tcp_limits_small().connections; slot++)
        assert_int_equal(tcp_host_at_slot(host_of(&f, CLIENT), slot).generation, 0);
    assert_fails(close_fd(&f, CLIENT, f.client), TCP_SOCKET_EBADF);
    done(&f);
}

static void close_with_unread_data_resets(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(write_from(&f, CLIENT, f.client, "unread", 6), 6);
    wire_pair_settle(&f.pair);
    const size_t since = f.pair.log_count;
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(wire_pair_count(&f.pair, SERVER, TCP_FLAG_RST, since), 1);
    assert_int_equal(wire_pair_count(&f.pair, SERVER, TCP_FLAG_FIN, since), 0);
    assert_int_equal(state_of(&f, CLIENT, f.client), TCB_CLOSED);
    done(&f);
}

static void data_after_close_is_answered_with_reset(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_gives(write_from(&f, CLIENT, f.client, "nobody reads this", 17), 17);
    wire_pair_settle(&f.pair);
    assert_fails(write_from(&f, CLIENT, f.client, "x", 1), TCP_SOCKET_ECONNRESET);
    done(&f);
}

static void half_close_lets_data_flow_the_other_way(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[16];
    assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_WR), 0);
    assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_WR), 0); /* no second FIN */
    assert_fails(write_from(&f, CLIENT, f.client, "x", 1), TCP_SOCKET_EPIPE);
    wire_pair_settle(&f.pair);
    assert_int_equal(wire_pair_count(&f.pair, CLIENT, TCP_FLAG_FIN, 0), 1);
    assert_gives(read_into(&f, SERVER, f.server, bytes, sizeof bytes), 0);
    assert_gives(write_from(&f, SERVER, f.server, "still here", 10), 10);
    wire_pair_settle(&f.pair);
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 10);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 0);
    assert_int_equal(state_of(&f, CLIENT, f.client), TCB_TIME_WAIT);
    done(&f);
}

static void shutting_the_read_side_gives_what_is_there_then_the_end(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[16];
    assert_gives(write_from(&f, SERVER, f.server, "left", 4), 4);
    wire_pair_settle(&f.pair);
    const size_t since = f.pair.log_count;
    assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_RD), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(f.pair.log_count, since); /* the peer is not told */
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 4);
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 0);
    assert_gives(write_from(&f, CLIENT, f.client, "x", 1), 1);
    done(&f);
}

static void shutdown_wakes_those_who_wait(void **state)
{
    (void)state;
    static uint8_t bytes[200000];
    struct fixture f;
    connected(&f);
    const uint32_t reading = pending(read_into(&f, CLIENT, f.client, bytes, 1));
    const uint32_t writing = pending(write_from(&f, CLIENT, f.client, bytes, sizeof bytes));
    assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_RDWR), 0);
    assert_int_equal(ready(&f, CLIENT), reading);
    assert_gives(resume(&f, CLIENT, reading, bytes, 1), 0);
    assert_int_equal(ready(&f, CLIENT), writing);
    const struct tcp_socket_result cut = resume(&f, CLIENT, writing, bytes, sizeof bytes);
    assert_int_equal(cut.error, TCP_SOCKET_OK);
    assert_in_range(cut.value, 1, sizeof bytes - 1);
    done(&f);
}

static void shutdown_needs_a_connection_and_a_direction(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int idle = open_socket(&f, SERVER);
    assert_fails(shut(&f, SERVER, idle, TCP_SOCKET_SHUT_WR), TCP_SOCKET_ENOTCONN);
    assert_fails(shut(&f, SERVER, f.listener, TCP_SOCKET_SHUT_RDWR), TCP_SOCKET_ENOTCONN);
    assert_fails(shut(&f, SERVER, f.server, (enum tcp_socket_how)3), TCP_SOCKET_EINVAL);
    const int connecting = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, connecting, 80), TCP_SOCKET_EINPROGRESS);
    assert_fails(shut(&f, CLIENT, connecting, TCP_SOCKET_SHUT_WR), TCP_SOCKET_ENOTCONN);
    done(&f);
}

static void close_during_the_handshake_leaves_nothing_behind(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int fd = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EINPROGRESS);
    assert_gives(close_fd(&f, CLIENT, fd), 0);
    wire_pair_settle(&f.pair);
    for (uint32_t slot = 0; slot < tcp_limits_small().connections; slot++)
        assert_int_equal(tcp_host_at_slot(host_of(&f, CLIENT), slot).generation, 0);
    done(&f);
}

static void close_ends_blocked_calls_with_ebadf_even_when_the_number_is_used_again(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t byte = 0;
    const uint32_t reading = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    assert_gives(close_fd(&f, CLIENT, f.client), 0);
    assert_int_equal(open_socket(&f, CLIENT), f.client);
    assert_int_equal(ready(&f, CLIENT), reading);
    assert_fails(resume(&f, CLIENT, reading, &byte, 1), TCP_SOCKET_EBADF);
    assert_int_equal(ready(&f, CLIENT), 0);
    done(&f);
}

/* The server closed first, so the port is held by its TIME-WAIT alone. */
static void a_port_in_time_wait_needs_reuse_until_two_msl_have_passed(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    assert_gives(close_fd(&f, SERVER, f.listener), 0);
    wire_pair_settle(&f.pair);
    assert_gives(close_fd(&f, CLIENT, f.client), 0);
    wire_pair_settle(&f.pair);

    const int plain = open_socket(&f, SERVER);
    assert_fails(bind_to(&f, SERVER, plain, 80), TCP_SOCKET_EADDRINUSE);
    const int reusing = open_socket(&f, SERVER);
    assert_gives(set(&f, SERVER, reusing, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(bind_to(&f, SERVER, reusing, 80), 0);
    assert_gives(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, reusing, 1), 0);
    assert_gives(close_fd(&f, SERVER, reusing), 0);

    wire_pair_run(&f.pair, 239 * SECOND);
    assert_fails(bind_to(&f, SERVER, plain, 80), TCP_SOCKET_EADDRINUSE);
    wire_pair_run(&f.pair, 2 * SECOND);
    assert_gives(bind_to(&f, SERVER, plain, 80), 0);
    done(&f);
}

static void an_open_connection_holds_the_port_unless_both_sides_say_reuse(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(close_fd(&f, SERVER, f.listener), 0);
    const int fd = open_socket(&f, SERVER);
    assert_fails(bind_to(&f, SERVER, fd, 80), TCP_SOCKET_EADDRINUSE);
    assert_gives(set(&f, SERVER, fd, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_fails(bind_to(&f, SERVER, fd, 80), TCP_SOCKET_EADDRINUSE);
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(bind_to(&f, SERVER, fd, 80), 0);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(close_sends_fin_and_the_connection_ends_by_itself),
        cmocka_unit_test(close_with_unread_data_resets),
        cmocka_unit_test(data_after_close_is_answered_with_reset),
        cmocka_unit_test(half_close_lets_data_flow_the_other_way),
        cmocka_unit_test(shutting_the_read_side_gives_what_is_there_then_the_end),
        cmocka_unit_test(shutdown_wakes_those_who_wait),
        cmocka_unit_test(shutdown_needs_a_connection_and_a_direction),
        cmocka_unit_test(close_during_the_handshake_leaves_nothing_behind),
        cmocka_unit_test(close_ends_blocked_calls_with_ebadf_even_when_the_number_is_used_again),
        cmocka_unit_test(a_port_in_time_wait_needs_reuse_until_two_msl_have_passed),
        cmocka_unit_test(an_open_connection_holds_the_port_unless_both_sides_say_reuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
