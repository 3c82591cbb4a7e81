/* Path MTU discovery (RFC 1191, RFC 8201), with the caution of RFC 5927 7.2: what a router says of a
 * packet that was too big lowers the size of this connection's segments, and what was lost is sent
 * again at once.
 *
 * Others to the same address learn it too (host/routes.h), unless config.path_mtu_shared is 0: then a
 * forged message hurts no other connection (RFC 5927 5.2). */
#ifndef TCP_TCB_PATH_MTU_H
#define TCP_TCB_PATH_MTU_H

#include "tcb/tcb.h"
#include "tcp/icmp.h"

/* A message of the kind "packet too big". */
enum tcp_verdict tcb_path_mtu_reported(struct tcb_step *step, const struct tcp_icmp *icmp);

/* Another connection to the same address learned it: what is sent from now on is no larger, until full size
 * is tried again. The connection has a path; an MTU that is not below its own changes nothing. */
void tcb_path_mtu_learn(struct tcb_step *step, uint32_t mtu, uint64_t raise_at);

/* SendMSS has been agreed on anew (a SYN arrived): bounds it by what is known of the path. */
void tcb_path_mtu_bound(struct tcb_step *step);

/* A segment of the connection leaves. */
void tcb_path_mtu_sent(struct tcb_step *step, const struct tcp_segment *segment);

/* Everything before `ack` has arrived, `text` octets of it since the ACK before. */
void tcb_path_mtu_acknowledged(struct tcb_step *step, tcp_seqno ack, uint32_t text);

/* The oldest segment timed out: a report that was put off is now believed. */
void tcb_path_mtu_timed_out(struct tcb_step *step);

/* The lowered estimate is old: full size is tried again (RFC 1191 6.3, RFC 8201 5.3). */
void tcb_path_mtu_raise(struct tcb_step *step);

/* May octets from path.resend_next on be sent again yet? RFC 1191 6.4, RFC 8201 5.4: after a report one
 * segment goes, then what slow start allows. */
bool tcb_path_mtu_lets_resend(const struct tcb_path *path);

/* What has to be sent again is not what a report asked for: its slow start is over. */
void tcb_path_mtu_forget_restart(struct tcb_path *path);

#endif
