/* One row for each oracle of the wire: what its findings depend on. */
#include "capture/doubt.h"

#include <string.h>

#include "tcp/seq.h"

enum dependence {
    ON_NOTHING,      /* what one sound packet shows */
    ON_ONE_LIFE,     /* several packets, in any order, being of one connection */
    ON_TEXT,         /* as that, and no octet being the garbage of keep-alive */
    ON_SUMS,         /* checksums: the network may have damaged the packet */
    ON_SIZE,         /* segments being as large as they were on the wire */
    ON_ONE_SYN,      /* the SYN having said the same each time */
    ON_ORDER,        /* the packets having left in this order */
    ON_COMPLETENESS, /* every packet being there */
    ON_NO_HOLE,      /* as that, and a hole is nothing unusual in a capture */
    ON_CAUSES,       /* what was given before being there, which oracles look for */
    ON_LAST_CAUSE,   /* as that, and on what is on its way */
};

static const struct {
    const char *id;
    enum dependence dependence;
} rows[] = {
    {"W01", ON_SUMS},     {"W02", ON_NOTHING},  {"W03", ON_NOTHING},      {"W04", ON_ONE_SYN},
    {"W05", ON_TEXT},     {"W06", ON_ORDER},    {"W07", ON_COMPLETENESS}, {"W08", ON_COMPLETENESS},
    {"W09", ON_ONE_LIFE}, {"W10", ON_ONE_LIFE}, {"W11", ON_NO_HOLE},      {"W12", ON_ORDER},
    {"W13", ON_SIZE},     {"W14", ON_CAUSES},   {"W15", ON_LAST_CAUSE},   {"W25", ON_COMPLETENESS},
    {"W26", ON_ONE_LIFE},
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

static size_t find_row(const struct oracle_description *oracle)
{
    size_t row = 0;
    while (row < ROW_COUNT && strcmp(rows[row].id, oracle->id) != 0) {
        row++;
    }
    return row;
}

/* Others are not asked: T, S and L need calls, states or both hosts; W16 to W19 and W27 need to know
 * what was drained together, W17 what was written; W20 to W24 and R reckon with the configuration of
 * the system, which nobody told us. */
bool doubt_listens(const struct oracle_description *oracle)
{
    return find_row(oracle) < ROW_COUNT;
}

/* Of an oracle that is listened to. */
static enum dependence dependence_of(const struct oracle_description *oracle)
{
    return rows[find_row(oracle)].dependence;
}

/* ---- signs ----------------------------------------------------------------------------------------- */

static bool same_syn_options(const struct tcp_options *a, const struct tcp_options *b)
{
    return a->has_mss == b->has_mss && a->mss == b->mss &&
           a->has_window_scale == b->has_window_scale && a->window_scale == b->window_scale &&
           a->sack_permitted == b->sack_permitted && a->has_timestamps == b->has_timestamps;
}

void doubt_note_before(struct doubt_signs *signs, const struct capture_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    signs->has_offload = signs->has_offload || packet->sum == CAPTURE_SUM_OFFLOADED;
    if (!tcp_segment_has(segment, TCP_FLAG_SYN)) {
        signs->is_midway =
            signs->is_midway || (!signs->has_syn && !tcp_segment_has(segment, TCP_FLAG_RST));
        return;
    }
    if (signs->has_syn && tcp_seq_equal(signs->isn, segment->seq)) {
        signs->syn_differs =
            signs->syn_differs || !same_syn_options(&signs->syn_options, &segment->options);
        return;
    }
    *signs = (struct doubt_signs){.has_syn = true,
                                  .is_reborn = signs->has_syn || signs->is_midway,
                                  .isn = segment->seq,
                                  .syn_options = segment->options,
                                  .has_offload = signs->has_offload};
}

void doubt_note_after(struct doubt_signs *signs, const struct capture_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    const tcp_seqno end = tcp_seq_add(segment->seq, tcp_segment_length(segment));
    if (tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    signs->sent_end = signs->has_sent ? tcp_seq_later(signs->sent_end, end) : end;
    signs->has_sent = true;
    const uint32_t timestamp = segment->options.timestamp_value;
    if (segment->options.has_timestamps &&
        (!signs->has_timestamp || (int32_t)(timestamp - signs->timestamp) > 0)) {
        signs->has_timestamp = true;
        signs->timestamp = timestamp;
    }
}

/* ---- verdicts ---------------------------------------------------------------------------------------- */

/* Did the packet leave after all that were seen before it? Its clock is later, or it carries octets
 * that come behind all that had been sent: who sends in order has not sent those first. */
static bool certainly_left_later(const struct doubt_case *doubt_case)
{
    const struct doubt_signs *signs = doubt_case->signs;
    const struct tcp_segment *segment = &doubt_case->packet->segment;
    if (signs->is_midway) {
        return false;
    }
    if (signs->has_timestamp && segment->options.has_timestamps) {
        return (int32_t)(segment->options.timestamp_value - signs->timestamp) > 0;
    }
    return segment->payload_bytes > 0 && signs->has_sent &&
           tcp_seq_at_or_after(segment->seq, signs->sent_end);
}

/* One octet at SND.NXT-1 (RFC 9293 3.8.4) may be garbage. What was sent there before was acknowledged,
 * but the capture may lack that ACK. */
static bool may_be_keep_alive(const struct doubt_case *doubt_case)
{
    const struct doubt_signs *signs = doubt_case->signs;
    const struct tcp_segment *segment = &doubt_case->packet->segment;
    return segment->payload_bytes == 1 && signs->has_sent &&
           tcp_seq_equal(tcp_seq_add(segment->seq, 1), signs->sent_end);
}

#define NOT_WHOLE "the packet is not whole, so it may be damaged"

/* NULL: certain. */
static const char *doubt_of_life(const struct doubt_case *doubt_case)
{
    return doubt_case->packet->sum == CAPTURE_SUM_UNKNOWN ? NOT_WHOLE
           : doubt_case->signs->is_midway                 ? "the flow began before the capture"
                                                          : NULL;
}

static const char *doubt_of(const struct doubt_case *doubt_case)
{
    const enum dependence dependence = dependence_of(doubt_case->oracle);
    if (doubt_case->signs->is_reborn && dependence != ON_NOTHING && dependence != ON_SUMS) {
        return "packets of an earlier connection of these ports may come late";
    }
    switch (dependence) {
    case ON_NOTHING:
        return doubt_case->packet->sum == CAPTURE_SUM_UNKNOWN ? NOT_WHOLE : NULL;
    case ON_ONE_LIFE:
        return doubt_of_life(doubt_case);
    case ON_TEXT:
        return may_be_keep_alive(doubt_case)
                   ? "it may be keep-alive's, and the ACK before it missing"
                   : doubt_of_life(doubt_case);
    case ON_SUMS:
        return "it may have been damaged, or made by a network card, where the capture cannot see";
    case ON_SIZE:
        return doubt_case->signs->has_offload ? "network cards cut and join segments of this host"
                                              : NULL;
    case ON_ONE_SYN:
        return doubt_case->signs->syn_differs ? "its SYN was sent with different options" : NULL;
    case ON_ORDER:
        return certainly_left_later(doubt_case) ? NULL
                                                : "the packets may have left in another order";
    case ON_COMPLETENESS:
    case ON_NO_HOLE:
    case ON_CAUSES:
    case ON_LAST_CAUSE:
        return "the capture may lack packets";
    }
    return NULL;
}

static bool is_about_options(const struct oracle_description *oracle)
{
    return strcmp(oracle->id, "W03") == 0 || strcmp(oracle->id, "W04") == 0 ||
           strcmp(oracle->id, "W25") == 0;
}

/* Things that are no finding at all. */
static bool is_withdrawn(const struct doubt_case *doubt_case)
{
    const enum capture_sum sum = doubt_case->packet->sum;
    if (doubt_case->packet->options_are_cut && is_about_options(doubt_case->oracle)) {
        return true;
    }
    switch (dependence_of(doubt_case->oracle)) {
    case ON_SUMS:
        return !doubt_case->is_exact && sum != CAPTURE_SUM_WRONG;
    case ON_SIZE:
        return !doubt_case->is_exact && sum != CAPTURE_SUM_RIGHT;
    case ON_NO_HOLE:
        return !doubt_case->is_exact;
    case ON_CAUSES:
        return doubt_case->has_forgotten;
    case ON_LAST_CAUSE:
        return !doubt_case->is_exact || doubt_case->has_forgotten;
    case ON_NOTHING:
    case ON_ONE_LIFE:
    case ON_TEXT:
    case ON_ONE_SYN:
    case ON_ORDER:
    case ON_COMPLETENESS:
        return false;
    }
    return false;
}

struct doubt_verdict doubt_judge(const struct doubt_case *doubt_case)
{
    if (!doubt_listens(doubt_case->oracle) || (!doubt_case->is_exact && is_withdrawn(doubt_case))) {
        return (struct doubt_verdict){.is_withdrawn = true};
    }
    const char *doubt = doubt_case->is_exact ? NULL : doubt_of(doubt_case);
    if (doubt_case->oracle->level != ORACLE_MUST) { /* a doubtful note is worth nothing */
        return (struct doubt_verdict){.is_withdrawn = doubt != NULL, .weight = AUDIT_NOTE};
    }
    return (struct doubt_verdict){.weight = doubt == NULL ? AUDIT_CERTAIN : AUDIT_DOUBTFUL,
                                  .doubt = doubt};
}
