/* A capture held against the oracles of the wire, as seen from each end of each flow: packets of the
 * one end count as sent by a system under test, those of the other as given to it.
 *
 * A capture is made somewhere on the way, of stacks that nobody told us about. So a finding is certain
 * only if no packet that the capture missed, or shows late, or that a network card still changed,
 * could explain it. */
#ifndef FINWAIT_CAPTURE_AUDIT_H
#define FINWAIT_CAPTURE_AUDIT_H

#include "capture/flows.h"
#include "capture/packet.h"
#include "oracle/oracle.h"

enum audit_weight {
    AUDIT_CERTAIN,  /* a rule is broken */
    AUDIT_DOUBTFUL, /* or the capture shows less than there was: `doubt` says what */
    AUDIT_NOTE,     /* of a rule that binds less than MUST */
};

/* Findings of one oracle on one end of one flow that are kept one by one. */
#define AUDIT_FINDINGS_PER_END 3

struct audit_finding {
    const struct oracle_description *oracle;
    enum audit_weight weight;
    const char *doubt;  /* or NULL */
    const char *detail; /* the numbers of the case */
    uint64_t packet;    /* its number in the file */
    tcp_time at;
    uint64_t flow;           /* its number */
    uint64_t packet_of_flow; /* which packet of the flow it is, from 1 */
    struct tcp_flow ends;    /* local is the end that is judged */
    uint64_t more;           /* like it on this end, not kept */
};

struct audit_options {
    /* The capture was made where the packets left and arrived: none is missing, out of order or left
     * to a network card. Then findings are certain. */
    bool is_exact;
    const struct tcp_address *sides; /* judge these hosts only */
    size_t side_count;               /* 0: all */
};

struct audit;

/* All memory comes from the arena. The options are copied; the addresses stay the caller's. */
struct audit *audit_create(const struct audit_options *options, struct arena *arena);

/* The next packet, one that is CAPTURE_TCP. Its bytes need not stay. */
void audit_packet(struct audit *audit, uint64_t number, tcp_time at,
                  const struct capture_packet *packet);

/* In the order of packets. */
const struct audit_finding *audit_findings(const struct audit *audit, size_t *count);

uint64_t audit_flows(const struct audit *audit);

/* How often the oracle of that place in the catalogue came to a verdict; 0 also for those that a
 * capture can say nothing about (audit_judges()). */
uint64_t audit_evaluations(const struct audit *audit, size_t catalogue_index);

/* Does the audit listen to this oracle? */
bool audit_judges(const struct oracle_description *oracle);

#endif
