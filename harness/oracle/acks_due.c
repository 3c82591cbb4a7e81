/* W23 and W27: what must be acknowledged at once. Judged when a batch is drained in which one connection
 * that receives, and whose state is known, was given text or FIN with an ACK, and nothing was called. */
#include "oracle/batch.h"
#include "oracle/oracle_table.h"

struct due_batch {
    struct batch_scope scope;
    bool has_text;     /* some came */
    bool is_at_once;   /* something came that an ACK must follow: out of order, a gap filled, FIN */
    bool is_uncertain; /* it may have been refused */
    bool was_answered; /* an ACK left behind all of it */
};

/* RFC 5681 4.2 lets an ACK wait when new text begins where it was expected; octets that came before may
 * lead to that place. */
static bool comes_in_order(const struct arrived *all, const struct flow_view *view)
{
    const tcp_seqno end = tcp_seq_add(view->segment->seq, view->length);
    return tcp_seq_at_or_before(view->segment->seq, all->next) && tcp_seq_after(end, all->next);
}

static void note_given(struct due_batch *batch, const struct oracle_watch *watch)
{
    const struct flow_view *view = watch->view;
    if (!batch_follows(&batch->scope, watch) || view->length == 0) {
        return;
    }
    if (!flow_surely_takes(watch->model, view)) {
        batch->is_uncertain = true;
        return;
    }
    const struct arrived *all = &view->life->inbound->all;
    batch->was_answered = false;
    batch->has_text = batch->has_text || view->segment->payload_bytes > 0;
    batch->is_at_once = batch->is_at_once || all->island_count > 0 || !comes_in_order(all, view) ||
                        tcp_segment_has(view->segment, TCP_FLAG_FIN);
}

static void note_sent(struct due_batch *batch, const struct flow_view *view)
{
    if (view->life == batch->scope.life) {
        batch->was_answered = true;
    }
}

/* Shows a record to the tally; true at the drain of a batch that can be judged. */
static bool follow(struct due_batch *batch, const struct oracle_watch *watch)
{
    if (watch->record->kind != TRACE_DRAIN) {
        if (watch->record->as.packet.direction == TRACE_TO_SUT) {
            note_given(batch, watch);
        } else {
            note_sent(batch, watch->view);
        }
        return false;
    }
    return batch_is_whole(&batch->scope, watch) && !batch->is_uncertain &&
           batch->scope.life->state != TCB_CLOSED;
}

/* Segments of earlier batches count until an ACK leaves; but one more must come, since the number that may wait
 * may have changed. */
static void observe_every(void *state, struct oracle_watch *watch)
{
    struct due_batch *batch = state;
    const bool can_judge = follow(batch, watch) && batch->has_text;
    if (watch->record->kind != TRACE_DRAIN) {
        return;
    }
    const uint32_t limit =
        watch->model->config == NULL ? 0 : watch->model->config->ack_every_segments;
    const uint32_t waiting = can_judge ? batch->scope.life->unacked_segments : 0;
    if (can_judge && limit > 0 && !oracle_holds(watch, waiting < limit)) {
        oracle_fire(watch, "%u segments of text came in order and drew no ACK", waiting);
    }
    *batch = (struct due_batch){0};
}

const struct oracle oracle_every_second_acknowledged = {
    .description =
        {
            .id = "W23",
            .name = "every-second-segment-acknowledged",
            .level = ORACLE_OURS,
            .reads = "ack_every_segments",
            .reference = "RFC 9293 3.8.6.3, SHLD-19",
            .statement = "As many segments of text as ack_every_segments says draw an ACK at once.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .state_bytes = sizeof(struct due_batch),
    .observe = observe_every,
};

static void observe_at_once(void *state, struct oracle_watch *watch)
{
    struct due_batch *batch = state;
    const bool can_judge = follow(batch, watch);
    if (watch->record->kind != TRACE_DRAIN) {
        return;
    }
    if (can_judge && batch->is_at_once && !oracle_holds(watch, batch->was_answered)) {
        oracle_fire(watch,
                    "something came out of order, filled a gap or was a FIN, and drew no ACK");
    }
    *batch = (struct due_batch){0};
}

const struct oracle oracle_acknowledged_at_once = {
    .description =
        {
            .id = "W27",
            .name = "acknowledged-at-once",
            .level = ORACLE_OURS,
            .reference = "RFC 5681 4.2; RFC 9293 3.10.7.4, eighth check",
            .statement = "Text out of order, text that fills a gap, and FIN draw an ACK at once.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .state_bytes = sizeof(struct due_batch),
    .observe = observe_at_once,
};
