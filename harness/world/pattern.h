/* Octets of a stream, each a function of the stream's key and of its sequence number, so that one that
 * is lost, doubled, moved or somebody else's shows. Made eight at a time. */
#ifndef FINWAIT_WORLD_PATTERN_H
#define FINWAIT_WORLD_PATTERN_H

#include "tcp/types.h"

/* Writes the octets [from, from + count) of a stream. */
void pattern_fill(uint64_t key, tcp_seqno from, uint8_t *bytes, size_t count);

/* How many of the octets, from the first on, are the stream's; `count`: all. */
size_t pattern_check(uint64_t key, tcp_seqno from, const uint8_t *bytes, size_t count);

#endif
