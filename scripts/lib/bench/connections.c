/* What one segment costs a host with few connections and with many: text in order to connections
 * picked at random, each segment answered when its ACK is due. Prints nanoseconds a segment, the
 * median of five rounds, for each number of connections given as an argument. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tcp/host.h"
#include "tcp/wire.h"

#define ROUNDS     5
#define SEGMENTS   200000u
#define TEXT_BYTES 100u

struct peer {
    tcp_seqno next;
    tcp_seqno ack;
};

static void must(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "connections: %s\n", what);
        exit(3);
    }
}

static uint64_t now_ns(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The n-th peer: an address and a port of its own. */
static struct tcp_segment segment_from(uint32_t n, const struct peer *peer, uint16_t flags)
{
    struct tcp_segment segment = {
        .source = {{{10, (uint8_t)(n >> 24), (uint8_t)(n >> 16), 1}, 4},
                   (uint16_t)(1024 + n % 60000)},
        .destination = {{{192, 168, 0, 1}, 4}, 80},
        .seq = peer->next,
        .ack = peer->ack,
        .flags = flags,
        .window = 65535,
    };
    segment.source.address.bytes[1] = (uint8_t)(n / 60000);
    return segment;
}

static void drain(struct tcp_host *host, struct tcp_segment *last)
{
    static uint8_t bytes[2048];
    while (tcp_host_poll_segment(host, (struct tcp_room){bytes, sizeof bytes}, last)) {
    }
    struct tcp_event event;
    while (tcp_host_poll_event(host, &event)) {
    }
}

static void connect_all(struct tcp_host *host, struct peer *peers, uint32_t count, tcp_time now)
{
    const struct tcp_endpoint local = {{{192, 168, 0, 1}, 4}, 80};
    tcp_handle listener, connection;
    must(tcp_host_listen(host, now, &local, 8, &listener) == TCP_OK, "cannot listen");
    for (uint32_t n = 0; n < count; n++) {
        struct tcp_segment last = {0};
        struct tcp_segment segment = segment_from(n, &peers[n], TCP_FLAG_SYN);
        tcp_host_segment(host, now, &segment);
        drain(host, &last);
        peers[n] = (struct peer){{1}, {last.seq.raw + 1}};
        segment = segment_from(n, &peers[n], TCP_FLAG_ACK);
        tcp_host_segment(host, now, &segment);
        drain(host, &last);
        must(tcp_host_accept(host, now, listener, &connection) == TCP_OK, "cannot accept");
    }
}

/* One round of segments, read at once so that windows stay open; returns its time. */
static uint64_t run(struct tcp_host *host, struct peer *peers, uint32_t count, tcp_time *now,
                    uint64_t *random)
{
    static const uint8_t text[TEXT_BYTES];
    uint8_t read[TEXT_BYTES];
    const uint64_t start = now_ns();
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const uint32_t n = (uint32_t)((*random >> 33) % count);
        struct tcp_segment segment = segment_from(n, &peers[n], TCP_FLAG_ACK | TCP_FLAG_PSH);
        segment.payload = text;
        segment.payload_bytes = TEXT_BYTES;
        now->us++;
        tcp_host_segment(host, *now, &segment);
        peers[n].next.raw += TEXT_BYTES;
        size_t taken = 0;
        must(tcp_host_receive(host, *now, tcp_host_last_step(host).connection,
                              (struct tcp_room){read, sizeof read}, &taken) == TCP_OK,
             "text was not taken");
        struct tcp_segment last;
        drain(host, &last);
    }
    return now_ns() - start;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void measure(uint32_t count)
{
    struct tcp_limits limits = tcp_limits_small();
    limits.connections = count + 1;
    limits.paths = count;
    limits.streams = 64; /* text is read at once: few hold any */
    struct tcp_config config;
    must(tcp_config_profile("rfc", &config), "no profile rfc");
    const size_t bytes = tcp_host_bytes(&limits);
    void *block = NULL;
    struct peer *peers = calloc(count, sizeof *peers);
    must(peers != NULL && posix_memalign(&block, TCP_HOST_ALIGNMENT, bytes) == 0, "out of memory");
    struct tcp_host *host = NULL;
    tcp_time now = {1000000000};
    must(tcp_host_init(block, bytes, &limits, &config, now, &host) == TCP_OK, "cannot begin");
    connect_all(host, peers, count, now);
    uint64_t times[ROUNDS], random = 1;
    for (int round = 0; round < ROUNDS; round++) {
        times[round] = run(host, peers, count, &now, &random);
    }
    qsort(times, ROUNDS, sizeof *times, by_size);
    (void)printf("%8" PRIu32 " connections: %" PRIu64
                 " ns a segment, %zu bytes each without buffers\n",
                 count, times[ROUNDS / 2] / SEGMENTS,
                 (bytes - (size_t)limits.streams *
                              (limits.send_buffer_bytes + limits.receive_buffer_bytes)) /
                     count);
    free(peers);
    free(block);
}

int main(int argc, char **argv)
{
    must(argc > 1, "usage: connections COUNT...");
    for (int i = 1; i < argc; i++) {
        const long count = strtol(argv[i], NULL, 10);
        must(count > 0 && count <= 10000000, "a number from 1 to 10000000 is needed");
        measure((uint32_t)count);
    }
    return 0;
}
