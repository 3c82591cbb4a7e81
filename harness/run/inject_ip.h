/* Fields of raw(...) that belong to the IP header. */
#ifndef FINWAIT_RUN_INJECT_IP_H
#define FINWAIT_RUN_INJECT_IP_H

#include "scenario/scenario.h"
#include "tcp/types.h"

struct run;

/* Changes a packet that is complete, and has free room of TCP_WIRE_HEADROOM less its headers before it.
 * False, and the run has failed: the IP version has no such field, or the value is out of range. */
bool inject_ip_field(struct run *run, const struct scenario_raw_field *field,
                     struct tcp_room *packet);

#endif
