/* The TCP header (RFC 9293 3.1) with its options, apart from IP. */
#ifndef TCP_WIRE_TCP_H
#define TCP_WIRE_TCP_H

#include "tcp/wire.h"

/* Reads the `tcp_bytes` bytes that IP carried. out->source and out->destination hold the addresses
 * already; everything that the TCP header says is filled in, the payload as a pointer into `tcp`.
 * TCP_WIRE_TRUNCATED and TCP_WIRE_BAD_DATA_OFFSET leave *out; TCP_WIRE_BAD_CHECKSUM and, if the
 * checksum holds, TCP_WIRE_BAD_OPTION fill it. */
enum tcp_wire_result tcp_header_read(const uint8_t *tcp, uint32_t tcp_bytes,
                                     struct tcp_segment *out);

/* Bytes of the header that tcp_header_write() lays, options included. */
uint32_t tcp_header_bytes(const struct tcp_segment *segment);

/* Writes header, options and checksum at `to`; the payload stands directly behind already. */
void tcp_header_write(const struct tcp_segment *segment, uint8_t *to);

#endif
