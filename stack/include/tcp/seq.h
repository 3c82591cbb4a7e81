/* Sequence-number arithmetic modulo 2^32 (RFC 9293 3.4). Comparisons look at the signed distance, so
 * they mean what they say for numbers less than 2^31 apart. At exactly 2^31 each number counts as
 * before the other; callers keep every window below that (RFC 7323 2.3). */
#ifndef TCP_SEQ_H
#define TCP_SEQ_H

#include "tcp/types.h"

static inline tcp_seqno tcp_seq_add(tcp_seqno from, uint32_t octets)
{
    return (tcp_seqno){from.raw + octets};
}

static inline tcp_seqno tcp_seq_sub(tcp_seqno from, uint32_t octets)
{
    return (tcp_seqno){from.raw - octets};
}

/* Octets from `from` forward to `to`; a large number when `to` lies behind. */
static inline uint32_t tcp_seq_distance(tcp_seqno from, tcp_seqno to)
{
    return to.raw - from.raw;
}

static inline bool tcp_seq_equal(tcp_seqno a, tcp_seqno b)
{
    return a.raw == b.raw;
}

static inline bool tcp_seq_before(tcp_seqno a, tcp_seqno b)
{
    return (int32_t)(a.raw - b.raw) < 0;
}

static inline bool tcp_seq_at_or_before(tcp_seqno a, tcp_seqno b)
{
    return !tcp_seq_before(b, a);
}

static inline bool tcp_seq_after(tcp_seqno a, tcp_seqno b)
{
    return tcp_seq_before(b, a);
}

static inline bool tcp_seq_at_or_after(tcp_seqno a, tcp_seqno b)
{
    return !tcp_seq_before(a, b);
}

/* from =< number < from + octets, wrapping. An empty range holds nothing. */
static inline bool tcp_seq_in_range(tcp_seqno number, tcp_seqno from, uint32_t octets)
{
    return number.raw - from.raw < octets;
}

static inline tcp_seqno tcp_seq_later(tcp_seqno a, tcp_seqno b)
{
    return tcp_seq_before(a, b) ? b : a;
}

static inline tcp_seqno tcp_seq_earlier(tcp_seqno a, tcp_seqno b)
{
    return tcp_seq_before(a, b) ? a : b;
}

#endif
