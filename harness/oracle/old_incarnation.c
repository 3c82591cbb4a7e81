/* S01: why a closed socket is not deleted at once. A segment that the trace labels as another,
 * earlier incarnation's must do nothing to the connection that now has its four-tuple. Seen in two
 * ways: the system under test says what it did with the segment, or its ACK covers what only such
 * segments carried. */
#include "oracle/oracle_table.h"

/* Segments of a batch whose steps are looked for; longer batches are left to the ACKs. */
#define SEGMENTS_MAX 32

/* A batch: the system under test tells of its steps after the drain, one for each segment. */
struct batch {
    uint32_t given_count, step_count;
    struct {
        bool is_old; /* of an earlier incarnation than the life that it meets */
        tcp_seqno seq;
    } given[SEGMENTS_MAX];
    struct tcp_step_record steps[SEGMENTS_MAX];
};

static void note_given(struct batch *batch, const struct oracle_watch *watch)
{
    const uint32_t at = batch->given_count++;
    if (at >= SEGMENTS_MAX) {
        return;
    }
    const struct flow_life *life = watch->view->life;
    batch->given[at].seq = watch->view->segment->seq;
    batch->given[at].is_old =
        life != NULL && flow_model_is_older(watch->model, flow_origin_of(&watch->record->as.packet),
                                            life->incarnation);
}

static void note_step(struct batch *batch, const struct tcp_step_record *step)
{
    if (step->cause != TCP_CAUSE_SEGMENT) {
        return;
    }
    const uint32_t at = batch->step_count++;
    if (at < SEGMENTS_MAX) {
        batch->steps[at] = *step;
    }
}

static bool has_taken(const struct tcp_step_record *step)
{
    return step->text_taken > 0 || step->fin_taken || step->verdict == TCP_VERDICT_ACCEPT ||
           step->verdict == TCP_VERDICT_DELETE;
}

static void judge_steps(struct batch *batch, struct oracle_watch *watch)
{
    const bool is_complete =
        batch->given_count == batch->step_count && batch->given_count <= SEGMENTS_MAX;
    for (uint32_t i = 0; is_complete && i < batch->given_count; i++) {
        const struct tcp_step_record *step = &batch->steps[i];
        if (batch->given[i].is_old && !oracle_holds(watch, !has_taken(step))) {
            oracle_fire(watch, "segment at %u of an earlier incarnation: %s, %u octets%s taken",
                        batch->given[i].seq.raw, tcp_verdict_name(step->verdict), step->text_taken,
                        step->fin_taken ? " and FIN" : "");
        }
    }
    batch->given_count = batch->step_count = 0;
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
    struct batch *batch = state;
    switch (watch->record->kind) {
    case TRACE_PACKET:
        if (watch->record->as.packet.direction == TRACE_TO_SUT) {
            note_given(batch, watch);
        } else {
            observe_ack(watch);
        }
        break;
    case TRACE_STEP:
        note_step(batch, &watch->record->as.step);
        break;
    case TRACE_DRAIN:
        judge_steps(batch, watch);
        break;
    case TRACE_CALL:
    case TRACE_CALL_DONE:
    case TRACE_STATE:
    case TRACE_SETTING:
        break;
    }
}

const struct oracle oracle_old_incarnation_refused = {
    .description =
        {
            .id = "S01",
            .needs_both = true,
            .name = "old-incarnation-refused",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_BATCH,
            .reference = "RFC 9293 3.4.2, 3.6.1, MUST-13",
            .statement =
                "No segment of an earlier incarnation is accepted by a later one on the same "
                "four-tuple.",
        },
    .sees = ORACLE_SEES_GIVEN | ORACLE_SEES_STEP | ORACLE_SEES_DRAIN | ORACLE_SEES_SENT_IN_LIFE,
    .state_bytes = sizeof(struct batch),
    .observe = observe,
};
