/* W20 to W22: neither side speaks of, or fills, windows that are not worth it. */
#include "oracle/batch.h"
#include "oracle/flow_steps.h"
#include "oracle/oracle_table.h"

/* What moves a window or holds text back can be known of a system that tells of itself; others have
 * buffers, settings and habits of their own. */
static bool is_exact(const struct oracle_watch *watch)
{
    return watch->view_of_run == ORACLE_VIEW_EXACT && watch->model->saw_state;
}

/* No text comes any more, so that the window says nothing. Where the trace tells of two lives under one number,
 * nobody knows the state of the later one: with a FIN sent it may be this one. */
static bool may_be_in_time_wait(const struct flow_life *life)
{
    return life->state == TCB_TIME_WAIT || (!life->has_state && life->has_fin);
}

/* How large segments are at least that are full: as our SYN allows, unless the user wanted smaller ones since. */
static uint32_t full_at_least(const struct flow_life *life)
{
    return (life->options & FLOW_OPTION_MSS) != 0 ? FLOW_MSS_FLOOR : life->syn_options.mss;
}

/* RFC 9293 3.8.6.2.2, MUST-39: the edge stays until it can go on by min(RCV.BUFF / 2, Eff.snd.MSS). The
 * buffer is no smaller than any window that was offered; segments are as large as our SYN allows. */
static void observe_receiver(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!is_exact(watch) || !life->has_right_edge || may_be_in_time_wait(life) ||
        !life->syn_options.has_mss || life->inbound == NULL ||
        !tcp_segment_has(segment, TCP_FLAG_ACK) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    const uint8_t shift = flow_life_advertised_shift(life);
    const tcp_seqno edge = tcp_seq_add(segment->ack, (uint32_t)segment->window << shift);
    if (!tcp_seq_after(edge, life->right_edge)) {
        return;
    }
    const uint32_t gain = tcp_seq_distance(life->right_edge, edge);
    const uint32_t half = life->window_max / 2;
    const uint32_t full = full_at_least(life);
    const uint32_t least = half < full ? half : full;
    if (!oracle_holds(watch, gain + (1u << shift) > least)) {
        oracle_fire(watch, "the right edge went on by %u only, with windows up to %u and MSS %u",
                    gain, life->window_max, full);
    }
}

const struct oracle oracle_receiver_silly_window = {
    .description =
        {
            .id = "W20",
            .name = "receiver-avoids-silly-windows",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.8.6.2.2, MUST-39",
            .statement = "The right edge goes on by a full segment or half the buffer, or not at "
                         "all.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_receiver,
};

/* A new segment with text that is not full, of a system that tells all that it knows. */
static bool is_small_and_new(const struct flow_model *model, const struct flow_life *life,
                             uint32_t *full)
{
    const struct tcp_segment *segment = model->view.segment;
    if (!model->saw_state || segment->payload_bytes == 0 ||
        !tcp_seq_equal(segment->seq, life->snd_max) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST | TCP_FLAG_FIN) ||
        flow_may_probe(life, &model->view) ||
        flow_may_have_set(model, life, FLOW_OPTION_NAGLE | FLOW_OPTION_MSS)) {
        return false;
    }
    *full = flow_full_segment(model, life);
    return *full > 0 && segment->payload_bytes < *full;
}

/* Did nothing but time cause this? Then it may be the override timeout's. */
static bool is_timers(const struct oracle_watch *watch)
{
    const struct flow *flow = watch->view->flow;
    bool is_timer = watch->model->batch_calls == 0 && batch_is_bounded(watch);
    for (size_t i = watch->model->batch_start; is_timer && i < watch->index; i++) {
        is_timer = batch_segment(watch->trace, i, flow, TRACE_TO_SUT) == NULL;
    }
    return is_timer;
}

static void observe_sender(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    uint32_t full = 0;
    if (!is_exact(watch) || !is_small_and_new(watch->model, life, &full) || !life->has_offer ||
        life->written.calls_open > 0 || !flow_model_knows_written(watch->model, life)) {
        return;
    }
    const uint64_t unsent = life->written.octets - (life->sent_octets - 1);
    const uint32_t usable = tcp_seq_distance(segment->seq, life->offer);
    const uint64_t either = unsent < usable ? unsent : usable;
    const bool is_all = segment->payload_bytes >= unsent;
    const bool is_half = either >= life->offer_max / 2;
    if (!oracle_holds(watch, is_all || is_half || is_timers(watch))) {
        oracle_fire(watch,
                    "%u octets of %llu unsent, less than a full segment (%u) and than half the "
                    "largest window (%u)",
                    segment->payload_bytes, (unsigned long long)unsent, full, life->offer_max);
    }
}

const struct oracle oracle_sender_silly_window = {
    .description =
        {
            .id = "W21",
            .name = "sender-avoids-silly-windows",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_BATCH,
            .reads = "mtu path_mtu_discovery path_mtu_shared",
            .reference = "RFC 9293 3.8.6.2.1, MUST-38",
            .statement = "A segment that is not full carries all there is, or fills half the "
                         "largest window, or was waited for.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_sender,
};

/* ---- W22 ------------------------------------------------------------------------------------------- */

void flow_note_small(const struct flow_model *model, struct flow_life *life)
{
    uint32_t full = 0;
    if (life->nagle == 2 && is_small_and_new(model, life, &full)) {
        life->has_small = true;
        life->small_end = model->view.end;
    }
}

/* What a small segment must wait for: all that is outstanding, or after A.3's variant all up to the last one
 * that was small. */
static uint32_t waits_for(const struct flow_life *life)
{
    if (life->nagle == 1) {
        return tcp_seq_distance(life->acked, life->snd_max);
    }
    const bool is_out = life->has_small && tcp_seq_after(life->small_end, life->acked);
    return is_out ? tcp_seq_distance(life->acked, life->small_end) : 0;
}

static void observe_nagle(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    uint32_t full = 0;
    if (life->nagle == 0 || !is_exact(watch) || life->was_closed || watch->model->saw_stray_close ||
        !is_small_and_new(watch->model, life, &full) || tcp_seq_equal(life->acked, life->iss)) {
        return; /* the SYN may have been acknowledged before it was polled */
    }
    const uint32_t outstanding = waits_for(life);
    if (!oracle_holds(watch, outstanding == 0)) {
        oracle_fire(watch, "%u octets, less than a full segment (%u), with %u outstanding",
                    watch->view->segment->payload_bytes, full, outstanding);
    }
}

const struct oracle oracle_nagle = {
    .description =
        {
            .id = "W22",
            .name = "small-segments-wait",
            .level = ORACLE_OURS,
            .reads = "mtu nagle path_mtu_discovery path_mtu_shared",
            .reference = "RFC 9293 3.7.4, SHLD-7, A.3",
            .statement =
                "With Nagle's algorithm on, a segment that is not full waits while anything "
                "is outstanding, with Minshall's variant while one that was not full is "
                "(the last before FIN excepted).",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_nagle,
};
