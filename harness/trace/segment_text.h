/* A live segment in the notation of scripts, `S. 0:0(0) ack 1 win 65535 <mss 1460>`: the one
 * formatter behind ladders, packet comments and mismatch reports, so that what they show can be
 * pasted into a script. */
#ifndef FINWAIT_TRACE_SEGMENT_TEXT_H
#define FINWAIT_TRACE_SEGMENT_TEXT_H

#include "base/text.h"
#include "trace/trace.h"

/* What the numbers of a segment are counted from: the number on the wire that the text calls 0, which
 * is the ISN unless the script counts otherwise. A side of which it is not known is shown by its
 * numbers on the wire: `ack 17!`. */
struct segment_numbers {
    bool knows_sender, knows_receiver;
    tcp_seqno sender_zero, receiver_zero;
};

/* Adds flags, sequence, ACK, window, urgent pointer and options. The window of a reset is left out
 * when it is 0, as scripts do. `raw_options` (`raw_count` octets, the options as on the wire) shows
 * their order and padding; NULL shows the decoded ones in the order in which most stacks lay
 * them. */
void segment_text(struct text *out, const struct tcp_segment *segment,
                  const struct segment_numbers *numbers, const uint8_t *raw_options,
                  size_t raw_count);

/* An ICMP error: `icmp unreachable frag_needed mtu 1200 [1:1461(1460)]`. What it quotes counts from the
 * receiver's number; the MTU is said as scripts say it, 20 octets less over IPv6. */
void icmp_text(struct text *out, const struct tcp_icmp *icmp,
               const struct segment_numbers *numbers);

/* The same for a packet of a trace: its incarnation's numbers, its own option octets, and the IP
 * information where it is not the usual. A packet that is no segment is shown by what is wrong
 * with it. */
void segment_text_of_packet(struct text *out, const struct trace *trace,
                            const struct trace_packet *packet);

/* With the segment's ports, in the packet's own direction, where a script has them: behind what IP
 * says. */
void segment_text_with_ports(struct text *out, const struct trace *trace,
                             const struct trace_packet *packet, bool says_ports);

#endif
