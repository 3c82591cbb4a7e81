/* SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash that a peer who does not know the
 * key can neither predict nor steer. It makes ISNs (RFC 6528), ephemeral ports (RFC 6056) and the
 * demultiplexer's buckets. */
#ifndef TCP_BASE_SIPHASH_H
#define TCP_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Hashes `count` bytes under `key`. `bytes` may be NULL when the count is 0. The number is the same
 * on every machine. */
uint64_t siphash(const uint8_t key[16], const uint8_t *bytes, size_t count);

#endif
