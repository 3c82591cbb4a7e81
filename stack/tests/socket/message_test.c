/* recv() and send() with flags: looking, not waiting, waiting for all, more to come, urgent. */
#include "fixture.h"

static struct tcp_socket_result receive(struct fixture *f, int host, int fd, void *bytes,
                                        size_t count, uint32_t flags)
{
    return tcp_socket_receive(host_of(f, host), f->pair.now, fd, (struct tcp_room){bytes, count},
                              flags);
}

static struct tcp_socket_result send_to(struct fixture *f, int host, int fd, const char *text,
                                        uint32_t flags)
{
    return tcp_socket_send(host_of(f, host), f->pair.now, fd, (const uint8_t *)text, strlen(text),
                           flags);
}

static void a_look_takes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[8] = {0};
    assert_gives(send_to(&f, CLIENT, f.client, "abcdef", 0), 6);
    wire_pair_settle(&f.pair);
    for (int turn = 0; turn < 3; turn++) {
        assert_gives(receive(&f, SERVER, f.server, bytes, 4, TCP_SOCKET_PEEK), 4);
        assert_memory_equal(bytes, "abcd", 4);
    }
    assert_gives(receive(&f, SERVER, f.server, bytes, 8, 0), 6);
    assert_memory_equal(bytes, "abcdef", 6);
    assert_fails(receive(&f, SERVER, f.server, bytes, 8, TCP_SOCKET_PEEK | TCP_SOCKET_DONTWAIT),
                 TCP_SOCKET_EAGAIN);
    done(&f);
}

static void one_call_need_not_wait_on_a_blocking_descriptor(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char byte;
    assert_fails(receive(&f, SERVER, f.server, &byte, 1, TCP_SOCKET_DONTWAIT), TCP_SOCKET_EAGAIN);
    assert_gives(get(&f, SERVER, f.server, TCP_SOCKET_O_NONBLOCK), 0);
    (void)pending(receive(&f, SERVER, f.server, &byte, 1, 0));
    /* ... and one that need not wait does not overtake one that does. */
    assert_gives(send_to(&f, CLIENT, f.client, "x", 0), 1);
    wire_pair_settle(&f.pair);
    assert_fails(receive(&f, SERVER, f.server, &byte, 1, TCP_SOCKET_DONTWAIT), TCP_SOCKET_EAGAIN);
    done(&f);
}

static void waiting_for_all_collects_in_parts(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[6] = {0};
    struct tcp_socket_ready named;
    const uint32_t operation = pending(receive(&f, SERVER, f.server, bytes, 6, TCP_SOCKET_WAITALL));
    assert_gives(send_to(&f, CLIENT, f.client, "abcd", 0), 4);
    wire_pair_settle(&f.pair);
    assert_true(tcp_socket_poll(host_of(&f, SERVER), &named));
    assert_int_equal(named.done, 0);
    assert_int_equal(resume(&f, SERVER, operation, bytes, 6).error, TCP_SOCKET_PENDING);
    assert_int_equal(ready(&f, SERVER), 0);
    assert_gives(send_to(&f, CLIENT, f.client, "efgh", 0), 4);
    wire_pair_run(&f.pair, 1000000);
    assert_true(tcp_socket_poll(host_of(&f, SERVER), &named));
    assert_int_equal(named.done, 4);
    assert_int_equal(named.remaining, 2);
    assert_gives(resume(&f, SERVER, operation, bytes + named.done, (size_t)named.remaining), 6);
    assert_memory_equal(bytes, "abcdef", 6);
    assert_gives(get(&f, SERVER, f.server, TCP_SOCKET_FIONREAD), 2);
    done(&f);
}

static void waiting_for_all_ends_with_the_stream_or_with_close(void **state)
{
    (void)state;
    for (int by_close = 0; by_close < 2; by_close++) {
        struct fixture f;
        connected(&f);
        char bytes[6] = {0};
        const uint32_t operation =
            pending(receive(&f, SERVER, f.server, bytes, 6, TCP_SOCKET_WAITALL));
        assert_gives(send_to(&f, CLIENT, f.client, "abc", 0), 3);
        wire_pair_settle(&f.pair);
        assert_int_equal(resume(&f, SERVER, operation, bytes, 6).error, TCP_SOCKET_PENDING);
        if (by_close)
            assert_gives(close_fd(&f, SERVER, f.server), 0);
        else
            assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_WR), 0);
        wire_pair_settle(&f.pair);
        assert_int_equal(ready(&f, SERVER), operation);
        assert_gives(resume(&f, SERVER, operation, bytes + 3, 3), 3);
        done(&f);
    }
}

static void a_look_at_all_waits_until_all_is_there(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[4] = {0};
    const uint32_t flags = TCP_SOCKET_PEEK | TCP_SOCKET_WAITALL;
    const uint32_t operation = pending(receive(&f, SERVER, f.server, bytes, 4, flags));
    assert_gives(send_to(&f, CLIENT, f.client, "abc", 0), 3);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, SERVER), 0);
    assert_gives(send_to(&f, CLIENT, f.client, "d", 0), 1);
    wire_pair_run(&f.pair, 1000000);
    assert_int_equal(ready(&f, SERVER), operation);
    assert_gives(resume(&f, SERVER, operation, bytes, 4), 4);
    assert_memory_equal(bytes, "abcd", 4);
    assert_gives(get(&f, SERVER, f.server, TCP_SOCKET_FIONREAD), 4);
    done(&f);
}

/* Nothing of it will be waited for once reading is shut down, and whoever polls is told the same. */
static void a_look_at_all_does_not_wait_when_reading_is_over(void **state)
{
    (void)state;
    for (int is_late = 0; is_late < 2; is_late++) {
        struct fixture f;
        connected(&f);
        char bytes[4] = {0};
        const uint32_t flags = TCP_SOCKET_PEEK | TCP_SOCKET_WAITALL;
        if (is_late == 0)
            assert_gives(shut(&f, SERVER, f.server, TCP_SOCKET_SHUT_RD), 0);
        assert_gives(send_to(&f, CLIENT, f.client, "abc", 0), 3);
        wire_pair_settle(&f.pair);
        if (is_late == 0) {
            assert_gives(receive(&f, SERVER, f.server, bytes, 4, flags), 3);
        } else {
            const uint32_t operation = pending(receive(&f, SERVER, f.server, bytes, 4, flags));
            assert_int_equal(ready(&f, SERVER), 0);
            assert_gives(shut(&f, SERVER, f.server, TCP_SOCKET_SHUT_RD), 0);
            assert_int_equal(ready(&f, SERVER), operation);
            assert_gives(resume(&f, SERVER, operation, bytes, 4), 3);
        }
        assert_memory_equal(bytes, "abc", 3);
        done(&f);
    }
}

/* What was pushed last must not depend on where sequence numbers begin. */
static void more_to_come_waits_wherever_the_numbers_start(void **state)
{
    (void)state;
    const uint32_t starts[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    for (size_t index = 0; index < sizeof starts / sizeof starts[0]; index++) {
        struct fixture f;
        struct tcp_config config;
        assert_true(tcp_config_profile("rfc", &config));
        config.fixed_iss = 1;
        config.iss = starts[index];
        two_hosts_with(&f, 4, &config, NULL);
        f.listener = open_listener(&f, SERVER, 80, 4);
        f.client = open_socket(&f, CLIENT);
        const uint32_t connecting = pending(connect_to(&f, f.client, 80));
        wire_pair_settle(&f.pair);
        assert_gives(resume(&f, CLIENT, connecting, NULL, 0), 0);
        const uint32_t sent = f.pair.sent[CLIENT];
        assert_gives(send_to(&f, CLIENT, f.client, "a", TCP_SOCKET_MORE), 1);
        wire_pair_settle(&f.pair);
        assert_int_equal(f.pair.sent[CLIENT], sent);
        assert_gives(send_to(&f, CLIENT, f.client, "b", 0), 1);
        wire_pair_settle(&f.pair);
        assert_int_equal(f.pair.sent[CLIENT], sent + 1);
        done(&f);
    }
}

static void a_cork_holds_until_it_is_pulled(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const uint32_t sent = f.pair.sent[CLIENT];
    assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_TCP_CORK, 1), 0);
    assert_gives(send_to(&f, CLIENT, f.client, "a", 0), 1);
    assert_gives(send_to(&f, CLIENT, f.client, "b", 0), 1);
    wire_pair_settle(&f.pair);
    assert_int_equal(f.pair.sent[CLIENT], sent);
    assert_gives(get(&f, CLIENT, f.client, TCP_SOCKET_SIOCOUTQ), 2);
    assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_TCP_CORK, 0), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(f.pair.sent[CLIENT], sent + 1);
    done(&f);
}

static void urgent_data_stays_in_line_and_stops_a_read(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char bytes[8];
    assert_gives(send_to(&f, CLIENT, f.client, "abc", TCP_SOCKET_OOB), 3);
    assert_gives(send_to(&f, CLIENT, f.client, "def", 0), 3);
    wire_pair_run(&f.pair, 1000000);
    assert_fails(receive(&f, SERVER, f.server, bytes, 8, TCP_SOCKET_OOB), TCP_SOCKET_EINVAL);
    assert_gives(receive(&f, SERVER, f.server, bytes, 8, TCP_SOCKET_PEEK), 3);
    assert_gives(receive(&f, SERVER, f.server, bytes, 8, 0), 3);
    assert_gives(receive(&f, SERVER, f.server, bytes, 8, 0), 3);
    assert_memory_equal(bytes, "def", 3);
    done(&f);
}

static void a_read_gives_up_after_its_timeout(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    char byte;
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_RCVTIMEO, 300), 0);
    const uint32_t operation = pending(receive(&f, SERVER, f.server, &byte, 1, 0));
    const uint64_t end = f.pair.now.us + 300000;
    assert_int_equal(tcp_socket_deadline(host_of(&f, SERVER)).us, end);
    tcp_host_tick(host_of(&f, SERVER), (tcp_time){end - 1});
    assert_int_equal(ready(&f, SERVER), 0);
    tcp_host_tick(host_of(&f, SERVER), (tcp_time){end});
    assert_int_equal(ready(&f, SERVER), operation);
    assert_fails(resume(&f, SERVER, operation, &byte, 1), TCP_SOCKET_EAGAIN);
    assert_int_equal(tcp_socket_deadline(host_of(&f, SERVER)).us, UINT64_MAX);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_look_takes_nothing),
        cmocka_unit_test(one_call_need_not_wait_on_a_blocking_descriptor),
        cmocka_unit_test(waiting_for_all_collects_in_parts),
        cmocka_unit_test(waiting_for_all_ends_with_the_stream_or_with_close),
        cmocka_unit_test(a_look_at_all_waits_until_all_is_there),
        cmocka_unit_test(a_look_at_all_does_not_wait_when_reading_is_over),
        cmocka_unit_test(more_to_come_waits_wherever_the_numbers_start),
        cmocka_unit_test(a_cork_holds_until_it_is_pulled),
        cmocka_unit_test(urgent_data_stays_in_line_and_stops_a_read),
        cmocka_unit_test(a_read_gives_up_after_its_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
