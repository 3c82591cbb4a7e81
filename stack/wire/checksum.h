/* The Internet checksum (RFC 1071), which TCP and IPv4 share. It is a sum of 16-bit words in ones'
 * complement, where the carry comes round to the lowest bit; such a sum does not care how wide the
 * words are or in which byte order they are added, so it runs over machine words. */
#ifndef TCP_WIRE_CHECKSUM_H
#define TCP_WIRE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/types.h"

/* Adds `count` bytes to a sum that began as 0. Only the last piece of what is summed may have an
 * odd count: it is padded with a zero byte. `bytes` may be NULL when the count is 0. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count);

/* The checksum of a sum: folded, complemented, and a number to be written big endian. Over bytes
 * that contain their own right checksum it is 0. */
uint16_t checksum_finish(uint64_t sum);

/* The sum of the pseudo header before `count` octets of a protocol: RFC 9293 3.1, RFC 8200 8.1. Both
 * addresses are of one version, 4 or 6: asserted. */
uint64_t checksum_pseudo_header(const struct tcp_address *source,
                                const struct tcp_address *destination, uint8_t protocol,
                                size_t count);

#endif
