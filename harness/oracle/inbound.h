/* What a peer has given to the system under test since one of its SYNs: numbers, options, text and
 * FINs. All that came by is noted, taken or not, so it tells the most that can have been taken. */
#ifndef FINWAIT_ORACLE_INBOUND_H
#define FINWAIT_ORACLE_INBOUND_H

#include "base/arena.h"
#include "oracle/arrived.h"
#include "tcp/segment.h"

/* FINs at different numbers that are told apart; a peer sends one. */
#define INBOUND_FINS_MAX 4

struct inbound_chunk {
    uint64_t start; /* offset in the peer's stream */
    const uint8_t *bytes;
    uint32_t count;
};

struct inbound {
    uint32_t incarnation; /* label of the SYN, or TRACE_NO_EVENT */
    uint64_t batch;       /* the one in which the SYN came */
    tcp_seqno irs;
    struct arrived all; /* everything from IRS on */
    struct arrived own; /* without what is labelled as another incarnation's */

    /* Of the SYN; with several copies that differ, what allows most. */
    bool has_window_scale, sack_permitted, has_timestamps;
    uint16_t mss;       /* the default of the IP version when there was no option */
    bool has_mss;       /* `mss` was set */
    bool copies_differ; /* in MSS, window or timestamps */
    bool asks_ecn; /* some copy asks for congestion notification, or agrees: RFC 3168 6.1.1 ... */
    bool asks_no_ecn; /* ... and some does not */
    uint8_t window_scale;
    uint16_t syn_window;

    bool was_shut;       /* some segment, the SYN or a later one, had a window of 0 */
    bool is_shut;        /* the SYN, or one that was taken for sure, had, and all since then */
    bool has_window;     /* of segments behind the SYN that carried an ACK */
    uint16_t window_max; /* unscaled */
    tcp_seqno newest;    /* the furthest SEG.SEQ of these */

    struct inbound_chunk *chunks;
    size_t chunk_count, chunk_capacity;
    size_t hint;                     /* the chunk that was read from last */
    uint32_t fin_count;              /* INBOUND_FINS_MAX + 1: more than that */
    uint64_t fins[INBOUND_FINS_MAX]; /* offsets in the stream */
};

/* Starts with a SYN. `*inbound` is zeroed but for its chunk array, which is used again. */
void inbound_start(struct inbound *inbound, uint32_t incarnation, const struct tcp_segment *syn);

/* Does this SYN ask for congestion notification, or this SYN,ACK agree (RFC 3168 6.1.1)? */
bool inbound_is_ecn_setup(const struct tcp_segment *syn);

/* Another copy of the SYN. */
void inbound_syn_again(struct inbound *inbound, const struct tcp_segment *syn);

/* Any segment of the flow, the SYN included. `is_own`: not labelled as another incarnation's. Without
 * an arena its text is not noted. */
void inbound_add(struct inbound *inbound, struct arena *arena, const struct tcp_segment *segment,
                 bool is_own);

/* How many of `count` octets, read at `offset` of the stream, are such as came in some segment. */
size_t inbound_matching(struct inbound *inbound, uint64_t offset, const uint8_t *bytes,
                        size_t count);

/* Did a FIN come that stands at `offset`, with everything before it there? */
bool inbound_ends_at(const struct inbound *inbound, uint64_t offset);

/* Does an ACK of this number lie within what came in order, the SYN at least? */
bool inbound_covers(const struct inbound *inbound, tcp_seqno ack);

#endif
