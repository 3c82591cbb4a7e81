/* What has arrived, seen from outside: the sequence numbers that packets carried to the system under
 * test, in order from a first one, and the islands beyond. It says the most that a receiver can have
 * in order; a receiver that dropped some of it has less. */
#ifndef FINWAIT_ORACLE_ARRIVED_H
#define FINWAIT_ORACLE_ARRIVED_H

#include "tcp/seq.h"

/* When there are more islands, neighbours are counted as one: the answer errs on the lax side. */
#define ARRIVED_ISLANDS_MAX 16

/* Numbers further ahead of those in order than any window reaches are not noted (RFC 7323 2.3). */
#define ARRIVED_AHEAD_MAX (1u << 30)

struct arrived_island {
    tcp_seqno left, right; /* [left, right) */
};

struct arrived {
    tcp_seqno next;  /* the first number that is missing */
    uint64_t octets; /* in order so far */
    uint32_t island_count;
    struct arrived_island islands[ARRIVED_ISLANDS_MAX]; /* ascending, apart, beyond `next` */
};

void arrived_start(struct arrived *arrived, tcp_seqno first);
void arrived_add(struct arrived *arrived, tcp_seqno left, uint32_t count);

#endif
