/* A host whose packets come back to it, over a network that loses what an input says; and time. */
#ifndef FINWAIT_FUZZ_LOOPBACK_H
#define FINWAIT_FUZZ_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "tcp/host.h"

#define SOCKETS      8u
#define SEGMENTS_MAX 4096u /* that one step may bring about */

struct bench {
    struct tcp_host *host;
    tcp_time now;
    uint32_t first, count; /* of the network, a ring */
    uint32_t written[SOCKETS], read[SOCKETS];
};

/* Takes what the host sends into the network; then every invariant of the host must hold. */
void loopback_drain(struct bench *bench);

/* So many packets, if there are as many, reach the host, or do not. */
void loopback_deliver(struct bench *bench, uint32_t count);
void loopback_lose(struct bench *bench, uint32_t count);

/* Lets time pass, with or without a network. */
void loopback_pass(struct bench *bench, uint64_t us, bool delivers);

#endif
