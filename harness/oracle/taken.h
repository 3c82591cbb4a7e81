/* T05 to T07: what a segment that is taken, and a retransmission timeout, must do to the connection.
 * Whoever runs a host looks at the connection (tcp_host_look()), and reports. */
#ifndef FINWAIT_ORACLE_TAKEN_H
#define FINWAIT_ORACLE_TAKEN_H

#include "tcp/host.h"

/* T05. Did this step take a segment with an ACK, so that its window may count? Only of a connection that
 * was synchronized before, with its own SYN acknowledged. */
bool taken_has_window(const struct tcp_step_record *step, const struct tcp_segment *segment,
                      const struct tcp_status *before);

/* T05. What it has done wrong to SND.WND, SND.WL1 and SND.WL2, by name, or NULL. */
const char *taken_window_fault(const struct tcp_segment *segment, const struct tcp_status *before,
                               const struct tcp_status *after);

/* T06. Did this step, the last that the host has done, let the retransmission timer run out, and is
 * the connection there still, with data under way? `before` is the number of the step that was the last one
 * before: of several at a time, another may have lowered the path MTU of all (RFC 8201 5.2), and with it the
 * segment that the loss window was one of. */
bool taken_is_timeout(const struct tcp_step_record *step, uint32_t before);

/* T06. What the timeout has left wrong, by name, or NULL. */
const char *taken_timeout_fault(const struct tcp_status *after);

/* T07. Is it certain what this RST may do to the connection? `is_exact_asked`: RFC 5961 is in force. */
bool taken_is_reset(const struct tcp_step_record *step, const struct tcp_segment *segment,
                    bool is_exact_asked);

/* T07. What is wrong with it, or NULL. */
const char *taken_reset_fault(const struct tcp_step_record *step, const struct tcp_segment *segment,
                              const struct tcp_status *before);

#endif
