/* How much one host can hold. Run-time numbers: one build of the library serves a fuzz host with
 * eight connections and a benchmark with a million. A table that is full is an ordinary answer
 * (an error, or a counted drop), never a fault. */
#ifndef TCP_LIMITS_H
#define TCP_LIMITS_H

#include "tcp/types.h"

struct tcp_limits {
    uint32_t connections;          /* records in any state, listeners among them */
    uint32_t paths;                /* of them, how many may be beyond the handshake at once */
    uint32_t streams;              /* of them, how many may hold data at once */
    uint32_t send_buffer_bytes;    /* room of one stream's send buffer */
    uint32_t receive_buffer_bytes; /* room of one stream's receive buffer */
    uint32_t islands;              /* out-of-order ranges kept per stream */
    uint32_t answers;              /* answers that quote a segment, waiting to be polled */
    uint32_t local_addresses;      /* addresses this host answers to; 0: to every one */
    uint32_t sockets;              /* descriptors of the socket layer */
    uint32_t operations;           /* blocked calls of the socket layer */
    uint32_t path_mtus;            /* addresses whose path MTU is remembered; 0: none */
};

/* Small numbers that suit a script or a fuzz input: 16 connections with 64 KiB each way. */
struct tcp_limits tcp_limits_small(void);

#endif
