/* What an acceptable acknowledgment does to the send side; the handshake needs it as well as the
 * fifth check. */
#ifndef TCP_TCB_CHECK_ACK_H
#define TCP_TCB_CHECK_ACK_H

#include "tcb/tcb.h"

/* Moves SND.UNA to SEG.ACK, which lies in (SND.UNA, SND.NXT]: frees the octets, measures, restarts or
 * stops the retransmission timer, grows the congestion window if that may grow. */
void tcb_acknowledge(struct tcb_step *step, const struct tcp_segment *segment, bool may_grow);

#endif
