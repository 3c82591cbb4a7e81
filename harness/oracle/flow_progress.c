/* What follows from packets beyond their numbers: which of them are taken for sure, what is sent again
 * because of time, and how far congestion lets a sender go. */
#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"

/* The congestion window begins when both SYNs are through. */
void flow_begin_congestion(const struct flow_model *model, struct flow_life *life)
{
    const uint32_t full = flow_full_segment(model, life);
    if (model->config != NULL && life->congestion.cwnd == 0 &&
        life->congestion_control != model->config->congestion_control) {
        life->congestion_control = TCP_CONGESTION_CONTROLS; /* who decides is not known */
    }
    if (life->congestion.cwnd == 0 && full > 0 && !life->progress_is_unknown &&
        !life->congestion_is_unknown && life->congestion_control < TCP_CONGESTION_CONTROLS) {
        congestion_model_begin(&life->congestion,
                               (enum tcp_congestion_control)life->congestion_control, full,
                               life->initial_window_segments, life->syn_was_lost);
    }
}

bool flow_only_time(const struct flow_model *model)
{
    return model->batch_given == 0 && model->batch_calls == 0;
}

bool flow_is_timeout(const struct flow_model *model, const struct flow_life *life)
{
    return flow_only_time(model) && model->view.length > 0 &&
           !tcp_segment_has(model->view.segment, TCP_FLAG_RST) &&
           tcp_seq_equal(model->view.segment->seq, life->acked) &&
           tcp_seq_before(life->acked, life->snd_max) && !flow_may_probe(life, &model->view);
}

bool flow_is_probe(const struct flow_model *model, const struct flow_life *life)
{
    return flow_only_time(model) && flow_may_probe(life, &model->view) && life->inbound->is_shut &&
           tcp_seq_equal(model->view.segment->seq, life->acked);
}

bool flow_has_form_of_keep_alive(const struct flow_view *view, const struct flow_life *life)
{
    return view->length <= 1 && tcp_seq_equal(tcp_seq_add(view->segment->seq, 1), life->snd_max) &&
           !tcp_segment_has(view->segment, TCP_FLAG_SYN | TCP_FLAG_RST | TCP_FLAG_FIN);
}

bool flow_is_keep_alive(const struct flow_model *model, const struct flow_life *life)
{
    return flow_only_time(model) && life->inbound != NULL &&
           tcp_seq_equal(life->acked, life->snd_max) &&
           flow_has_form_of_keep_alive(&model->view, life);
}

/* RFC 9293 3.8.6.1: behind a shut window the time of probes counts, and a FIN may be one. */
static bool may_persist(const struct flow_life *life)
{
    return life->inbound != NULL ? life->inbound->was_shut
                                 : life->inbound_is_uncertain && life->was_shut;
}

bool flow_knows_rto(const struct flow_model *model, const struct flow_life *life)
{
    return life->timers.rto_is_known && model->saw_state && !life->saw_icmp && !may_persist(life);
}

/* Time did it: what that means for congestion and for the timers. */
static void note_timeout(struct flow_model *model, struct flow_life *life)
{
    if (tcp_segment_has(model->view.segment, TCP_FLAG_SYN)) {
        life->syn_was_lost = true;
    } else if (model->view.length == 1) { /* or a probe: a window may be used up without a word */
        life->progress_is_unknown = true;
        life->congestion.cwnd = 0;
        life->timers.rto_is_known = false;
        life->ecn.is_unsure = true;
    } else {
        flow_note_ecn_timeout(life);
        if (life->congestion.cwnd > 0) {
            const uint32_t flight = tcp_seq_distance(life->acked, life->snd_max);
            congestion_model_timeout(&life->congestion, flight);
        }
    }
    if (life->timers.rto_is_known) {
        reference_timers_repeated(&life->timers, model->config, model->now.us);
    }
}

/* One octet at SND.UNA again, and a window was shut at some time: a probe, or a timeout's. */
static bool is_probe_or_timeout(const struct flow_model *model, const struct flow_life *life)
{
    return flow_only_time(model) && flow_may_probe(life, &model->view) &&
           tcp_seq_equal(model->view.segment->seq, life->acked) &&
           tcp_seq_before(life->acked, life->snd_max);
}

void flow_note_sending(struct flow_model *model, struct flow_life *life)
{
    const struct flow_view *view = &model->view;
    const bool is_syn = tcp_segment_has(view->segment, TCP_FLAG_SYN);
    if (view->is_first_syn) {
        flow_note_ecn_sent(model, life);
        reference_timers_begin(&life->timers, model->config, model->now.us, view->end,
                               !life->is_passive);
        /* What came in the same batch may have been taken before the SYN was polled, and one with the
         * number of the life before may be its copy. */
        const bool may_be_copy =
            life->before != NULL && tcp_seq_equal(life->before->iss, life->iss);
        life->progress_is_unknown = may_be_copy;
        life->saw_icmp = life->flow->has_icmp && life->flow->icmp_batch == model->batch;
        life->timers.rto_is_known =
            life->timers.rto_is_known && model->batch_given <= 1 && !may_be_copy;
        return;
    }
    if (is_syn && (model->batch_calls > 0 || !life->is_passive) && !flow_only_time(model)) {
        life->progress_is_unknown = true; /* this SYN may be another connection's */
        life->timers.rto_is_known = false;
    }
    if (is_probe_or_timeout(model, life) && !life->inbound->is_shut) {
        life->congestion_is_unknown = true;
        life->congestion.cwnd = 0;
    }
    flow_note_ecn_sent(model, life);
    if (flow_is_timeout(model, life)) {
        note_timeout(model, life);
    } else if (flow_is_probe(model, life)) {
        reference_timers_probed(&life->timers, model->now.us);
    } else if (flow_is_keep_alive(model, life)) {
        reference_timers_kept_alive(&life->timers, model->config, model->now.us);
    } else if (tcp_seq_after(view->end, life->snd_max)) {
        reference_timers_sent(&life->timers, model->now.us, view->end);
        if (view->length == 1 && flow_only_time(model)) { /* or a probe */
            life->timers.rto_is_known = false;
        }
    }
}

void flow_note_reset_given(const struct flow_model *model, struct flow_life *life)
{
    const bool is_asked_again = model->config == NULL || model->config->ecn_fallback == 2;
    if (is_asked_again && !life->has_ack) {
        life->timers.rto_is_known = false;
    }
}

static void note_late(const struct flow_model *model, struct flow_life *life)
{
    struct reference_timers *timers = &life->timers;
    timers->rto_is_known = timers->rto_is_known && timers->retransmit_at >= model->now.us;
    if (timers->ack_at < model->now.us) {
        timers->ack_at = REFERENCE_NEVER;
    }
    if (timers->free_at < model->now.us) {
        timers->free_at = REFERENCE_NEVER;
    }
    timers->keep_alive_at = timers->probed_at = REFERENCE_NEVER;
    timers->probe_pause = 0;
}

/* At a drain: timers that should have run out before, though causes came with a later time, are lost
 * sight of. (With nothing but time in the batch they were judged.) */
void flow_note_overdue(struct flow_model *model)
{
    if (flow_only_time(model) || model->now.us == model->ran_at.us) {
        return;
    }
    for (size_t i = 0; i < model->lives_capacity; i++) {
        if (model->lives[i] != NULL) {
            note_late(model, model->lives[i]);
        }
    }
    for (size_t i = 0; i < model->table_capacity; i++) {
        struct flow_life *life = flow_table_life(model, i);
        if (life != NULL) {
            note_late(model, life);
        }
    }
}

bool flow_surely_takes(const struct flow_model *model, const struct flow_view *view)
{
    const struct flow_life *life = view->life;
    const struct tcp_segment *segment = view->segment;
    const bool is_receiving =
        life->has_state && (life->state == TCB_ESTABLISHED || life->state == TCB_FIN_WAIT_1 ||
                            life->state == TCB_FIN_WAIT_2);
    const bool has_fit_ack = tcp_segment_has(segment, TCP_FLAG_ACK) &&
                             tcp_seq_at_or_after(segment->ack, life->acked) &&
                             tcp_seq_at_or_before(segment->ack, life->snd_max) &&
                             !tcp_seq_equal(segment->ack, life->iss); /* the SYN's may be unseen */
    const bool is_inside = life->has_right_edge && tcp_seq_at_or_after(segment->seq, life->ack) &&
                           tcp_seq_before(segment->seq, life->right_edge) &&
                           tcp_seq_at_or_before(view->end, life->right_edge);
    return is_receiving && !view->is_doubtful && has_fit_ack && is_inside &&
           life->inbound != NULL && life->arrivals_are_sure && life->inbound->fin_count == 0 &&
           !tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST) &&
           flow_passes_timestamps(model, life, segment);
}

/* Text octets among those that an ACK newly covers. */
static uint32_t text_acknowledged(const struct flow_life *life, tcp_seqno ack)
{
    uint32_t octets = tcp_seq_distance(life->acked, ack);
    octets -= tcp_seq_equal(life->acked, life->iss) ? 1 : 0;
    return life->has_fin && octets > 0 && tcp_seq_after(ack, life->fin) ? octets - 1 : octets;
}

/* All that the segment occupies may lie before RCV.NXT, which runs ahead of the ACK field while an ACK is
 * delayed: then it fails the first check, and its ACK field is not looked at. */
static bool has_been_here(const struct flow_life *life, const struct flow_model *model)
{
    const struct flow_view *view = &model->view;
    return life->inbound != NULL && tcp_seq_before(view->segment->seq, life->inbound->all.next) &&
           tcp_seq_at_or_before(view->end, life->inbound->all.next);
}

/* What an ACK of something new does to the congestion window and to the timers. */
static void note_progress(const struct flow_model *model, struct flow_life *life,
                          const struct tcp_segment *segment)
{
    if (tcp_segment_has(segment, TCP_FLAG_ECE)) {
        congestion_model_marked(&life->congestion, model->now.us);
    }
    if (!tcp_seq_after(segment->ack, life->acked)) {
        return;
    }
    life->timers.probed_at = REFERENCE_NEVER; /* another row begins, if the window stays shut */
    life->timers.probe_pause = 0;
    const uint32_t octets = text_acknowledged(life, segment->ack);
    const bool is_first = !life->has_ack && tcp_segment_has(segment, TCP_FLAG_SYN);
    const bool is_next = life->has_ack && tcp_seq_equal(segment->seq, life->ack);
    const bool is_inside = life->has_ack && life->has_right_edge &&
                           tcp_seq_at_or_after(segment->seq, life->ack) &&
                           tcp_seq_before(segment->seq, life->right_edge);
    const bool is_plain = !tcp_segment_has(segment, TCP_FLAG_SYN); /* others are challenged */
    struct reference_echo echo = {0};
    if ((!is_first && (!is_plain || !(is_next || is_inside) || has_been_here(life, model) ||
                       !flow_passes_timestamps(model, life, segment)))) {
        life->progress_is_unknown = true;
        life->congestion.cwnd = 0;
        life->timers.rto_is_known = false;
        return;
    }
    uint64_t srtt_us = life->timers.srtt;
    life->timers.rto_is_known = life->timers.rto_is_known && flow_echo(model, life, &echo);
    if (life->timers.rto_is_known) {
        const bool after_lost_syn = tcp_seq_equal(life->acked, life->iss) && life->syn_was_lost;
        reference_timers_acknowledged(&life->timers, model->config, model->now.us, segment->ack,
                                      &echo, tcp_seq_equal(segment->ack, life->snd_max),
                                      after_lost_syn);
    }
    flow_begin_congestion(model, life);
    if (flow_is_echo(life, segment)) {
        congestion_model_acknowledge_echo(&life->congestion);
    } else if (life->congestion.cwnd > 0 && octets > 0) {
        srtt_us = srtt_us > life->timers.srtt ? srtt_us : life->timers.srtt;
        srtt_us = life->timers.rto_is_known ? srtt_us : CONGESTION_SRTT_UNKNOWN;
        congestion_model_acknowledge(&life->congestion, octets, model->now.us, srtt_us);
    }
}

/* The segment is next in order, and its ACK fits: whatever came before, its window counts. A SYN there is
 * challenged, and nothing else of it looked at. */
static bool is_window_news(const struct flow_model *model, const struct flow_life *life,
                           const struct tcp_segment *segment)
{
    return life->inbound != NULL && life->inbound->all.island_count == 0 && life->has_ack &&
           !tcp_segment_has(segment, TCP_FLAG_SYN) && tcp_seq_equal(segment->seq, life->ack) &&
           tcp_seq_equal(life->ack, life->inbound->all.next) &&
           tcp_seq_at_or_after(segment->ack, life->acked) &&
           !tcp_seq_equal(segment->ack, life->iss) &&
           flow_passes_timestamps(model, life, segment) &&
           (!life->has_newest || tcp_seq_at_or_after(segment->seq, life->newest));
}

/* An ACK and a window. One that covers what was never sent, or lies before the life's first number,
 * is not taken (RFC 9293 3.10.7.4). */
void flow_note_offer(const struct flow_model *model, struct flow_life *life,
                     const struct tcp_segment *segment)
{
    if (tcp_seq_distance(segment->ack, life->snd_max) > life->sent_octets) {
        return;
    }
    note_progress(model, life, segment);
    flow_note_echo(model, life, segment);
    life->acked = tcp_seq_later(life->acked, segment->ack);
    flow_note_size_acknowledged(life);
    if (!life->has_offer) {
        return; /* noted when the peer's SYN is answered */
    }
    const uint8_t shift =
        tcp_segment_has(segment, TCP_FLAG_SYN) ? 0 : flow_life_offered_shift(life);
    const uint32_t window = (uint32_t)segment->window << shift;
    const tcp_seqno edge = tcp_seq_add(segment->ack, window);
    if (is_window_news(model, life, segment)) {
        life->offer_max = window > life->offer_max ? window : life->offer_max;
        life->inbound->is_shut = window == 0;
    }
    if (tcp_seq_after(edge, life->offer)) {
        life->offer = edge;
        life->offer_is_shut = segment->window == 0;
    } else if (tcp_seq_equal(edge, life->offer) && segment->window == 0) {
        life->offer_is_shut = true;
    }
}

/* How many islands the systems under test are sure to keep: text beyond one more hole may be dropped (a receiver
 * need not keep any, RFC 9293 3.10.7.4, SHLD-31). */
#define ISLANDS_KEPT 8

/* Something that occupies sequence space was given: is it certain what becomes of it? */
static void note_arrival(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    if (!flow_surely_takes(model, &model->view) ||
        life->inbound->all.island_count >= ISLANDS_KEPT) {
        life->arrivals_are_sure = false;
        life->timers.ack_at = REFERENCE_NEVER;
    } else if (segment->payload_bytes > 0 && tcp_seq_equal(segment->seq, life->inbound->all.next)) {
        life->unacked_segments++;
        if (life->timers.ack_at == REFERENCE_NEVER && model->config != NULL) {
            life->timers.ack_at = model->now.us + model->config->delayed_ack_us;
        }
    }
}

void flow_note_given(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    struct reference_timers *timers = &life->timers;
    timers->keep_alive_at = REFERENCE_NEVER;
    if (segment->window != 0) { /* the window may be open again */
        timers->probed_at = REFERENCE_NEVER;
        timers->probe_pause = 0;
    }
    flow_note_mark(model, life);
    if (model->view.length > 0) {
        note_arrival(model, life);
    }
    /* Its last ACK was lost: the peer's FIN again (RFC 9293 3.10.7.4, first check). */
    if (life->has_state && life->state == TCB_TIME_WAIT && life->has_ack &&
        tcp_segment_has(segment, TCP_FLAG_FIN) && tcp_seq_equal(model->view.end, life->ack)) {
        reference_timers_wait(timers, model->config, model->now.us);
        if (!flow_passes_timestamps(model, life, segment)) {
            timers->free_at = REFERENCE_NEVER; /* or not */
        }
    }
    flow_note_timestamp_given(model, life);
}
