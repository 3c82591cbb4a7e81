/* What packets tell: where lives begin, which of the peer's SYNs they answer, and the numbers that
 * went each way. */
#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"

#include <string.h>

/* ---- where a packet belongs ---------------------------------------------------------------------- */

static struct inbound *candidate_with_irs(const struct flow *flow, tcp_seqno irs)
{
    for (uint32_t i = 0; i < flow->candidate_count; i++) {
        if (tcp_seq_equal(flow->candidates[i]->irs, irs)) {
            return flow->candidates[i];
        }
    }
    return NULL;
}

/* No window counts that stands in a segment before this one (SND.WL1, RFC 9293 3.10.7.4). */
static void note_newest(struct flow_life *life, tcp_seqno seq)
{
    life->newest = life->has_newest ? tcp_seq_later(life->newest, seq) : seq;
    life->has_newest = true;
}

/* The life now answers this SYN of the peer; the others are forgotten. */
static void adopt(struct flow *flow, uint32_t which)
{
    struct flow_life *life = flow->life;
    struct inbound *inbound = flow->candidates[which];
    for (uint32_t i = 0; i < flow->candidate_count; i++) {
        flow->spare = i == which ? flow->spare : flow->candidates[i];
    }
    flow->candidate_count = 0;
    life->inbound = inbound;
    uint32_t window = inbound->syn_window;
    const uint32_t later = (uint32_t)inbound->window_max << flow_life_offered_shift(life);
    window = inbound->has_window && later > window ? later : window;
    life->offer = tcp_seq_add(life->iss, 1 + window);
    life->offer_max = inbound->copies_differ
                          ? 0
                          : inbound->syn_window; /* raised by later ones; copies may differ */
    life->has_offer = true;
    life->offer_is_shut = window == 0;
    if (inbound->has_window) { /* what followed the SYN before it was answered */
        note_newest(life, inbound->newest);
    }
}

/* An ACK leaves: which of the peer's SYNs does it answer? */
static void find_answered_syn(struct flow_model *model, struct flow *flow, tcp_seqno ack)
{
    uint32_t fits = 0;
    uint32_t which = 0;
    for (uint32_t i = 0; i < flow->candidate_count; i++) {
        if (inbound_covers(flow->candidates[i], ack)) {
            fits++;
            which = i;
        }
    }
    if (fits > 1 || flow->has_lost_candidate) {
        flow->life->inbound_is_uncertain = true;
        flow->has_lost_candidate = false;
    } else if (fits == 1) {
        adopt(flow, which);
    } else {
        model->view.ack_fits_no_syn = flow->candidate_count > 0;
    }
}

static void look_at_sent(struct flow_model *model, const struct trace_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    struct flow_view *view = &model->view;
    const bool is_reset = tcp_segment_has(segment, TCP_FLAG_RST);
    const bool is_syn = tcp_segment_has(segment, TCP_FLAG_SYN) && !is_reset;
    const bool begins_flow = is_syn || (model->is_capture && !is_reset);
    view->flow = begins_flow ? flow_table_add(model, &segment->source, &segment->destination)
                             : flow_table_find(model, &segment->source, &segment->destination);
    if (view->flow == NULL) {
        return;
    }
    if (!is_syn && begins_flow && view->flow->life == NULL) {
        flow_begin_midway(model, view->flow, segment);
    }
    if (is_syn && flow_begins_life(model, view->flow, packet)) {
        flow_begin_life(model, view->flow, packet);
        view->is_first_syn = true;
    }
    if (!is_syn) {
        flow_note_return(model, view->flow, segment);
    }
    view->life = view->flow->life;
    if (view->life != NULL && view->life->inbound == NULL && !view->life->inbound_is_uncertain &&
        !is_reset && tcp_segment_has(segment, TCP_FLAG_ACK)) {
        find_answered_syn(model, view->flow, segment->ack);
        if (!tcp_seq_equal(view->life->acked, view->life->iss)) {
            flow_begin_congestion(model, view->life);
        }
    }
}

static void look_at_given(struct flow_model *model, const struct trace_packet *packet)
{
    const struct tcp_segment *segment = &packet->segment;
    struct flow_view *view = &model->view;
    view->flow = tcp_segment_has(segment, TCP_FLAG_SYN)
                     ? flow_table_add(model, &segment->destination, &segment->source)
                     : flow_table_find(model, &segment->destination, &segment->source);
    view->life = view->flow == NULL ? NULL : view->flow->life;
}

/* A packet with an option that is cut off still has sound numbers, and some systems take it; those that
 * tell their states are our own stack, which does not. */
static bool is_readable(const struct flow_model *model, const struct trace_packet *packet)
{
    return packet->wire == TCP_WIRE_OK || (packet->wire == TCP_WIRE_BAD_OPTION &&
                                           packet->direction == TRACE_TO_SUT && !model->saw_state);
}

void flow_look_at_packet(struct flow_model *model, const struct trace_packet *packet)
{
    if (!is_readable(model, packet)) {
        return;
    }
    struct flow_view *view = &model->view;
    view->segment = &packet->segment;
    view->is_doubtful = packet->wire != TCP_WIRE_OK;
    view->length = tcp_segment_length(view->segment);
    view->end = tcp_seq_add(view->segment->seq, view->length);
    if (packet->direction == TRACE_FROM_SUT) {
        look_at_sent(model, packet);
    } else {
        look_at_given(model, packet);
    }
}

/* ---- what it changes ----------------------------------------------------------------------------- */

/* Empty ACKs are counted in two rows of ack_limit_us, so that any such time lies within both. */
static void note_empty_ack(const struct flow_model *model, struct flow_life *life)
{
    const uint64_t row_us = model->config == NULL ? 0 : model->config->ack_limit_us;
    const uint64_t passed_us = model->now.us - life->acks_at;
    if (passed_us >= row_us) {
        life->acks_before = passed_us - row_us >= row_us ? 0 : life->acks;
        life->acks = 0;
        life->acks_at = passed_us - row_us >= row_us ? model->now.us : life->acks_at + row_us;
    }
    life->acks += life->acks < UINT32_MAX / 2;
}

bool flow_may_be_limited(const struct flow_model *model, const struct flow_life *life)
{
    const struct tcp_config *config = model->config;
    if (config == NULL || model->ack_limit_changed) {
        return true;
    }
    const uint64_t passed_us = model->now.us - life->acks_at;
    const uint32_t before = passed_us >= config->ack_limit_us ? 0 : life->acks_before;
    const bool is_long_ago = passed_us >= config->ack_limit_us &&
                             passed_us - config->ack_limit_us >= config->ack_limit_us;
    return config->ack_limit != 0 && !is_long_ago && before + life->acks >= config->ack_limit;
}

/* Advertised windows count from the first segment without SYN: a SYN's is not scaled. */
static void note_acknowledgment_sent(struct flow_life *life, const struct tcp_segment *segment)
{
    life->ack = life->has_ack ? tcp_seq_later(life->ack, segment->ack) : segment->ack;
    life->has_ack = true;
    life->unacked_segments = 0;
    life->timers.ack_at = REFERENCE_NEVER;
    if (life->inbound != NULL && life->inbound->all.island_count == 0 &&
        tcp_seq_equal(life->ack, life->inbound->all.next)) {
        life->arrivals_are_sure = true;
    }
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        return;
    }
    const uint32_t window = (uint32_t)segment->window << flow_life_advertised_shift(life);
    const tcp_seqno edge = tcp_seq_add(segment->ack, window);
    life->window_max = window > life->window_max ? window : life->window_max;
    life->right_edge = life->has_right_edge ? tcp_seq_later(life->right_edge, edge) : edge;
    life->has_right_edge = true;
}

static void note_reset_given(const struct flow_model *model, struct flow *flow)
{
    if (flow->life != NULL) {
        flow->life->was_reset = true;
        flow_note_reset_given(model, flow->life);
    }
    flow->has_reset = true;
    flow->reset_batch = model->batch;
}

static void apply_sent(struct flow_model *model, const struct trace_packet *packet)
{
    const struct flow_view *view = &model->view;
    struct flow_life *life = view->life;
    if (life == NULL) {
        return;
    }
    if (life->incarnation == TRACE_NO_EVENT) {
        flow_model_name_life(model, life, packet->incarnation);
    }
    flow_note_repetition(model, life);
    if (tcp_segment_has(view->segment, TCP_FLAG_RST)) {
        life->was_reset = true;
        return;
    }
    flow_note_small(model, life);
    flow_note_packet_size(life, flow_packet_bytes(packet), view->end);
    flow_note_sending(model, life);
    flow_note_timestamp_sent(model, life);
    if (tcp_segment_has(view->segment, TCP_FLAG_FIN) && !life->has_fin) {
        life->has_fin = true;
        life->fin = tcp_seq_sub(view->end, 1);
    }
    if (tcp_seq_after(view->end, life->snd_max)) {
        life->sent_octets += tcp_seq_distance(life->snd_max, view->end);
        life->snd_max = view->end;
    }
    life->last_end = view->end;
    if (tcp_segment_has(view->segment, TCP_FLAG_URG)) {
        life->has_urgent = true;
        life->urgent_end = tcp_seq_add(view->segment->seq, view->segment->urgent);
    }
    if (view->length == 0) {
        note_empty_ack(model, life);
    }
    if (tcp_segment_has(view->segment, TCP_FLAG_ACK)) {
        note_acknowledgment_sent(life, view->segment);
    }
}

/* The place of a candidate, or candidate_count. */
static uint32_t place_of(const struct flow *flow, const struct inbound *candidate)
{
    uint32_t at = 0;
    while (at < flow->candidate_count && flow->candidates[at] != candidate) {
        at++;
    }
    return at;
}

/* A SYN that drew no answer in its batch was ignored, unless a connection of ours waited for it: that
 * one may answer later. */
static bool may_have_been_taken(const struct flow_model *model, const struct flow *flow,
                                const struct inbound *candidate)
{
    const struct flow_life *life = flow->life;
    return candidate->batch == model->batch || (life != NULL && life->inbound == NULL);
}

/* Takes the candidate out, and puts it or a fresh one at the end: the oldest comes first. */
static struct inbound *renew_candidate(struct flow_model *model, struct flow *flow,
                                       struct inbound *candidate)
{
    if (candidate == NULL && flow->candidate_count == FLOW_CANDIDATES_MAX) {
        candidate = flow->candidates[0];
        flow->has_lost_candidate =
            flow->has_lost_candidate || may_have_been_taken(model, flow, candidate);
    }
    const uint32_t at = place_of(flow, candidate);
    if (at < flow->candidate_count) {
        flow->candidate_count--;
        memmove(&flow->candidates[at], &flow->candidates[at + 1],
                (flow->candidate_count - at) * sizeof(struct inbound *));
    } else {
        candidate = flow->spare != NULL ? flow->spare : arena_take(model->arena, sizeof *candidate);
        flow->spare = NULL;
    }
    flow->candidates[flow->candidate_count++] = candidate;
    return candidate;
}

/* The peer's SYN may begin a life. A copy of one that was ignored starts afresh. */
static void note_syn(struct flow_model *model, struct flow *flow, const struct trace_packet *packet)
{
    const struct tcp_segment *syn = &packet->segment;
    flow->has_syn = true;
    flow->syn_batch = model->batch;
    if (flow->life != NULL && flow->life->inbound != NULL &&
        tcp_seq_equal(flow->life->inbound->irs, syn->seq)) {
        inbound_syn_again(flow->life->inbound, syn);
    }
    struct inbound *candidate = candidate_with_irs(flow, syn->seq);
    if (candidate != NULL && may_have_been_taken(model, flow, candidate) &&
        candidate->incarnation == flow_origin_of(packet)) {
        inbound_syn_again(candidate, syn);
        candidate->batch = model->batch;
        return;
    }
    candidate = renew_candidate(model, flow, candidate);
    inbound_start(candidate, flow_origin_of(packet), syn);
    candidate->batch = model->batch;
}

static void apply_given(struct flow_model *model, const struct trace_packet *packet)
{
    const struct tcp_segment *segment = model->view.segment;
    struct flow *flow = model->view.flow;
    struct flow_life *life = model->view.life;
    struct arena *const text_arena = model->is_capture ? NULL : model->arena;
    if (flow == NULL) {
        return;
    }
    if (life != NULL) {
        flow_note_news(model, life);
    }
    if (tcp_segment_has(segment, TCP_FLAG_RST)) {
        note_reset_given(model, flow);
        return;
    }
    if (life != NULL) {
        flow_note_given(model, life);
    }
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        note_syn(model, flow, packet);
    }
    if (life != NULL && tcp_segment_has(segment, TCP_FLAG_ACK)) {
        flow_note_offer(model, life, segment);
        life->was_shut = life->was_shut || segment->window == 0;
        note_newest(life, segment->seq);
    }
    if (life != NULL && life->inbound != NULL) {
        inbound_add(
            life->inbound, text_arena, segment,
            !flow_model_is_older(model, flow_origin_of(packet), life->inbound->incarnation));
    }
    for (uint32_t i = 0; i < flow->candidate_count; i++) {
        struct inbound *candidate = flow->candidates[i];
        inbound_add(candidate, text_arena, segment,
                    !flow_model_is_older(model, flow_origin_of(packet), candidate->incarnation));
    }
}

void flow_apply_packet(struct flow_model *model, size_t index)
{
    const struct trace_packet *packet = &model->trace->records[index].as.packet;
    if (model->view.segment == NULL) {
        if (packet->is_icmp) {
            flow_apply_icmp(model, &model->trace->records[index]);
        }
    } else if (packet->direction == TRACE_FROM_SUT) {
        apply_sent(model, packet);
    } else {
        apply_given(model, packet);
        model->batch_given++;
    }
}
