/* See fixture.h. */
#include "fixture.h"

void two_hosts_with(struct fixture *fixture, uint8_t ip_version, const struct tcp_config *config,
                    const struct tcp_limits *limits)
{
    memset(fixture, 0, sizeof *fixture);
    wire_pair_open(&fixture->pair, ip_version, config, limits);
}

void two_hosts(struct fixture *fixture)
{
    two_hosts_with(fixture, 4, NULL, NULL);
}

void listening(struct fixture *fixture)
{
    two_hosts(fixture);
    fixture->listener = open_listener(fixture, SERVER, 80, 8);
}

void connected(struct fixture *fixture)
{
    connected_over(fixture, 4);
}

void connected_over(struct fixture *fixture, uint8_t ip_version)
{
    two_hosts_with(fixture, ip_version, NULL, NULL);
    fixture->listener = open_listener(fixture, SERVER, 80, 8);
    fixture->client = open_socket(fixture, CLIENT);
    const uint32_t connecting = pending(connect_to(fixture, fixture->client, 80));
    wire_pair_settle(&fixture->pair);
    assert_gives(resume(fixture, CLIENT, connecting, NULL, 0), 0);
    const struct tcp_socket_result accepted =
        tcp_socket_accept(host_of(fixture, SERVER), fixture->pair.now, fixture->listener);
    assert_int_equal(accepted.error, TCP_SOCKET_OK);
    fixture->server = (int)accepted.value;
}

void done(struct fixture *fixture)
{
    for (int host = 0; host < 2; host++) {
        const char *broken = tcp_socket_check(host_of(fixture, host));
        assert_string_equal(broken == NULL ? "sound" : broken, "sound");
    }
    const char *broken = wire_pair_check(&fixture->pair);
    assert_string_equal(broken == NULL ? "sound" : broken, "sound");
    wire_pair_close(&fixture->pair);
}

struct tcp_endpoint any(uint16_t port)
{
    struct tcp_endpoint endpoint;
    memset(&endpoint, 0, sizeof endpoint);
    endpoint.address.version = 4;
    endpoint.port = port;
    return endpoint;
}

struct tcp_host *host_of(struct fixture *fixture, int host)
{
    return fixture->pair.host[host];
}

int open_socket(struct fixture *fixture, int host)
{
    const struct tcp_socket_result opened = tcp_socket_open(
        host_of(fixture, host), fixture->pair.now, fixture->pair.address[host].version);
    assert_int_equal(opened.error, TCP_SOCKET_OK);
    return (int)opened.value;
}

int open_nonblocking(struct fixture *fixture, int host)
{
    const int fd = open_socket(fixture, host);
    assert_gives(set(fixture, host, fd, TCP_SOCKET_O_NONBLOCK, 1), 0);
    return fd;
}

int open_bound(struct fixture *fixture, int host, uint16_t port)
{
    const int fd = open_socket(fixture, host);
    assert_gives(bind_to(fixture, host, fd, port), 0);
    return fd;
}

int open_listener(struct fixture *fixture, int host, uint16_t port, int backlog)
{
    const int fd = open_bound(fixture, host, port);
    assert_gives(tcp_socket_listen(host_of(fixture, host), fixture->pair.now, fd, backlog), 0);
    return fd;
}

struct tcp_socket_result bind_to(struct fixture *fixture, int host, int fd, uint16_t port)
{
    struct tcp_endpoint local = any(port);
    local.address.version = fixture->pair.address[host].version;
    return tcp_socket_bind(host_of(fixture, host), fixture->pair.now, fd, &local);
}

struct tcp_socket_result connect_to(struct fixture *fixture, int fd, uint16_t port)
{
    const struct tcp_endpoint remote = wire_pair_endpoint(&fixture->pair, SERVER, port);
    return tcp_socket_connect(host_of(fixture, CLIENT), fixture->pair.now, fd, &remote,
                              &fixture->pair.address[CLIENT]);
}

struct tcp_socket_result set(struct fixture *fixture, int host, int fd,
                             enum tcp_socket_option option, int64_t value)
{
    return tcp_socket_set(host_of(fixture, host), fixture->pair.now, fd, option, value);
}

struct tcp_socket_result get(struct fixture *fixture, int host, int fd,
                             enum tcp_socket_option option)
{
    return tcp_socket_get(host_of(fixture, host), fixture->pair.now, fd, option);
}

struct tcp_socket_result read_into(struct fixture *fixture, int host, int fd, void *bytes,
                                   size_t count)
{
    return tcp_socket_read(host_of(fixture, host), fixture->pair.now, fd,
                           (struct tcp_room){bytes, count});
}

struct tcp_socket_result write_from(struct fixture *fixture, int host, int fd, const void *bytes,
                                    size_t count)
{
    return tcp_socket_write(host_of(fixture, host), fixture->pair.now, fd, bytes, count);
}

struct tcp_socket_result close_fd(struct fixture *fixture, int host, int fd)
{
    return tcp_socket_close(host_of(fixture, host), fixture->pair.now, fd);
}

struct tcp_socket_result shut(struct fixture *fixture, int host, int fd, enum tcp_socket_how how)
{
    return tcp_socket_shutdown(host_of(fixture, host), fixture->pair.now, fd, how);
}

enum tcb_state state_of(struct fixture *fixture, int host, int fd)
{
    struct tcp_status status;
    const tcp_handle handle = tcp_socket_handle(host_of(fixture, host), fd);
    assert_int_equal(tcp_host_status(host_of(fixture, host), handle, &status), TCP_OK);
    return status.state;
}

uint32_t ready(struct fixture *fixture, int host)
{
    struct tcp_socket_ready named;
    return tcp_socket_poll(host_of(fixture, host), &named) ? named.operation : 0;
}

struct tcp_socket_result resume(struct fixture *fixture, int host, uint32_t operation,
                                const void *bytes, size_t count)
{
    /* A write only reads its room; the type cannot say so. */
    union {
        const void *lent;
        uint8_t *bytes;
    } room = {.lent = bytes};
    return tcp_socket_resume(host_of(fixture, host), fixture->pair.now, operation,
                             (struct tcp_room){room.bytes, count});
}

uint32_t pending(struct tcp_socket_result result)
{
    assert_int_equal(result.error, TCP_SOCKET_PENDING);
    assert_int_equal(result.value, -1);
    assert_int_not_equal(result.operation, 0);
    return result.operation;
}

void pattern(uint8_t *bytes, size_t count)
{
    for (size_t index = 0; index < count; index++)
        bytes[index] = (uint8_t)(index * 7 + index / 251);
}
