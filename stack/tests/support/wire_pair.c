/* See wire_pair.h. The wire is first in, first out: all packets are delayed alike. */
#include "tests/support/wire_pair.h"

#include "tcp/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "wire pair: %s\n", what);
    abort();
}

static struct tcp_address address_of(int host, uint8_t ip_version)
{
    struct tcp_address address;
    memset(&address, 0, sizeof address);
    address.version = ip_version;
    if (ip_version == 4) {
        const uint8_t bytes[4] = {192, 0, 2, (uint8_t)(host + 1)};
        memcpy(address.bytes, bytes, sizeof bytes);
    } else {
        const uint8_t bytes[4] = {0x20, 0x01, 0x0d, 0xb8};
        memcpy(address.bytes, bytes, sizeof bytes);
        address.bytes[15] = (uint8_t)(host + 1);
    }
    return address;
}

static void open_host(struct wire_pair *pair, int host, const struct tcp_config *config,
                      const struct tcp_limits *limits)
{
    const size_t bytes = tcp_host_bytes(limits);
    const size_t rounded = (bytes + TCP_HOST_ALIGNMENT - 1) & ~(size_t)(TCP_HOST_ALIGNMENT - 1);
    pair->block[host] = aligned_alloc(TCP_HOST_ALIGNMENT, rounded);
    pair->block_bytes[host] = bytes;
    require(bytes > 0 && pair->block[host] != NULL, "out of memory");
    memset(pair->block[host], 0xa5, bytes); /* init must not rely on fresh pages */
    require(tcp_host_init(pair->block[host], bytes, limits, config, pair->now, &pair->host[host]) ==
                TCP_OK,
            "the host cannot be made");
    require(tcp_host_add_address(pair->host[host], &pair->address[host]) == TCP_OK,
            "the host refuses its address");
}

void wire_pair_open(struct wire_pair *pair, uint8_t ip_version, const struct tcp_config *config,
                    const struct tcp_limits *limits)
{
    struct tcp_config profile;
    require(tcp_config_profile("rfc", &profile), "no profile rfc");
    const struct tcp_limits small = tcp_limits_small();
    memset(pair, 0, sizeof *pair);
    pair->now = (tcp_time){WIRE_PAIR_START_US};
    pair->flight = calloc(WIRE_PAIR_FLIGHT_MAX, sizeof *pair->flight);
    pair->log = calloc(WIRE_PAIR_LOG_MAX, sizeof *pair->log);
    require(pair->flight != NULL && pair->log != NULL, "out of memory");
    for (int host = 0; host < 2; host++) {
        struct tcp_config own = config == NULL ? profile : *config;
        own.secret[0] = (uint8_t)(own.secret[0] + host + 1);
        pair->address[host] = address_of(host, ip_version);
        open_host(pair, host, &own, limits == NULL ? &small : limits);
    }
}

void wire_pair_close(struct wire_pair *pair)
{
    for (int host = 0; host < 2; host++)
        free(pair->block[host]);
    free(pair->flight);
    free(pair->log);
    memset(pair, 0, sizeof *pair);
}

void wire_pair_drop(struct wire_pair *pair, int from, uint32_t nth)
{
    require(pair->drop_count[from] < WIRE_PAIR_DROPS_MAX, "too many drops");
    pair->drops[from][pair->drop_count[from]++] = nth;
}

static bool is_lost(const struct wire_pair *pair, int from)
{
    if (pair->is_cut[from])
        return true;
    for (uint32_t index = 0; index < pair->drop_count[from]; index++)
        if (pair->drops[from][index] == pair->sent[from])
            return true;
    return false;
}

static void log_segment(struct wire_pair *pair, int from, const struct tcp_segment *segment,
                        bool is_dropped)
{
    require(pair->log_count < WIRE_PAIR_LOG_MAX, "the log is full");
    struct wire_pair_logged *entry = &pair->log[pair->log_count++];
    entry->at = pair->now;
    entry->from = from;
    entry->is_dropped = is_dropped;
    entry->segment = *segment;
    entry->segment.payload = NULL;
}

/* Takes everything that a host owes onto the wire. */
static bool collect(struct wire_pair *pair, int from)
{
    uint8_t memory[WIRE_PAIR_PACKET_MAX];
    const struct tcp_room room = {memory, sizeof memory};
    struct tcp_segment segment;
    bool any = false;
    while (tcp_host_poll_segment(pair->host[from], room, &segment)) {
        const struct tcp_room packet = tcp_wire_write(&segment, room);
        any = true;
        pair->sent[from]++;
        const bool lost = is_lost(pair, from);
        log_segment(pair, from, &segment, lost);
        if (lost)
            continue;
        require(pair->flight_count < WIRE_PAIR_FLIGHT_MAX, "too many packets in flight");
        struct wire_pair_packet *flying = &pair->flight[pair->flight_count++];
        flying->arrives_at = (tcp_time){pair->now.us + pair->delay_us};
        flying->to = 1 - from;
        flying->count = packet.count;
        memcpy(flying->bytes, packet.bytes, packet.count);
    }
    return any;
}

static bool deliver(struct wire_pair *pair)
{
    if (pair->flight_count == 0 || pair->flight[0].arrives_at.us > pair->now.us)
        return false;
    const struct wire_pair_packet first = pair->flight[0];
    pair->flight_count--;
    memmove(pair->flight, pair->flight + 1, pair->flight_count * sizeof *pair->flight);
    tcp_host_packet(pair->host[first.to], pair->now, first.bytes, first.count);
    return true;
}

/* A record that has ended is only freed once its last event has been taken. */
static void take_events(struct wire_pair *pair)
{
    struct tcp_event event;
    for (int host = 0; host < 2; host++)
        while (tcp_host_poll_event(pair->host[host], &event))
            pair->events[host] |= event.bits;
}

void wire_pair_settle(struct wire_pair *pair)
{
    bool moves = true;
    while (moves) {
        moves = collect(pair, 0);
        moves = collect(pair, 1) || moves;
        take_events(pair);
        moves = deliver(pair) || moves;
    }
}

static uint64_t next_instant(const struct wire_pair *pair)
{
    uint64_t next = tcp_host_deadline(pair->host[0]).us;
    const uint64_t other = tcp_host_deadline(pair->host[1]).us;
    if (other < next)
        next = other;
    if (pair->flight_count > 0 && pair->flight[0].arrives_at.us < next)
        next = pair->flight[0].arrives_at.us;
    return next;
}

void wire_pair_run(struct wire_pair *pair, uint64_t us)
{
    const uint64_t end = pair->now.us + us;
    wire_pair_settle(pair);
    for (uint64_t next = next_instant(pair); next <= end; next = next_instant(pair)) {
        if (next > pair->now.us)
            pair->now.us = next;
        wire_pair_settle(pair);
        tcp_host_tick(pair->host[0], pair->now);
        tcp_host_tick(pair->host[1], pair->now);
        wire_pair_settle(pair);
    }
    pair->now.us = end;
    tcp_host_tick(pair->host[0], pair->now);
    tcp_host_tick(pair->host[1], pair->now);
    wire_pair_settle(pair);
}

struct tcp_endpoint wire_pair_endpoint(const struct wire_pair *pair, int host, uint16_t port)
{
    return (struct tcp_endpoint){pair->address[host], port};
}

size_t wire_pair_count(const struct wire_pair *pair, int from, uint16_t flags, size_t since)
{
    size_t count = 0;
    for (size_t index = since; index < pair->log_count; index++)
        if (pair->log[index].from == from && (pair->log[index].segment.flags & flags) == flags)
            count++;
    return count;
}

const char *wire_pair_check(const struct wire_pair *pair)
{
    const char *broken = tcp_host_check(pair->host[0]);
    return broken != NULL ? broken : tcp_host_check(pair->host[1]);
}
