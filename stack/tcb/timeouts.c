#include "tcb/timeouts.h"

#include "tcb/delayed_ack.h"
#include "tcb/ecn.h"
#include "tcb/keep_alive.h"
#include "tcb/path_mtu.h"
#include "tcb/send_decision.h"
#include "tcb/transition.h"

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t tcb_deadline(const struct tcb *tcb, const struct tcb_path *path)
{
    const uint64_t core = earlier(tcb->retransmit_at, tcb->lifetime_at);
    if (path == NULL) {
        return core;
    }
    const uint64_t acks = earlier(path->delayed_ack_at, path->keep_alive_at);
    const uint64_t data = earlier(path->persist_at, path->sws_override_at);
    const uint64_t rare = earlier(path->path_mtu_raise_at, path->ecn_hold_at);
    return earlier(earlier(core, rare), earlier(acks, data));
}

/* ---- which timers run -------------------------------------------------------------------------- */

/* The peer's window is shut before something: what was never sent, our probe, or octets that it once had
 * a window for (MUST-35). */
static bool must_persist(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    if (!tcb_can_send(tcb) || !tcb_has(tcb, TCB_SYN_ACKED) || tcb->snd_wnd != 0) {
        return false;
    }
    return tcb_outstanding(tcb) > 0 || tcb_unsent_bytes(step) > 0 || tcb_has_unsent_fin(tcb);
}

static uint64_t r2_us(const struct tcb_step *step)
{
    return tcb_is_synchronized(step->tcb) ? step->config->r2_us : step->config->r2_syn_us;
}

/* 3.9.1: the user's patience, the connection's own (MUST-21) or the usual one. */
static uint64_t user_timeout_us(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    if (path == NULL) {
        return step->config->user_timeout_us;
    }
    return path->user_timeout_us != 0 ? path->user_timeout_us : path->default_timeout_us;
}

/* Does a user's timeout end the connection, rather than R2? */
static bool is_users_patience(const struct tcb_step *step)
{
    const bool is_own = step->path != NULL && step->path->user_timeout_us != 0;
    return is_own || user_timeout_us(step) < r2_us(step);
}

/* How long the peer may stay silent (3.8.3, 3.9.1). */
static uint64_t patience_us(const struct tcb_step *step)
{
    return is_users_patience(step) ? user_timeout_us(step) : r2_us(step);
}

/* FIN-WAIT-2 waits for the peer alone. The RFC has it wait for ever; an orphan may be given up sooner. */
static bool is_orphan(const struct tcb_step *step)
{
    return step->tcb->state == TCB_FIN_WAIT_2 && tcb_has(step->tcb, TCB_RELEASED) &&
           step->config->orphan_timeout_us != 0;
}

/* How long a state may last in which nothing waits for an ACK: for ever, or as settings say. */
static uint64_t idle_patience_us(const struct tcb_step *step)
{
    const enum tcb_state state = tcb_state_of(step->tcb);
    const bool is_idle_state = state == TCB_LISTEN || state == TCB_FIN_WAIT_2;
    uint64_t patience = TCB_NEVER;
    if (step->config->user_timeout_always != 0 && is_idle_state) {
        patience = user_timeout_us(step);
    }
    return is_orphan(step) ? earlier(patience, step->config->orphan_timeout_us) : patience;
}

static void start_patience(struct tcb_step *step)
{
    if (step->tcb->lifetime_at == TCB_NEVER) {
        step->tcb->lifetime_at = step->now + patience_us(step);
    }
}

static void begin_to_persist(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    tcb->lifetime_at = TCB_NEVER; /* counts from the first probe on (MUST-37) */
    path->resend_next = path->resend_end = tcb->snd_una;
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_LATE);
    tcb_path_mtu_forget_restart(path);
    path->persist_us = tcb->rto_us; /* SHLD-29: the first probe after one RTO */
    path->persist_at = step->now + path->persist_us;
}

static void settle_persist(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    if (must_persist(step)) {
        if (path->persist_at == TCB_NEVER) {
            begin_to_persist(step);
        }
        tcb->retransmit_at = TCB_NEVER;
        return;
    }
    if (path->persist_at != TCB_NEVER) {
        path->persist_at = TCB_NEVER;
        tcb->lifetime_at = TCB_NEVER;
    }
    tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_PROBE); /* it may have fallen due in this cause */
    if (path->is_probing) { /* the window opened: the probe's octet may have been refused */
        path->is_probing = 0;
        path->resend_next = tcb->snd_una;
        path->resend_end = tcb->snd_nxt;
    }
}

/* Counts from the state's beginning on: what runs already runs on. */
static void settle_idle_patience(struct tcb_step *step)
{
    const uint64_t patience = idle_patience_us(step);
    if (patience == TCB_NEVER) {
        step->tcb->lifetime_at = TCB_NEVER;
    } else {
        step->tcb->lifetime_at = earlier(step->tcb->lifetime_at, step->now + patience);
    }
}

static void settle_retransmission(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    const bool is_persisting = step->path != NULL && step->path->persist_at != TCB_NEVER;
    if (is_persisting || tcb->state == TCB_TIME_WAIT) {
        return;
    }
    if (tcb_outstanding(tcb) == 0) {
        tcb->retransmit_at = TCB_NEVER;
        settle_idle_patience(step);
        return;
    }
    if (tcb->retransmit_at == TCB_NEVER) { /* RFC 6298 5.1 */
        tcb->retransmit_at = step->now + tcb->rto_us;
    }
    start_patience(step);
}

/* Data that the window would admit but SWS avoidance holds back has no other timer when nothing is
 * outstanding. */
static void settle_sws_override(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    struct tcb *tcb = step->tcb;
    bool is_held_back = tcb_can_send(tcb) && tcb_outstanding(tcb) == 0 &&
                        tcb_unsent_bytes(step) > 0 && tcb->snd_wnd > 0 &&
                        path->ecn_hold_at == TCB_NEVER;
    if (is_held_back) {
        is_held_back = tcb_decide_send(step).text_bytes == 0;
    } else { /* an override that ran out was for another window */
        tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_PUSH);
    }
    if (!is_held_back) {
        path->sws_override_at = TCB_NEVER;
    } else if (path->sws_override_at == TCB_NEVER) {
        path->sws_override_at = step->now + step->config->sws_override_us;
    }
}

void tcb_settle_timers(struct tcb_step *step)
{
    if (step->tcb->state == TCB_CLOSED) {
        return;
    }
    if (step->tcb->state == TCB_LISTEN) {
        settle_idle_patience(step);
        return;
    }
    if (step->path != NULL) {
        settle_persist(step);
        settle_sws_override(step);
    }
    settle_retransmission(step);
    if (step->path != NULL) {
        tcb_settle_keep_alive(step);
    }
}

/* ---- what they do ------------------------------------------------------------------------------ */

static void back_off(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    const uint64_t doubled = 2 * (uint64_t)tcb->rto_us; /* RFC 6298 5.5 */
    tcb->rto_us =
        (uint32_t)(doubled > step->config->rto_max_us ? step->config->rto_max_us : doubled);
    tcb->retransmit_at = step->now + tcb->rto_us; /* 5.6 */
    if (tcb->retries < UINT8_MAX) {
        tcb->retries++;
    }
    if (tcb->retries == step->config->r1_retries) { /* 3.8.3 (a), SHLD-9 */
        tcb_report_soft_error(step);
    }
}

/* What fell due again before it left waits until the late clock is caught up with, and a minute at least, so
 * that this costs one step however late it is. Its timer counts anew when it leaves. */
static uint64_t when_again(const struct tcb_step *step, uint64_t until)
{
    const uint64_t minute_later = step->now + UINT64_C(60000000);
    return minute_later > until ? minute_later : until;
}

/* What the last timeout, or another reason, has to send again has not left yet. */
static bool is_repetition_unsent(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const struct tcb_path *path = step->path;
    if (!tcb_is_synchronized(tcb)) {
        return (tcb->owed & TCB_OWES_SYN) != 0;
    }
    return tcp_seq_equal(path->resend_next, tcb->snd_una) &&
           tcp_seq_before(path->resend_next, path->resend_end);
}

static void retransmission_timeout(struct tcb_step *step, uint64_t until)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    step->record->cause = TCP_CAUSE_RETRANSMISSION_TIMEOUT;
    if (is_repetition_unsent(step)) { /* 3.8.3 measures what has occurred, RFC 6298 5.5 likewise */
        tcb_owe(tcb, TCB_OWES_LATE);
        tcb->retransmit_at = when_again(step, until);
        return;
    }
    back_off(step);
    if (path != NULL) {
        path->is_timing = 0; /* Karn: RFC 6298 3 */
    }
    if (!tcb_is_synchronized(tcb)) {
        tcb_flag_set(tcb, TCB_SYN_LOST);
        tcb_owe(tcb, TCB_OWES_SYN);
        return;
    }
    tcb_path_mtu_timed_out(step);
    congestion_timeout(&path->congestion, tcb->send_mss, tcb_outstanding(tcb), tcb->retries == 1);
    tcb_ecn_reduced(step);
    path->ecn_hold_at = TCB_NEVER;
    path->resend_next = tcb->snd_una; /* RFC 6298 5.4 */
    path->resend_end = tcb->snd_nxt;
}

/* R2 lies beyond R1 (3.8.3): where the pauses are long, repetitions count more than seconds. */
static bool has_tried_enough(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const bool waits_for_ack =
        tcb->state != TCB_TIME_WAIT && tcb->state != TCB_LISTEN && tcb->state != TCB_FIN_WAIT_2;
    return !waits_for_ack || is_users_patience(step) || tcb->retries == UINT8_MAX ||
           tcb->retries > step->config->r1_retries;
}

/* What is out of time but not of tries waits for the next one. */
static void wait_for_next_try(struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    const uint64_t persist_at = path == NULL ? TCB_NEVER : path->persist_at;
    step->tcb->lifetime_at = earlier(step->tcb->retransmit_at, persist_at);
}

/* What ran out. */
static enum tcp_cause what_is_over(const struct tcb_step *step)
{
    switch (tcb_state_of(step->tcb)) {
    case TCB_TIME_WAIT:
        return tcb_user_outlives_time_wait(step) ? TCP_CAUSE_TIME_WAIT_TIMEOUT
                                                 : TCP_CAUSE_USER_TIMEOUT;
    case TCB_FIN_WAIT_2:
        return is_orphan(step) && idle_patience_us(step) == step->config->orphan_timeout_us
                   ? TCP_CAUSE_ORPHAN_TIMEOUT
                   : TCP_CAUSE_USER_TIMEOUT;
    case TCB_LISTEN:
        return TCP_CAUSE_USER_TIMEOUT;
    case TCB_CLOSED:
    case TCB_SYN_SENT:
    case TCB_SYN_RECEIVED:
    case TCB_ESTABLISHED:
    case TCB_FIN_WAIT_1:
    case TCB_CLOSE_WAIT:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
        break;
    }
    return is_users_patience(step) ? TCP_CAUSE_USER_TIMEOUT : TCP_CAUSE_RETRANSMISSION_TIMEOUT;
}

/* 3.10.8: the user timeout deletes the record in any state; R2 lets a child return to LISTEN. */
static void lifetime_over(struct tcb_step *step)
{
    const enum tcp_cause cause = what_is_over(step);
    const bool is_child = step->tcb->state == TCB_SYN_RECEIVED && tcb_has(step->tcb, TCB_PASSIVE);
    step->record->cause = (uint8_t)cause;
    if (cause == TCP_CAUSE_RETRANSMISSION_TIMEOUT && is_child) {
        tcb_return_to_listen(step);
    } else {
        tcb_end(step, cause == TCP_CAUSE_TIME_WAIT_TIMEOUT ? TCP_OK : TCP_ERROR_TIMEOUT);
    }
}

/* One that is owed still was never sent: the clock was looked at late. Nobody could answer it, so that it
 * makes no pause longer. */
static void persist_timeout(struct tcb_step *step, uint64_t until)
{
    struct tcb_path *path = step->path;
    step->record->cause = TCP_CAUSE_PERSIST_TIMEOUT;
    if ((step->tcb->owed & TCB_OWES_PROBE) != 0) {
        path->persist_at = when_again(step, until);
        return;
    }
    tcb_owe(step->tcb, TCB_OWES_PROBE);
    const uint64_t doubled = 2 * (uint64_t)path->persist_us; /* SHLD-30 */
    const uint64_t longest = step->config->persist_max_us;
    path->persist_us = (uint32_t)(doubled > longest ? longest : doubled);
    path->persist_at = step->now + path->persist_us;
}

void tcb_repetition_sent(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if ((tcb->owed & TCB_OWES_LATE) != 0) {
        const bool is_out_of_time =
            tcb->lifetime_at == tcb->retransmit_at && !is_users_patience(step);
        tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_LATE);
        tcb->retransmit_at = step->now + tcb->rto_us;
        if (is_out_of_time) {
            wait_for_next_try(step);
        }
    }
}

void tcb_probe_sent(struct tcb_step *step)
{
    step->path->persist_at = step->now + step->path->persist_us;
    start_patience(step);
    if (step->tcb->retries < UINT8_MAX) {
        step->tcb->retries++;
    }
}

bool tcb_timeout(struct tcb_step *step, uint64_t until)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const uint64_t due = tcb_deadline(tcb, path);
    TCP_ASSERT(due <= step->now);
    const bool is_out_of_time = tcb->lifetime_at == due;
    if (is_out_of_time && has_tried_enough(step)) {
        lifetime_over(step);
    } else if (tcb->retransmit_at == due) {
        retransmission_timeout(step, until);
    } else if (path != NULL && path->persist_at == due) {
        persist_timeout(step, until);
    } else if (is_out_of_time) {
        wait_for_next_try(step);
    } else if (path->keep_alive_at == due) {
        step->record->cause = TCP_CAUSE_KEEP_ALIVE_TIMEOUT;
        if (tcb_keep_alive_timeout(step)) {
            tcb_end(step, TCP_ERROR_TIMEOUT);
            return true;
        }
    } else if (path->delayed_ack_at == due) {
        step->record->cause = TCP_CAUSE_DELAYED_ACK_TIMEOUT;
        tcb_delayed_ack_timeout(step);
    } else if (path->path_mtu_raise_at == due) {
        step->record->cause = TCP_CAUSE_PATH_MTU_TIMEOUT;
        tcb_path_mtu_raise(step);
    } else if (path->ecn_hold_at == due) {
        step->record->cause = TCP_CAUSE_ECN_TIMEOUT;
        path->ecn_hold_at = TCB_NEVER;
    } else {
        step->record->cause = TCP_CAUSE_SWS_OVERRIDE_TIMEOUT;
        path->sws_override_at = TCB_NEVER;
        tcb_owe(tcb, TCB_OWES_PUSH);
    }
    if (is_out_of_time && tcb->lifetime_at == due) {
        wait_for_next_try(step);
    }
    return false;
}
