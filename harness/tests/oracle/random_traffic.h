/* Random but reproducible traffic against a system under test, recorded as a trace with every oracle
 * watching: a peer that is partly sane and partly hostile, and applications that call at random. */
#ifndef FINWAIT_TESTS_RANDOM_TRAFFIC_H
#define FINWAIT_TESTS_RANDOM_TRAFFIC_H

#include "oracle/oracle.h"
#include "sut/sut.h"

#define TRAFFIC_FLOWS_MAX   4
#define TRAFFIC_SOCKETS_MAX 16
#define TRAFFIC_RECORDS_MAX 32

struct traffic_socket {
    int fd;          /* -1: free */
    bool is_unbound; /* it is not known which incarnation it is */
    bool is_waiting; /* connect() was called; its SYN tells the incarnation */
    struct tcp_flow flow;
    uint32_t incarnation;
    size_t written;
};

/* What the peer keeps of one of its ports. */
struct traffic_peer {
    struct tcp_flow flow;
    tcp_seqno isn, next;
    uint32_t bound; /* incarnations of this flow that a socket stands for */
};

/* A record of the stack whose states are followed. */
struct traffic_tcb {
    tcp_handle handle;
    enum tcb_state state;
    uint32_t incarnation;
};

struct traffic {
    struct arena *arena;
    struct trace trace;
    struct tcp_config config;
    struct oracle_set *oracles;
    const struct sut *sut;
    struct sut_instance *instance;
    uint64_t random;
    tcp_time now;
    uint32_t next_cookie;
    int listener;
    struct traffic_peer peers[TRAFFIC_FLOWS_MAX];
    struct traffic_socket sockets[TRAFFIC_SOCKETS_MAX];
    struct traffic_tcb records[TRAFFIC_RECORDS_MAX];
    struct tcp_room room;
};

/* Begins with a listener on port 80; the configuration depends on the seed too. */
void traffic_begin(struct traffic *traffic, struct arena *arena, const struct sut *sut,
                   uint64_t seed);
/* One cause, or a batch of them, and the drain behind it. */
void traffic_step(struct traffic *traffic);
void traffic_end(struct traffic *traffic);

/* How far a seed believes ICMP; an error about what was sent to the peer (random_icmp.c). */
void traffic_choose_icmp_caution(struct traffic *traffic);
void traffic_give_icmp(struct traffic *traffic, struct traffic_peer *peer);

/* Which use of timestamps a seed has (random_timestamps.c). */
void traffic_choose_clock(struct traffic *traffic);

/* Where both agreed on it, a timestamp is rarely missing, mostly a little later than the last, and sometimes
 * old or absurd; elsewhere it is rare. What it echoes was mostly sent lately.  */
void traffic_choose_timestamp(struct traffic *traffic, const struct tcp_status *status,
                              struct tcp_segment *out);

/* What a segment of the peer says about congestion, and a host's settings for it (random_ecn.c). */
void traffic_choose_ecn(struct traffic *traffic, struct tcp_segment *segment);
void traffic_choose_ecn_settings(struct traffic *traffic);

/* ---- for random_traffic.c: what is recorded ------------------------------------------------------- */

struct trace_record *traffic_record(struct traffic *traffic, enum trace_kind kind);
void traffic_record_packet(struct traffic *traffic, enum trace_direction direction,
                           const uint8_t *bytes, size_t count);
/* Everything owed goes into the trace, and the oracles look at it. */
void traffic_drain(struct traffic *traffic);

bool traffic_same_flow(const struct tcp_flow *a, const struct tcp_flow *b);
/* The latest incarnation of a flow, or TRACE_NO_EVENT. */
uint32_t traffic_latest_incarnation(const struct traffic *traffic, const struct tcp_flow *flow);
uint32_t traffic_count_incarnations(const struct traffic *traffic, const struct tcp_flow *flow);

#endif
