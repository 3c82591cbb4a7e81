/* A system under test on a bench: a peer made of bytes at the other end of the wire, virtual time, and
 * a log of everything that the system let us see. */
#ifndef FINWAIT_TESTS_SUT_BENCH_H
#define FINWAIT_TESTS_SUT_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "sut/sut.h"
#include "tcp/socket.h"
#include "tcp/wire.h"

#define START_US   UINT64_C(1000000000)
#define PEER_ISS   5000u
#define STACK_ISS  1000u
#define STREAM_MAX 200000

struct bench {
    struct sut_instance *instance;
    struct tcp_config config;
    struct tcp_address local, remote;
    tcp_time now;
    struct text log;           /* everything that the stack let us see */
    struct sut_result done[8]; /* by cookie */
    bool is_done[8];
    uint32_t steps, states;
    struct tcp_segment last; /* that left the stack; no payload */
    uint32_t packets;
    uint32_t stack_next; /* what the peer acknowledges */
    uint32_t peer_next;
    uint8_t stream[STREAM_MAX]; /* what the stack sent, by place */
};

void open_bench(struct bench *bench, bool relocate);
void close_bench(struct bench *bench);

/* Makes a call and drains. */
struct sut_result call(struct bench *bench, struct sut_call asked);

/* The peer sends a segment in order, from its port 2000 to the stack's port 80. */
void peer_sends(struct bench *bench, uint16_t flags, const void *payload, uint32_t count);

/* Lets time pass, stopping at every deadline. */
void pass(struct bench *bench, uint64_t us);

/* A listener on port 80 (descriptor 3) and a connection from the peer (descriptor 4), which an accept
 * under cookie 1 has waited for. */
void establish(struct bench *bench);

/* The connection's status; `found` is 1, or 0 when there must be no record. */
struct tcp_status inspect(struct bench *bench, int64_t found);
void assert_sound(struct bench *bench);

#endif
