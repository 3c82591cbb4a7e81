/* The next segment that a connection has to send, formed now: retransmissions, probes, new data, FIN
 * and ACKs. */
#ifndef TCP_TCB_EMIT_H
#define TCP_TCB_EMIT_H

#include "tcb/tcb.h"

/* Fills *out, its payload laid into `room` behind TCP_WIRE_HEADROOM; false when nothing is to be
 * sent. Ports, addresses and TTL are filled in too. */
bool tcb_emit(struct tcb_step *step, struct tcp_room room, struct tcp_segment *out);

/* Would tcb_emit() find something? */
bool tcb_owes_segment(const struct tcb_step *step);

#endif
