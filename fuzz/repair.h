/* Makes of octets a packet that is heard: most that random changes do to one breaks a length or a checksum,
 * behind which nothing is looked at. */
#ifndef FINWAIT_FUZZ_REPAIR_H
#define FINWAIT_FUZZ_REPAIR_H

#include <stddef.h>
#include <stdint.h>

#include "tcp/types.h"

/* Puts the lengths and the header checksum of an IP packet right, as far as there is a header. Returns where
 * what it carries begins (at most `count`), or 0 where there is no header; then nothing was changed and the
 * addresses are left. IPv6 extension headers are skipped in the simplest way that can be. */
size_t repair_ip(uint8_t *packet, size_t count, struct tcp_address *source,
                 struct tcp_address *destination);

#endif
