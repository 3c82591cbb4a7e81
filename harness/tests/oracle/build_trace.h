/* Traces made by hand for the tests of oracles: a peer and a system under test whose numbers are
 * counted from their ISNs as in a script, both shortly before the wrap. Text is position-coded unless
 * it is said. */
#ifndef FINWAIT_TESTS_BUILD_TRACE_H
#define FINWAIT_TESTS_BUILD_TRACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oracle/oracle.h"

#define SUT_ISN  UINT32_C(0xffffff00)
#define PEER_ISN UINT32_C(0xfffffff8)

struct scene {
    struct arena *arena;
    struct trace trace;
    struct tcp_config config;
    struct oracle_set *set;
    struct tcp_flow flow;       /* of the packets that are built next */
    uint32_t incarnation;       /* their label */
    uint32_t sut_isn, peer_isn; /* what their numbers count from */
    tcp_time now;
    uint32_t next_cookie;
    size_t written; /* offset of the next octet that wrote() hands over */
};

/* A segment as a script says it. */
struct piece {
    uint16_t flags;
    uint32_t seq, ack; /* relative */
    uint16_t window;   /* 0 means 1000; SHUT means 0 */
    uint16_t urgent;
    uint32_t count;      /* octets of text */
    const uint8_t *text; /* NULL: position-coded */
    struct tcp_options options;
};

#define SHUT UINT16_MAX

#define S  TCP_FLAG_SYN
#define A  TCP_FLAG_ACK
#define UA (TCP_FLAG_URG | TCP_FLAG_ACK)
#define SA (TCP_FLAG_SYN | TCP_FLAG_ACK)
#define FA (TCP_FLAG_FIN | TCP_FLAG_ACK)
#define R  TCP_FLAG_RST
#define RA (TCP_FLAG_RST | TCP_FLAG_ACK)

/* One connection, peer port 40000 to port 80, with nothing in the trace; over IPv4 or IPv6. */
struct scene *scene_open(uint8_t ip_version);
void scene_close(struct scene *scene);

/* A new incarnation of the four-tuple, which following packets belong to. */
uint32_t scene_reincarnate(struct scene *scene, uint32_t sut_isn, uint32_t peer_isn);

/* The record's packet, whose bytes may be damaged as long as reread() follows. */
struct trace_packet *given(struct scene *scene, struct piece piece);
struct trace_packet *sent(struct scene *scene, struct piece piece);
void reread(struct trace_packet *packet);

/* A router: the packet of `count` octets of text that was sent at `seq` was too big for `mtu`. */
void too_big(struct scene *scene, uint32_t seq, uint32_t count, uint32_t mtu);

/* SYN, SYN,ACK, ACK, each in a batch; the peer offers `window`, MSS 1000. */
void handshake(struct scene *scene, uint16_t window);
/* The other way round. */
void active_handshake(struct scene *scene, uint16_t window);
/* A scene over IPv4, under the profile rfc, of a connection that the peer began: ESTABLISHED, an ACK sent. */
struct scene *scene_connected(uint16_t window);

/* The batch is over. */
void drained(struct scene *scene);

/* A send of the next `count` octets, all of which are taken. */
void wrote(struct scene *scene, size_t count);
/* Its parts. The result 0 or more, or -1. */
uint32_t write_begins(struct scene *scene, size_t count);
void write_ends(struct scene *scene, uint32_t cookie, int64_t result);
/* A receive of position-coded octets of the peer from `offset` on; 0 octets: the end. */
void was_read(struct scene *scene, size_t offset, size_t count);
void called(struct scene *scene, const char *text);

/* "rto_min_us=1000"; scene->config is what is in force at the first record. */
void changed_setting(struct scene *scene, const char *setting);
void changed_state(struct scene *scene, enum tcb_state from, enum tcb_state to);
struct tcp_step_record *stepped(struct scene *scene, enum tcp_verdict verdict);

/* Octet `offset` of the stream of that direction. */
uint8_t octet_at(enum trace_direction direction, size_t offset);

/* Judges everything. The named oracle fired and no other; it fired not, but came to a verdict, and no
 * other fired; none fired, and this one came to no verdict. Frees the scene. */
void only_fires(struct scene *scene, const char *id);
void holds(struct scene *scene, const char *id);
void does_not_judge(struct scene *scene, const char *id);

#endif
