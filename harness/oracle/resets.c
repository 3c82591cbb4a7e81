/* W14 and W15: the form of an RST, and what must not draw one. An RST is either a connection's own,
 * with SEQ = SND.NXT, or the answer of CLOSED, LISTEN or SYN-SENT (and SYN-RECEIVED to a bad ACK) to a
 * segment of the same batch, whose numbers it quotes. */
#include "oracle/batch.h"
#include "oracle/oracle_table.h"

/* RFC 9293 3.5.2, 3.10.7.1: SEQ = SEG.ACK, or SEQ 0 and ACK = SEG.SEQ + SEG.LEN. */
static bool quotes(const struct tcp_segment *reset, const struct tcp_segment *cause)
{
    if (tcp_segment_has(cause, TCP_FLAG_ACK)) {
        return tcp_seq_equal(reset->seq, cause->ack);
    }
    const tcp_seqno end = tcp_seq_add(cause->seq, tcp_segment_length(cause));
    return reset->seq.raw == 0 && tcp_segment_has(reset, TCP_FLAG_ACK) &&
           tcp_seq_equal(reset->ack, end);
}

/* SND.NXT cannot be seen. It is the end of all that was sent, or lies further back while something
 * is being sent again: at the end of the last segment, or where the peer's ACKs stand. */
static bool is_connections_own(const struct tcp_segment *reset, const struct flow_life *life)
{
    return tcp_seq_equal(reset->seq, life->snd_max) || tcp_seq_equal(reset->seq, life->last_end) ||
           tcp_seq_equal(reset->seq, life->acked);
}

/* Two RSTs that say the same answer two segments, or one twice. */
static bool is_copy(const struct tcp_segment *a, const struct tcp_segment *b)
{
    return tcp_segment_has(a, TCP_FLAG_RST) && a->flags == b->flags &&
           tcp_seq_equal(a->seq, b->seq) && tcp_seq_equal(a->ack, b->ack);
}

/* What the batch holds for the flow, seen from an RST that it sends. */
struct causes {
    uint32_t segments; /* given, RSTs not counted */
    uint32_t resets;   /* RSTs given */
    uint32_t quoted;   /* segments whose numbers this RST quotes */
    uint32_t spent;    /* copies of it sent before */
};

static struct causes find_causes(const struct oracle_watch *watch, const struct flow *flow)
{
    struct causes causes = {0};
    const struct tcp_segment *reset = watch->view->segment;
    for (size_t i = watch->model->batch_start; i < watch->index; i++) {
        const struct tcp_segment *given = batch_segment(watch->trace, i, flow, TRACE_TO_SUT);
        const struct tcp_segment *sent = batch_segment(watch->trace, i, flow, TRACE_FROM_SUT);
        if (given != NULL && tcp_segment_has(given, TCP_FLAG_RST)) {
            causes.resets++;
        } else if (given != NULL) {
            causes.segments++;
            causes.quoted += quotes(reset, given) ? 1 : 0;
        } else if (sent != NULL) {
            causes.spent += is_copy(sent, reset) ? 1 : 0;
        }
    }
    return causes;
}

/* The four-tuple of the RST; the wire model need not know of it. */
static struct flow ends_of(const struct tcp_segment *reset)
{
    return (struct flow){.ends = {.local = reset->source, .remote = reset->destination}};
}

static void observe_form(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct tcp_segment *reset = watch->view->segment;
    if (!batch_is_bounded(watch)) {
        return;
    }
    const struct flow flow = ends_of(reset);
    const struct causes causes = find_causes(watch, &flow);
    const struct flow_life *life = watch->view->life;
    if (life == NULL && (causes.segments == 0 || watch->model->batch_calls > 0)) {
        return; /* the RST of a connection whose numbers are unknown */
    }
    const bool is_answer = causes.quoted > causes.spent;
    if (!oracle_holds(watch, is_answer || (life != NULL && is_connections_own(reset, life)))) {
        oracle_fire(watch,
                    "RST with SEQ %u%s: neither SND.NXT nor the numbers of %u segment%s given",
                    reset->seq.raw, causes.quoted > 0 ? ", again for the same segment" : "",
                    causes.segments, causes.segments == 1 ? "" : "s");
    }
}

const struct oracle oracle_reset_form = {
    .description =
        {
            .id = "W14",
            .name = "reset-form",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_BATCH,
            .reference = "RFC 9293 3.5.2, 3.10.5, 3.10.7.1",
            .statement = "An RST has SEQ = SND.NXT, or answers one segment with SEQ = SEG.ACK, or "
                         "with SEQ 0 and ACK = SEG.SEQ + SEG.LEN.",
        },
    .sees = ORACLE_SEES_SENT_RESET,
    .observe = observe_form,
};

static void observe_answer(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct tcp_segment *reset = watch->view->segment;
    if (!batch_is_bounded(watch) || watch->model->batch_calls > 0) {
        return;
    }
    const struct flow flow = ends_of(reset);
    const struct causes causes = find_causes(watch, &flow);
    if (causes.segments + causes.resets == 0) {
        return; /* a timer's */
    }
    if (!oracle_holds(watch, causes.segments > 0)) {
        oracle_fire(watch, "RST with SEQ %u, and nothing but RST was given", reset->seq.raw);
    }
}

const struct oracle oracle_no_reset_for_a_reset = {
    .description =
        {
            .id = "W15",
            .name = "no-reset-for-a-reset",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_BATCH,
            .reference = "RFC 9293 3.5.2, 3.10.7",
            .statement = "An RST is never answered with an RST.",
        },
    .sees = ORACLE_SEES_SENT_RESET,
    .observe = observe_answer,
};
