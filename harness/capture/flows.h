/* The flows of a capture: which two endpoints talk, in the order in which they were first seen. */
#ifndef FINWAIT_CAPTURE_FLOWS_H
#define FINWAIT_CAPTURE_FLOWS_H

#include "base/arena.h"
#include "capture/packet.h"

/* One of the two ends, as the sender of what it sent. */
enum capture_end { CAPTURE_A, CAPTURE_B };

struct capture_flow {
    uint64_t number; /* from 1 */
    /* The first packet alone decides: CAPTURE_A sent it, or is to get it if it is a SYN,ACK. */
    struct tcp_endpoint ends[2];
    uint64_t packets; /* so far */
    bool has_isn[2];
    tcp_seqno isn[2]; /* of its latest SYN that is sound */
    void *notes;      /* of whoever uses the table; NULL at first */
};

struct capture_flows;

struct capture_flows *capture_flows_create(struct arena *arena);

/* The flow of a packet, which counts as one of its packets from now on, and the end that sent it.
 * The flow stays where it is until the arena is reset. */
struct capture_flow *capture_flows_note(struct capture_flows *flows,
                                        const struct capture_packet *packet, enum capture_end *end);

uint64_t capture_flows_count(const struct capture_flows *flows);

#endif
