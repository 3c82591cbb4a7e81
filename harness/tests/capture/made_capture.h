/* Captures made by hand: packets of two hosts, whose numbers count from their ISNs as in a script. */
#ifndef FINWAIT_TESTS_MADE_CAPTURE_H
#define FINWAIT_TESTS_MADE_CAPTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/audit.h"
#include "capture/link.h"

#define A_ISN UINT32_C(0xffffff00)
#define B_ISN UINT32_C(0xfffffff8)

#define S TCP_FLAG_SYN
#define A TCP_FLAG_ACK
#define F TCP_FLAG_FIN
#define R TCP_FLAG_RST

#define FRAME_ROOM 4096

struct piece {
    enum capture_end from;
    uint16_t flags;
    uint32_t seq, ack; /* relative */
    uint16_t window;   /* 0 means 1000 */
    uint32_t count;    /* octets of text */
    uint8_t salt;      /* 0: the octets that belong there */
    struct tcp_options options;
};

/* A raw IP packet of host 10.0.0.1:1000 (A) or 10.0.0.2:80 (B), or their like of IPv6. Returns its
 * octets; it stands in `room`. */
struct tcp_room make_packet(uint8_t ip_version, struct piece piece, uint8_t *room);

/* A capture under audit. */
struct made {
    struct arena *arena;
    struct audit *audit;
    uint64_t number;
    uint64_t at_us;
    uint8_t ip_version;
};

void made_begin(struct made *made, const struct audit_options *options);
void made_end(struct made *made);

/* The next packet; and one whose octets the caller has changed, of which `count` were captured. */
void packet(struct made *made, struct piece piece);
void raw_packet(struct made *made, const uint8_t *bytes, size_t count, size_t wire_count);

/* SYN, SYN,ACK, ACK; both offer `window` and MSS 1000. */
void handshake(struct made *made, uint16_t window);

/* There is one finding, of this oracle and weight; or none. Ends the capture. */
void finds(struct made *made, const char *id, enum audit_weight weight);
void finds_nothing(struct made *made);

/* How often the oracle came to a verdict. */
uint64_t judged(const struct made *made, const char *id);

#endif
