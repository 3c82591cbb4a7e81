/* What the two kinds of injected packets share: segments (inject.c) and ICMP messages (inject_icmp.c). */
#ifndef FINWAIT_RUN_INJECT_H
#define FINWAIT_RUN_INJECT_H

#include "run/runner.h"

/* `from A`, `to A`: an address of the run's IP version, or a kind of address. NULL leaves *out. */
bool inject_place(struct run *run, const char *place, struct source_span span,
                  struct tcp_address *out);

/* The IP header that every packet of this run has. */
size_t inject_ip_bytes(const struct run *run);

/* False, and the run has failed, if no IP packet can carry so many octets behind that header. */
bool inject_fits(struct run *run, size_t count, struct source_span span);

/* Records the packet and gives it to the system under test. False: a finding ends the run. */
bool inject_bytes(struct run *run, const struct scenario_event *event,
                  struct connection *connection, struct tcp_room packet);

/* A sound packet with `count` octets of unknown IP options, a multiple of 8, before its TCP header; free
 * room for inject_ip_field() stands before it. */
struct tcp_room inject_ip_options(struct run *run, struct tcp_room packet, uint32_t count);

/* One ICMP message. */
bool inject_icmp(struct run *run, const struct scenario_event *event);

/* Has ICMP such a kind, for the run's IP version? */
bool inject_knows_icmp(struct run *run, const struct scenario_icmp *icmp);

#endif
