/* Where a life gives way to the one before, or ends it: a SYN,ACK to a SYN that reopened TIME-WAIT drew RST, and TIME-WAIT
 * goes on as it was (RFC 9293 3.6.1, MAY-2 (2)). A system that tells its states says so at the end of the batch;
 * otherwise its segments show it. */
#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"

/* The latest life before this one that sent a FIN, or NULL: copies of a SYN,ACK may count as several. */
static struct flow_life *closed_before(const struct flow_life *life)
{
    struct flow_life *before = life->before;
    while (before != NULL && !before->has_fin) {
        before = before->before;
    }
    return before;
}

/* TIME-WAIT acknowledges everything that came, neither less than it did nor more. */
static bool is_ack_of_time_wait(const struct flow_life *before, const struct tcp_segment *segment)
{
    const bool is_covered =
        before->inbound == NULL || tcp_seq_at_or_before(segment->ack, before->inbound->all.next);
    return tcp_seq_equal(segment->seq, before->snd_max) && before->has_ack &&
           tcp_seq_at_or_after(segment->ack, before->ack) && is_covered;
}

/* Is what looks like a life of its own perhaps the one before, as where a simultaneous open says its SYN,ACK
 * again? Unless TIME-WAIT was told of that one: its numbers and state are out of date then. */
static bool may_be_the_same(const struct flow_life *life, const struct flow_life *before)
{
    return life->inbound_is_uncertain && before->has_state && before->state != TCB_TIME_WAIT;
}

/* Did its SYN,ACK find an answer? An ACK that covers it may have been refused, and then nothing follows. */
static bool is_beyond_syn(const struct flow_life *life, const struct flow_life *before)
{
    const bool has_gone_on = tcp_seq_distance(life->iss, life->last_end) > 1;
    return !tcp_seq_equal(life->acked, life->iss) && (has_gone_on || may_be_the_same(life, before));
}

/* The life before, where this segment shows that it goes on. What was told to be beyond SYN-RECEIVED does not
 * go back. */
static struct flow_life *life_shown(const struct flow_life *life, const struct tcp_segment *segment)
{
    if (!life->is_passive || (life->has_state && life->state >= TCB_ESTABLISHED) ||
        !life->was_reset) {
        return NULL;
    }
    struct flow_life *before = closed_before(life);
    return before != NULL && !is_beyond_syn(life, before) && is_ack_of_time_wait(before, segment)
               ? before
               : NULL;
}

/* The life before, where the system tells that a connection was led back in this batch. */
static struct flow_life *life_stepped_back_to(const struct flow_steps *steps,
                                              const struct flow_life *life)
{
    return steps->returns > 0 && life->has_state && life->state == TCB_SYN_RECEIVED
               ? closed_before(life)
               : NULL;
}

void flow_note_return(struct flow_model *model, struct flow *flow,
                      const struct tcp_segment *segment)
{
    const bool was_reset = flow->has_reset && flow->reset_batch == model->batch;
    if (flow->life == NULL || (model->saw_state && !was_reset) ||
        tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const struct flow_steps steps = flow_steps_of_batch(model, flow);
    struct flow_life *before = steps.are_all_told ? life_stepped_back_to(&steps, flow->life)
                                                  : life_shown(flow->life, segment);
    if (before != NULL) {
        flow->life = before;
        flow->has_gone_back = true;
        flow->gone_back_batch = model->batch;
        before->timestamps.knows_recent = false; /* the SYN that reopened it had a later one */
    }
}

static struct flow *flow_of(struct flow_model *model, uint32_t incarnation)
{
    if (incarnation >= model->trace->incarnation_count) {
        return NULL;
    }
    const struct tcp_flow *ends = &model->trace->incarnations[incarnation].flow;
    struct flow *flow = flow_table_find(model, &ends->local, &ends->remote);
    return flow != NULL && flow->life != NULL ? flow : NULL;
}

/* Did the life of that number say anything? One whose SYN and RST came in one batch did not, and what stands there
 * for the four-tuple is the one that it goes back to. */
static bool has_spoken(const struct flow_model *model, uint32_t incarnation)
{
    return incarnation < model->lives_capacity && model->lives[incarnation] != NULL;
}

/* Has another connection begun since, in this batch? Its SYN,ACK comes before the states are told. */
static bool has_successor(const struct flow_model *model, const struct flow *flow,
                          uint32_t incarnation)
{
    return flow_model_is_older(model, incarnation, flow->life->incarnation);
}

void flow_return_as_told(struct flow_model *model, uint32_t incarnation)
{
    struct flow *flow = flow_of(model, incarnation);
    if (flow == NULL || has_successor(model, flow, incarnation)) {
        return;
    }
    const bool is_back = flow->has_gone_back && flow->gone_back_batch == model->batch;
    struct flow_life *life =
        is_back || !has_spoken(model, incarnation) ? flow->life : closed_before(flow->life);
    if (life != NULL) {                        /* and its wait begins anew */
        life->timestamps.knows_recent = false; /* the SYN that reopened it had a later one */
        flow_take_state(model, life, TCB_TIME_WAIT);
        flow->life = life;
        flow_model_renumber_life(model, life, incarnation);
    }
}

void flow_end_before_unseen(struct flow_model *model, const struct trace_state *change)
{
    struct flow *flow = flow_of(model, change->incarnation);
    if (flow != NULL && flow->life->has_state && flow->life->incarnation != change->incarnation &&
        change->from == TCB_TIME_WAIT && change->to == TCB_SYN_RECEIVED) {
        flow_take_state(model, flow->life, TCB_CLOSED);
    }
}
