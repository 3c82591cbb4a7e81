/* S01: why a closed socket is not deleted at once. A segment that the trace labels as another,
 * earlier incarnation's must do nothing to the connection that now has its four-tuple. Seen in two
 * ways: the system under test says what it did with the segment, or its ACK covers what only such
 * segments carried. */
#include "oracle/oracle_table.h"

static void observe_step(struct oracle_watch *watch)
{
    const struct tcp_step_record *step = &watch->record->as.step;
    const struct flow_life *life = watch->view->life;
    if (life == NULL || step->cause != TCP_CAUSE_SEGMENT) {
        return;
    }
    const struct trace_record *given = &watch->trace->records[watch->model->last_given];
    if (!flow_model_is_older(watch->model, given->as.packet.incarnation, life->incarnation)) {
        return;
    }
    const bool was_taken = step->text_taken > 0 || step->fin_taken ||
                           step->verdict == TCP_VERDICT_ACCEPT ||
                           step->verdict == TCP_VERDICT_DELETE;
    if (!oracle_holds(watch, !was_taken)) {
        oracle_fire(watch, "segment at %u of an earlier incarnation: verdict %s, %u octets%s taken",
                    given->as.packet.segment.seq.raw, tcp_verdict_name(step->verdict),
                    step->text_taken, step->fin_taken ? " and FIN" : "");
    }
}

static void observe_ack(struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (life->inbound == NULL || !tcp_segment_has(segment, TCP_FLAG_ACK) ||
        tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const struct arrived *all = &life->inbound->all;
    const struct arrived *own = &life->inbound->own;
    if (all->octets == own->octets || (life->has_ack && !tcp_seq_after(segment->ack, life->ack)) ||
        tcp_seq_after(segment->ack, all->next)) {
        return; /* nothing foreign, nothing new, or W07's */
    }
    if (!oracle_holds(watch, tcp_seq_at_or_before(segment->ack, own->next))) {
        oracle_fire(watch, "ACK %u covers %u that only an earlier incarnation's segments carried",
                    segment->ack.raw, tcp_seq_distance(own->next, segment->ack));
    }
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    if (watch->record->kind == TRACE_STEP) {
        observe_step(watch);
    } else {
        observe_ack(watch);
    }
}

const struct oracle oracle_old_incarnation_refused = {
    .description =
        {
            .id = "S01",
            .name = "old-incarnation-refused",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4.2, 3.6.1, MUST-13",
            .statement =
                "No segment of an earlier incarnation is accepted by a later one on the same "
                "four-tuple.",
        },
    .sees = ORACLE_SEES_STEP | ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe,
};
