/* Who may bind to which port, and which ports are chosen for those who do not care. */
#include "fixture.h"

static void descriptors_start_at_3_and_the_lowest_free_one_is_taken(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    assert_int_equal(open_socket(&f, CLIENT), 3);
    assert_int_equal(open_socket(&f, CLIENT), 4);
    assert_int_equal(open_socket(&f, CLIENT), 5);
    assert_gives(close_fd(&f, CLIENT, 4), 0);
    assert_gives(close_fd(&f, CLIENT, 3), 0);
    assert_int_equal(open_socket(&f, CLIENT), 3);
    assert_int_equal(open_socket(&f, CLIENT), 4);
    assert_int_equal(open_socket(&f, CLIENT), 6);
    done(&f);
}

static void a_full_descriptor_table_is_emfile(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_limits limits = tcp_limits_small();
    limits.sockets = 2;
    two_hosts_with(&f, 4, NULL, &limits);
    (void)open_socket(&f, CLIENT);
    (void)open_socket(&f, CLIENT);
    assert_fails(tcp_socket_open(host_of(&f, CLIENT), f.pair.now, 4), TCP_SOCKET_EMFILE);
    assert_gives(close_fd(&f, CLIENT, 3), 0);
    assert_gives(tcp_socket_open(host_of(&f, CLIENT), f.pair.now, 4), 3);
    done(&f);
}

static void other_families_are_not_supported(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    assert_fails(tcp_socket_open(host_of(&f, CLIENT), f.pair.now, 0), TCP_SOCKET_EAFNOSUPPORT);
    assert_fails(tcp_socket_open(host_of(&f, CLIENT), f.pair.now, 5), TCP_SOCKET_EAFNOSUPPORT);
    const int fd = open_socket(&f, CLIENT);
    struct tcp_endpoint local = any(80);
    local.address.version = 6;
    assert_fails(tcp_socket_bind(host_of(&f, CLIENT), f.pair.now, fd, &local),
                 TCP_SOCKET_EAFNOSUPPORT);
    done(&f);
}

static void a_descriptor_that_is_not_open_is_ebadf_in_every_call(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    struct tcp_host *host = host_of(&f, CLIENT);
    const int descriptors[] = {-1, 0, 2, 3, 1000000, INT32_MAX, INT32_MIN};
    uint8_t byte = 0;
    struct tcp_flow flow;
    for (size_t index = 0; index < sizeof descriptors / sizeof descriptors[0]; index++) {
        const int fd = descriptors[index];
        assert_fails(bind_to(&f, CLIENT, fd, 80), TCP_SOCKET_EBADF);
        assert_fails(tcp_socket_listen(host, f.pair.now, fd, 1), TCP_SOCKET_EBADF);
        assert_fails(tcp_socket_accept(host, f.pair.now, fd), TCP_SOCKET_EBADF);
        assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EBADF);
        assert_fails(read_into(&f, CLIENT, fd, &byte, 1), TCP_SOCKET_EBADF);
        assert_fails(write_from(&f, CLIENT, fd, &byte, 1), TCP_SOCKET_EBADF);
        assert_fails(shut(&f, CLIENT, fd, TCP_SOCKET_SHUT_WR), TCP_SOCKET_EBADF);
        assert_fails(close_fd(&f, CLIENT, fd), TCP_SOCKET_EBADF);
        assert_fails(set(&f, CLIENT, fd, TCP_SOCKET_O_NONBLOCK, 1), TCP_SOCKET_EBADF);
        assert_fails(get(&f, CLIENT, fd, TCP_SOCKET_SO_ERROR), TCP_SOCKET_EBADF);
        assert_fails(tcp_socket_flow(host, fd, &flow), TCP_SOCKET_EBADF);
        assert_int_equal(tcp_socket_handle(host, fd).generation, 0);
    }
    done(&f);
}

static void a_bound_port_is_in_use_before_anybody_listens(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    (void)open_bound(&f, SERVER, 80);
    const int second = open_socket(&f, SERVER);
    assert_fails(bind_to(&f, SERVER, second, 80), TCP_SOCKET_EADDRINUSE);
    const struct tcp_endpoint own = wire_pair_endpoint(&f.pair, SERVER, 80);
    assert_fails(tcp_socket_bind(host_of(&f, SERVER), f.pair.now, second, &own),
                 TCP_SOCKET_EADDRINUSE); /* the wildcard overlaps with it */
    assert_gives(bind_to(&f, SERVER, second, 81), 0);
    assert_fails(bind_to(&f, SERVER, second, 82), TCP_SOCKET_EINVAL); /* once only */
    done(&f);
}

static void a_closed_socket_gives_its_port_back(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const int second = open_socket(&f, SERVER);
    assert_fails(bind_to(&f, SERVER, second, 80), TCP_SOCKET_EADDRINUSE);
    assert_gives(close_fd(&f, SERVER, f.listener), 0);
    assert_gives(bind_to(&f, SERVER, second, 80), 0);
    done(&f);
}

static void a_listener_holds_its_port_even_against_reuse(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int first = open_socket(&f, SERVER);
    assert_gives(set(&f, SERVER, first, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(bind_to(&f, SERVER, first, 80), 0);
    const int early = open_socket(&f, SERVER);
    assert_gives(set(&f, SERVER, early, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_gives(bind_to(&f, SERVER, early, 80), 0); /* both say so, and nobody listens */
    assert_gives(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, first, 1), 0);
    assert_fails(tcp_socket_listen(host_of(&f, SERVER), f.pair.now, early, 1),
                 TCP_SOCKET_EADDRINUSE);
    const int late = open_socket(&f, SERVER);
    assert_gives(set(&f, SERVER, late, TCP_SOCKET_SO_REUSEADDR, 1), 0);
    assert_fails(bind_to(&f, SERVER, late, 80), TCP_SOCKET_EADDRINUSE);
    done(&f);
}

static void an_address_that_is_not_ours_is_not_available(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const int fd = open_socket(&f, CLIENT);
    const struct tcp_endpoint other = wire_pair_endpoint(&f.pair, SERVER, 80);
    assert_fails(tcp_socket_bind(host_of(&f, CLIENT), f.pair.now, fd, &other),
                 TCP_SOCKET_EADDRNOTAVAIL);
    const struct tcp_endpoint own = wire_pair_endpoint(&f.pair, CLIENT, 80);
    assert_gives(tcp_socket_bind(host_of(&f, CLIENT), f.pair.now, fd, &own), 0);
    done(&f);
}

static void port_0_gets_an_ephemeral_one_that_nobody_has(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    config.port_min = 50000;
    config.port_max = 50003;
    two_hosts_with(&f, 4, &config, NULL);
    uint32_t seen = 0;
    for (int count = 0; count < 4; count++) {
        const int fd = open_bound(&f, CLIENT, 0);
        struct tcp_flow flow;
        assert_gives(tcp_socket_flow(host_of(&f, CLIENT), fd, &flow), 0);
        assert_in_range(flow.local.port, 50000, 50003);
        assert_int_equal(seen & (1u << (flow.local.port - 50000)), 0);
        seen |= 1u << (flow.local.port - 50000);
    }
    const int fd = open_socket(&f, CLIENT);
    assert_fails(bind_to(&f, CLIENT, fd, 0), TCP_SOCKET_EADDRINUSE);
    done(&f);
}

static void connect_never_takes_a_port_that_is_bound(void **state)
{
    (void)state;
    struct fixture f;
    struct tcp_config config;
    assert_true(tcp_config_profile("rfc", &config));
    config.port_min = 50000;
    config.port_max = 50003;
    two_hosts_with(&f, 4, &config, NULL);
    (void)open_bound(&f, CLIENT, 50000);
    (void)open_bound(&f, CLIENT, 50002);
    uint16_t ports[2] = {0, 0};
    for (int count = 0; count < 2; count++) {
        const int fd = open_nonblocking(&f, CLIENT);
        struct tcp_flow flow;
        assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EINPROGRESS);
        assert_gives(tcp_socket_flow(host_of(&f, CLIENT), fd, &flow), 0);
        ports[count] = flow.local.port;
        assert_true(flow.local.port == 50001 || flow.local.port == 50003);
    }
    assert_int_not_equal(ports[0], ports[1]);
    const int fd = open_nonblocking(&f, CLIENT);
    assert_fails(connect_to(&f, fd, 80), TCP_SOCKET_EADDRNOTAVAIL);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_start_at_3_and_the_lowest_free_one_is_taken),
        cmocka_unit_test(a_full_descriptor_table_is_emfile),
        cmocka_unit_test(other_families_are_not_supported),
        cmocka_unit_test(a_descriptor_that_is_not_open_is_ebadf_in_every_call),
        cmocka_unit_test(a_bound_port_is_in_use_before_anybody_listens),
        cmocka_unit_test(a_closed_socket_gives_its_port_back),
        cmocka_unit_test(a_listener_holds_its_port_even_against_reuse),
        cmocka_unit_test(an_address_that_is_not_ours_is_not_available),
        cmocka_unit_test(port_0_gets_an_ephemeral_one_that_nobody_has),
        cmocka_unit_test(connect_never_takes_a_port_that_is_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
