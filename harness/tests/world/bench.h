/* What the tests of worlds share: a world to try things in, causes with few words, and what to look at. */
#ifndef FINWAIT_TESTS_WORLD_BENCH_H
#define FINWAIT_TESTS_WORLD_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "causes/encoding.h"
#include "scenario/scenario.h"
#include "tcp/seq.h"
#include "world/world.h"

struct bench {
    struct world_config config;
    struct world *world;
    void *block, *snapshot;
};

static inline void open_world_from(struct bench *bench, const struct cause_start *start,
                                   enum world_oracles oracles)
{
    bench->config = world_config_small();
    bench->config.oracles = oracles;
    const size_t bytes = world_bytes(&bench->config);
    bench->block = calloc(1, bytes);
    bench->snapshot = malloc(bytes);
    bench->world = world_begin(bench->block, bytes, start, &bench->config);
    assert_non_null(bench->world);
}

static inline void open_world(struct bench *bench, uint8_t hosts, enum world_oracles oracles)
{
    const struct cause_start start = {.hosts = hosts, .ip_version = 4, .delay_us = 10000};
    open_world_from(bench, &start, oracles);
}

static inline void close_world(struct bench *bench)
{
    world_end(bench->world);
    free(bench->block);
    free(bench->snapshot);
}

static inline void call(struct bench *bench, uint8_t host, struct cause_call asked)
{
    const struct cause cause = {.kind = CAUSE_CALL, .host = host, .as.call = asked};
    assert_true(world_apply(bench->world, &cause));
}

static inline void wait_for(struct bench *bench, int64_t us)
{
    const struct cause cause = {.kind = CAUSE_WAIT, .as.wait = {CAUSE_WAIT_FOR, us}};
    assert_true(world_apply(bench->world, &cause));
}

static inline void packet(struct bench *bench, uint16_t flags, struct cause_number seq,
                          struct cause_number ack, uint16_t bytes)
{
    const struct cause cause = {.kind = CAUSE_PACKET,
                                .as.packet = {.flags = flags,
                                              .seq = seq,
                                              .ack = ack,
                                              .window = 65535,
                                              .ttl = 64,
                                              .has_text = bytes > 0,
                                              .payload_bytes = bytes}};
    assert_true(world_apply(bench->world, &cause));
}

static inline struct cause_number from(enum scenario_base base, int32_t offset)
{
    return (struct cause_number){(uint8_t)base, offset};
}

/* Host a listens on the port of pair 0; the peer's SYN has number 1000. */
static inline void establish(struct bench *bench)
{
    call(bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4});
    packet(bench, TCP_FLAG_SYN, from(SCENARIO_BASE_ABSOLUTE, 1000), from(0, 0), 0);
    packet(bench, TCP_FLAG_ACK, from(SCENARIO_BASE_RCV_NXT, 0), from(SCENARIO_BASE_SND_NXT, 0), 0);
    call(bench, 0, (struct cause_call){.kind = CAUSE_CALL_ACCEPT_CHILD, .result = 1});
}

static inline struct tcp_status status_of(struct bench *bench, enum cause_host host)
{
    struct tcp_host *const stack = world_host(bench->world, host);
    struct tcp_status status = {.state = TCB_CLOSED};
    for (uint32_t slot = 0; slot < tcp_host_limits(stack)->connections; slot++) {
        const tcp_handle handle = tcp_host_at_slot(stack, slot);
        struct tcp_status found;
        if (tcp_host_status(stack, handle, &found) == TCP_OK && found.flow.remote.port != 0) {
            status = found;
        }
    }
    return status;
}

static inline void expect_no_finding(struct bench *bench)
{
    const struct world_finding *const finding = world_finding(bench->world);
    if (finding != NULL) {
        fail_msg("%s: %s", finding->oracle->id, finding->detail);
    }
}

static inline size_t packets_of(struct bench *bench, enum cause_host host)
{
    const struct trace *const trace = world_trace(bench->world, host);
    size_t packets = 0;
    for (size_t i = 0; trace_next(trace, TRACE_PACKET, &i) != NULL; i++) {
        packets++;
    }
    return packets;
}

static inline void transfer(struct bench *bench, int64_t octets)
{
    call(bench, 0, (struct cause_call){.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4});
    call(bench, 1, (struct cause_call){.kind = CAUSE_CALL_OPEN_ACTIVE});
    wait_for(bench, 50000);
    call(bench, 0, (struct cause_call){.kind = CAUSE_CALL_ACCEPT_CHILD, .result = 1});
    call(bench, 1, (struct cause_call){.kind = CAUSE_CALL_SEND, .number = octets});
    call(bench, 1, (struct cause_call){.kind = CAUSE_CALL_CLOSE});
    for (int i = 0; i < 100; i++) {
        wait_for(bench, 500000);
        call(bench, 0,
             (struct cause_call){.kind = CAUSE_CALL_RECEIVE, .name = 1, .number = 100000});
    }
    call(bench, 0, (struct cause_call){.kind = CAUSE_CALL_CLOSE, .name = 1});
}

#endif
