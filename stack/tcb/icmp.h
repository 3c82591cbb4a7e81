/* ICMP ARRIVES (RFC 9293 3.9.2.2, RFC 5927): what an error message does to the connection that sent
 * the quoted segment. */
#ifndef TCP_TCB_ICMP_H
#define TCP_TCB_ICMP_H

#include "tcb/tcb.h"
#include "tcp/icmp.h"

/* The message quotes a segment of this connection's flow. DROP: it changes nothing; DELETE: the
 * connection has ended; ACCEPT: it was noted. */
enum tcp_verdict tcb_arrives_icmp(struct tcb_step *step, const struct tcp_icmp *icmp);

#endif
