/* Answers that quote a segment and leave nothing behind: the resets of 3.10.7.1 and of ABORT. They
 * wait in a small ring, which drops its oldest when it is full. */
#ifndef TCP_HOST_ANSWERS_H
#define TCP_HOST_ANSWERS_H

#include "host/block.h"

/* RFC 9293 3.10.7.1: <SEQ=SEG.ACK><CTL=RST>, or without ACK
 * <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>. The segment is no RST. `tcb` is whom it came to, or NULL. */
void host_answer_reset(struct tcp_host *host, const struct tcb *tcb,
                       const struct tcp_segment *segment);

/* <SEQ=SND.NXT><CTL=RST>: the end of a connection that was synchronized (3.5.2, 3.10.5). */
void host_answer_abort(struct tcp_host *host, const struct tcb *tcb);

/* The oldest answer as a segment; false when there is none. */
bool host_answer_take(struct tcp_host *host, struct tcp_segment *out);

#endif
