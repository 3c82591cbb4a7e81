/* Options that are numbers: their ranges, whom they reach, and what children inherit; SO_LINGER. */
#include "fixture.h"

#define ACCEPTS (-1)

struct row {
    enum tcp_socket_option option;
    int64_t value;
    int error; /* enum tcp_socket_error, or ACCEPTS: it is set, and read again */
};

static void every_range_has_its_edges(void **state)
{
    (void)state;
    const struct row rows[] = {
        {TCP_SOCKET_TCP_KEEPIDLE, 0, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_KEEPIDLE, 1, ACCEPTS},
        {TCP_SOCKET_TCP_KEEPIDLE, 32767, ACCEPTS},
        {TCP_SOCKET_TCP_KEEPIDLE, 32768, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_KEEPINTVL, 0, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_KEEPINTVL, 32767, ACCEPTS},
        {TCP_SOCKET_TCP_KEEPCNT, 0, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_KEEPCNT, 127, ACCEPTS},
        {TCP_SOCKET_TCP_KEEPCNT, 128, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_USER_TIMEOUT, -1, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_USER_TIMEOUT, 0, ACCEPTS},
        {TCP_SOCKET_TCP_USER_TIMEOUT, INT32_MAX, ACCEPTS},
        {TCP_SOCKET_SO_RCVBUF, 0, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_SO_RCVBUF, 1, ACCEPTS},
        {TCP_SOCKET_SO_SNDBUF, -1, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_SO_SNDBUF, 1, ACCEPTS},
        {TCP_SOCKET_TCP_MAXSEG, 47, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_MAXSEG, 48, ACCEPTS},
        {TCP_SOCKET_TCP_MAXSEG, 32767, ACCEPTS},
        {TCP_SOCKET_TCP_MAXSEG, 32768, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_MAXSEG, 0, ACCEPTS},
        {TCP_SOCKET_SO_LINGER, -2, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_SO_LINGER, -1, ACCEPTS},
        {TCP_SOCKET_SO_LINGER, 0, ACCEPTS},
        {TCP_SOCKET_SO_LINGER, INT32_MAX, ACCEPTS},
        {TCP_SOCKET_SO_RCVTIMEO, -1, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_SO_RCVTIMEO, UINT32_MAX, ACCEPTS},
        {TCP_SOCKET_SO_SNDTIMEO, 5, ACCEPTS},
        {TCP_SOCKET_SO_OOBINLINE, 0, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_SO_OOBINLINE, 1, ACCEPTS},
        {TCP_SOCKET_SO_ACCEPTCONN, 1, TCP_SOCKET_ENOPROTOOPT},
        {TCP_SOCKET_FIONREAD, 1, TCP_SOCKET_ENOPROTOOPT},
        {TCP_SOCKET_SIOCOUTQ, 1, TCP_SOCKET_ENOPROTOOPT},
        {TCP_SOCKET_IP_TOS, -2, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_IP_TOS, 0, ACCEPTS},
        {TCP_SOCKET_IP_TOS, 252, ACCEPTS},
        {TCP_SOCKET_IP_TOS, 256, TCP_SOCKET_EINVAL},
        {TCP_SOCKET_TCP_CONGESTION, -1, TCP_SOCKET_ENOENT},
        {TCP_SOCKET_TCP_CONGESTION, 0, ACCEPTS},
        {TCP_SOCKET_TCP_CONGESTION, 1, ACCEPTS},
        {TCP_SOCKET_TCP_CONGESTION, 2, TCP_SOCKET_ENOENT},
        {TCP_SOCKET_RECEIVED_DS, 1, TCP_SOCKET_ENOPROTOOPT},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        struct fixture f;
        two_hosts(&f);
        const int fd = open_socket(&f, CLIENT);
        if (rows[index].error == ACCEPTS) {
            assert_gives(set(&f, CLIENT, fd, rows[index].option, rows[index].value), 0);
            assert_gives(get(&f, CLIENT, fd, rows[index].option), rows[index].value);
        } else {
            assert_fails(set(&f, CLIENT, fd, rows[index].option, rows[index].value),
                         (enum tcp_socket_error)rows[index].error);
        }
        done(&f);
    }
}

static void buffers_are_bounded_by_the_limits(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    const struct tcp_limits *limits = tcp_host_limits(host_of(&f, CLIENT));
    assert_gives(set(&f, CLIENT, fd, TCP_SOCKET_SO_RCVBUF, INT64_MAX), 0);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_RCVBUF), limits->receive_buffer_bytes);
    assert_gives(set(&f, CLIENT, fd, TCP_SOCKET_SO_SNDBUF, INT64_MAX), 0);
    assert_gives(get(&f, CLIENT, fd, TCP_SOCKET_SO_SNDBUF), limits->send_buffer_bytes);
    done(&f);
}

static struct tcp_status status_of(struct fixture *f, int host, int fd)
{
    struct tcp_status status;
    const tcp_handle handle = tcp_socket_handle(host_of(f, host), fd);
    assert_int_equal(tcp_host_status(host_of(f, host), handle, &status), TCP_OK);
    return status;
}

static void connect_with_settings(struct fixture *f)
{
    listening(f);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_SO_RCVBUF, 5000), 0);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_SO_SNDBUF, 3000), 0);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_TCP_MAXSEG, 400), 0);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_SO_KEEPALIVE, 1), 0);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_TCP_KEEPIDLE, 9), 0);
    assert_gives(set(f, SERVER, f->listener, TCP_SOCKET_O_NONBLOCK, 1), 0);
    f->client = open_socket(f, CLIENT);
    assert_gives(set(f, CLIENT, f->client, TCP_SOCKET_SO_RCVBUF, 7000), 0);
    const uint32_t connecting = pending(connect_to(f, f->client, 80));
    wire_pair_settle(&f->pair);
    assert_gives(resume(f, CLIENT, connecting, NULL, 0), 0);
    f->server = (int)tcp_socket_accept(host_of(f, SERVER), f->pair.now, f->listener).value;
}

static void settings_reach_the_connection_and_its_children(void **state)
{
    (void)state;
    struct fixture f;
    connect_with_settings(&f);
    const struct tcp_status client = status_of(&f, CLIENT, f.client);
    const struct tcp_status server = status_of(&f, SERVER, f.server);
    assert_int_equal(client.receive_buffer_bytes, 7000);
    assert_int_equal(client.snd_wnd, 5000); /* as the SYN,ACK said */
    assert_int_equal(client.send_mss, 400);
    assert_int_equal(server.snd_wnd, 7000);
    assert_int_equal(server.send_buffer_bytes, 3000);
    assert_int_equal(server.send_mss, 400);
    assert_int_equal(server.keep_alive_at.us, f.pair.now.us + 9000000);
    assert_gives(get(&f, SERVER, f.server, TCP_SOCKET_SO_KEEPALIVE), 1);
    assert_gives(get(&f, SERVER, f.server, TCP_SOCKET_O_NONBLOCK), 0); /* all but this */
    done(&f);
}

/* RFC 9293 3.8.6, SHLD-14: a window that was offered is not taken back. */
static void a_buffer_never_shrinks_below_what_was_offered(void **state)
{
    (void)state;
    struct fixture f;
    connect_with_settings(&f);
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_RCVBUF, 100), 0);
    assert_int_equal(status_of(&f, SERVER, f.server).receive_buffer_bytes, 5000);
    assert_null(tcp_host_check(host_of(&f, SERVER)));
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_RCVBUF, 9000), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(status_of(&f, CLIENT, f.client).snd_wnd, 9000);
    done(&f);
}

static void lingering_for_no_time_is_a_reset(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_LINGER, 0), 0);
    assert_gives(close_fd(&f, SERVER, f.server), 0);
    wire_pair_settle(&f.pair);
    uint8_t byte;
    assert_fails(read_into(&f, CLIENT, f.client, &byte, 1), TCP_SOCKET_ECONNRESET);
    done(&f);
}

static void close_lingers_until_the_fin_is_acknowledged(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_LINGER, 10), 0);
    const uint32_t closing = pending(close_fd(&f, SERVER, f.server));
    assert_null(tcp_host_check(host_of(&f, SERVER)));
    assert_fails(close_fd(&f, SERVER, f.server), TCP_SOCKET_EBADF);
    assert_fails(get(&f, SERVER, f.server, TCP_SOCKET_SO_ERROR), TCP_SOCKET_EBADF);
    assert_int_equal(ready(&f, SERVER), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(ready(&f, SERVER), closing);
    assert_gives(resume(&f, SERVER, closing, NULL, 0), 0);
    assert_int_equal(open_socket(&f, SERVER), f.server); /* the number is free again */
    done(&f);
}

static void close_lingers_no_longer_than_it_was_told(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_SO_LINGER, 1), 0);
    const uint32_t closing = pending(close_fd(&f, SERVER, f.server));
    tcp_host_tick(host_of(&f, SERVER), (tcp_time){f.pair.now.us + 1000000});
    assert_int_equal(ready(&f, SERVER), closing);
    assert_gives(resume(&f, SERVER, closing, NULL, 0), 0);
    assert_int_equal(tcp_socket_handle(host_of(&f, SERVER), f.server).generation, 0);
    done(&f);
}

static void a_second_listen_changes_the_backlog(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    f.listener = open_listener(&f, SERVER, 80, 3);
    assert_int_equal(status_of(&f, SERVER, f.listener).backlog, 3);
    assert_gives(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, f.listener, 7), 0);
    assert_int_equal(status_of(&f, SERVER, f.listener).backlog, 7);
    struct tcp_socket_info info;
    assert_gives(tcp_socket_info(host_of(&f, SERVER), f.listener, &info), 0);
    assert_int_equal(info.state, 10); /* TCP_LISTEN, as Linux counts */
    assert_int_equal(info.sacked, 7);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_range_has_its_edges),
        cmocka_unit_test(buffers_are_bounded_by_the_limits),
        cmocka_unit_test(settings_reach_the_connection_and_its_children),
        cmocka_unit_test(a_buffer_never_shrinks_below_what_was_offered),
        cmocka_unit_test(lingering_for_no_time_is_a_reset),
        cmocka_unit_test(close_lingers_until_the_fin_is_acknowledged),
        cmocka_unit_test(close_lingers_no_longer_than_it_was_told),
        cmocka_unit_test(a_second_listen_changes_the_backlog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
