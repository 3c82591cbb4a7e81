/* The table of blocked calls: names, order, limits, and that it moves with the host. */
#include "fixture.h"
#include "host/block.h"

#include <stdlib.h>

static void names_are_not_given_again_soon(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t byte = 0;
    uint32_t last = 0;
    for (int count = 0; count < 1000; count++) {
        const uint32_t operation = pending(read_into(&f, CLIENT, f.client, &byte, 1));
        assert_true(operation > last);
        last = operation;
        assert_gives(tcp_socket_cancel(host_of(&f, CLIENT), f.pair.now, operation), 0);
        assert_fails(tcp_socket_cancel(host_of(&f, CLIENT), f.pair.now, operation),
                     TCP_SOCKET_EINVAL);
    }
    assert_fails(resume(&f, CLIENT, 0, NULL, 0), TCP_SOCKET_EINVAL);
    done(&f);
}

static void a_full_table_is_enobufs_and_frees_itself(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_limits limits = tcp_limits_small();
    limits.operations = 2;
    two_hosts_with(&f, 4, NULL, &limits);
    f.listener = open_listener(&f, SERVER, 80, 4);
    struct tcp_host *server = host_of(&f, SERVER);
    const uint32_t first = pending(tcp_socket_accept(server, f.pair.now, f.listener));
    (void)pending(tcp_socket_accept(server, f.pair.now, f.listener));
    assert_fails(tcp_socket_accept(server, f.pair.now, f.listener), TCP_SOCKET_ENOBUFS);
    assert_gives(tcp_socket_cancel(server, f.pair.now, first), 0);
    (void)pending(tcp_socket_accept(server, f.pair.now, f.listener));
    done(&f);
}

static void a_connect_that_has_nowhere_to_wait_is_taken_back(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_limits limits = tcp_limits_small();
    limits.operations = 0;
    two_hosts_with(&f, 4, NULL, &limits);
    const int fd = open_socket(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_ENOBUFS);
    wire_pair_settle(&f.pair);
    assert_int_equal(f.pair.log_count, 0);
    assert_int_equal(tcp_socket_handle(host_of(&f, CLIENT), fd).generation, 0);
    done(&f);
}

static void poll_changes_nothing_and_names_the_oldest(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t bytes[4];
    const uint32_t first = pending(read_into(&f, CLIENT, f.client, bytes, 2));
    const uint32_t second = pending(read_into(&f, CLIENT, f.client, bytes, 2));
    assert_gives(write_from(&f, SERVER, f.server, "abcd", 4), 4);
    wire_pair_settle(&f.pair);
    struct tcp_socket_ready named;
    for (int again = 0; again < 3; again++) {
        assert_true(tcp_socket_poll(host_of(&f, CLIENT), &named));
        assert_int_equal(named.operation, first);
        assert_int_equal(named.kind, TCP_SOCKET_READ);
        assert_int_equal(named.fd, f.client);
        assert_int_equal(named.done, 0);
        assert_int_equal(named.remaining, 2);
    }
    assert_gives(resume(&f, CLIENT, first, bytes, sizeof bytes), 2); /* no more than was asked */
    assert_memory_equal(bytes, "ab", 2);
    assert_int_equal(ready(&f, CLIENT), second);
    assert_gives(resume(&f, CLIENT, second, bytes, 2), 2);
    assert_memory_equal(bytes, "cd", 2);
    done(&f);
}

/* A record that is used again holds a younger call than those behind it. */
static void the_oldest_is_named_wherever_it_lies(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_limits limits = tcp_limits_small();
    limits.operations = 2;
    two_hosts_with(&f, 4, NULL, &limits);
    f.listener = open_listener(&f, SERVER, 80, 8);
    struct tcp_host *server = host_of(&f, SERVER);
    const int first = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, first, 80), TCP_SOCKET_EINPROGRESS);
    wire_pair_settle(&f.pair);
    f.server = (int)tcp_socket_accept(server, f.pair.now, f.listener).value;

    uint8_t byte = 0;
    const uint32_t early = pending(tcp_socket_accept(server, f.pair.now, f.listener));
    const uint32_t reading = pending(read_into(&f, SERVER, f.server, &byte, 1));
    assert_gives(tcp_socket_cancel(server, f.pair.now, early), 0);
    const uint32_t accepting = pending(tcp_socket_accept(server, f.pair.now, f.listener));
    assert_true(accepting > reading);
    assert_gives(write_from(&f, CLIENT, first, "x", 1), 1);
    assert_fails(connect_to(&f, open_nonblocking(&f, CLIENT), 80), TCP_SOCKET_EINPROGRESS);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, SERVER), reading);
    assert_gives(resume(&f, SERVER, reading, &byte, 1), 1);
    assert_int_equal(ready(&f, SERVER), accepting);
    done(&f);
}

static void blocked_calls_and_descriptors_move_with_the_host(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t bytes[4];
    const uint32_t reading = pending(read_into(&f, CLIENT, f.client, bytes, sizeof bytes));
    void *block = aligned_alloc(TCP_HOST_ALIGNMENT, (f.pair.block_bytes[CLIENT] + 15) & ~15ul);
    assert_non_null(block);
    struct tcp_host *copy = tcp_host_copy(block, f.pair.block_bytes[CLIENT], f.pair.host[CLIENT]);
    assert_true(tcp_host_same(copy, f.pair.host[CLIENT]));
    /* What is spoiled must not be poisoned, under ASan. */
    host_expose_all(f.pair.block[CLIENT], f.pair.block_bytes[CLIENT]);
    memset(f.pair.block[CLIENT], 0xa5, 4096);
    free(f.pair.block[CLIENT]);
    f.pair.block[CLIENT] = block;
    f.pair.host[CLIENT] = copy;
    assert_gives(write_from(&f, SERVER, f.server, "abcd", 4), 4);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, CLIENT), reading);
    assert_gives(resume(&f, CLIENT, reading, bytes, sizeof bytes), 4);
    assert_memory_equal(bytes, "abcd", 4);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_not_given_again_soon),
        cmocka_unit_test(a_full_table_is_enobufs_and_frees_itself),
        cmocka_unit_test(a_connect_that_has_nowhere_to_wait_is_taken_back),
        cmocka_unit_test(poll_changes_nothing_and_names_the_oldest),
        cmocka_unit_test(the_oldest_is_named_wherever_it_lies),
        cmocka_unit_test(blocked_calls_and_descriptors_move_with_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
