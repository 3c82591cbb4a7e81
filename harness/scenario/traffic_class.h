/* The octet behind what a script says of a packet's TOS or traffic class. */
#ifndef FINWAIT_SCENARIO_TRAFFIC_CLASS_H
#define FINWAIT_SCENARIO_TRAFFIC_CLASS_H

#include "scenario/scenario.h"

/* DSCP and ECN of a packet that is to be sent (RFC 3168 5). Where a script leaves the choice between ECT(0)
 * and ECT(1), it is ECT(0); what it does not say is 0. */
uint8_t scenario_traffic_class(const struct scenario_ip_info *ip);

#endif
