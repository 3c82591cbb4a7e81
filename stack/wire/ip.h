/* IP as far as TCP needs it (RFC 791, RFC 8200): where the TCP header begins, from whom to whom,
 * and how long the packet says it is. */
#ifndef TCP_WIRE_IP_H
#define TCP_WIRE_IP_H

#include "tcp/wire.h"

/* IPv6 extension headers that are skipped before a packet is given up (RFC 8504 5.3 allows a
 * limit); each is at most 2048 bytes, so a TCP header's offset fits 16 bits. */
#define IP_EXTENSION_HEADERS_MAX 8

struct ip_header {
    struct tcp_address source;
    struct tcp_address destination;
    uint8_t ttl;
    uint8_t traffic_class;
    bool may_fragment; /* IPv4 without DF */
    uint16_t identification;
    uint8_t protocol;      /* what stands behind: TCP_WIRE_PROTOCOL, or another's number */
    uint32_t header_bytes; /* IPv4 options or IPv6 extension headers included */
    uint32_t packet_bytes; /* as the header says; at most what there is */
};

/* Reads the headers before what IP carries. IPv4: options are skipped, fragments refused. IPv6: hop-by-hop
 * and destination options and routing headers with no segments left are skipped whatever they hold;
 * a fragment header is refused, even of an only fragment. Fills *out on TCP_WIRE_OK, otherwise
 * leaves it. */
enum tcp_wire_result ip_header_read(const uint8_t *bytes, size_t count, struct ip_header *out);

/* The same for a packet that an ICMP message quotes: it may be cut behind its headers, so that
 * out->packet_bytes may be more than `count`, and what routers changed on the way says nothing, so
 * no checksum is looked at. Of a fragment only the first is read. */
enum tcp_wire_result ip_quote_read(const uint8_t *bytes, size_t count, struct ip_header *out);

/* Bytes of the header that ip_header_write() lays: 20 or 40. */
uint32_t ip_header_bytes(const struct tcp_segment *segment);

/* Writes the IP header of what is no segment: `payload_bytes` of `protocol` behind it. */
void ip_plain_header_write(const struct tcp_address *source, const struct tcp_address *destination,
                           uint8_t protocol, uint32_t payload_bytes, uint8_t *to);

/* Writes the IP header of a segment whose TCP header, options and payload are `tcp_bytes` long. */
void ip_header_write(const struct tcp_segment *segment, uint32_t tcp_bytes, uint8_t *to);

#endif
