/* W18 and W19: which segments draw an answer and which do not. Judged when a batch is drained in which
 * one connection, whose state is known, was given segments of one sort and nothing was called. */
#include "oracle/batch.h"
#include "oracle/oracle_table.h"

static bool is_open(enum tcb_state state)
{
    return state >= TCB_ESTABLISHED && state != TCB_TIME_WAIT;
}

static bool is_given(const struct oracle_watch *watch)
{
    return watch->record->kind == TRACE_PACKET &&
           watch->record->as.packet.direction == TRACE_TO_SUT;
}

/* ---- W18 ------------------------------------------------------------------------------------------- */

struct idle_batch {
    struct batch_scope scope;
    uint32_t answers; /* segments that occupy no sequence space */
};

/* Did an ACK of our FIN, earlier in the batch, end the connection or lead to TIME-WAIT? */
static bool has_left(const struct flow_life *life)
{
    return (life->state == TCB_LAST_ACK || life->state == TCB_CLOSING) &&
           flow_life_fin_is_acked(life);
}

/* It occupies no sequence space, stands where it should, says nothing that was never sent, and all that
 * arrived before was acknowledged. */
static bool is_idle(const struct flow_model *model, const struct flow_view *view)
{
    const struct flow_life *life = view->life;
    const struct tcp_segment *segment = view->segment;
    const bool is_plain = (segment->flags & (uint16_t)~TCP_FLAG_PSH) == TCP_FLAG_ACK;
    return is_plain && view->length == 0 && life->has_ack && is_open(life->state) &&
           !has_left(life) && tcp_seq_equal(segment->seq, life->ack) &&
           tcp_seq_equal(life->ack, life->inbound->all.next) &&
           !tcp_seq_equal(life->acked, life->iss) && life->inbound->all.island_count == 0 &&
           tcp_seq_at_or_after(segment->ack, life->acked) &&
           tcp_seq_at_or_before(segment->ack, life->snd_max) &&
           flow_passes_timestamps(model, life, segment);
}

static void observe_idle(void *state, struct oracle_watch *watch)
{
    struct idle_batch *batch = state;
    if (watch->record->kind == TRACE_DRAIN) {
        if (batch_is_whole(&batch->scope, watch) && !oracle_holds(watch, batch->answers == 0)) {
            oracle_fire(watch, "%u empty segments answer an ACK that asks for nothing",
                        batch->answers);
        }
        *batch = (struct idle_batch){0};
        return;
    }
    if (is_given(watch)) {
        if (batch_follows(&batch->scope, watch) && !is_idle(watch->model, watch->view)) {
            batch->scope.is_mixed = true;
        }
    } else if (watch->view->life == batch->scope.life && watch->view->length == 0 &&
               !flow_tells_of_urgent_text(watch->view)) {
        batch->answers++;
    }
}

const struct oracle oracle_idle_ack_draws_nothing = {
    .description =
        {
            .id = "W18",
            .name = "idle-ack-draws-nothing",
            .level = ORACLE_MUST,
            .reads = "timestamps_required",
            .reference = "RFC 9293 3.4, 3.8.5, 3.10.7.4",
            .statement = "An acceptable ACK that occupies no sequence space draws no empty "
                         "segment, save one "
                         "that tells of new urgent data.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .state_bytes = sizeof(struct idle_batch),
    .observe = observe_idle,
};

/* ---- W19 ------------------------------------------------------------------------------------------- */

struct refused_batch {
    struct batch_scope scope;
    uint32_t refused; /* segments given */
    bool is_sure;     /* one of them has text or FIN: it draws an ACK, however many others did */
    uint32_t acks;    /* segments sent that carry an ACK */
};

/* No octet of it lies between what was acknowledged and the right edge that was promised (the first
 * check of 3.10.7.4). */
static bool is_outside_window(const struct flow_view *view)
{
    const struct flow_life *life = view->life;
    if (!life->has_ack || !life->has_right_edge || !is_open(life->state)) {
        return false;
    }
    const tcp_seqno last = view->length == 0 ? view->segment->seq : tcp_seq_sub(view->end, 1);
    const bool is_before = tcp_seq_before(last, life->ack);
    /* At the edge itself stands RCV.NXT when all before it has arrived; the window is shut then. */
    const bool is_beyond = tcp_seq_after(view->segment->seq, life->right_edge) ||
                           (tcp_seq_equal(view->segment->seq, life->right_edge) &&
                            tcp_seq_before(life->inbound->all.next, life->right_edge));
    return is_before || is_beyond;
}

/* RFC 7323 3.2: a segment without the timestamp that both agreed on is dropped without a word. */
static bool is_silent_case(const struct flow_view *view)
{
    return view->life->syn_options.has_timestamps && !view->segment->options.has_timestamps;
}

static void observe_refused(void *state, struct oracle_watch *watch)
{
    struct refused_batch *batch = state;
    if (watch->record->kind == TRACE_DRAIN) {
        /* A connection that ended meanwhile says nothing any more. */
        if (batch_is_whole(&batch->scope, watch) && batch->scope.life->state != TCB_CLOSED &&
            (batch->acks > 0 || batch->is_sure ||
             !flow_may_be_limited(watch->model, batch->scope.life)) &&
            !oracle_holds(watch, batch->acks > 0)) {
            oracle_fire(watch, "%u segments outside the window, and not one ACK", batch->refused);
        }
        *batch = (struct refused_batch){0};
        return;
    }
    if (is_given(watch)) {
        batch->refused++;
        batch->is_sure = batch->is_sure || watch->view->segment->payload_bytes > 0 ||
                         tcp_segment_has(watch->view->segment, TCP_FLAG_FIN);
        if (batch_follows(&batch->scope, watch) &&
            (tcp_segment_has(watch->view->segment, TCP_FLAG_RST) || is_silent_case(watch->view) ||
             !is_outside_window(watch->view))) {
            batch->scope.is_mixed = true;
        }
    } else if (watch->view->life == batch->scope.life &&
               tcp_segment_has(watch->view->segment, TCP_FLAG_ACK)) {
        batch->acks++;
    }
}

const struct oracle oracle_unacceptable_draws_an_ack = {
    .description =
        {
            .id = "W19",
            .name = "unacceptable-segment-draws-an-ack",
            .level = ORACLE_MUST,
            .reads = "ack_limit ack_limit_us",
            .reference = "RFC 9293 3.10.7.4, first check; RFC 5961 7",
            .statement = "A segment outside the receive window, unless it is an RST, draws an ACK, "
                         "an empty one as long as ACKs for such are left.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .state_bytes = sizeof(struct refused_batch),
    .observe = observe_refused,
};
