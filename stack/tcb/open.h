/* The beginning of a connection: OPEN calls (3.10.1) and the child that a SYN makes of a listener
 * (3.10.7.2). The host has zeroed the record, set its flow, and chosen the ISS. */
#ifndef TCP_TCB_OPEN_H
#define TCP_TCB_OPEN_H

#include "tcb/tcb.h"

/* Passive OPEN. */
void tcb_open_passive(struct tcb *tcb, uint16_t backlog);

/* Active OPEN, of a fresh record or of one in LISTEN: SYN-SENT with a SYN owed. Needs a path. */
void tcb_open_active(struct tcb_step *step, tcp_seqno iss);

/* A SYN for a listener: the record is its copy in LISTEN and becomes SYN-RECEIVED, with a SYN,ACK
 * owed. */
void tcb_open_child(struct tcb_step *step, const struct tcb *listener,
                    const struct tcp_segment *syn, tcp_seqno iss);

/* What a SYN tells of its sender: IRS, MSS and the window it may fill (3.10.7.2, 3.10.7.3). */
void tcb_learn_syn(struct tcb_step *step, const struct tcp_segment *syn);

/* The first values of a path; the host calls it when it attaches one. */
void tcb_path_init(struct tcb_path *path, const struct tcp_config *config);

/* Octets of text in the largest segment that fits the configured MTU over an IP version. */
uint16_t tcb_mtu_mss(const struct tcp_config *config, uint8_t ip_version);

/* The largest window the 16 bits of the header can say. */
#define TCB_WINDOW_MAX 65535u

#endif
