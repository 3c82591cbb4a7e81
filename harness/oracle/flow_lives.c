/* Where lives begin: which SYN of the system under test is the first of a new one, though numbers may be
 * those of the one before. */
#include "oracle/flow_steps.h"

/* What a connection may have sent before the capture began: half of all numbers. */
#define MIDWAY_OCTETS (UINT64_C(1) << 31)

/* Closed before its SYN was acknowledged, a connection has sent a FIN too (RFC 9293 3.10.4), and still says
 * its SYN,ACK again: what looks like another life may go on behind that FIN. */
#define SYN_AND_FIN 2

static bool some_candidate_covers(const struct flow *flow, tcp_seqno ack)
{
    for (uint32_t i = 0; i < flow->candidate_count; i++) {
        if (inbound_covers(flow->candidates[i], ack)) {
            return true;
        }
    }
    return false;
}

static bool has_other_label(const struct flow_life *life, const struct trace_packet *packet)
{
    return packet->incarnation != TRACE_NO_EVENT && life->incarnation != TRACE_NO_EVENT &&
           packet->incarnation != life->incarnation;
}

static void count_step(struct flow_steps *steps, const struct tcp_step_record *step)
{
    steps->begins += step->verdict == TCP_VERDICT_SPAWN || step->verdict == TCP_VERDICT_REOPEN ||
                     step->after == TCB_SYN_SENT;
    steps->returns += step->before == TCB_SYN_RECEIVED && step->after == TCB_TIME_WAIT;
}

static bool is_of_packet(const struct tcp_step_record *step)
{
    return step->cause == TCP_CAUSE_SEGMENT || step->cause == TCP_CAUSE_ICMP;
}

/* The next packet of the batch that was given, from there on, or NULL. */
static const struct trace_record *next_given(const struct trace *trace, size_t *at)
{
    while (*at < trace->record_count && trace->records[*at].kind != TRACE_DRAIN) {
        const struct trace_record *record = &trace->records[(*at)++];
        if (record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_TO_SUT) {
            return record;
        }
    }
    return NULL;
}

/* Packets and their steps come in one order, each after its packet or all behind the packets. A capture tells of no
 * steps, and has batches without end. */
struct flow_steps flow_steps_of_batch(const struct flow_model *model, const struct flow *flow)
{
    const struct trace *trace = model->trace;
    struct flow_steps steps = {0};
    size_t at = model->batch_start, told = 0;
    for (size_t i = model->batch_start;
         model->saw_state && i < trace->record_count && trace->records[i].kind != TRACE_DRAIN;
         i++) {
        const struct trace_record *record = &trace->records[i];
        if (record->kind != TRACE_STEP) {
            continue;
        }
        const bool is_packets = is_of_packet(&record->as.step);
        const struct trace_record *given = is_packets ? next_given(trace, &at) : NULL;
        if (!is_packets || (given != NULL && flow_owns(flow, given))) {
            count_step(&steps, &record->as.step);
        }
        told++;
    }
    steps.are_all_told = (model->saw_step || told > 0) && next_given(trace, &at) == NULL;
    return steps;
}

static bool is_told_to_begin_none(const struct flow_model *model, const struct flow *flow)
{
    const struct flow_steps steps = flow_steps_of_batch(model, flow);
    return steps.are_all_told && steps.begins == 0;
}

/* Does the system under test tell that the life goes on? It does so behind each batch, and one packet
 * alone does not end a life and begin another, TIME-WAIT excepted. */
static bool is_told_to_go_on(const struct flow_model *model, const struct flow_life *life)
{
    const struct flow *flow = life->flow;
    const bool is_over = !life->has_state || life->state == TCB_CLOSED ||
                         life->state == TCB_LISTEN || life->state == TCB_TIME_WAIT;
    const bool had_icmp = flow->has_icmp && flow->icmp_batch == model->batch;
    return !is_over && !had_icmp && model->batch_calls == 0 && model->batch_given <= 1;
}

/* A SYN,ACK with the ISS of the life before: numbers may repeat from life to life. A connection that
 * got beyond its SYN, was reset, or answered another SYN, sends no such segment; a new one does. */
static bool syn_ack_begins_life(const struct flow *flow, const struct tcp_segment *syn)
{
    const struct flow_life *life = flow->life;
    if (!life->has_ack || !some_candidate_covers(flow, syn->ack)) {
        return false; /* the end of a simultaneous open, or another copy */
    }
    const bool went_on =
        !tcp_seq_equal(life->acked, life->iss) || life->sent_octets > 1 || life->was_reset;
    return went_on || life->inbound_is_uncertain || !tcp_seq_equal(syn->ack, life->ack);
}

bool flow_begins_life(const struct flow_model *model, const struct flow *flow,
                      const struct trace_packet *packet)
{
    const struct flow_life *life = flow->life;
    const struct tcp_segment *syn = &packet->segment;
    if (life == NULL || !tcp_seq_equal(syn->seq, life->iss) || has_other_label(life, packet)) {
        return true;
    }
    if (is_told_to_go_on(model, life) || is_told_to_begin_none(model, flow)) {
        return false;
    }
    if (tcp_segment_has(syn, TCP_FLAG_ACK)) {
        return syn_ack_begins_life(flow, syn);
    }
    /* When it had got an answer, a connection does not go back to SYN-SENT. */
    return life->inbound != NULL || life->inbound_is_uncertain || life->was_reset;
}

/* A SYN,ACK that the life before could have sent as well, if it did not take the ACK of its own. */
static bool may_be_copy(const struct flow *flow, const struct trace_packet *packet)
{
    const struct flow_life *life = flow->life;
    const struct tcp_segment *syn = &packet->segment;
    return life != NULL && tcp_segment_has(syn, TCP_FLAG_ACK) &&
           tcp_seq_equal(syn->seq, life->iss) && !has_other_label(life, packet) &&
           (life->inbound == NULL || inbound_covers(life->inbound, syn->ack));
}

void flow_begin_life(struct flow_model *model, struct flow *flow, const struct trace_packet *packet)
{
    const struct tcp_segment *syn = &packet->segment;
    struct flow_life *life = arena_take(model->arena, sizeof *life);
    life->inbound_is_uncertain = may_be_copy(flow, packet);
    life->flow = flow;
    life->before = flow->life;
    life->incarnation = TRACE_NO_EVENT;
    life->is_passive = tcp_segment_has(syn, TCP_FLAG_ACK);
    life->iss = life->snd_max = life->last_end = life->acked = syn->seq;
    life->syn_options = syn->options;
    if (life->inbound_is_uncertain && life->before->sent_octets == SYN_AND_FIN) {
        life->snd_max = life->before->snd_max;
        life->sent_octets = SYN_AND_FIN;
    }
    if (model->config != NULL) {
        life->mtu = model->config->mtu;
        life->nagle = model->config->nagle;
        life->initial_window_segments = model->config->initial_window_segments;
        life->congestion_control = model->config->congestion_control;
        life->forbids_discovery = model->config->path_mtu_discovery == 0;
    }
    life->options = model->kept_options;
    flow->life = life;
    flow->has_gone_back = false;
    flow_model_name_life(model, life, packet->incarnation);
}

/* Neither ISN nor options are known,
 * so everything up to here counts as sent, and windows as scaled by we know not what. */
void flow_begin_midway(struct flow_model *model, struct flow *flow,
                       const struct tcp_segment *segment)
{
    struct flow_life *life = arena_take(model->arena, sizeof *life);
    life->is_midway = life->inbound_is_uncertain = true;
    life->flow = flow;
    life->incarnation = TRACE_NO_EVENT;
    life->iss = life->snd_max = life->last_end = life->acked = segment->seq;
    life->sent_octets = MIDWAY_OCTETS;
    life->syn_options.has_window_scale = true;
    flow->life = life;
}
