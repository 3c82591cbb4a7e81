/* ICMP error messages about our own packets (RFC 792, RFC 4443), as far as TCP needs them: what they
 * say, and which segment of ours they quote. Pure functions; the caller owns all memory. */
#ifndef TCP_ICMP_H
#define TCP_ICMP_H

#include "tcp/types.h"
#include "tcp/wire.h"

#define TCP_ICMP_HEADER_BYTES 8
/* RFC 792: of what IP carries, at least so much is quoted. TCP's ports and SEG.SEQ stand there. */
#define TCP_ICMP_QUOTE_BYTES_MIN 8

/* Types of ICMP for IPv4 (RFC 792) whose messages quote a packet. */
enum tcp_icmp4_type {
    TCP_ICMP4_UNREACHABLE = 3,
    TCP_ICMP4_SOURCE_QUENCH = 4,
    TCP_ICMP4_TIME_EXCEEDED = 11,
    TCP_ICMP4_PARAMETER_PROBLEM = 12,
};

/* Codes of TCP_ICMP4_UNREACHABLE (RFC 792, RFC 1122 3.2.2.1). The others are for reports. */
enum tcp_icmp4_unreachable {
    TCP_ICMP4_NET = 0,
    TCP_ICMP4_HOST = 1,
    TCP_ICMP4_PROTOCOL = 2,
    TCP_ICMP4_PORT = 3,
    TCP_ICMP4_FRAGMENTATION_NEEDED = 4,
    TCP_ICMP4_SOURCE_ROUTE_FAILED = 5,
};

/* Types of ICMPv6 (RFC 4443) whose messages quote a packet. */
enum tcp_icmp6_type {
    TCP_ICMP6_UNREACHABLE = 1,
    TCP_ICMP6_PACKET_TOO_BIG = 2,
    TCP_ICMP6_TIME_EXCEEDED = 3,
    TCP_ICMP6_PARAMETER_PROBLEM = 4,
};

/* Codes of TCP_ICMP6_UNREACHABLE (RFC 4443 3.1). */
enum tcp_icmp6_unreachable {
    TCP_ICMP6_NO_ROUTE = 0,
    TCP_ICMP6_PROHIBITED = 1,
    TCP_ICMP6_ADDRESS = 3,
    TCP_ICMP6_PORT = 4,
};

/* A message. `source.version` says which of the two protocols it is of. */
struct tcp_icmp {
    struct tcp_address source; /* who reports: a router, or the peer's host */
    struct tcp_address destination;
    uint8_t type;
    uint8_t code;
    uint32_t mtu; /* of the next hop: IPv4 fragmentation needed (RFC 1191; 0 from old routers) and
                   * IPv6 packet too big; otherwise 0 */
    struct tcp_endpoint quoted_source; /* of the quoted segment: us */
    struct tcp_endpoint quoted_destination;
    tcp_seqno quoted_seq;
    uint32_t quoted_header_bytes; /* its IP header, options or extension headers included */
    uint32_t quoted_packet_bytes; /* its whole length, as its IP header says */
};

/* Reads a whole IP packet. *out is set on TCP_WIRE_OK and otherwise left. The message's checksum is
 * verified, that of the quoted IP header is not: routers changed it on the way.
 * TCP_WIRE_NOT_ICMP: another protocol, or a type above that quotes nothing (echo, redirect, ...);
 * TCP_WIRE_NOT_TCP: what is quoted is no TCP segment, or TCP stands behind more than
 * 8 extension headers; TCP_WIRE_TRUNCATED: less than 8 octets of the TCP header are quoted. The
 * others as tcp_wire_read(). */
enum tcp_wire_result tcp_icmp_read(const uint8_t *bytes, size_t count, struct tcp_icmp *out);

/* Writes a message at the beginning of `room`, with its IP header (TTL 64) and checksums, around
 * `quote_bytes` of a packet as it was sent. Of icmp, addresses, type, code and mtu count. Returns the
 * packet: a part of `room`. Asserted: the room holds it, and both addresses are of one version. */
struct tcp_room tcp_icmp_write(const struct tcp_icmp *icmp, const uint8_t *quote,
                               size_t quote_bytes, struct tcp_room room);

#endif
