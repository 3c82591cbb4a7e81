/* Two hosts and a wire between them, in virtual time: packets travel as bytes, may be delayed, and
 * the n-th of a direction may be lost. For tests that need a real peer. Every packet is kept in a
 * log. Running out of memory or of the bounds below aborts the test. */
#ifndef TCP_TESTS_SUPPORT_WIRE_PAIR_H
#define TCP_TESTS_SUPPORT_WIRE_PAIR_H

#include "tcp/host.h"
#include "tcp/socket.h"

#define WIRE_PAIR_START_US   UINT64_C(1000000000)
#define WIRE_PAIR_DROPS_MAX  16
#define WIRE_PAIR_FLIGHT_MAX 1024
#define WIRE_PAIR_LOG_MAX    8192
#define WIRE_PAIR_PACKET_MAX 2048 /* bytes: one MTU and the headroom */

/* A packet that left a host. The segment's payload pointer is NULL: only the header is kept. */
struct wire_pair_logged {
    tcp_time at;
    int from;
    bool is_dropped;
    struct tcp_segment segment;
};

struct wire_pair_packet {
    tcp_time arrives_at;
    int to;
    size_t count;
    uint8_t bytes[WIRE_PAIR_PACKET_MAX];
};

struct wire_pair {
    struct tcp_host *host[2];
    void *block[2];
    size_t block_bytes[2];
    struct tcp_address address[2];
    tcp_time now;
    uint64_t delay_us;  /* one way; 0 at first */
    bool is_cut[2];     /* everything that this host sends is lost */
    uint32_t sent[2];   /* packets that left each host */
    uint32_t events[2]; /* every enum tcp_event_bit that each host told of */
    uint32_t drops[2][WIRE_PAIR_DROPS_MAX];
    uint32_t drop_count[2];
    struct wire_pair_packet *flight; /* in order of arrival */
    size_t flight_count;
    struct wire_pair_logged *log;
    size_t log_count;
};

/* Opens both hosts. `config` and `limits` may be NULL: profile rfc, small limits. Host 0 is 192.0.2.1
 * or 2001:db8::1, host 1 is ...2. */
void wire_pair_open(struct wire_pair *pair, uint8_t ip_version, const struct tcp_config *config,
                    const struct tcp_limits *limits);
void wire_pair_close(struct wire_pair *pair);

/* Loses the `nth` packet (from 1, counted since the start) that host `from` sends. */
void wire_pair_drop(struct wire_pair *pair, int from, uint32_t nth);

/* Polls both hosts and delivers what is due, again and again until nothing moves. No time passes. */
void wire_pair_settle(struct wire_pair *pair);

/* Lets `us` microseconds pass, stopping at every deadline and arrival. */
void wire_pair_run(struct wire_pair *pair, uint64_t us);

/* An endpoint of one of the hosts. */
struct tcp_endpoint wire_pair_endpoint(const struct wire_pair *pair, int host, uint16_t port);

/* How many logged packets of a host carry all of these flags, counting from log entry `since`. */
size_t wire_pair_count(const struct wire_pair *pair, int from, uint16_t flags, size_t since);

/* NULL when both hosts are sound, otherwise the broken invariant. */
const char *wire_pair_check(const struct wire_pair *pair);

#endif
