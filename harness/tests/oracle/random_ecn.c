/* Explicit congestion notification of a peer and a network that use it now rightly, now wrongly. */
#include "random_dice.h"

void traffic_choose_ecn(struct traffic *traffic, struct tcp_segment *segment)
{
    const bool is_answer = tcp_segment_has(segment, TCP_FLAG_ACK);
    uint32_t flags = chance(traffic, 6) ? TCP_FLAG_ECE : 0;
    flags |= chance(traffic, 10) ? TCP_FLAG_CWR : 0;
    if (tcp_segment_has(segment, TCP_FLAG_SYN) && !chance(traffic, 4)) {
        flags = is_answer ? TCP_FLAG_ECE : TCP_FLAG_ECE | TCP_FLAG_CWR;
    }
    segment->flags |= (uint16_t)flags;
    segment->traffic_class = (uint8_t)ONE_OF(traffic, 0, 2, 2, 2, 1, 3);
}

void traffic_choose_ecn_settings(struct traffic *traffic)
{
    traffic->config.ecn = ONE_OF(traffic, 0, 1, 2, 2);
    traffic->config.ecn_fallback = below(traffic, 3);
}
