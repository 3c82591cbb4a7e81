/* W06, W07 and W26: the ACK field of what is sent. */
#include "oracle/oracle_table.h"

static bool carries_ack(const struct tcp_segment *segment)
{
    return tcp_segment_has(segment, TCP_FLAG_ACK) && !tcp_segment_has(segment, TCP_FLAG_RST);
}

static void observe_monotone(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!carries_ack(segment) || !life->has_ack) {
        return;
    }
    if (!oracle_holds(watch, tcp_seq_at_or_after(segment->ack, life->ack))) {
        oracle_fire(watch, "ACK went back by %u, from %u to %u",
                    tcp_seq_distance(segment->ack, life->ack), life->ack.raw, segment->ack.raw);
    }
}

const struct oracle oracle_ack_field_monotone = {
    .description =
        {
            .id = "W06",
            .name = "ack-field-monotone",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4, 3.8",
            .statement = "The ACK field never moves back within a connection (RST excepted).",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_monotone,
};

static void observe_covered(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!carries_ack(segment)) {
        return;
    }
    if (life->inbound == NULL) {
        if (watch->view->ack_fits_no_syn) {
            (void)oracle_holds(watch, false);
            oracle_fire(watch, "ACK %u answers no SYN of the peer", segment->ack.raw);
        }
        return;
    }
    const tcp_seqno next = life->inbound->all.next;
    if (!oracle_holds(watch, tcp_seq_at_or_before(segment->ack, next))) {
        oracle_fire(watch, "ACK %u covers %u more than arrived in order (%u)", segment->ack.raw,
                    tcp_seq_distance(next, segment->ack), next.raw);
    }
}

const struct oracle oracle_ack_covers_received = {
    .description =
        {
            .id = "W07",
            .name = "ack-covers-received",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4, 3.10.7.4",
            .statement = "The ACK field never covers what did not arrive in order.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_covered,
};

static void observe_always(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (life->inbound == NULL || tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    if (!oracle_holds(watch, tcp_segment_has(segment, TCP_FLAG_ACK))) {
        oracle_fire(watch, "SEQ %u without an ACK", segment->seq.raw);
    }
}

const struct oracle oracle_ack_always_sent = {
    .description =
        {
            .id = "W26",
            .name = "ack-always-sent",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.1, 3.10.7.4",
            .statement = "Every segment behind the SYN carries an ACK (RST excepted).",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_always,
};
