/* Bytes <-> segment: IPv4 and IPv6 headers, the TCP header, options and checksums. Pure functions;
 * the caller owns all memory. */
#ifndef TCP_WIRE_H
#define TCP_WIRE_H

#include "tcp/segment.h"

/* Room to leave before a payload so that tcp_wire_write() can set every header in front of it:
 * an IPv6 header (40) and a TCP header with all its options (60), rounded up to 16. */
#define TCP_WIRE_HEADROOM          112
#define TCP_WIRE_IPV4_HEADER_BYTES 20
#define TCP_WIRE_IPV6_HEADER_BYTES 40
#define TCP_WIRE_TCP_HEADER_BYTES  20
#define TCP_WIRE_PROTOCOL          6 /* TCP's number in IPv4's protocol and IPv6's next-header field */

/* Why bytes are no segment for TCP. Anything but TCP_WIRE_OK is dropped silently. */
enum tcp_wire_result {
    TCP_WIRE_OK = 0,
    TCP_WIRE_TRUNCATED,       /* shorter than its headers or its own length fields say */
    TCP_WIRE_NOT_IP,          /* version is neither 4 nor 6 */
    TCP_WIRE_BAD_IP_HEADER,   /* header length below 5 words, or bad header checksum */
    TCP_WIRE_FRAGMENT,        /* a fragment: reassembly is IP's task, before TCP */
    TCP_WIRE_NOT_TCP,         /* another protocol, or an extension header that ends the search */
    TCP_WIRE_BAD_DATA_OFFSET, /* below 5 words or beyond the segment */
    TCP_WIRE_BAD_CHECKSUM,    /* RFC 9293 MUST-3 */
    TCP_WIRE_BAD_OPTION,      /* an option's length is below 2 or runs over the header (MUST-7); a
                               * known option of a wrong length is skipped like an unknown one */
    TCP_WIRE_NOT_ICMP,        /* tcp_icmp_read(): no ICMP message, or none that quotes a packet */
};

/* What stands where in a packet, for those who want more than the segment. Offsets in bytes. */
struct tcp_wire_layout {
    uint16_t tcp_offset; /* the TCP header */
    uint16_t options_offset;
    uint16_t options_bytes;
    uint16_t payload_offset;
    uint32_t packet_bytes; /* as the IP header says: trailing link padding excluded */
};

/* Reads a whole IP packet. Every field of *out is set on TCP_WIRE_OK; on TCP_WIRE_BAD_CHECKSUM and
 * TCP_WIRE_BAD_OPTION too (tools show such packets), otherwise *out is zeroed. out->payload points
 * into `bytes`. `layout` may be NULL; it is set and zeroed together with *out. */
enum tcp_wire_result tcp_wire_read(const uint8_t *bytes, size_t count, struct tcp_segment *out,
                                   struct tcp_wire_layout *layout);

/* Octets that the segment's options take on the wire, padded to whole words: 0..40. More than 40 is
 * the caller's error and asserted by tcp_wire_write(); the stack never asks for it. */
uint32_t tcp_wire_options_bytes(const struct tcp_options *options);

/* Writes the headers directly in front of segment->payload, which must stand in `room` with at
 * least TCP_WIRE_HEADROOM bytes before it (when payload_bytes is 0, payload may be NULL and the end
 * of the headroom is taken). Sets lengths and checksums in one pass. Returns the packet: a part of
 * `room`. */
struct tcp_room tcp_wire_write(const struct tcp_segment *segment, struct tcp_room room);

/* TCP's checksum over pseudo header and segment (RFC 9293 3.1), in ones' complement, ready to be
 * stored big endian. The checksum field counts as it stands: put 0 there to make one; over a
 * segment with its right checksum the answer is 0. Asserted: both addresses are of one version, 4
 * or 6. */
uint16_t tcp_wire_checksum(const struct tcp_address *source, const struct tcp_address *destination,
                           const uint8_t *tcp, size_t tcp_bytes);

/* Short words for reports: "bad checksum". Never NULL. */
const char *tcp_wire_result_name(enum tcp_wire_result result);

#endif
