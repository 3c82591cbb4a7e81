/* The timestamps option (RFC 7323): whether both sides use it, the clock it tells, what it echoes, and
 * the two things that it is for, measuring round trips (RTTM) and refusing old duplicates (PAWS). */
#ifndef TCP_TCB_TIMESTAMPS_H
#define TCP_TCB_TIMESTAMPS_H

#include "tcb/arrives.h"

/* The option with the two NOPs that align it: what every segment has less room for. */
#define TCB_TIMESTAMPS_BYTES 12u

/* Octets of each segment that options agreed on take from its text (RFC 9293 3.7.1). */
uint16_t tcb_option_bytes(const struct tcb *tcb);

/* TS val of a segment of this flow that leaves at `now` (us): ticks of 1 ms, behind an offset of the
 * flow's own that nobody else can guess (RFC 7323 5.4, 7), or the configured one. It is the same for each
 * incarnation, so that the numbers of a later one are higher (RFC 6191). */
uint32_t tcb_timestamp_value(const struct tcp_flow *flow, const struct tcp_config *config,
                             uint64_t now);

/* Active OPEN: the SYN will carry the option, if it is switched on. */
void tcb_timestamps_offer(struct tcb_step *step);

/* The peer's SYN says whether it uses the option; a child uses it if it is switched on, too. */
void tcb_timestamps_agree(struct tcb_step *step, const struct tcp_segment *syn);

/* A segment with these flags leaves: lays the option and notes what was acknowledged. */
void tcb_timestamps_put(struct tcb_step *step, struct tcp_segment *out);

/* What comes before the first check of 3.10.7.4 (RFC 7323 3.2, 5.3 R1): TCP_VERDICT_DROP for a segment
 * without the option, TCP_VERDICT_ACK for an old one; TCP_VERDICT_NONE: go on. */
enum tcp_verdict tcb_check_timestamps(struct tcb_step *step, const struct tcp_segment *segment);

/* The segment lies in the window: keeps its TS val when it is the one to echo (RFC 7323 4.3, 5.3 R3). */
void tcb_timestamps_take(struct tcb_step *step, const struct tcp_segment *segment);

/* The round trip that the segment's echo tells of, in us; false when it tells nothing. */
bool tcb_timestamps_round_trip(const struct tcb_step *step, const struct tcp_segment *segment,
                               uint64_t *out_us);

#endif
