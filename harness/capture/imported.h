/* What has been gathered of the flow, for the files of import only. */
#ifndef FINWAIT_CAPTURE_IMPORTED_H
#define FINWAIT_CAPTURE_IMPORTED_H

#include "capture/import.h"

struct imported {
    tcp_time at;
    bool is_from_opener;
    tcp_seqno seq, ack;
    uint16_t flags, window, urgent;
    uint32_t payload_bytes;
    struct tcp_options options;
};

struct import {
    struct arena *arena;
    struct capture_flows *flows;
    uint64_t wanted;
    const struct capture_flow *flow;
    struct imported *packets;
    size_t count, capacity;
    bool is_midway;   /* its SYN is not there */
    bool begins_anew; /* a later connection of the same ports is left out */
    bool is_too_long;
    uint64_t damaged; /* packets left out, since they did not arrive */
};

#endif
