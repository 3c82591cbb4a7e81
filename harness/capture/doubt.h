/* How much a finding in a capture is worth: what else than a broken rule could explain it, and which
 * signs in the flow speak for or against that. */
#ifndef FINWAIT_CAPTURE_DOUBT_H
#define FINWAIT_CAPTURE_DOUBT_H

#include "capture/audit.h"

/* What is remembered of what one end sent. */
struct doubt_signs {
    bool has_syn;     /* seen */
    bool is_reborn;   /* with one number before, and another now */
    bool syn_differs; /* it came again with other options */
    bool has_offload; /* some of its packets were left to a network card */
    bool is_midway;   /* the flow began before the capture */
    tcp_seqno isn;
    struct tcp_options syn_options;
    bool has_timestamp;
    uint32_t timestamp; /* the latest of its clock */
    bool has_sent;
    tcp_seqno sent_end; /* behind the highest number sent */
};

/* Lets a sound packet of that end be known: before and after the oracles look at it. */
void doubt_note_before(struct doubt_signs *signs, const struct capture_packet *packet);
void doubt_note_after(struct doubt_signs *signs, const struct capture_packet *packet);

struct doubt_case {
    const struct oracle_description *oracle;
    const struct capture_packet *packet;
    const struct doubt_signs *signs; /* of the judged end */
    bool is_exact;
    bool has_forgotten; /* oracles that look back do not see everything any more */
};

struct doubt_verdict {
    bool is_withdrawn; /* no finding at all */
    enum audit_weight weight;
    const char *doubt; /* with AUDIT_DOUBTFUL */
};

struct doubt_verdict doubt_judge(const struct doubt_case *doubt_case);

/* Can a capture say anything about this oracle? */
bool doubt_listens(const struct oracle_description *oracle);

#endif
