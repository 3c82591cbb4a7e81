/* What every test of the socket layer starts from: a client host (0) and a server host (1) on a
 * wire, and short names for the calls. */
#ifndef TCP_TESTS_SOCKET_FIXTURE_H
#define TCP_TESTS_SOCKET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/socket.h"
#include "tests/support/wire_pair.h"

#define CLIENT 0
#define SERVER 1

struct fixture {
    struct wire_pair pair;
    int listener; /* on the server, port 80 */
    int client;   /* the client's end of a connection */
    int server;   /* the server's */
};

#define assert_gives(call, expected)                                                               \
    do {                                                                                           \
        const struct tcp_socket_result result_ = (call);                                           \
        assert_string_equal(tcp_socket_error_name(result_.error), "");                             \
        assert_int_equal(result_.error, TCP_SOCKET_OK);                                            \
        assert_int_equal(result_.value, expected);                                                 \
    } while (0)

#define assert_fails(call, expected)                                                               \
    do {                                                                                           \
        const struct tcp_socket_result result_ = (call);                                           \
        assert_string_equal(tcp_socket_error_name(result_.error),                                  \
                            tcp_socket_error_name(expected));                                      \
        assert_int_equal(result_.error, expected);                                                 \
        assert_int_equal(result_.value, -1);                                                       \
    } while (0)

/* Two hosts, nothing open. `two_hosts_with` takes a configuration and limits, either may be NULL. */
void two_hosts(struct fixture *fixture);
void two_hosts_with(struct fixture *fixture, uint8_t ip_version, const struct tcp_config *config,
                    const struct tcp_limits *limits);
/* ... and a listener on port 80 of the server. */
void listening(struct fixture *fixture);
/* ... and a connection to it, accepted. */
void connected(struct fixture *fixture);
void connected_over(struct fixture *fixture, uint8_t ip_version);
/* Checks every invariant and lets go of everything. */
void done(struct fixture *fixture);

struct tcp_endpoint any(uint16_t port); /* IPv4 wildcard */
struct tcp_host *host_of(struct fixture *fixture, int host);
int open_socket(struct fixture *fixture, int host);
int open_nonblocking(struct fixture *fixture, int host);
int open_bound(struct fixture *fixture, int host, uint16_t port);
int open_listener(struct fixture *fixture, int host, uint16_t port, int backlog);
struct tcp_socket_result bind_to(struct fixture *fixture, int host, int fd, uint16_t port);
/* connect() from the client to a port of the server. */
struct tcp_socket_result connect_to(struct fixture *fixture, int fd, uint16_t port);
struct tcp_socket_result set(struct fixture *fixture, int host, int fd,
                             enum tcp_socket_option option, int64_t value);
struct tcp_socket_result get(struct fixture *fixture, int host, int fd,
                             enum tcp_socket_option option);
struct tcp_socket_result read_into(struct fixture *fixture, int host, int fd, void *bytes,
                                   size_t count);
struct tcp_socket_result write_from(struct fixture *fixture, int host, int fd, const void *bytes,
                                    size_t count);
struct tcp_socket_result close_fd(struct fixture *fixture, int host, int fd);
struct tcp_socket_result shut(struct fixture *fixture, int host, int fd, enum tcp_socket_how how);
enum tcb_state state_of(struct fixture *fixture, int host, int fd);

/* The operation that tcp_socket_poll() names, or 0. */
uint32_t ready(struct fixture *fixture, int host);
/* Resumes an operation with a room that may be empty. */
struct tcp_socket_result resume(struct fixture *fixture, int host, uint32_t operation,
                                const void *bytes, size_t count);
/* An operation that must be pending: its name. */
uint32_t pending(struct tcp_socket_result result);

/* Bytes that differ from place to place. */
void pattern(uint8_t *bytes, size_t count);

#endif
