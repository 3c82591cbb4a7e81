/* W08 to W11: where in sequence space the system under test may send. */
#include "oracle/oracle_table.h"

/* One octet may go where the peer keeps its window shut (RFC 9293 3.8.6.1, MUST-36). */
static bool is_window_probe(const struct flow_life *life, const struct tcp_segment *segment)
{
    return segment->payload_bytes == 1 && life->offer_is_shut &&
           tcp_seq_equal(segment->seq, life->offer);
}

static void observe_offer(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (segment->payload_bytes == 0 || !life->has_offer ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    const tcp_seqno end = tcp_seq_add(segment->seq, segment->payload_bytes);
    if (!oracle_holds(watch,
                      tcp_seq_at_or_before(end, life->offer) || is_window_probe(life, segment))) {
        oracle_fire(watch, "text up to %u, %u beyond the furthest right edge ever offered (%u)",
                    end.raw, tcp_seq_distance(life->offer, end), life->offer.raw);
    }
}

const struct oracle oracle_data_inside_offered_window = {
    .description =
        {
            .id = "W08",
            .name = "data-inside-offered-window",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4, 3.8.6",
            .statement =
                "Text lies within a window that the peer once offered (a zero-window probe "
                "of one octet excepted).",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_offer,
};

static void observe_after_fin(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (segment->payload_bytes == 0 || !life->has_fin || flow_life_keeps_alive(life, segment) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    const tcp_seqno end = tcp_seq_add(segment->seq, segment->payload_bytes);
    if (!oracle_holds(watch, tcp_seq_at_or_before(end, life->fin))) {
        oracle_fire(watch, "text up to %u, but FIN was sent at %u", end.raw, life->fin.raw);
    }
}

const struct oracle oracle_nothing_after_fin = {
    .description =
        {
            .id = "W09",
            .name = "nothing-after-fin",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.6",
            .statement = "No text stands behind the FIN that was sent.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_after_fin,
};

static void observe_fin(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!tcp_segment_has(segment, TCP_FLAG_FIN) || !life->has_fin ||
        tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const tcp_seqno fin = tcp_seq_sub(watch->view->end, 1);
    if (!oracle_holds(watch, tcp_seq_equal(fin, life->fin))) {
        oracle_fire(watch, "FIN at %u, but it was at %u before", fin.raw, life->fin.raw);
    }
}

const struct oracle oracle_fin_keeps_its_number = {
    .description =
        {
            .id = "W10",
            .name = "fin-keeps-its-number",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4, 3.8.1",
            .statement = "A FIN that is sent again has the sequence number that it had.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_fin,
};

static void observe_gap(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (tcp_segment_has(segment, TCP_FLAG_RST)) {
        return; /* W14's */
    }
    const uint32_t behind = tcp_seq_distance(segment->seq, life->snd_max);
    if (!oracle_holds(watch, behind <= life->sent_octets)) {
        oracle_fire(watch, "SEQ %u lies outside what was sent, %u to %u", segment->seq.raw,
                    life->iss.raw, life->snd_max.raw);
    }
}

const struct oracle oracle_no_gap_in_what_is_sent = {
    .description =
        {
            .id = "W11",
            .name = "no-gap-in-what-is-sent",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4",
            .statement = "Every segment (RST excepted) begins at or before the first number not "
                         "sent yet, and not before the ISS.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_gap,
};
