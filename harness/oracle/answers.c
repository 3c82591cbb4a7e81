/* W16: a segment that is certainly unacceptable draws at most one ACK, and an RST none. Judged when
 * the batch is drained, for flows to which nothing else was given in it. */
#include "oracle/batch.h"
#include "oracle/oracle_table.h"

/* What the oracle holds for the flow of the first segment of the batch that it can judge. */
struct tally {
    struct flow *flow;     /* NULL: the batch gave nothing unacceptable yet */
    bool is_mixed;         /* something acceptable, or for another flow, was given too */
    uint32_t unacceptable; /* given, RSTs not counted */
    uint32_t acks;         /* sent on that flow with nothing but an ACK */
};

/* All of it lies before what the system under test has acknowledged, so it cannot lie in the window
 * (RFC 9293 3.4, first check of 3.10.7.4). */
static bool is_left_of_window(const struct flow_view *view)
{
    const struct flow_life *life = view->life;
    if (life == NULL || !life->has_ack || life->inbound == NULL) {
        return false;
    }
    const tcp_seqno last = view->length == 0 ? view->segment->seq : tcp_seq_sub(view->end, 1);
    return tcp_seq_before(last, life->ack);
}

static void observe_given(struct tally *tally, const struct flow_view *view)
{
    /* A SYN may open the four-tuple again out of TIME-WAIT. */
    if (tcp_segment_has(view->segment, TCP_FLAG_SYN) || !is_left_of_window(view) ||
        (tally->flow != NULL && tally->flow != view->flow)) {
        tally->is_mixed = true;
        return;
    }
    tally->flow = view->flow;
    tally->unacceptable += tcp_segment_has(view->segment, TCP_FLAG_RST) ? 0 : 1;
}

static void judge(struct tally *tally, struct oracle_watch *watch)
{
    if (tally->flow != NULL && !tally->is_mixed && watch->model->batch_calls == 0 &&
        !oracle_holds(watch, tally->acks <= tally->unacceptable)) {
        oracle_fire(watch, "%u ACKs for %u unacceptable segments", tally->acks,
                    tally->unacceptable);
    }
    *tally = (struct tally){0};
}

static void observe(void *state, struct oracle_watch *watch)
{
    struct tally *tally = state;
    if (watch->record->kind == TRACE_DRAIN) {
        judge(tally, watch);
        return;
    }
    const struct flow_view *view = watch->view;
    if (watch->record->as.packet.direction == TRACE_TO_SUT) {
        observe_given(tally, view);
    } else if (tally->flow != NULL && view->flow == tally->flow && view->length == 0 &&
               !tcp_segment_has(view->segment, TCP_FLAG_RST) && !flow_tells_of_urgent_text(view)) {
        tally->acks++;
    }
}

const struct oracle oracle_one_ack_for_an_unacceptable = {
    .description =
        {
            .id = "W16",
            .name = "one-ack-for-an-unacceptable-segment",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.8.5, 3.10.7.4, first check",
            .statement = "A segment that lies before RCV.NXT draws at most one ACK, beside one "
                         "that tells of new urgent data, and none if it "
                         "is an RST.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .state_bytes = sizeof(struct tally),
    .observe = observe,
};
