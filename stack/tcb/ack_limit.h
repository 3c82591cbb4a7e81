/* How many ACKs a connection spends on empty segments that it refuses (RFC 5961 7). Two ends that refuse each
 * other's ACKs would answer each other for ever, were each to draw another one. What has text or FIN is
 * always answered: it comes by a timer of the peer, which waits for the answer. */
#ifndef TCP_TCB_ACK_LIMIT_H
#define TCP_TCB_ACK_LIMIT_H

#include "tcb/tcb.h"

/* May this segment, which was refused, draw an ACK? If so, it counts. A record without a path (TIME-WAIT) has
 * no limit: its peer has one. */
bool tcb_may_spend_ack(struct tcb_step *step, const struct tcp_segment *segment);

#endif
