/* Fields of raw(...) that belong to the IP header. */
#ifndef FINWAIT_RUN_INJECT_IP_H
#define FINWAIT_RUN_INJECT_IP_H

#include "scenario/scenario.h"
#include "tcp/types.h"

struct run;

#define INJECT_FRAGMENT_BYTES 8 /* of an IPv6 fragment header */

/* Changes a packet that is whole, and has free room of INJECT_FRAGMENT_BYTES before it: what stands
 * before the TCP header may move there, once. False, and the run has failed: the IP version has no such
 * field. */
bool inject_ip_field(struct run *run, const struct scenario_raw_field *field,
                     struct tcp_room *packet);

#endif
