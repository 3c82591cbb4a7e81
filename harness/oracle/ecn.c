/* W31 to W33: explicit congestion notification (RFC 3168). The model notes what was taken beyond doubt;
 * whatever may or may not have been taken ends a judgement, until something certain comes by. */
#include "oracle/ecn_model.h"

#include "oracle/flow_steps.h"
#include "oracle/oracle_table.h"

#define CODEPOINT_MASK 3u
#define ECT_1          1u
#define CE             3u

/* ---- the wire model's part ------------------------------------------------------------------------ */

/* Both sides agreed, as far as can be told; `surely`: and nobody ever said otherwise. */
static bool has_agreed(const struct flow_life *life, bool surely)
{
    const struct inbound *inbound = life->inbound;
    if (!life->ecn.sent_setup || life->ecn.sent_plain || life->is_midway) {
        return false;
    }
    if (inbound == NULL) {
        return !surely;
    }
    return inbound->asks_ecn && !(surely && inbound->asks_no_ecn);
}

static uint32_t codepoint(const struct tcp_segment *segment)
{
    return segment->traffic_class & CODEPOINT_MASK;
}

/* Text that was never sent before, inside a window that the peer offered: no probe. */
static bool is_new_text(const struct flow_life *life, const struct tcp_segment *segment)
{
    return segment->payload_bytes > 0 && !tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST) &&
           tcp_seq_at_or_after(segment->seq, life->snd_max) &&
           (!life->has_offer || tcp_seq_before(segment->seq, life->offer));
}

/* A timer may have run out in this batch, before what came with a later time. */
static bool may_have_timed_out(const struct flow_model *model, const struct flow_life *life)
{
    if (model->now.us == model->ran_at.us || flow_only_time(model)) {
        return false;
    }
    if (life->timers.rto_is_known) {
        return life->timers.retransmit_at < model->now.us;
    }
    return model->config == NULL || model->now.us - model->ran_at.us >= model->config->rto_min_us;
}

static void reduce(struct ecn_model *ecn)
{
    ecn->is_reduced = ecn->cwr_is_due = ecn->cwr_may_be = true;
}

void flow_note_ecn_timeout(struct flow_life *life)
{
    reduce(&life->ecn);
}

void flow_note_ecn_sent(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    struct ecn_model *ecn = &life->ecn;
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        const bool is_setup = inbound_is_ecn_setup(segment);
        const bool is_same_again =
            life->before != NULL && tcp_seq_equal(life->before->iss, life->iss);
        ecn->is_uncertain = ecn->is_uncertain || is_same_again || (is_setup && ecn->sent_plain);
        ecn->sent_setup = ecn->sent_setup || is_setup;
        ecn->sent_plain = ecn->sent_plain || !is_setup;
        return;
    }
    if (model->view.length > 0 && tcp_seq_before(segment->seq, life->snd_max)) {
        ecn->cwr_may_be = true; /* sent again, perhaps because it was lost */
    }
    if (tcp_segment_has(segment, TCP_FLAG_CWR)) {
        ecn->cwr_is_due = ecn->cwr_may_be = false;
        ecn->is_reduced = true;
        ecn->cwr_at = segment->seq;
    }
}

/* Does the system under test take the ACK beyond doubt? */
static bool surely_acknowledges(const struct flow_model *model, const struct flow_life *life,
                                const struct tcp_segment *segment)
{
    const bool is_next = life->has_ack && tcp_seq_equal(segment->seq, life->ack);
    const bool is_synchronized = life->has_state && life->state >= TCB_ESTABLISHED;
    return is_synchronized && is_next && life->inbound != NULL &&
           tcp_seq_equal(life->ack, life->inbound->all.next) &&
           !tcp_seq_equal(life->acked, life->iss) && flow_passes_timestamps(model, life, segment) &&
           !may_have_timed_out(model, life);
}

bool flow_is_echo(const struct flow_life *life, const struct tcp_segment *segment)
{
    return tcp_segment_has(segment, TCP_FLAG_ECE) && !tcp_segment_has(segment, TCP_FLAG_SYN) &&
           has_agreed(life, true);
}

/* RFC 3168 6.1.2: where the window cannot be halved, because it is one segment, an echo starts the timer anew.
 * The model's window is the largest that the sender may have, its segment too: a narrower path makes one window
 * several of them. An ACK of something new starts it as ever. */
static void note_restart(const struct flow_model *model, struct flow_life *life,
                         const struct tcp_segment *segment, bool is_sure)
{
    struct reference_timers *timers = &life->timers;
    const bool is_narrower = life->saw_too_big || model->saw_too_big;
    if (tcp_seq_after(segment->ack, life->acked) || timers->retransmit_at == REFERENCE_NEVER) {
        return;
    }
    if (is_sure && !is_narrower && life->congestion.cwnd > 0 &&
        life->congestion.cwnd <= life->congestion.mss) {
        timers->retransmit_at = model->now.us + timers->rto;
    } else {
        timers->rto_is_known = false;
    }
}

void flow_note_echo(const struct flow_model *model, struct flow_life *life,
                    const struct tcp_segment *segment)
{
    struct ecn_model *ecn = &life->ecn;
    ecn->is_unsure = ecn->is_unsure || life->progress_is_unknown;
    if (tcp_seq_before(segment->ack, life->acked) || tcp_segment_has(segment, TCP_FLAG_SYN)) {
        return; /* an old one tells nothing */
    }
    if (may_have_timed_out(model, life)) {
        ecn->is_unsure = true;
    }
    if (ecn->is_reduced && !ecn->cwr_is_due && tcp_seq_after(segment->ack, ecn->cwr_at)) {
        ecn->is_reduced = false;
    }
    if (!tcp_segment_has(segment, TCP_FLAG_ECE) || !has_agreed(life, false)) {
        return;
    }
    const bool is_sure = has_agreed(life, true) && surely_acknowledges(model, life, segment);
    if (!is_sure || ecn->is_unsure || !ecn->is_reduced) {
        note_restart(model, life, segment, is_sure && !ecn->is_unsure);
    }
    if (!is_sure) {
        ecn->is_unsure = true;
        /* A smaller window may be ahead of a larger one for a while. */
        life->congestion_is_unknown = true;
        life->congestion.cwnd = 0;
    } else if (!ecn->is_reduced && !ecn->is_unsure) {
        if (life->congestion.cwnd > 0) {
            congestion_model_mark(&life->congestion);
        }
        reduce(ecn);
    }
}

void flow_note_mark(const struct flow_model *model, struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    struct ecn_model *ecn = &life->ecn;
    const bool is_marked = codepoint(segment) == CE;
    const bool has_cwr = tcp_segment_has(segment, TCP_FLAG_CWR);
    if (segment->payload_bytes == 0 || !(is_marked || has_cwr) || !ecn->sent_setup) {
        return;
    }
    const enum ecn_echo after = is_marked ? ECN_ECHO_ON : ECN_ECHO_OFF;
    /* RCV.NXT runs ahead of the ACK field while an ACK is delayed. A new FIN behind old text brings no text. */
    const uint32_t syn = tcp_segment_has(segment, TCP_FLAG_SYN) ? 1 : 0;
    const tcp_seqno text_end = tcp_seq_add(segment->seq, syn + segment->payload_bytes);
    const bool is_sure = flow_surely_takes(model, &model->view) && has_agreed(life, true) &&
                         tcp_seq_after(text_end, life->inbound->all.next);
    ecn->echo = is_sure || ecn->echo == after ? after : ECN_ECHO_UNKNOWN;
}

/* A capture may lack what decides. */
static bool is_judged(const struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    return watch->view_of_run == ORACLE_VIEW_EXACT && !life->is_midway && !life->ecn.is_uncertain;
}

/* ---- W31 ------------------------------------------------------------------------------------------ */

static const char *misuse(const struct flow_life *life, const struct tcp_segment *segment)
{
    const bool is_syn = tcp_segment_has(segment, TCP_FLAG_SYN);
    const bool has_cwr = tcp_segment_has(segment, TCP_FLAG_CWR) && !is_syn;
    if (codepoint(segment) == 0 && !has_cwr) {
        return NULL;
    }
    if (codepoint(segment) == ECT_1 || codepoint(segment) == CE) {
        return "a codepoint that is not for senders";
    }
    if (!has_agreed(life, false)) {
        return "ECN was not agreed on";
    }
    return is_new_text(life, segment) ? NULL : "this is not new text";
}

static void observe_capable(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct tcp_segment *segment = watch->view->segment;
    const struct flow_life *life = watch->view->life;
    if (!is_judged(watch)) {
        return;
    }
    const char *fault = misuse(life, segment);
    if (!oracle_holds(watch, fault == NULL)) {
        oracle_fire(watch, "codepoint %u%s: %s", codepoint(segment),
                    tcp_segment_has(segment, TCP_FLAG_CWR) ? " and CWR" : "", fault);
    }
}

const struct oracle oracle_ecn_on_new_text = {
    .description =
        {
            .id = "W31",
            .name = "ecn-on-new-text",
            .level = ORACLE_MUST,
            .reference = "RFC 3168 6.1.1, 6.1.4, 6.1.5, 6.1.6; RFC 8311 4.2; RFC 9293 SHLD-8",
            .statement =
                "ECT(0) and CWR stand only on new text, no probe, of a connection that agreed "
                "to ECN, and no other codepoint on anything.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_capable,
};

/* ---- W32 ------------------------------------------------------------------------------------------ */

static void observe_echo(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!is_judged(watch) || !tcp_segment_has(segment, TCP_FLAG_ACK) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    const bool may_wait = life->has_fin && life->inbound != NULL && life->inbound->fin_count > 0;
    if (life->ecn.echo == ECN_ECHO_UNKNOWN || (life->ecn.echo == ECN_ECHO_ON && may_wait)) {
        return; /* TIME-WAIT has forgotten: RFC 3168 6.1.1 */
    }
    const bool has_echo = tcp_segment_has(segment, TCP_FLAG_ECE);
    if (!oracle_holds(watch, has_echo == (life->ecn.echo == ECN_ECHO_ON))) {
        oracle_fire(watch, has_echo ? "ECE, but no mark came since the last CWR"
                                    : "no ECE, though a mark came, and no CWR since");
    }
}

const struct oracle oracle_marks_echoed = {
    .description =
        {
            .id = "W32",
            .name = "marks-echoed",
            .level = ORACLE_MUST,
            .reference = "RFC 3168 6.1.1, 6.1.3",
            .statement =
                "From a mark on text that was taken until CWR arrives every ACK carries ECE, "
                "and otherwise none does.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_echo,
};

/* ---- W33 ------------------------------------------------------------------------------------------ */

static void observe_answer(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!is_judged(watch) || !watch->model->saw_state || life->ecn.is_unsure ||
        !has_agreed(life, true) || !is_new_text(life, segment) ||
        flow_may_probe(life, watch->view) || may_have_timed_out(watch->model, life)) {
        return;
    }
    if (watch->view->length == 1 && flow_only_time(watch->model)) {
        return; /* or a probe: a window may be used up without a word */
    }
    const bool has_cwr = tcp_segment_has(segment, TCP_FLAG_CWR);
    const bool is_right = has_cwr ? life->ecn.cwr_may_be : !life->ecn.cwr_is_due;
    if (!oracle_holds(watch, is_right)) {
        oracle_fire(watch, has_cwr ? "CWR, but nothing since the last one made the window smaller"
                                   : "no CWR, though an echo or a timeout made the window smaller");
    }
}

const struct oracle oracle_echoes_answered = {
    .description =
        {
            .id = "W33",
            .name = "echoes-answered",
            .level = ORACLE_MUST,
            .reads = "rto_min_us",
            .reference = "RFC 3168 6.1.1, 6.1.2",
            .statement = "The first new text after an echo of another window of data, or after a "
                         "timeout, carries CWR, and no other does.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_answer,
};
