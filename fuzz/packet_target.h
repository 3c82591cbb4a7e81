/* What targets of packets have in common.
 *
 * Input: octet 0 decides by its two lowest bits. 0: the rest is a packet as it came; 1: the same, its lengths
 * and checksums put right first, since most that random changes do to one breaks these, behind which nothing
 * is looked at; 2 and 3: the rest makes a packet. Its other bits choose an octet that is damaged, to see that
 * the damage is noticed. */
#ifndef FINWAIT_FUZZ_PACKET_TARGET_H
#define FINWAIT_FUZZ_PACKET_TARGET_H

#include "input.h"
#include "tcp/types.h"

#define PACKET_BYTES_MAX 2048u /* that are repaired */

struct packet_target {
    void (*read)(const uint8_t *packet, size_t count, uint8_t choice);
    void (*repair)(uint8_t *packet, size_t count);
    void (*make)(struct input *input, uint8_t choice);
};

/* What fuzz_one_input() of such a target does. */
int packet_target_run(const struct packet_target *target, const uint8_t *bytes, size_t count);

/* For repair(): puts the lengths and the header checksum of an IP packet right, as far as there is a header.
 * Returns where what it carries begins (at most `count`), or 0 where there is no header; then nothing was
 * changed and the addresses are left. IPv6 extension headers are skipped in the simplest way that can be. */
size_t repair_ip(uint8_t *packet, size_t count, struct tcp_address *source,
                 struct tcp_address *destination);

#endif
