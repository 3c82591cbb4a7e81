/* read() and write(): what they return, when they wait, and how a connection's end looks. */
#include "fixture.h"

#define LARGE_BYTES 200000

static void data_goes_both_ways_over_either_ip_version(void **state)
{
    (void)state;
    for (uint8_t ip_version = 4; ip_version <= 6; ip_version += 2) {
        struct fixture f;
        connected_over(&f, ip_version);
        char bytes[32];
        assert_gives(write_from(&f, CLIENT, f.client, "GET /", 5), 5);
        wire_pair_settle(&f.pair);
        assert_gives(read_into(&f, SERVER, f.server, bytes, sizeof bytes), 5);
        assert_memory_equal(bytes, "GET /", 5);
        assert_gives(write_from(&f, SERVER, f.server, "200 OK", 6), 6);
        wire_pair_settle(&f.pair);
        assert_gives(read_into(&f, CLIENT, f.client, bytes, 3), 3);
        assert_gives(read_into(&f, CLIENT, f.client, bytes + 3, 20), 3);
        assert_memory_equal(bytes, "200 OK", 6);
        done(&f);
    }
}

static void counts_of_zero_are_zero(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(read_into(&f, CLIENT, f.client, NULL, 0), 0);
    assert_gives(write_from(&f, CLIENT, f.client, NULL, 0), 0);
    done(&f);
}

static void a_waiting_read_gets_the_rest_and_then_the_end(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[100];
    const uint32_t first = pending(read_into(&f, CLIENT, f.client, bytes, sizeof bytes));
    assert_gives(write_from(&f, SERVER, f.server, "response", 8), 8);
    assert_gives(close_fd(&f, SERVER, f.server), 0); /* data and FIN arrive together */
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), first);
    assert_gives(resume(&f, CLIENT, first, bytes, sizeof bytes), 8);
    assert_memory_equal(bytes, "response", 8);
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 0);
    assert_gives(read_into(&f, CLIENT, f.client, bytes, sizeof bytes), 0); /* and again */
    assert_int_equal(state_of(&f, CLIENT, f.client), TCB_CLOSE_WAIT);
    done(&f);
}

static void a_read_that_waits_when_only_the_fin_comes_returns_0(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char byte = 0;
    const uint32_t operation = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    assert_gives(shut(&f, SERVER, f.server, TCP_SOCKET_SHUT_WR), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), operation);
    assert_gives(resume(&f, CLIENT, operation, &byte, 1), 0);
    done(&f);
}

static void a_nonblocking_read_says_eagain_until_there_is_something(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char byte = 0;
    assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_O_NONBLOCK, 1), 0);
    assert_fails(read_into(&f, CLIENT, f.client, &byte, 1), TCP_SOCKET_EAGAIN);
    assert_gives(write_from(&f, SERVER, f.server, "x", 1), 1);
    wire_pair_settle(&f.pair);
    assert_gives(read_into(&f, CLIENT, f.client, &byte, 1), 1);
    assert_fails(read_into(&f, CLIENT, f.client, &byte, 1), TCP_SOCKET_EAGAIN);
    done(&f);
}

static void a_nonblocking_write_takes_what_fits(void **state)
{
    (void)state;
    static uint8_t bytes[LARGE_BYTES];
    struct fixture f;
    connected(&f);
    assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_O_NONBLOCK, 1), 0);
    const struct tcp_socket_result first = write_from(&f, CLIENT, f.client, bytes, sizeof bytes);
    assert_int_equal(first.error, TCP_SOCKET_OK);
    assert_in_range(first.value, 1, LARGE_BYTES - 1);
    assert_fails(write_from(&f, CLIENT, f.client, bytes, 1), TCP_SOCKET_EAGAIN);
    done(&f);
}

static void a_blocked_write_goes_on_as_the_peer_reads_and_ends_when_all_is_taken(void **state)
{
    (void)state;
    static uint8_t sent[LARGE_BYTES];
    static uint8_t received[LARGE_BYTES];
    pattern(sent, sizeof sent);
    struct fixture f;
    connected(&f);
    const uint32_t writing = pending(write_from(&f, CLIENT, f.client, sent, sizeof sent));
    uint64_t handed_over = 0;
    size_t got = 0;
    bool has_ended = false;
    for (int turn = 0; turn < 1000 && got < sizeof received; turn++) {
        wire_pair_run(&f.pair, 1000000);
        struct tcp_socket_ready named;
        if (tcp_socket_poll(host_of(&f, CLIENT), &named)) {
            assert_int_equal(named.operation, writing);
            assert_int_equal(named.kind, TCP_SOCKET_WRITE);
            assert_int_equal(named.done + named.remaining, sizeof sent);
            assert_true(named.done >= handed_over);
            handed_over = named.done;
            const struct tcp_socket_result result =
                resume(&f, CLIENT, writing, sent + named.done, (size_t)named.remaining);
            has_ended = result.error == TCP_SOCKET_OK;
            if (has_ended)
                assert_int_equal(result.value, sizeof sent);
        }
        size_t room = sizeof received - got < 10000 ? sizeof received - got : 10000;
        const struct tcp_socket_result read = read_into(&f, SERVER, f.server, received + got, room);
        if (read.error == TCP_SOCKET_PENDING)
            (void)tcp_socket_cancel(host_of(&f, SERVER), f.pair.now, read.operation);
        else
            got += (size_t)read.value;
    }
    assert_true(has_ended);
    assert_int_equal(got, sizeof received);
    assert_memory_equal(received, sent, sizeof sent);
    done(&f);
}

static void a_later_write_waits_for_a_blocked_one_but_a_read_does_not(void **state)
{
    (void)state;
    static uint8_t bytes[LARGE_BYTES];
    struct fixture f;
    connected(&f);
    (void)pending(write_from(&f, CLIENT, f.client, bytes, sizeof bytes));
    (void)pending(write_from(&f, CLIENT, f.client, "x", 1));
    assert_gives(write_from(&f, SERVER, f.server, "y", 1), 1);
    wire_pair_settle(&f.pair);
    uint8_t byte = 0;
    assert_gives(read_into(&f, CLIENT, f.client, &byte, 1), 1);
    assert_int_equal(byte, 'y');
    done(&f);
}

static void a_reset_is_told_once_then_it_is_the_end_and_a_broken_pipe(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t byte = 0;
    assert_gives(write_from(&f, CLIENT, f.client, "unread", 6), 6);
    wire_pair_settle(&f.pair);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_fails(write_from(&f, CLIENT, f.client, "x", 1), TCP_SOCKET_ECONNRESET);
    assert_fails(write_from(&f, CLIENT, f.client, "x", 1), TCP_SOCKET_EPIPE);
    assert_gives(read_into(&f, CLIENT, f.client, &byte, 1), 0);
    assert_gives(get(&f, CLIENT, f.client, TCP_SOCKET_SO_ERROR), 0);
    assert_fails(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_WR), TCP_SOCKET_ENOTCONN);
    done(&f);
}

static void a_read_that_waits_when_the_reset_comes_is_told(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t byte = 0;
    const uint32_t first = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    const uint32_t second = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    assert_gives(write_from(&f, CLIENT, f.client, "unread", 6), 6);
    wire_pair_settle(&f.pair);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), first);
    assert_fails(resume(&f, CLIENT, first, &byte, 1), TCP_SOCKET_ECONNRESET);
    assert_int_equal(ready(&f, CLIENT), second);
    assert_gives(resume(&f, CLIENT, second, &byte, 1), 0);
    done(&f);
}

static void a_write_that_breaks_off_returns_what_it_handed_over(void **state)
{
    (void)state;
    static uint8_t bytes[LARGE_BYTES];
    struct fixture f;
    connected(&f);
    const uint32_t writing = pending(write_from(&f, CLIENT, f.client, bytes, sizeof bytes));
    wire_pair_settle(&f.pair);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    struct tcp_socket_ready named;
    assert_true(tcp_socket_poll(host_of(&f, CLIENT), &named));
    assert_int_equal(named.operation, writing);
    assert_true(named.done > 0);
    assert_gives(resume(&f, CLIENT, writing, bytes + named.done, (size_t)named.remaining),
                 named.done);
    assert_fails(write_from(&f, CLIENT, f.client, bytes, 1), TCP_SOCKET_ECONNRESET);
    done(&f);
}

static void without_a_connection_there_is_nothing_to_transfer(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    uint8_t byte = 0;
    const int idle = open_socket(&f, SERVER);
    assert_fails(read_into(&f, SERVER, idle, &byte, 1), TCP_SOCKET_ENOTCONN);
    assert_fails(write_from(&f, SERVER, idle, &byte, 1), TCP_SOCKET_ENOTCONN);
    assert_fails(read_into(&f, SERVER, f.listener, &byte, 1), TCP_SOCKET_ENOTCONN);
    assert_fails(write_from(&f, SERVER, f.listener, &byte, 1), TCP_SOCKET_ENOTCONN);
    done(&f);
}

static void calls_wait_for_the_handshake(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    uint8_t byte = 0;
    f.client = open_socket(&f, CLIENT);
    const uint32_t connecting = pending(connect_to(&f, f.client, 80));
    const uint32_t writing = pending(write_from(&f, CLIENT, f.client, "x", 1));
    const uint32_t reading = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), connecting);
    assert_int_equal(resume(&f, CLIENT, writing, "x", 1).error, TCP_SOCKET_PENDING);
    assert_gives(resume(&f, CLIENT, connecting, NULL, 0), 0);
    assert_int_equal(ready(&f, CLIENT), writing);
    assert_gives(resume(&f, CLIENT, writing, "x", 1), 1);
    assert_int_equal(ready(&f, CLIENT), 0);
    assert_gives(tcp_socket_cancel(host_of(&f, CLIENT), f.pair.now, reading), 0);
    done(&f);
}

static void a_nonblocking_transfer_during_the_handshake_says_eagain(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    uint8_t byte = 0;
    const int fd = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EINPROGRESS);
    assert_fails(write_from(&f, CLIENT, fd, "x", 1), TCP_SOCKET_EAGAIN);
    assert_fails(read_into(&f, CLIENT, fd, &byte, 1), TCP_SOCKET_EAGAIN);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_goes_both_ways_over_either_ip_version),
        cmocka_unit_test(counts_of_zero_are_zero),
        cmocka_unit_test(a_waiting_read_gets_the_rest_and_then_the_end),
        cmocka_unit_test(a_read_that_waits_when_only_the_fin_comes_returns_0),
        cmocka_unit_test(a_nonblocking_read_says_eagain_until_there_is_something),
        cmocka_unit_test(a_nonblocking_write_takes_what_fits),
        cmocka_unit_test(a_blocked_write_goes_on_as_the_peer_reads_and_ends_when_all_is_taken),
        cmocka_unit_test(a_later_write_waits_for_a_blocked_one_but_a_read_does_not),
        cmocka_unit_test(a_reset_is_told_once_then_it_is_the_end_and_a_broken_pipe),
        cmocka_unit_test(a_read_that_waits_when_the_reset_comes_is_told),
        cmocka_unit_test(a_write_that_breaks_off_returns_what_it_handed_over),
        cmocka_unit_test(without_a_connection_there_is_nothing_to_transfer),
        cmocka_unit_test(calls_wait_for_the_handshake),
        cmocka_unit_test(a_nonblocking_transfer_during_the_handshake_says_eagain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
