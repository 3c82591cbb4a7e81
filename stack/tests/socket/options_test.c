/* setsockopt(), getsockopt() and the non-blocking flag. */
#include "fixture.h"

static void flags_start_at_0_and_are_0_or_1(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    const enum tcp_socket_option options[] = {TCP_SOCKET_SO_REUSEADDR, TCP_SOCKET_TCP_NODELAY,
                                              TCP_SOCKET_O_NONBLOCK};
    for (size_t index = 0; index < 3; index++) {
        assert_gives(get(&f, CLIENT, fd, options[index]), 0);
        assert_gives(set(&f, CLIENT, fd, options[index], -7), 0);
        assert_gives(get(&f, CLIENT, fd, options[index]), 1);
    }
    assert_gives(set(&f, CLIENT, fd, TCP_SOCKET_TCP_NODELAY, 0), 0);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_REUSEADDR), 1); /* the others stay */
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_TCP_NODELAY), 0);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_O_NONBLOCK), 1);
    done(&f);
}

static void the_error_cannot_be_set_and_unknown_options_do_not_exist(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    assert_fails(set(&f, CLIENT, fd, TCP_SOCKET_SO_ERROR, 0), TCP_SOCKET_ENOPROTOOPT);
    assert_fails(set(&f, CLIENT, fd, (enum tcp_socket_option)99, 0), TCP_SOCKET_ENOPROTOOPT);
    assert_fails(get(&f, CLIENT, fd, (enum tcp_socket_option)99), TCP_SOCKET_ENOPROTOOPT);
    done(&f);
}

/* RFC 9293 3.7.4, MUST-17: without Nagle's algorithm a small segment does not wait for an ACK. */
static void nodelay_turns_nagle_off_before_and_after_connect(void **state)
{
    (void)state;
    for (int moment = 0; moment < 3; moment++) {
        struct fixture f;
        listening(&f);
        f.pair.delay_us = 10000;
        f.client = open_socket(&f, CLIENT);
        if (moment == 1)
            assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_TCP_NODELAY, 1), 0);
        const uint32_t connecting = pending(connect_to(&f, f.client, 80));
        wire_pair_run(&f.pair, 100000);
        assert_gives(resume(&f, CLIENT, connecting, NULL, 0), 0);
        if (moment == 2)
            assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_TCP_NODELAY, 1), 0);
        const uint32_t sent = f.pair.sent[CLIENT];
        assert_gives(write_from(&f, CLIENT, f.client, "a", 1), 1);
        wire_pair_settle(&f.pair);
        assert_gives(write_from(&f, CLIENT, f.client, "b", 1), 1);
        wire_pair_settle(&f.pair);
        assert_int_equal(f.pair.sent[CLIENT] - sent, moment == 0 ? 1 : 2);
        done(&f);
    }
}

static void error_names_are_those_of_errno(void **state)
{
    (void)state;
    assert_string_equal(tcp_socket_error_name(TCP_SOCKET_OK), "");
    assert_string_equal(tcp_socket_error_name(TCP_SOCKET_PENDING), "");
    assert_string_equal(tcp_socket_error_name(TCP_SOCKET_EAGAIN), "EAGAIN");
    assert_string_equal(tcp_socket_error_name(TCP_SOCKET_EFAULT), "EFAULT");
    assert_non_null(tcp_socket_error_name((enum tcp_socket_error)1000));
    for (int error = TCP_SOCKET_EAGAIN; error <= TCP_SOCKET_EFAULT; error++)
        assert_int_equal(tcp_socket_error_name((enum tcp_socket_error)error)[0], 'E');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_start_at_0_and_are_0_or_1),
        cmocka_unit_test(the_error_cannot_be_set_and_unknown_options_do_not_exist),
        cmocka_unit_test(nodelay_turns_nagle_off_before_and_after_connect),
        cmocka_unit_test(error_names_are_those_of_errno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
