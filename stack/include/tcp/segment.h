/* A TCP segment as a value: what the wire codec reads from bytes and writes to them, and what the
 * state machine consumes and emits. All numbers are in host byte order. */
#ifndef TCP_SEGMENT_H
#define TCP_SEGMENT_H

#include "tcp/types.h"

/* Control bits as they stand in the header's 13th and 14th octet (RFC 9293 3.1, RFC 9768 for AE). */
enum tcp_flag {
    TCP_FLAG_FIN = 1u << 0,
    TCP_FLAG_SYN = 1u << 1,
    TCP_FLAG_RST = 1u << 2,
    TCP_FLAG_PSH = 1u << 3,
    TCP_FLAG_ACK = 1u << 4,
    TCP_FLAG_URG = 1u << 5,
    TCP_FLAG_ECE = 1u << 6,
    TCP_FLAG_CWR = 1u << 7,
    TCP_FLAG_AE = 1u << 8,
};

#define TCP_SACK_BLOCKS_MAX  4
#define TCP_OPTION_BYTES_MAX 40

struct tcp_sack_block {
    tcp_seqno left;  /* first octet held */
    tcp_seqno right; /* first octet after it */
};

/* The options that were found, decoded. What is not understood is skipped (MUST-6); the raw octets
 * stay readable in a parsed packet. */
struct tcp_options {
    bool has_mss;
    bool has_window_scale;
    bool sack_permitted;
    bool has_timestamps;
    uint8_t window_scale;
    uint8_t sack_count; /* 0..4 */
    uint16_t mss;
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
    struct tcp_sack_block sack[TCP_SACK_BLOCKS_MAX];
};

/* Of the octet that IPv4 calls type of service and IPv6 traffic class: all but ECN's two bits. */
#define TCP_DS_MASK 0xfcu

struct tcp_segment {
    struct tcp_endpoint source;
    struct tcp_endpoint destination; /* both of one IP version */
    tcp_seqno seq;
    tcp_seqno ack;         /* meaningful only with TCP_FLAG_ACK */
    uint16_t flags;        /* enum tcp_flag */
    uint16_t window;       /* as on the wire, not scaled */
    uint16_t urgent;       /* meaningful only with TCP_FLAG_URG */
    uint8_t ttl;           /* TTL or hop limit */
    uint8_t traffic_class; /* the six DSCP bits and the two of ECN */
    bool may_fragment;     /* IPv4: DF is not set, and `identification` tells packets apart */
    uint16_t identification;
    uint8_t reserved; /* the three reserved bits as received; emitted as zero */
    struct tcp_options options;
    const uint8_t *payload; /* borrowed, never stored; may be NULL when payload_bytes is 0 */
    uint32_t payload_bytes;
};

/* SEG.LEN: the octets of sequence space, counting SYN and FIN (RFC 9293 3.4). */
static inline uint32_t tcp_segment_length(const struct tcp_segment *segment)
{
    return segment->payload_bytes + ((segment->flags & TCP_FLAG_SYN) ? 1u : 0u) +
           ((segment->flags & TCP_FLAG_FIN) ? 1u : 0u);
}

static inline bool tcp_segment_has(const struct tcp_segment *segment, uint16_t flags)
{
    return (segment->flags & flags) != 0;
}

#endif
