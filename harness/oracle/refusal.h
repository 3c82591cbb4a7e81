/* T04: what a refused segment may change in the connection that refused it. Whoever gives segments to a
 * host looks at the connection before and after (tcp_host_look()), and reports. */
#ifndef FINWAIT_ORACLE_REFUSAL_H
#define FINWAIT_ORACLE_REFUSAL_H

#include "tcp/host.h"

/* Was this step a segment that the first five checks of RFC 9293 3.10.7.4, or SYN-SENT's, discarded, and
 * the connection is there still? */
bool refusal_is_one(const struct tcp_step_record *step);

/* What the segment has changed though it may not, by name, or NULL. May change: what is owed, the DS
 * field that arrived last, and TIME-WAIT's deadline when the peer's FIN comes again. */
const char *refusal_change(const struct tcp_status *before, const struct tcp_status *after);

#endif
