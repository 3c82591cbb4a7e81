/* What the oracles cost a packet, and what the stack's look at itself costs an event: requests and
 * replies over a few connections are run once and recorded, with calls, steps, state changes and
 * drains as the runner records them; then sets of oracles watch the record drain by drain. Prints
 * nanoseconds, the median of the rounds, for each number of connections given as an argument. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "oracle/oracle.h"
#include "tcp/seq.h"

#define ROUNDS        9
#define EXCHANGES     400u
#define REQUEST_BYTES 100u
#define REPLY_BYTES   3000u
#define SUT_ISS       1000u

struct peer {
    tcp_seqno next, ack;
    tcp_handle connection;
    uint32_t incarnation;
    size_t read, written;
};

struct recording {
    struct arena *arena;
    struct trace trace;
    struct tcp_config config;
    struct tcp_host *host;
    tcp_time now;
    uint32_t next_cookie, last_step, packets, events;
    uint64_t check_ns;
};

static void must(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "oracles: %s\n", what);
        exit(3);
    }
}

static uint64_t now_ns(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* ---- recording ------------------------------------------------------------------------------------ */

static struct trace_record *record(struct recording *run, enum trace_kind kind)
{
    return trace_add(&run->trace, kind, run->now, TRACE_NO_EVENT, 0);
}

static void record_packet(struct recording *run, enum trace_direction direction,
                          uint32_t incarnation, const struct tcp_segment *segment)
{
    const size_t count = TCP_WIRE_HEADROOM + segment->payload_bytes;
    struct tcp_room room = {arena_take(run->arena, count), count};
    struct tcp_segment copy = *segment;
    copy.payload = room.bytes + TCP_WIRE_HEADROOM;
    if (segment->payload_bytes > 0) {
        memcpy(room.bytes + TCP_WIRE_HEADROOM, segment->payload, segment->payload_bytes);
    }
    const struct tcp_room written = tcp_wire_write(&copy, room);
    struct trace_packet packet = {.direction = direction,
                                  .bytes = written.bytes,
                                  .count = written.count,
                                  .incarnation = incarnation};
    packet.wire = tcp_wire_read(written.bytes, written.count, &packet.segment, &packet.layout);
    record(run, TRACE_PACKET)->as.packet = packet;
    run->packets++;
}

static void drain(struct recording *run, struct peer *peer)
{
    static uint8_t bytes[2048];
    struct tcp_segment segment;
    while (tcp_host_poll_segment(run->host, (struct tcp_room){bytes, sizeof bytes}, &segment)) {
        record_packet(run, TRACE_FROM_SUT, peer->incarnation, &segment);
        peer->ack = tcp_seq_add(segment.seq, tcp_segment_length(&segment));
    }
    struct tcp_event event;
    while (tcp_host_poll_event(run->host, &event)) {
    }
    const struct tcp_step_record step = tcp_host_last_step(run->host);
    if (step.number != run->last_step) {
        run->last_step = step.number;
        record(run, TRACE_STEP)->as.step = step;
    }
    (void)record(run, TRACE_DRAIN);
    const uint64_t start = now_ns();
    must(tcp_host_check(run->host) == NULL, "an invariant is broken");
    run->check_ns += now_ns() - start;
    run->events++;
    run->now.us += 10;
}

static void give(struct recording *run, struct peer *peer, uint16_t flags, const uint8_t *text,
                 uint32_t count)
{
    const struct tcp_segment segment = {
        .source = {{{10, 0, 0, 1}, 4}, (uint16_t)(4000 + peer->incarnation)},
        .destination = {{{192, 168, 0, 1}, 4}, 80},
        .seq = peer->next,
        .ack = peer->ack,
        .flags = flags,
        .window = 65535,
        .ttl = 64,
        .payload = text,
        .payload_bytes = count,
        .options = {.has_mss = (flags & TCP_FLAG_SYN) != 0, .mss = 1460},
    };
    record_packet(run, TRACE_TO_SUT, peer->incarnation, &segment);
    tcp_host_segment(run->host, run->now, &segment);
    peer->next = tcp_seq_add(peer->next, tcp_segment_length(&segment));
    drain(run, peer);
}

static void record_call(struct recording *run, const struct peer *peer, bool is_send,
                        const uint8_t *bytes, size_t count)
{
    const struct trace_call call = {.name = is_send ? "write" : "read",
                                    .text = is_send ? "write" : "read",
                                    .cookie = ++run->next_cookie,
                                    .incarnation = peer->incarnation,
                                    .is_send = is_send,
                                    .is_receive = !is_send,
                                    .bytes = bytes,
                                    .count = count};
    struct trace_record *begun = record(run, TRACE_CALL);
    begun->as.call = call;
    begun->as.call.bytes = is_send ? bytes : NULL;
    struct trace_record *done = record(run, TRACE_CALL_DONE);
    done->as.call = call;
    done->as.call.value = (int64_t)count;
}

static void exchange(struct recording *run, struct peer *peer)
{
    uint8_t request[REQUEST_BYTES];
    for (size_t i = 0; i < sizeof request; i++) {
        request[i] = (uint8_t)((peer->read + i) * 7 + (peer->read + i) / 251);
    }
    give(run, peer, TCP_FLAG_ACK | TCP_FLAG_PSH, request, sizeof request);
    uint8_t *read = arena_take(run->arena, REQUEST_BYTES);
    size_t taken = 0;
    must(tcp_host_receive(run->host, run->now, peer->connection,
                          (struct tcp_room){read, REQUEST_BYTES}, &taken) == TCP_OK,
         "cannot read");
    record_call(run, peer, false, read, taken);
    peer->read += taken;
    drain(run, peer);
    uint8_t *reply = arena_take(run->arena, REPLY_BYTES);
    for (size_t i = 0; i < REPLY_BYTES; i++) {
        reply[i] = (uint8_t)((peer->written + i) * 31 + (peer->written + i) / 256);
    }
    must(tcp_host_send(run->host, run->now, peer->connection, reply, REPLY_BYTES, &taken) == TCP_OK,
         "cannot write");
    record_call(run, peer, true, reply, taken);
    peer->written += taken;
    drain(run, peer);
    give(run, peer, TCP_FLAG_ACK, NULL, 0);
}

static void connect_all(struct recording *run, struct peer *peers, uint32_t count)
{
    const struct tcp_endpoint local = {{{192, 168, 0, 1}, 4}, 80};
    tcp_handle listener;
    must(tcp_host_listen(run->host, run->now, &local, 8, &listener) == TCP_OK, "cannot listen");
    void *incarnations = run->trace.incarnations;
    arena_grow(run->arena, &incarnations, &run->trace.incarnation_capacity, 0,
               sizeof(struct trace_incarnation));
    run->trace.incarnations = incarnations;
    for (uint32_t n = 0; n < count; n++) {
        struct trace_incarnation *known = &run->trace.incarnations[run->trace.incarnation_count++];
        *known = (struct trace_incarnation){
            .flow = {local, {{{10, 0, 0, 1}, 4}, (uint16_t)(4000 + n)}}, .is_passive = true};
        peers[n] = (struct peer){.incarnation = n};
        give(run, &peers[n], TCP_FLAG_SYN, NULL, 0);
        give(run, &peers[n], TCP_FLAG_ACK, NULL, 0);
        must(tcp_host_accept(run->host, run->now, listener, &peers[n].connection) == TCP_OK,
             "cannot accept");
    }
}

/* ---- watching ------------------------------------------------------------------------------------- */

/* Lets a set see the record as a run would: up to each drain in turn. */
static uint64_t watch(const struct recording *run, struct arena *arena, uint64_t *create_ns)
{
    struct trace seen = run->trace;
    seen.arena = arena;
    seen.record_count = 0;
    uint64_t start = now_ns();
    struct oracle_set *set = oracle_set_create(&seen, &run->config);
    *create_ns = now_ns() - start;
    start = now_ns();
    while (seen.record_count < run->trace.record_count) {
        const struct trace_record *last = &run->trace.records[seen.record_count++];
        if (last->kind == TRACE_DRAIN) {
            oracle_set_report_invariant(set, NULL);
            oracle_set_observe(set);
        }
    }
    oracle_set_finish(set);
    const uint64_t spent = now_ns() - start;
    size_t findings = 0;
    (void)oracle_set_findings(set, &findings);
    must(findings == 0, "an oracle fired");
    return spent;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void measure(uint32_t count)
{
    struct recording run = {.arena = arena_create(), .now = {1000000000}};
    run.trace = (struct trace){.arena = run.arena, .ip_version = 4, .start = run.now};
    must(tcp_config_profile("rfc", &run.config), "no profile rfc");
    run.config.fixed_iss = 1;
    run.config.iss = SUT_ISS;
    const struct tcp_limits limits = tcp_limits_small();
    const size_t bytes = tcp_host_bytes(&limits);
    struct peer *peers = arena_take(run.arena, count * sizeof *peers);
    void *block = arena_take(run.arena, bytes);
    must(tcp_host_init(block, bytes, &limits, &run.config, run.now, &run.host) == TCP_OK,
         "cannot begin");
    connect_all(&run, peers, count);
    for (uint32_t i = 0; i < EXCHANGES; i++) {
        exchange(&run, &peers[i % count]);
    }
    struct arena *arena = arena_create();
    uint64_t times[ROUNDS], creates[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(arena);
        times[round] = watch(&run, arena, &creates[round]);
    }
    qsort(times, ROUNDS, sizeof *times, by_size);
    qsort(creates, ROUNDS, sizeof *creates, by_size);
    (void)printf("%4" PRIu32 " connections: oracles %" PRIu64 " ns a packet, %" PRIu64
                 " ns an event, %" PRIu64 " ns to begin; tcp_host_check %" PRIu64 " ns an event\n",
                 count, times[ROUNDS / 2] / run.packets, times[ROUNDS / 2] / run.events,
                 creates[ROUNDS / 2], run.check_ns / run.events);
    arena_destroy(arena);
    arena_destroy(run.arena);
}

int main(int argc, char **argv)
{
    must(argc > 1, "usage: oracles COUNT...");
    for (int i = 1; i < argc; i++) {
        const long count = strtol(argv[i], NULL, 10);
        must(count > 0 && count <= 15, "a number of connections from 1 to 15 is needed");
        measure((uint32_t)count);
    }
    return 0;
}
