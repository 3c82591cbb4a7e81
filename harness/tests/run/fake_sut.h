/* A second, trivial adapter: a toy that shakes hands, acknowledges, writes, reads and closes on one
 * connection at a time, with no timer but a delayed ACK and no retransmission. It shows that the
 * adapter's interface is not shaped for one system, and misbehaves on demand. */
#ifndef FINWAIT_TESTS_FAKE_SUT_H
#define FINWAIT_TESTS_FAKE_SUT_H

#include "sut/sut.h"

/* How the next instance behaves. All zero: as it should. */
struct fake_quirks {
    uint64_t ack_delay_us; /* acknowledges data this much later */
    uint32_t iss;          /* first initial number; the next life's is 64000 higher */
    uint16_t window;       /* what it advertises; 0: 65535 */
    uint32_t extra_acks;   /* after the handshake: so many ACKs that nobody asked for */
    bool is_silent;        /* answers data with nothing */
    bool splits_writes;    /* sends a write as two segments */
    bool spoils_sent;      /* the third octet of what it sends is wrong */
    bool spoils_read;      /* the third octet of what read() gives is wrong */
    bool spoils_checksum;
    bool hangs; /* its deadline never moves */
    bool fails_to_start;
    bool has_broken_invariant;
};

/* Read by create(). */
extern struct fake_quirks fake_quirks;

extern const struct sut fake_sut;
/* The same without IPv6. */
extern const struct sut fake_sut_ipv4;

#endif
