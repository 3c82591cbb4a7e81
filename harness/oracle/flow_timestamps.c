/* Timestamps in the wire model: who uses them, what they tell, and which segments they let through. */
#include "oracle/flow_steps.h"

#define US_PER_MS UINT64_C(1000)

bool flow_life_uses_timestamps(const struct flow_life *life)
{
    return life->syn_options.has_timestamps && life->inbound != NULL &&
           life->inbound->has_timestamps;
}

bool flow_passes_timestamps(const struct flow_model *model, const struct flow_life *life,
                            const struct tcp_segment *segment)
{
    const bool is_known = life->inbound != NULL && !life->inbound->copies_differ;
    if (!life->syn_options.has_timestamps || (is_known && !life->inbound->has_timestamps)) {
        return true;
    }
    if (!segment->options.has_timestamps) {
        return model->config != NULL && model->config->timestamps_required == 0;
    }
    return is_known &&
           timestamp_model_surely_passes(&life->timestamps, segment->options.timestamp_value);
}

void flow_note_timestamp_sent(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    if (segment->options.has_timestamps) {
        timestamp_model_sent(&life->timestamps, model->now.us, segment->options.timestamp_value,
                             tcp_segment_has(segment, TCP_FLAG_ACK),
                             segment->options.timestamp_echo);
    }
}

/* Is the segment taken for sure, and does it begin where the last ACK stands (RFC 7323 4.3 (2))? */
static enum timestamp_effect effect_of(const struct flow_model *model, const struct flow_life *life)
{
    const struct flow_view *view = &model->view;
    const struct tcp_segment *segment = view->segment;
    const bool may_be_open = tcp_segment_has(segment, TCP_FLAG_SYN) ||
                             (life->flow->has_syn && life->flow->syn_batch == model->batch);
    if (may_be_open && life->has_state && life->state == TCB_TIME_WAIT) {
        return TIMESTAMP_PERHAPS; /* the four-tuple may be open again, and in vain: MAY-2 (2) */
    }
    if (!life->has_ack || tcp_seq_after(segment->seq, life->ack)) {
        return life->has_ack ? TIMESTAMP_NONE : TIMESTAMP_PERHAPS;
    }
    const bool is_next = tcp_seq_equal(segment->seq, life->ack) && life->inbound != NULL;
    const bool brings_news = is_next && tcp_seq_after(view->end, life->inbound->all.next);
    return brings_news && flow_surely_takes(model, view) ? TIMESTAMP_CERTAIN : TIMESTAMP_PERHAPS;
}

void flow_note_timestamp_given(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    if (segment->options.has_timestamps && life->syn_options.has_timestamps) {
        timestamp_model_given(&life->timestamps, model->now.us, segment->options.timestamp_value,
                              effect_of(model, life));
    }
}

bool flow_echo(const struct flow_model *model, const struct flow_life *life,
               struct reference_echo *out)
{
    const struct tcp_segment *segment = model->view.segment;
    const uint32_t flight = tcp_seq_distance(life->acked, life->snd_max);
    const uint32_t per_sample = 2 * flow_full_segment(model, life);
    uint32_t ms = 0;
    *out = (struct reference_echo){.samples = 1};
    if (!life->syn_options.has_timestamps || !segment->options.has_timestamps ||
        (life->inbound != NULL && !life->inbound->has_timestamps)) {
        return true;
    }
    if (model->clock_was_set || (life->inbound != NULL && life->inbound->copies_differ) ||
        (flight > 1 && (per_sample == 0 || flow_may_have_set(model, life, FLOW_OPTION_MSS)))) {
        return false;
    }
    if (timestamp_model_round_trip(&life->timestamps, model->now.us,
                                   segment->options.timestamp_echo, &ms)) {
        out->is_there = true;
        out->rtt_us = ms * US_PER_MS;
        out->samples = flight <= 1 || flight <= per_sample
                           ? 1
                           : (uint32_t)((flight + UINT64_C(1) * per_sample - 1) / per_sample);
    }
    return true;
}
