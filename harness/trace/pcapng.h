/* A trace as a pcapng file, for Wireshark and tshark: raw IP packets at nanosecond virtual times,
 * each with its direction and the script's line as a comment. Written by hand, because libpcap
 * writes neither comments nor directions. */
#ifndef FINWAIT_TRACE_PCAPNG_H
#define FINWAIT_TRACE_PCAPNG_H

#include "base/text.h"
#include "trace/trace.h"

/* Adds the whole file, octets with zeros among them, to `out`. Times count from the script's time 0,
 * so that a packet's epoch time is the time in the script. Inbound is what the system under test
 * receives. `source` (`source_bytes` long, may be NULL) is the script's text: the comment of a
 * packet quotes the line that sent or expected it, "x.pkt:12: +0 > S. 0:0(0) ack 1"; without a line
 * it shows the packet in the script's notation. Packets without octets are left out. */
void pcapng_write(const struct trace *trace, const char *source, size_t source_bytes,
                  struct text *out);

/* Adds the packets of another run to a file that pcapng_write() began. A second section would say it
 * better, but libpcap 1.10 refuses a second interface of this kind. */
void pcapng_add(const struct trace *trace, const char *source, size_t source_bytes,
                struct text *out);

#endif
